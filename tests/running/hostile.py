"""Files that nobody should send and everybody has to survive, made from a clean one where that is enough.

Every maker returns the bytes; what the file is called is the sender's lie, not the maker's.
"""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
from collections.abc import Iterator, Mapping, Sequence

from services.rounds.synthetic import layout

SHEET = "xl/worksheets/sheet1.xml"
WORKBOOK = "xl/workbook.xml"
MEBI = 1024 * 1024
HEADERS = tuple(layout.HEADERS.values())

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\0" * 200
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n\x00\x01"

_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CENTRAL = b"PK\x01\x02"


def docx() -> bytes:
    """A Word document, with as many pupils as Word documents have."""
    parts = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"}
    return _zipped(parts)


def rewritten(clean: bytes, changes: Mapping[str, bytes], level: int = 6) -> bytes:
    """The workbook again, with the named parts replaced or added."""
    with zipfile.ZipFile(io.BytesIO(clean)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    return _zipped({**parts, **changes}, level)


def part(clean: bytes, name: str = SHEET) -> bytes:
    """One part of a workbook."""
    with zipfile.ZipFile(io.BytesIO(clean)) as source:
        return source.read(name)


def _zipped(parts: Mapping[str, bytes], level: int = 6) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def ole(*streams: str, records: bytes = b"") -> bytes:
    """A minimal OLE2 file (old Office) with the named streams; the first one begins with ``records``."""
    header = bytearray(512)
    header[:8] = _OLE_MAGIC
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<I", header, 44, 1)
    struct.pack_into("<I", header, 48, 1)
    struct.pack_into("<I", header, 76, 0)
    for at in range(80, 512, 4):
        struct.pack_into("<I", header, at, 0xFFFFFFFF)
    sectors = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *([0xFFFFFFFE] * 126))
    directory = b"".join(_ole_entry(name) for name in streams)
    return (bytes(header) + sectors + directory.ljust(512, b"\0") + records.ljust(512, b"\0")).ljust(8192, b"\0")


def _ole_entry(name: str) -> bytes:
    entry = bytearray(128)
    encoded = name.encode("utf-16-le") + b"\0\0"
    entry[: len(encoded)] = encoded
    struct.pack_into("<H", entry, 64, len(encoded))
    entry[66] = 2
    struct.pack_into("<II", entry, 116, 2, 4096)
    return bytes(entry)


def encrypted_workbook() -> bytes:
    """What Excel writes when a password is asked for: OLE2 around an EncryptedPackage."""
    return ole("EncryptionInfo", "EncryptedPackage")


def locked_old_workbook() -> bytes:
    """An .xls with a password: the record FILEPASS behind the first one."""
    return ole("Workbook", records=struct.pack("<HH16xHH", 0x0809, 16, 0x002F, 6))


def old_workbook(*sheets: tuple[str, bool, Sequence[Sequence[str]]]) -> bytes:
    """An .xls of texts alone: name, whether it is hidden, and rows of each sheet."""
    begin, end = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)), _record(0x000A, b"")
    bodies = [begin + b"".join(_labels(rows)) + end for _name, _hidden, rows in sheets]
    named = [struct.pack("<BBBB", hidden, 0, len(name), 1) + name.encode("utf-16-le") for name, hidden, _ in sheets]
    at = len(begin) + sum(len(_record(0x0085, b"0000" + name)) for name in named) + len(end)
    head = begin
    for name, body in zip(named, bodies, strict=True):
        head += _record(0x0085, struct.pack("<I", at) + name)
        at += len(body)
    return ole("Workbook", records=head + end + b"".join(bodies))


def _labels(rows: Sequence[Sequence[str]]) -> Iterator[bytes]:
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            place = struct.pack("<HHHHB", row, column, 0, len(text), 1)
            yield _record(0x0204, place + text.encode("utf-16-le"))


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def locked_zip(clean: bytes) -> bytes:
    """A zip one of whose entries says that it is encrypted."""
    content = bytearray(clean)
    content[content.rindex(_CENTRAL) + 8] |= 1
    return bytes(content)


def bomb_by_ratio(clean: bytes) -> bytes:
    """30 MB of nothing, packed into 30 kB."""
    return rewritten(clean, {"xl/media/nothing.bin": b"\0" * (30 * MEBI)})


def bomb_by_size(clean: bytes) -> bytes:
    """Unpacks to more than 200 MB, each part of it within bounds."""
    return rewritten(clean, {f"xl/media/{number}.bin": b"\0" * (7 * MEBI) for number in range(30)})


def bomb_by_number(clean: bytes) -> bytes:
    """Thousands of entries with nothing in them."""
    return rewritten(clean, {f"xl/media/{number}": b"" for number in range(2_100)})


def bomb_by_overlap(clean: bytes) -> bytes:
    """Two entries of the directory that point to the same bytes."""
    content = bytearray(clean)
    first, second = (found.start() for found in list(re.finditer(_CENTRAL, clean))[:2])
    content[second + 42 : second + 46] = content[first + 42 : first + 46]
    return bytes(content)


def bomb_by_lie(clean: bytes) -> bytes:
    """An entry whose declared size is a small part of what comes out of it."""
    content = bytearray(rewritten(clean, {"xl/media/nothing.bin": b"\0" * (9 * MEBI)}))
    at = content.rindex(_CENTRAL)
    content[at + 24 : at + 28] = struct.pack("<I", 1000)
    return bytes(content)


def two_of_one_name(clean: bytes) -> bytes:
    """Two parts that one reader takes for the same and another does not."""
    return rewritten(clean, {"XL/Workbook.xml": b"<workbook/>"})


