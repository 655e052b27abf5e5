"""A school's workbook opened so that everything it has stays: macros, comments, rich text, lists, formats, names.

Runs in a child process. What is too large for that, or not understood by openpyxl, is built anew from its values.
"""

from __future__ import annotations

import logging
import warnings
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import cast

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from services.rounds.rules.check import register_sheet
from services.rounds.rules.dmc.layout import Layout
from services.rounds.workbooks.rules import Place
from shared.workbooks.faults import ReadFault
from shared.workbooks.reading import read_book
from shared.workbooks.sheet import Sheet

log = logging.getLogger(__name__)

# openpyxl takes some 25 times the unpacked sheets in memory, and a second for 3 MB: some 3,000 pupils
MOST_KEPT_BYTES = 8 << 20
LARGE_PARTS = ("xl/worksheets/", "xl/sharedstrings")
MACROS = "xl/vbaProject.bin"
CLOCK_ERROR = timedelta(seconds=1)


@dataclass(frozen=True)
class Source:
    """A school's file as the rules see it: its sheet and layout (None: no header row was found)."""

    path: Path
    kind: str
    sheet: Sheet
    layout: Layout | None

    @property
    def can_be_kept(self) -> bool:
        """Whether it is a workbook of the present kind, and small enough to be written again with all that it has."""
        if self.kind != "xlsx":
            return False
        with zipfile.ZipFile(self.path) as archive:
            sizes = [part.file_size for part in archive.infolist() if part.filename.lower().startswith(LARGE_PARTS)]
        return sum(sizes) <= MOST_KEPT_BYTES

    @property
    def has_macros(self) -> bool:
        """Whether it carries a program, which is kept and never run."""
        if self.kind != "xlsx":
            return False
        with zipfile.ZipFile(self.path) as archive:
            return MACROS in archive.namelist()


def read_source(path: Path, kind: str) -> Source:
    """Read the file with the readers of the check: the same sheet, rows and columns.

    Raises:
        ReadFault: it cannot be read.
    """
    sheet, layout = register_sheet(read_book(path, kind))
    if sheet is None:
        raise ReadFault("unreadable")
    return Source(path, kind, sheet, layout)


def open_whole(source: Source) -> tuple[Workbook, Worksheet]:
    """The workbook with all that it has, and the register's sheet in it."""
    # opened here, because by a path openpyxl goes by the ending of its name
    with warnings.catch_warnings(), source.path.open("rb") as stream:
        # it tells of what it leaves out: extensions of newer programs
        warnings.simplefilter("ignore")
        book = load_workbook(stream, rich_text=True, keep_vba=source.has_macros)
    return book, book[source.sheet.name]


def cell_at(sheet: Worksheet, place: Place) -> Cell:
    """The cell at a place; of merged cells the one that holds the value."""
    cell = sheet.cell(*place)
    if isinstance(cell, MergedCell):
        merged = next(one for one in sheet.merged_cells.ranges if cell.coordinate in one)
        return cast(Cell, sheet.cell(merged.min_row, merged.min_col))
    return cell


def is_unchanged(source: Source, written: Path, changed: Collection[Place] = ()) -> bool:
    """Whether every value of the register's sheet, but for ``changed``, reads from ``written`` as it did before.

    openpyxl turns a number in a cell of days that is no day into an error, and drops the remembered results of
    formulas; the former must not happen, the latter are no data.
    """
    after = next(sheet for sheet in read_book(written, "xlsx").sheets if sheet.name == source.sheet.name)
    before = source.sheet
    skipped = {*changed, *(before.formulas or ())}
    for row in range(1, max(len(before.rows), len(after.rows)) + 1):
        old, new = (sheet.rows[row - 1] if row <= len(sheet.rows) else [] for sheet in (before, after))
        for column in range(1, max(len(old), len(new)) + 1):
            values = (line[column - 1] if column <= len(line) else None for line in (old, new))
            if (row, column) not in skipped and not _equal(*values):
                log.warning("a workbook does not survive being written again: row %s column %s", row, column)
                return False
    return True


def _equal(old: object, new: object) -> bool:
    if old in (None, "") and new in (None, ""):
        return True
    if isinstance(old, datetime) and isinstance(new, datetime):
        return abs(old - new) < CLOCK_ERROR
    if isinstance(old, date) != isinstance(new, date):
        return False
    return old == new
