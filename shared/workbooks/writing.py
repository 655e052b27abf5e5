"""Tables as files that an office prints and passes on: cells in its font, A4 pages, CSV that Excel opens."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, WriteOnlyCell
from openpyxl.styles import Border, Font, Side
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

FONT = "TH Sarabun New"
SIZE = 16
PRINTED_SIZE = 14
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
A4 = "9"  # of the file format's list of papers
LINE = Side(style="thin", color="808080")
BOX = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)


def csv_of_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A table as CSV in UTF-8 with a byte order mark; what a spreadsheet would take for a formula is made text."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_harmless(value) for value in row])
    return stream.getvalue().encode("utf-8-sig")


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def row_of(sheet: WriteOnlyWorksheet, values: Sequence[Any], *, bold: bool = False) -> list[Cell]:
    """Cells in the office's font. Text stays text: what begins like a formula is marked so that no program runs it."""
    cells = []
    for value in values:
        cell = WriteOnlyCell(sheet, value=value)
        if isinstance(value, str):
            cell.data_type = "s"  # a reason that begins with "=" is text
            cell.quotePrefix = value.startswith(FORMULA_STARTS)
        cell.font = Font(name=FONT, size=SIZE, bold=bold)
        cells.append(cell)
    return cells


def saved(workbook: Workbook) -> bytes:
    """The workbook as a file."""
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def print_on_a4(sheet: Any, *, header: str, footer: str) -> None:
    """A4 landscape, as wide as the page, with what stands above and below on every page; said before the first row."""
    sheet.page_setup.paperSize = A4
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.5
    margins.top = margins.bottom = 0.75
    for place, text in (
        (sheet.oddHeader.right, header),
        (sheet.oddFooter.left, footer),
        (sheet.oddFooter.right, "หน้า &P / &N"),
    ):
        place.text, place.font, place.size = text, f"{FONT},Regular", PRINTED_SIZE


def repeat_header(sheet: Any, row: int) -> None:
    """Keep row ``row`` (from 1) in view and print it on every page; said before the first row."""
    sheet.freeze_panes = f"A{row + 1}"
    sheet.print_title_rows = f"{row}:{row}"