def with_rows(clean: bytes, rows: bytes, level: int = 6) -> bytes:
    """The sheet with more rows below the last one."""
    return rewritten(clean, {SHEET: part(clean).replace(b"</sheetData>", rows + b"</sheetData>")}, level)


def with_far_cell(clean: bytes) -> bytes:
    """A value in the last cell that Excel has: 17 thousand million cells away."""
    return with_rows(clean, b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


def with_cell_in_the_last_row(clean: bytes) -> bytes:
    """A value in the last row that Excel has: what loads the rectangle up to it takes 1.6 GB."""
    return with_rows(clean, b'<row r="1048576"><c r="AM1048576"><v>1</v></c></row>')


def with_blank_rows(clean: bytes, number: int = 1_000_000) -> bytes:
    """Rows that look empty and are not: a blank in each, down to row ``number``."""
    blank = b'<row r="%d"><c r="A%d" t="inlineStr"><is><t> </t></is></c></row>'
    return with_rows(clean, b"".join(blank % (at, at) for at in range(500, number + 1)))


def with_damaged_sheet(clean: bytes) -> bytes:
    """A zip whose directory is whole and whose sheet begins with a block of no known kind."""
    content = bytearray(clean)
    with zipfile.ZipFile(io.BytesIO(clean)) as archive:
        found = archive.getinfo(SHEET)
    content[found.header_offset + 30 + len(SHEET)] = 0x07
    return bytes(content)


def with_wrong_checksum(clean: bytes) -> bytes:
    """A zip whose sheet is not what was packed: a row of it was changed on the way."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(clean)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
    return out.getvalue().replace(b'<row r="3">', b'<row r="4">', 1)


def without_directory(clean: bytes) -> bytes:
    """A zip that lost the end in which its parts are listed."""
    return clean[: clean.index(_CENTRAL)]


def with_macros(clean: bytes) -> bytes:
    """A workbook with a macro that would run when it is opened, as Excel packs it."""
    return rewritten(clean, {"xl/vbaProject.bin": ole("VBA", records=b"Sub Auto_Open()\r\nShell \"calc\"\r\nEnd Sub")})


def with_empty_rows(clean: bytes, number: int = 1_000_000) -> bytes:
    """Rows that somebody once coloured: cells without values down to row ``number``."""
    return with_rows(clean, b"".join(b'<row r="%d"><c r="A%d"/></row>' % (at, at) for at in range(500, number + 1)))


def with_cell(clean: bytes, place: str, inner: bytes, kind: bytes = b"") -> bytes:
    """The sheet with another content of one cell that is there."""
    pattern = rb'<c r="' + place.encode() + rb'"[^>]*?(?:/>|>.*?</c>)'
    cell = b'<c r="' + place.encode() + b'"' + kind + b">" + inner + b"</c>"
    sheet, times = re.subn(pattern, lambda _: cell, part(clean), count=1)
    assert times == 1, f"the sheet has no cell {place}"
    return rewritten(clean, {SHEET: sheet})


def with_formula(clean: bytes, place: str, formula: str) -> bytes:
    """A formula in a data cell."""
    return with_cell(clean, place, b"<f>" + formula.encode() + b"</f><v>0</v>")


def with_links(clean: bytes) -> bytes:
    """A workbook that asks for another file when it is opened."""
    return rewritten(clean, {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"})


def with_doctype(clean: bytes, name: str, doctype: bytes, inside: tuple[bytes, bytes] | None = None) -> bytes:
    """A part with a document type before its root, and one text in it replaced by a use of an entity."""
    content = part(clean, name)
    head, declared, rest = content.partition(b"?>") if content.startswith(b"<?xml") else (b"", b"", content)
    if inside:
        rest = rest.replace(*inside, 1)
    return rewritten(clean, {name: head + declared + doctype + rest})


XXE = b'<!DOCTYPE worksheet [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = (
    b'<!DOCTYPE worksheet [<!ENTITY a0 "ha">'
    + b"".join(b'<!ENTITY a%d "%s">' % (level, b"&a%d;" % (level - 1) * 10) for level in range(1, 11))
    + b"]>"
)


def noise(clean_csv: bytes) -> bytes:
    """A text in Windows-874 with bytes among it that no letter has there."""
    return clean_csv.replace(b"\n", b"\xdb\xdc\xfc\xff\n", 3)


def cut_letters(csv_utf8: bytes) -> bytes:
    """A text in UTF-8 of which a letter here and there lost its last byte."""
    return csv_utf8.replace("ช".encode(), "ช".encode()[:2])


def too_big() -> bytes:
    """A text of one byte more than 20 MB."""
    return b"a,b\n" * (5 * MEBI) + b"\n"


def slow_workbook(clean: bytes, megabytes: int = 80) -> bytes:
    """Within every limit and still seconds of work: millions of values, all said to stand in one cell far away.

    The numbers are random so that the sheet is not packed a hundred times.
    """
    rng = random.Random(1)
    block = b"".join(b'<c r="AM4000"><v>%d</v></c>' % rng.getrandbits(10) for _ in range(MEBI // 32))
    return with_rows(clean, b'<row r="4000">' + block * (megabytes * MEBI // len(block)) + b"</row>", level=1)


def wrong_everywhere(smis: str, rows: int) -> bytes:
    """A CSV in which every pupil is wrong in almost every way."""
    wrong = [smis, "x", "1234567890123", "ป.1", "1", "12", "ช", "เด็กหญิง", "x", "x", "01/01/2500", "3", "1", "1"]
    line = ",".join([*wrong, *["x"] * (len(HEADERS) - len(wrong))])
    return "\n".join([",".join(HEADERS), *[line] * rows]).encode()
