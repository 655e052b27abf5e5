"""CSV as schools send it: UTF-8 with or without BOM, or Windows-874; comma, semicolon, tab or bar."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

from shared.workbooks.faults import ReadFault
from shared.workbooks.formulas import literal_text, text_formula
from shared.workbooks.sheet import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Cell, Place, Sheet

_ENCODINGS = ("utf-8-sig", "cp874")
_DELIMITERS = ",;\t|"
_SAMPLE_RECORDS = 30
_SAMPLE_CHARACTERS = 200_000


def read_csv(path: Path) -> Sheet:
    """The records of a CSV file; blank lines count as rows, as a spreadsheet program shows them. :class:`ReadFault`."""
    text = decode(path.read_bytes())
    rows: list[list[Cell]] = []
    cells = 0
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)):
            cells += len(record)
            if len(rows) >= MAX_ROWS or len(record) > MAX_COLUMNS or cells > MAX_CELLS:
                raise ReadFault("range")
            rows.append(list(record))
    except csv.Error:
        raise ReadFault("unreadable") from None
    while rows and not any(rows[-1]):
        rows.pop()
    return text_sheet("CSV", rows)


def decode(content: bytes) -> str:
    """UTF-8 if it is that, else Windows-874; :class:`ReadFault` if neither."""
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ReadFault("unreadable", "อ่านตัวอักษรในไฟล์ไม่ได้ กรุณาบันทึกเป็น CSV UTF-8 หรือ Excel Workbook (.xlsx)")


def text_sheet(name: str, rows: list[list[Cell]]) -> Sheet:
    """A sheet of untyped cells: ``="text"`` becomes its text, what else a program would execute is a formula."""
    literals: set[Place] = set()
    formulas: dict[Place, str] = {}
    for row_number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row, start=1):
            if not isinstance(cell, str) or (formula := text_formula(cell)) is None:
                continue
            literal = literal_text(formula)
            if literal is None:
                formulas[row_number, column] = formula[:200]
            else:
                literals.add((row_number, column))
                row[column - 1] = literal
    return Sheet(name, rows, typed=False, literals=frozenset(literals), formulas=formulas)


def _delimiter(text: str) -> str:
    """The delimiter that cuts most of the first records into the same, largest number of cells."""
    sample = text[:_SAMPLE_CHARACTERS]
    best, best_score = ",", (0, 0)
    for delimiter in _DELIMITERS:
        widths: Counter[int] = Counter()
        try:
            for _, record in zip(
                range(_SAMPLE_RECORDS), csv.reader(io.StringIO(sample), delimiter=delimiter), strict=False
            ):
                widths[len(record)] += 1
        except csv.Error:
            continue
        width, times = max(((width, times) for width, times in widths.items() if width > 1), default=(0, 0))
        if (width, times) > best_score:
            best, best_score = delimiter, (width, times)
    return best
