"""What a file is, decided by its content in a few milliseconds, without unpacking anything.

Runs in the service's own process, before a child reads the file: only magic bytes, the central directory of a zip and
the directory of an OLE2 file are looked at, all of them with limits.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path, PurePath
from typing import BinaryIO

from shared.workbooks import ole
from shared.workbooks.faults import MAX_FILE_BYTES, MAX_UNPACKED_BYTES, ContainerFault

MAX_ENTRIES = 2_000
MAX_RATIO = 100
# Small parts (styles, themes) compress well and harm nobody: the ratio counts from here on.
RATIO_FROM_BYTES = 8 * 1024 * 1024

_ZIP = b"PK\x03\x04"
_END_RECORD = b"PK\x05\x06"
_END_RECORD_SIZE = 22
_MAX_COMMENT = 65_535
_MAX_DIRECTORY_BYTES = 1024 * 1024
_LOCAL_HEADER_SIZE = 30
_ENCRYPTED_FLAG = 0x1
_HEAD = 64 * 1024
_EXTENSIONS = {".xlsx", ".xlsm", ".xls", ".csv"}
_KIND_EXTENSIONS = {"xlsx": {".xlsx", ".xlsm"}, "xls": {".xls"}, "html": {".xls"}, "csv": {".csv"}}
# Tab, line feed, form feed and carriage return are the only control characters of a text.
_NO_TEXT = bytes(set(range(0x20)) - {0x09, 0x0A, 0x0C, 0x0D})


@dataclass(frozen=True, slots=True)
class Container:
    """A file that may be read: ``kind`` is ``xlsx``, ``xls``, ``html`` or ``csv``; ``size`` in bytes."""

    kind: str
    size: int


def inspect(path: Path, filename: str) -> Container:
    """What the file at ``path``, sent as ``filename``, is; :class:`ContainerFault` when it may not be read.

    The extension must agree with the content; ``.xls`` may be HTML, which is what EMIS and DMC call an Excel file.
    """
    size = path.stat().st_size
    if size == 0:
        raise ContainerFault("empty")
    if size > MAX_FILE_BYTES:
        raise ContainerFault("too_large")
    extension = PurePath(filename.strip().lower()).suffix
    with path.open("rb") as stream:
        kind = _kind(stream, size)
    if extension not in _KIND_EXTENSIONS[kind]:
        known = extension in _EXTENSIONS
        raise ContainerFault("extension" if known or not extension else "type")
    return Container(kind, size)


def names_in_archive(path: Path) -> frozenset[str]:
    """The names in the zip at ``path``, in small letters; nothing is unpacked.

    Raises:
        ContainerFault: ``encrypted``, ``bomb`` or ``unreadable``.
    """
    with path.open("rb") as stream:
        entries, directory_at = _read_directory(stream, path.stat().st_size)
    _refuse_encrypted(entries)
    _refuse_bombs(entries, directory_at)
    return frozenset(_names(entries))


def _kind(stream: BinaryIO, size: int) -> str:
    head = stream.read(_HEAD)
    if head.startswith(_ZIP):
        _inspect_zip(stream, size)
        return "xlsx"
    if head.startswith(ole.MAGIC):
        _inspect_ole(stream, size)
        return "xls"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        raise ContainerFault("empty", "ไฟล์มีแต่ช่องว่าง ไม่มีข้อมูล")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ContainerFault("unreadable", "ไฟล์ข้อความเป็นรหัส UTF-16 กรุณาบันทึกเป็น CSV UTF-8 หรือ Excel Workbook (.xlsx)")
    if head.translate(None, _NO_TEXT) != head:
        raise ContainerFault("type")
    return "html" if text.startswith(b"<") else "csv"


def _inspect_ole(stream: BinaryIO, size: int) -> None:
    """OLE2 is an old workbook, or a wrapper around an encrypted new one; anything else (.doc, .msg) is refused."""
    try:
        directory = ole.read_directory(stream, size)
        if "encryptedpackage" in directory:
            raise ContainerFault("encrypted")
        workbook = directory.get("workbook") or directory.get("book")
        if workbook is None:
            raise ContainerFault("type")
        if ole.has_password(stream, workbook):
            raise ContainerFault("encrypted")
    except ole.OleFault:
        raise ContainerFault("unreadable") from None


def _inspect_zip(stream: BinaryIO, size: int) -> None:
    entries, directory_at = _read_directory(stream, size)
    _refuse_encrypted(entries)
    if not {"[content_types].xml", "xl/workbook.xml"} <= set(_names(entries)):
        raise ContainerFault("type")
    _refuse_bombs(entries, directory_at)


def _read_directory(stream: BinaryIO, size: int) -> tuple[list[zipfile.ZipInfo], int]:
    """The entries of a zip, and where its directory begins."""
    _inspect_end_record(stream, size)
    try:
        with zipfile.ZipFile(stream) as archive:
            return archive.infolist(), archive.start_dir
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, UnicodeDecodeError):
        raise ContainerFault("unreadable") from None


def _names(entries: list[zipfile.ZipInfo]) -> list[str]:
    return [entry.filename.lower().replace("\\", "/").lstrip("/") for entry in entries]


def _refuse_encrypted(entries: list[zipfile.ZipInfo]) -> None:
    if any(entry.flag_bits & _ENCRYPTED_FLAG for entry in entries):
        raise ContainerFault("encrypted")


def _inspect_end_record(stream: BinaryIO, size: int) -> None:
    """Refuse a huge central directory before anything builds objects from it."""
    stream.seek(max(0, size - _MAX_COMMENT - _END_RECORD_SIZE))
    tail = stream.read()
    at = tail.rfind(_END_RECORD)
    record = tail[at : at + _END_RECORD_SIZE]
    if at < 0 or len(record) < _END_RECORD_SIZE:
        raise ContainerFault("unreadable")
    count = int.from_bytes(record[10:12], "little")
    directory_bytes = int.from_bytes(record[12:16], "little")
    if count > MAX_ENTRIES or directory_bytes > _MAX_DIRECTORY_BYTES:
        raise ContainerFault("bomb")


def _refuse_bombs(entries: list[zipfile.ZipInfo], directory_at: int) -> None:
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise ContainerFault("bomb")
    if any(
        entry.file_size > RATIO_FROM_BYTES and entry.file_size > MAX_RATIO * max(1, entry.compress_size)
        for entry in entries
    ):
        raise ContainerFault("bomb")
    # Two readers may each take another of two equal names; overlapping entries unpack the same bytes again and again.
    if len(set(_names(entries))) != len(entries) or _overlap(entries, directory_at):
        raise ContainerFault("bomb")
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise ContainerFault("unreadable")


def _overlap(entries: list[zipfile.ZipInfo], directory_at: int) -> bool:
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    starts = [entry.header_offset for entry in ordered] + [directory_at]
    ends = [entry.header_offset + _LOCAL_HEADER_SIZE + entry.compress_size for entry in ordered]
    return any(end > following for end, (_, following) in zip(ends, pairwise(starts), strict=True))
