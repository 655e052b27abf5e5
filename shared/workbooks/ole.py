"""Just enough of OLE2 (Compound File Binary, MS-CFB) to know what a file holds: its directory and the first records.

Every chain is bounded by the size of the file, so a circular or lying chain ends in :class:`OleFault`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_HEADER_SIZE = 512
_SHIFTS = (9, 12)
_FAT_IN_HEADER = range(76, 512, 4)
_LAST_SECTOR = 0xFFFFFFFA
_ENTRY_SIZE = 128
_MAX_DIRECTORY_SECTORS = 1_000
_STREAM = 2
_MINI_CUTOFF = 4_096
# BIFF8 record FILEPASS: the rest of the stream is encrypted. It stands right behind the first record.
_FILEPASS = 0x002F


class OleFault(ValueError):
    """Not a sound OLE2 file."""


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream of the directory: where its first sector lies in the file and how long it is, in bytes."""

    offset: int
    size: int


def read_directory(stream: BinaryIO, size: int) -> dict[str, Stream]:
    """The streams of an OLE2 file of ``size`` bytes by lower-case name; :class:`OleFault` if the file is damaged."""
    stream.seek(0)
    header = stream.read(_HEADER_SIZE)
    if len(header) < _HEADER_SIZE or not header.startswith(MAGIC):
        raise OleFault("header")
    shift = _number(header, 30, 2)
    if shift not in _SHIFTS:
        raise OleFault("sector size")
    sector_size = 1 << shift
    sectors = size // sector_size + 1
    fat_sectors = [number for at in _FAT_IN_HEADER if (number := _number(header, at, 4)) < _LAST_SECTOR]
    streams: dict[str, Stream] = {}
    sector = _number(header, 48, 4)
    for _ in range(min(sectors, _MAX_DIRECTORY_SECTORS)):
        if sector >= sectors:
            break
        content = _sector(stream, sector, sector_size)
        for at in range(0, len(content) - _ENTRY_SIZE + 1, _ENTRY_SIZE):
            streams.update(_entry(content[at : at + _ENTRY_SIZE], sector_size))
        sector = _next_sector(stream, sector, fat_sectors, sector_size)
    if not streams:
        raise OleFault("directory")
    return streams


def has_password(stream: BinaryIO, workbook: Stream) -> bool:
    """Whether an old workbook (BIFF) asks for a password."""
    if workbook.size < _MINI_CUTOFF:
        return False
    stream.seek(workbook.offset)
    records = stream.read(_HEADER_SIZE)
    at = 0
    for _ in range(4):
        kind, length = _number(records, at, 2), _number(records, at + 2, 2)
        if kind == _FILEPASS:
            return True
        at += 4 + length
    return False


def _entry(entry: bytes, sector_size: int) -> dict[str, Stream]:
    name_bytes = _number(entry, 64, 2)
    if entry[66] != _STREAM or not 2 <= name_bytes <= 64:
        return {}
    name = entry[: name_bytes - 2].decode("utf-16-le", "replace").lower()
    return {name: Stream((_number(entry, 116, 4) + 1) * sector_size, _number(entry, 120, 4))}


def _next_sector(stream: BinaryIO, sector: int, fat_sectors: list[int], sector_size: int) -> int:
    table, place = divmod(sector, sector_size // 4)
    if table >= len(fat_sectors):
        return _LAST_SECTOR
    content = _sector(stream, fat_sectors[table], sector_size)
    return _number(content, place * 4, 4) if len(content) >= place * 4 + 4 else _LAST_SECTOR


def _sector(stream: BinaryIO, sector: int, sector_size: int) -> bytes:
    stream.seek((sector + 1) * sector_size)
    return stream.read(sector_size)


def _number(content: bytes, at: int, length: int) -> int:
    return int.from_bytes(content[at : at + length], "little")
