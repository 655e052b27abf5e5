"""Cells of a sheet as text, as their writer sees them; and what was odd about each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from shared.thai.fold import fold_text
from shared.workbooks.sheet import Cell, Sheet

# more than any column of a register takes; what was cut off is said
LONGEST = 500

FORMULA, LITERAL, CUT = "formula", "literal", "cut"


class Read(NamedTuple):
    """The filled cells of a row by column index, and those that are odd: a formula, ``="text"``, cut off."""

    texts: dict[int, str]
    odd: dict[int, str]


def read_row(sheet: Sheet, number: int, row: Sequence[Cell]) -> Read:
    """Row ``number`` (from 1) of a sheet."""
    texts: dict[int, str] = {}
    odd: dict[int, str] = {}
    formulas: Mapping[tuple[int, int], str] = sheet.formulas or {}
    for index, cell in enumerate(row):
        place = (number, index + 1)
        text = written(cell)
        if place in sheet.literals:
            text, odd[index] = f'="{text}"', LITERAL
        elif place in formulas:
            odd[index] = FORMULA
            text = text or f"={formulas[place].removeprefix('=')}"
        if len(text) > LONGEST:
            text, odd[index] = f"{text[:LONGEST]}…", CUT
        if fold_text(text):
            texts[index] = text
    return Read(texts, {index: kind for index, kind in odd.items() if index in texts})


def written(cell: Cell) -> str:
    """A cell as text: a whole number without ``.0``, a day as ISO 8601 (its year as the program stored it)."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ", timespec="seconds")
    return str(cell)
