"""What a reader hands over: sheets whose row and column numbers are those the sender sees on the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

Cell = str | float | int | bool | date | datetime | time | timedelta | None
Place = tuple[int, int]

# An area of 135 schools has some 15,000 pupils, the largest some 40,000; the widest file known has 45 columns.
MAX_ROWS = 100_000
MAX_COLUMNS = 256
MAX_CELLS = 12_000_000


@dataclass(frozen=True)
class Sheet:
    """One sheet: ``rows[0]`` is row 1 of the sheet and every row starts at column A; an empty cell is ``""`` or None.

    ``typed`` says whether text and numbers are told apart (xlsx, xls) or everything is text (csv, html). ``literals``
    are cells written as ``="text"`` (row, column from 1); their text stands in ``rows``. ``formulas`` are all others,
    None where the file does not tell (xls). ``is_hidden``: who sent the file may not know that it is there.
    ``numbers`` are those of the rows in the sheet that this is a part of, None for a whole one; what is told of places
    (row, column) goes by them.
    """

    name: str
    rows: list[list[Cell]]
    typed: bool
    literals: frozenset[Place] = frozenset()
    formulas: Mapping[Place, str] | None = field(default_factory=dict)
    is_hidden: bool = False
    numbers: Sequence[int] | None = None

    def number_of(self, index: int) -> int:
        """The row number of ``rows[index]``, as the sender sees it."""
        return self.numbers[index] if self.numbers else index + 1


@dataclass(frozen=True)
class Book:
    """The sheets of a file in their order, hidden ones only where somebody asked for them; ``external_links`` when it
    refers to other files.
    """

    sheets: tuple[Sheet, ...]
    external_links: bool = False


def written(cell: Cell) -> str:
    """A cell as text: a whole number without ``.0``, a day as ISO 8601 (its year as the program stored it)."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ", timespec="seconds")
    return str(cell)


def column_letter(column: int) -> str:
    """1 → ``A``, 27 → ``AA``, as Excel names columns."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
