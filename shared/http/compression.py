"""Gzip (RFC 1952) of whole answers, and around a part that many answers have in common."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass

_RAW = -zlib.MAX_WBITS
# a level more takes twice the time for two bytes of a hundred
_LEVEL = 4
_BEGINNING = 100
# deflate, no name, no time stamp, no particular system
_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"


def compress(body: bytes, level: int = _LEVEL) -> bytes:
    """Gzip without a time stamp, so that equal bodies stay equal; what is kept is worth a higher ``level``.

    Pages are compressed too. That lets an onlooker guess a secret which stands beside text of his choosing by the
    answer's length (BREACH); our pages hold no such secret: forms carry no token, since requests of other sites are
    refused by their origin, the session is a cookie, and what shows a secret once (a slip, a key) repeats no input.
    """
    return gzip.compress(body, compresslevel=level, mtime=0)


@dataclass(frozen=True)
class CommonPart:
    """A long part that many answers have in common, compressed once for all of them."""

    plain: bytes
    deflated: bytes

    @classmethod
    def of(cls, plain: bytes) -> CommonPart:
        """``plain`` made ready to stand in answers."""
        packer = zlib.compressobj(9, zlib.DEFLATED, _RAW)
        return cls(plain, packer.compress(plain) + packer.flush(zlib.Z_FULL_FLUSH))

    def compress_around(self, body: bytes) -> bytes:
        """``body`` as :func:`compress` gives it; where this part stands in it, as it was compressed before."""
        # looking for the whole of it would take longer than compressing what stands around it
        start = body.find(self.plain[:_BEGINNING])
        if start < 0 or not body.startswith(self.plain, start):
            return compress(body)
        packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW)
        # a full flush ends at a byte, and nothing behind it refers to what is before it: another piece may stand there
        before = packer.compress(body[:start]) + packer.flush(zlib.Z_FULL_FLUSH)
        after = packer.compress(body[start + len(self.plain) :]) + packer.flush()
        ending = zlib.crc32(body).to_bytes(4, "little") + (len(body) & 0xFFFFFFFF).to_bytes(4, "little")
        return b"".join((_HEADER, before, self.deflated, after, ending))
