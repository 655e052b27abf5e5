"""References to files: the owner of a file hands one out, the gateway streams what it names.

A reference is sealed with a key that owner and gateway share. It says which file, under which name it is saved, until
when, and carries the file's own key: it proves that the owner allowed this download and opens this one file, so the
gateway needs no key of the owner's, and a browser can neither read nor change it.
"""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, dataclass

from cryptography.fernet import Fernet, InvalidToken

from shared.problems import Problem

KEY_CHARACTERS = 64


@dataclass(frozen=True)
class FileReference:
    """One file that may be downloaded until ``expires_at`` (seconds since the epoch); ``file_key`` is in hex."""

    prefix: str
    sha256: str
    file_key: str
    filename: str
    content_type: str
    expires_at: int


class ReferenceSealer:
    """Writes and reads references with one shared key of 32 bytes, as 64 hexadecimal digits."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_CHARACTERS:
            raise ValueError("the key of file references has 64 hexadecimal digits")
        self._fernet = Fernet(base64.urlsafe_b64encode(bytes.fromhex(key.decode())))

    def seal(self, reference: FileReference) -> str:
        """The reference as text for a URL."""
        return self._fernet.encrypt(json.dumps(asdict(reference)).encode()).decode()

    def read(self, token: str, now: float) -> FileReference:
        """The reference in ``token``; a wrong one is a 403, one that ran out a 410."""
        try:
            reference = FileReference(**json.loads(self._fernet.decrypt(token.encode())))
        except InvalidToken:
            raise Problem("file.reference", 403, "ลิงก์ดาวน์โหลดไม่ถูกต้อง", "กรุณากดดาวน์โหลดจากหน้าเอกสารอีกครั้ง") from None
        if now >= reference.expires_at:
            raise Problem("file.reference_expired", 410, "ลิงก์ดาวน์โหลดหมดอายุ", "กรุณากดดาวน์โหลดจากหน้าเอกสารอีกครั้ง")
        return reference
