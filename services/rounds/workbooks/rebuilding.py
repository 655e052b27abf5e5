"""A new workbook of the values of a file: for CSV, HTML and .xls, for what is too large, and for part of another file.

Rows and columns stay where they were, so that what is said of a place holds; a column at the end names the row of the
file that was sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from services.rounds.rules.dmc.identity_number import read_identity
from services.rounds.rules.dmc.layout import CITIZEN_ID, ORIGINAL_ROW, Layout
from services.rounds.workbooks.rules import AUTHOR, FILLS, Note, Place, comment_text
from shared.thai.fold import fold_header
from shared.workbooks.sheet import Cell, Sheet

_NOT_IN_A_TITLE = re.compile(r"[\[\]:*?/\\]")
TITLE_LENGTH = 31
COLUMN_WIDTH = 14
COMMENT_WIDTH, COMMENT_LINE = 340, 18
TEXT_FORMAT, DAY_FORMAT, WHOLE_FORMAT = "@", "dd/mm/yyyy", "0"


def rebuild(
    sheet: Sheet,
    layout: Layout | None,
    changes: Mapping[Place, Any],
    notes: Mapping[Place, Note],
) -> tuple[Workbook, str]:
    """A workbook with one sheet of the values of ``sheet``, and that sheet's title; it is written once, by ``save``.

    ``changes`` stand instead of what was there. Both go by the numbers of the rows in the file that was sent.
    """
    book = Workbook(write_only=True)
    title = _NOT_IN_A_TITLE.sub(" ", sheet.name)[:TITLE_LENGTH].strip("' ") or "Sheet1"
    target = book.create_sheet(title)
    width = max((len(row) for row in sheet.rows), default=1)
    for column in range(1, width + 1):
        target.column_dimensions[get_column_letter(column)].width = COLUMN_WIDTH
    header_row = layout.header_row if layout else 0
    if header_row:
        target.freeze_panes = f"A{header_row + 1}"
    tells_rows = layout is not None and fold_header(ORIGINAL_ROW) not in map(fold_header, layout.headers)
    ids = layout.at.get(CITIZEN_ID) if layout and not sheet.typed else None
    for number, values in enumerate(sheet.rows, 1):
        line: list[Cell] = [*values, *[None] * (width - len(values))]
        if ids is not None and number > header_row:
            line[ids] = _whole_id(line[ids])
        origin = sheet.number_of(number - 1)
        cells = [
            _cell(target, changes.get((origin, column), value), notes.get((origin, column)), bold=number == header_row)
            for column, value in enumerate(line, 1)
        ]
        if tells_rows and number >= header_row and any(values):
            is_header = number == header_row
            cells.append(_cell(target, ORIGINAL_ROW if is_header else origin, None, bold=is_header))
        target.append(cells)
    return book, title


def _whole_id(value: Cell) -> Cell:
    """An id whose leading zero a text file lost, with it: in a workbook nobody could tell it from a short one."""
    identity = read_identity(value, typed=False)
    return identity.value if identity.repaired else value


def _cell(sheet: WriteOnlyWorksheet, value: Any, note: Note | None, *, bold: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, value=_plain(value))
    if isinstance(cell.value, str):
        cell.data_type = "s"  # what begins with "=" is text
        if cell.value.isdigit():
            cell.number_format = TEXT_FORMAT
    elif isinstance(cell.value, date):
        cell.number_format = DAY_FORMAT
    elif isinstance(cell.value, int) and not isinstance(cell.value, bool):
        cell.number_format = WHOLE_FORMAT
    if bold:
        cell.font = Font(bold=True)
    if note is not None:
        cell.fill = fill_of(note.severity)
        cell.comment = comment(comment_text(None, note))
    return cell


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return ILLEGAL_CHARACTERS_RE.sub("", value) or None
    if isinstance(value, float) and value == value // 1:
        return int(value)
    if value is None or isinstance(value, bool | int | float | datetime | date | time):
        return value
    return str(value)


def fill_of(severity: str) -> PatternFill:
    """The colour of a cell with findings."""
    return PatternFill("solid", fgColor=FILLS[severity])


def comment(text: str, author: str = AUTHOR) -> Comment:
    """A comment as large as its text."""
    lines = sum(1 + len(line) // 45 for line in text.splitlines())
    return Comment(text, author, width=COMMENT_WIDTH, height=COMMENT_LINE * (lines + 1))
