"""How a file lies on disk: a header with the file's own key, sealed by its owner's vault, then the bytes in pieces.

Every file has a key of its own. Changing the owner's key, or giving the file to another owner, writes a new header and
copies the sealed pieces as they are; a download reference can carry the key of one file and opens nothing else.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.security.vault import NONCE_BYTES, Tampered, Vault

MAGIC = b"KHETF1\r\n"
FILE_KEY_BYTES = 32
TAG_BYTES = 16
PIECE_BYTES = 64 << 10
_KEY_ID_BYTES = 16
_SEALED_KEY_BYTES = NONCE_BYTES + FILE_KEY_BYTES + TAG_BYTES
_HEADER = struct.Struct(f"<8s{_KEY_ID_BYTES}s{_SEALED_KEY_BYTES}s")
HEADER_BYTES = _HEADER.size
_LAST, _NOT_LAST = b"\x01", b"\x00"


@dataclass(frozen=True)
class Header:
    """Which of the owner's keys seals the file's key, and that key, sealed."""

    key_id: str
    sealed_key: bytes

    @classmethod
    def made(cls, vault: Vault, context: str, file_key: bytes) -> Header:
        """A header under the vault's active key; ``context`` names the file."""
        return cls(*vault.seal(context, file_key))

    @classmethod
    def read(cls, stream: IO[bytes]) -> Header:
        """The header at the beginning of ``stream``.

        Raises:
            Tampered: there is none.
        """
        raw = stream.read(HEADER_BYTES)
        if len(raw) != HEADER_BYTES or not raw.startswith(MAGIC):
            raise Tampered("a stored file has no header")
        _, key_id, sealed_key = _HEADER.unpack(raw)
        return cls(key_id.rstrip(b"\0").decode(), sealed_key)

    def encode(self) -> bytes:
        return _HEADER.pack(MAGIC, self.key_id.encode(), self.sealed_key)

    def file_key(self, vault: Vault, context: str) -> bytes:
        """The file's key.

        Raises:
            KeyMissing, Tampered: the vault does not open it.
        """
        return vault.unseal(context, self.key_id, self.sealed_key)


def is_sealed(path: Path) -> bool:
    """Whether the file at ``path`` has a header."""
    with path.open("rb") as stream:
        return stream.read(len(MAGIC)) == MAGIC


class PieceWriter:
    """Seals what is written to it, piece by piece; the last piece is marked, so that a cut file does not open."""

    def __init__(self, stream: IO[bytes], file_key: bytes) -> None:
        self._stream = stream
        self._cipher = AESGCM(file_key)
        self._waiting = bytearray()
        self._count = 0

    def write(self, chunk: bytes) -> None:
        """Take the next bytes."""
        self._waiting += chunk
        while len(self._waiting) > PIECE_BYTES:
            self._seal(bytes(self._waiting[:PIECE_BYTES]), _NOT_LAST)
            del self._waiting[:PIECE_BYTES]

    def finish(self) -> None:
        """Write the last piece."""
        self._seal(bytes(self._waiting), _LAST)

    def _seal(self, piece: bytes, mark: bytes) -> None:
        self._stream.write(self._cipher.encrypt(_nonce(self._count, mark), piece, None))
        self._count += 1


def pieces(stream: IO[bytes], file_key: bytes) -> Iterator[bytes]:
    """The plain pieces of a stream that stands behind its header.

    Raises:
        Tampered: a piece was changed, or the end is missing.
    """
    cipher, count = AESGCM(file_key), 0
    piece = stream.read(PIECE_BYTES + TAG_BYTES)
    while True:
        following = stream.read(PIECE_BYTES + TAG_BYTES)
        try:
            yield cipher.decrypt(_nonce(count, _NOT_LAST if following else _LAST), piece, None)
        except InvalidTag:
            raise Tampered(f"piece {count} of a stored file does not open") from None
        if not following:
            return
        piece, count = following, count + 1


def plain_size(stored_size: int) -> int:
    """Bytes of the file whose sealed form has ``stored_size``."""
    body = stored_size - HEADER_BYTES
    return body - TAG_BYTES * max(1, -(-body // (PIECE_BYTES + TAG_BYTES)))


def new_file_key() -> bytes:
    """A key for one file."""
    return os.urandom(FILE_KEY_BYTES)


def _nonce(count: int, mark: bytes) -> bytes:
    # a file's key seals nothing else, so counting its pieces never repeats a nonce
    return count.to_bytes(NONCE_BYTES - 1, "big") + mark
