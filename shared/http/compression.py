"""Gzip (RFC 1952) of whole answers, and around a part that many answers have in common."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass

_RAW = -zlib.MAX_WBITS
_LEVEL = 5
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
        return cls(plain, _deflated(plain, 9, zlib.Z_FULL_FLUSH))

    def compress_around(self, body: bytes) -> bytes:
        """``body`` as :func:`compress` gives it; where this part stands in it, as it was compressed before."""
        before, found, after = body.partition(self.plain)
        if not found:
            return compress(body)
        # each piece ends at a byte and refers to nothing before it, so that they can stand one after another
        pieces = (_deflated(before, _LEVEL, zlib.Z_FULL_FLUSH), self.deflated, _deflated(after, _LEVEL, zlib.Z_FINISH))
        ending = zlib.crc32(body).to_bytes(4, "little") + (len(body) & 0xFFFFFFFF).to_bytes(4, "little")
        return b"".join((_HEADER, *pieces, ending))


def _deflated(piece: bytes, level: int, ending: int) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, _RAW)
    return packer.compress(piece) + packer.flush(ending)
