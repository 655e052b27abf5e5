"""Cells of a sheet as text, as their writer sees them; and what was odd about each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from shared.thai.fold import fold_text
from shared.workbooks.sheet import Cell, Sheet, written

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
