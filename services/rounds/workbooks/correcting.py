"""Single cells corrected in a copy of the school's workbook. Runs in a child process; nothing else changes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl.cell.cell import Cell

from services.rounds.rules.dmc.layout import Layout
from services.rounds.rules.dmc.pupils import read_pupils
from services.rounds.workbooks.opening import Source, cell_at, is_unchanged, open_whole, read_source
from services.rounds.workbooks.rebuilding import TEXT_FORMAT, rebuild
from services.rounds.workbooks.rules import IDS, Correction, check_places, stored_value

log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]


def correct(job: Mapping[str, Any], _progress: Progress) -> dict[str, Any]:
    """Write the corrected workbook: job {path, kind, out, cells}.

    The answer is {ending, rebuilt, fields}, or {errors} for cells outside the table.

    Raises:
        ReadFault: the file of a version that stands could not be read: a defect of ours.
    """
    source = read_source(Path(job["path"]), job["kind"])
    cells = [Correction(**cell) for cell in job["cells"]]
    layout = source.layout
    if layout is None:
        raise ValueError("a version stands whose file has no header")
    fields = {at + 1: name for name, at in layout.at.items()}
    errors = check_places(cells, layout.header_row, fields, _pupil_rows(source, layout))
    if errors:
        return {"errors": [vars(error) for error in errors]}
    out = Path(job["out"])
    kept = source.can_be_kept and _correct_kept(source, fields, cells, out)
    if not kept:
        book, _ = rebuild(source.sheet, layout, _changes(source, fields, cells), {})
        book.save(out)
    return {
        "ending": ".xlsm" if kept and source.has_macros else ".xlsx",
        "rebuilt": not kept,
        "fields": [fields[cell.place[1]] for cell in cells],
    }


def _pupil_rows(source: Source, layout: Layout) -> set[int]:
    sheet = source.sheet
    pupils = read_pupils(sheet.rows, layout, typed=sheet.typed, numbers=sheet.numbers)
    return {pupil.row for pupil in pupils}


def _correct_kept(source: Source, fields: Mapping[int, str], cells: Sequence[Correction], out: Path) -> bool:
    """Whether the workbook could be written again with all that it has."""
    try:
        book, sheet = open_whole(source)
        for correction in cells:
            _put(cell_at(sheet, correction.place), fields[correction.place[1]], correction.value)
        book.save(out)
    except Exception:
        # other programs write workbooks in ways that openpyxl refuses; the values are safe in a new one
        log.warning("a workbook could not be kept as it is", exc_info=True)
        return False
    return is_unchanged(source, out, {correction.place for correction in cells})


def _put(cell: Cell, field: str, text: str) -> None:
    """The value in the cell, which keeps its format where that suits: a text over a day or an id gets that of text."""
    was_day = isinstance(cell.value, date)
    is_number = isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
    value = stored_value(field, text, over_number=is_number, over_nothing=cell.value is None)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # what begins with "=" is text
        if field in IDS or was_day:
            cell.number_format = TEXT_FORMAT


def _changes(source: Source, fields: Mapping[int, str], cells: Sequence[Correction]) -> dict[tuple[int, int], Any]:
    """What stands instead in a workbook that is built anew."""
    changes = {}
    lines = {source.sheet.number_of(index): line for index, line in enumerate(source.sheet.rows)}
    for correction in cells:
        row, column = correction.place
        line = lines[row]
        there = line[column - 1] if column <= len(line) else None
        is_number = isinstance(there, int | float) and not isinstance(there, bool)
        changes[correction.place] = stored_value(
            fields[column], correction.value, over_number=is_number, over_nothing=there in (None, "")
        )
    return changes
