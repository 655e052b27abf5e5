"""Tell of a worksheet that it holds nothing but values near its corner, without looking at its cells one by one.

Almost every sheet is so, and then nothing else has to be known of it. Its rows must match one strict pattern as a
whole; what the pattern does not foresee, however harmless, is left to the exact parser of :mod:`shared.workbooks.scan`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

# Columns A to CZ and rows to 99,999: within every limit of a sheet, also multiplied.
LAST_COLUMN = 104
LAST_ROW = 99_999

_SPACE = rb"[ \t\r\n]*+"
# Of the characters that XML forbids, those of more than one byte are looked for apart; references are, too.
_TEXT = rb"[^<>\x00-\x08\x0b\x0c\x0e-\x1f]*+"
_INSIDE = rb"(?:<v>" + _TEXT + rb'</v>|<is><t(?: xml:space="preserve")?+>' + _TEXT + rb"</t></is>)?+"
_CELL = (
    rb'<c r="[A-C]?[A-Z][1-9][0-9]{0,4}+"(?: s="[0-9]++")?+(?: t="[A-Za-z]++")?+(?:/>|>' + _INSIDE + rb"</c>)" + _SPACE
)
# the attributes of a row in the order of the standard, which is the one that programs write
_ROW_ATTRIBUTES = (
    *(b"r", b"spans", b"s", b"customFormat", b"ht", b"hidden", b"customHeight", b"outlineLevel", b"collapsed"),
    *(b"thickTop", b"thickBot", b"ph", b"x14ac:dyDescent"),
)
_ATTRIBUTES = b"".join(rb"(?: " + name + rb'="[A-Za-z0-9:. -]*+")?+' for name in _ROW_ATTRIBUTES)
_ROW = rb"<row" + _ATTRIBUTES + rb"(?:/>|>" + _SPACE + rb"(?:" + _CELL + rb")*+</row>)" + _SPACE
# Possessive throughout: the time is linear in the length, whatever the file tries.
_ROWS = re.compile(_SPACE + rb"(?:" + _ROW + rb")*+")
_BEGIN = re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?xml[^<>]*\?>)?[^?!]*?<sheetData>")
_OTHER_ENCODING = re.compile(rb"""encoding\s*=\s*["'](?!utf-8["'])""", re.IGNORECASE)
_STRANGE_REFERENCE = re.compile(rb"&(?!#[1-9][0-9]{3};|(?:amp|lt|gt|quot|apos|#10|#13|#39);)")
_NO_CHARACTER = b"\xef\xbf"
_VALUE = re.compile(rb"<v>|<is>")
_ROW_ENDS = re.compile(rb"</row>|</sheetData>")
_TABLE = "sheetData"
_END = b"</sheetData>"
# A head or a row longer than this is not what programs write.
_MAX_PENDING = 1024 * 1024


def plain_values(chunks: Iterator[bytes]) -> bool | None:
    """Whether the sheet holds any value; None when only the exact parser can tell what it holds."""
    pending = b""
    for chunk in chunks:
        pending += chunk
        begin = _BEGIN.match(pending)
        if begin:
            return _values_of(pending[: begin.end()], pending[begin.end() :], chunks)
        if len(pending) > _MAX_PENDING:
            return None
    return None


def _values_of(head: bytes, pending: bytes, chunks: Iterator[bytes]) -> bool | None:
    if _OTHER_ENCODING.search(head):
        return None
    has_values = False
    while True:
        end = _rows_end(pending)
        if end is None:
            return None
        has_values = has_values or bool(_VALUE.search(pending, 0, end))
        pending = pending[end:]
        if pending.startswith(_END):
            return has_values if _is_well_formed(head, pending, chunks) else None
        if len(pending) > _MAX_PENDING or _ROW_ENDS.search(pending):
            return None
        chunk = next(chunks, None)
        if chunk is None:
            return None
        pending += chunk


def _rows_end(content: bytes) -> int | None:
    """Where the plain rows at the beginning of ``content`` end, None when there is in them what is no XML."""
    found = _ROWS.match(content)
    end = found.end() if found else 0
    if _STRANGE_REFERENCE.search(content, 0, end):
        return None
    return end if content.isascii() or _is_text(content[:end]) else None


def _is_text(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return _NO_CHARACTER not in content


def _is_well_formed(head: bytes, tail: bytes, chunks: Iterator[bytes]) -> bool:
    """Whether the sheet without its rows is XML with one table of cells; rows outside of the table are no cells."""
    tables: list[str] = []
    parser: Any = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, _: tables.append(tag) if tag.endswith(_TABLE) else None
    try:
        parser.Parse(head, False)
        parser.Parse(tail, False)
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError:
        return False
    return len(tables) == 1
