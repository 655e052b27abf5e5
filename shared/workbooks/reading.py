"""Read a file from outside into sheets. Runs in a child process with limits of memory and time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import python_calamine

from shared.workbooks import part
from shared.workbooks.delimited import read_csv
from shared.workbooks.faults import ReadFault
from shared.workbooks.markup import read_html
from shared.workbooks.scan import SheetScan, scan_workbook
from shared.workbooks.sheet import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Book, Cell, Sheet

# A pupil file has one sheet; more are legends and calculations of the school's own.
MAX_SHEETS = 20


def read_book(path: Path, kind: str, *, with_hidden: bool = False) -> Book:
    """The visible sheets of a file of the ``kind`` that ``container.inspect`` found, or :class:`ReadFault`; with the
    hidden ones where somebody wants to know of them.
    """
    if kind == "csv":
        return Book((read_csv(path),))
    if kind == "html":
        return Book(tuple(read_html(path)[:MAX_SHEETS]))
    if kind == part.KIND:
        return part.read_part(path)
    if kind == "xls":
        return _read_old_workbook(path, with_hidden)
    return _read_workbook(path, with_hidden)


def _read_workbook(path: Path, with_hidden: bool) -> Book:
    scan = scan_workbook(path, with_hidden=with_hidden)
    with _calamine(path) as workbook:
        sheets = tuple(_read_sheet(workbook, sheet) for sheet in scan.sheets[:MAX_SHEETS])
    return Book(sheets, scan.external_links)


def _read_sheet(workbook: python_calamine.CalamineWorkbook, scan: SheetScan) -> Sheet:
    """Rows from row 1 and cells from column A, whatever is empty; ``="text"`` cells get their text, cached or not."""
    rows: list[list[Cell]] = []
    if scan.has_values:
        rows = _rows(workbook.get_sheet_by_name(scan.name))
    for (row, column), text in scan.literals.items():
        while len(rows) < row:
            rows.append([])
        cells = rows[row - 1]
        cells.extend([""] * (column - len(cells)))
        cells[column - 1] = text
    literals = frozenset(scan.literals)
    return Sheet(scan.name, rows, typed=True, literals=literals, formulas=scan.formulas, is_hidden=scan.is_hidden)


def _rows(sheet: python_calamine.CalamineSheet) -> list[list[Cell]]:
    if sheet.end is None:
        return []
    # what calamine calls the total height is the index of the last row: 0 for a sheet of one
    height, width = sheet.end[0] + 1, sheet.end[1] + 1
    if height > MAX_ROWS or width > MAX_COLUMNS or height * width > MAX_CELLS:
        raise ReadFault("range")
    return cast(list[list[Cell]], sheet.to_python(skip_empty_area=False))


def _read_old_workbook(path: Path, with_hidden: bool) -> Book:
    with _calamine(path) as workbook:
        visible = python_calamine.SheetVisibleEnum.Visible
        found = [(sheet.name, sheet.visible != visible) for sheet in workbook.sheets_metadata]
        wanted = [(name, is_hidden) for name, is_hidden in found if with_hidden or not is_hidden]
        # calamine shows the values of formulas here and not the formulas.
        sheets = [
            Sheet(name, _rows(workbook.get_sheet_by_name(name)), typed=True, formulas=None, is_hidden=is_hidden)
            for name, is_hidden in wanted[:MAX_SHEETS]
        ]
    return Book(tuple(sheets))


@contextmanager
def _calamine(path: Path) -> Iterator[python_calamine.CalamineWorkbook]:
    """Open with calamine; whatever it cannot read, also where it panics, is a file that cannot be read."""
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(str(path))
        try:
            yield workbook
        finally:
            workbook.close()
    except ReadFault:
        raise
    except python_calamine.PasswordError:
        raise ReadFault("encrypted") from None
    except Exception:
        raise ReadFault("unreadable") from None
    except BaseException as fault:
        # A panic in Rust arrives as a BaseException of no importable type.
        if type(fault).__name__ != "PanicException":
            raise
        raise ReadFault("unreadable") from None
