"""Which files a letter may have, and what they are called when they leave (correspondence.md §3.5 rule 9)."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePath

from shared.problems import FieldError, Problem, conflict, invalid

MOST_FILES = 20


class FileRole(StrEnum):
    """What a file is to its letter."""

    MAIN = "main"
    ENCLOSURE = "enclosure"


CONTENT_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "zip": "application/zip",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
# what can be stamped: pages, or a picture that becomes one
STAMPED_KINDS = frozenset({"pdf", "jpg", "png"})


def check_room(roles: list[FileRole], role: FileRole) -> None:
    """A letter has one main file and so many enclosures.

    Raises:
        Problem: ``attachment.main``, ``attachment.many`` (409).
    """
    if role is FileRole.MAIN and FileRole.MAIN in roles:
        raise conflict("attachment.main", "หนังสือนี้มีไฟล์หลักแล้ว")
    if len(roles) >= MOST_FILES:
        raise conflict("attachment.many", f"แนบไฟล์ได้ไม่เกิน {MOST_FILES} ไฟล์")


def refused(code: str, detail: str) -> Problem:
    """A file that is not taken, or cannot be stamped."""
    return Problem(f"attachment.{code}", 422, "รับไฟล์นี้ไม่ได้", detail)


def check_place(page: int, x: float, y: float) -> None:
    """A stamp is put somewhere on a page.

    Raises:
        Problem: ``invalid`` (422).
    """
    errors = [
        FieldError(name, "range", f"{title}: ต้องอยู่ระหว่าง 0 ถึง 100")
        for name, title, value in (("x", "ตำแหน่งแนวนอน", x), ("y", "ตำแหน่งแนวตั้ง", y))
        if not 0 <= value <= 100
    ]
    if page < 1:
        errors.append(FieldError("page", "range", "หน้า: เริ่มจาก 1"))
    if errors:
        raise invalid(errors)


def stamped_name(filename: str) -> str:
    """What a stamped letter is called."""
    return f"{PurePath(filename).stem}-ลงรับ.pdf"
