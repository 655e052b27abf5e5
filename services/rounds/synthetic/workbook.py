"""Write a draft in the formats schools send: XLSX as DMC makes it, CSV in three encodings, HTML that is called .xls."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from services.rounds.synthetic.draft import Draft
from services.rounds.synthetic.layout import SHEET_NAME, Cell

_CSV_ENCODINGS = {"csv": "utf-8", "csv-bom": "utf-8-sig", "csv-cp874": "cp874"}


def write(draft: Draft, folder: Path) -> Path:
    """Write the file under its name into ``folder``; an older one of that name is replaced."""
    path = folder / draft.filename
    if draft.file_format == "xlsx":
        _write_xlsx(draft, path)
    elif draft.file_format == "html":
        path.write_bytes(_html(draft).encode())
    else:
        path.write_bytes(_csv(draft).encode(_CSV_ENCODINGS[draft.file_format]))
    return path


def kind_of(file_format: str) -> str:
    """The kind of file as its content shows it: ``xlsx``, ``csv`` or ``html``."""
    return "csv" if file_format in _CSV_ENCODINGS else file_format


def _lines(draft: Draft) -> Iterator[list[Cell]]:
    """All lines of the sheet from row 1."""
    if draft.stamp is not None:
        yield [draft.stamp]
    if draft.headers_written:
        yield [column.header for column in draft.columns]
    for row in draft.rows:
        yield [row.cells.get(column.field or column.header, "") for column in draft.columns]


def _write_xlsx(draft: Draft, path: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET_NAME)
    for line in _lines(draft):
        sheet.append([_xlsx_cell(sheet, value) for value in line])
    book.save(path)


def _xlsx_cell(sheet: Any, value: Cell) -> object:
    """Text as text cells (also what looks like a number), dates as cells with a date format, nothing for blanks."""
    if value == "":
        return None
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, value=datetime(value.year, value.month, value.day))  # noqa: DTZ001 - a day
        cell.number_format = "dd/mm/yyyy"
        return cell
    return value


def _csv(draft: Draft) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([_text(value) for value in line] for line in _lines(draft))
    return text.getvalue()


def _html(draft: Draft) -> str:
    begin, end = "<html><head><meta charset='utf-8'></head><body><table border='1'>", "</table></body></html>"
    cells = (("".join(f"<td>{html.escape(_text(value))}</td>" for value in line)) for line in _lines(draft))
    return "\r\n".join([begin, *(f"<tr>{line}</tr>" for line in cells), end])


def _text(value: Cell) -> str:
    """What a program writes for a cell when it saves as text."""
    return f"{value:%d/%m}/{value.year}" if isinstance(value, date) else str(value)
