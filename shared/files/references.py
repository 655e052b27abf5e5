"""Signed references to files: the owner of a file hands one out, the gateway streams what it names.

A reference says which file, under which name it is saved, and until when; the signature keeps a browser from
asking for another. It proves that the owner allowed this download, so the gateway needs no right of its own.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import asdict, dataclass

from shared.problems import Problem


@dataclass(frozen=True)
class FileReference:
    """One file that may be downloaded until ``expires_at`` (seconds since the epoch)."""

    prefix: str
    sha256: str
    filename: str
    content_type: str
    expires_at: int


class ReferenceSigner:
    """Writes and reads references with one shared key."""

    def __init__(self, key: bytes) -> None:
        if len(key) < 32:
            raise ValueError("the key of file references needs at least 32 bytes")
        self._key = key

    def sign(self, reference: FileReference) -> str:
        """The reference as text for a URL."""
        body = _encode(json.dumps(asdict(reference), separators=(",", ":"), sort_keys=True).encode())
        return f"{body}.{_encode(self._signature(body))}"

    def read(self, token: str, now: float) -> FileReference:
        """The reference in ``token``; a wrong one is a 403, one that ran out a 410."""
        body, _, signature = token.partition(".")
        if not token.isascii() or not hmac.compare_digest(_encode(self._signature(body)), signature):
            raise Problem("file.reference", 403, "ลิงก์ดาวน์โหลดไม่ถูกต้อง", "กรุณากดดาวน์โหลดจากหน้าเอกสารอีกครั้ง")
        reference = FileReference(**json.loads(_decode(body)))
        if now >= reference.expires_at:
            raise Problem("file.reference_expired", 410, "ลิงก์ดาวน์โหลดหมดอายุ", "กรุณากดดาวน์โหลดจากหน้าเอกสารอีกครั้ง")
        return reference

    def _signature(self, body: str) -> bytes:
        # The label keeps a signature made for another purpose with the same key from passing here.
        return hmac.digest(self._key, b"khet-file-reference:" + body.encode(), hashlib.sha256)


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decode(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError("signed text that is not base64") from error
