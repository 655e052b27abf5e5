"""Small cells are hidden from the public, and as many others as it takes that nobody can reckon them.

Who sees that three pupils of a grade are orphans in a school of forty knows who they are (PDPA; rounds.md §5.4.10).
A cell of 1 to 4 pupils becomes ``<5``. Where the sum of a row or column would give it away, another cell of that sum is
hidden too and becomes ``*``, which may be any number. What is promised: from no single row or column, with all that is
shown of it, does one number follow for a hidden cell. (Who combines several tables, or many rows and columns by
equations, may still narrow one down.)
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.reporting.reports.sheets import Row, RowId, Sheet

SMALLEST_SHOWN = 5
SMALL, HIDDEN = "<5", "*"
Cell = Hashable


@dataclass(frozen=True)
class Equation:
    """A cell that is the sum of others."""

    whole: Cell
    parts: tuple[Cell, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        return (*self.parts, self.whole)


def hide(counts: Mapping[Cell, int], equations: Sequence[Equation]) -> dict[Cell, str]:
    """What is shown instead of the cells that are hidden: ``<5`` or ``*``."""
    marks = {cell: SMALL for cell, count in counts.items() if 0 < count < SMALLEST_SHOWN}
    pending = True
    while pending:
        pending = False
        for equation in equations:
            while (revealed := _revealed(counts, equation, marks)) is not None:
                _hide_more(counts, equation, marks, revealed)
                pending = True
    return marks


def _revealed(counts: Mapping[Cell, int], equation: Equation, marks: Mapping[Cell, str]) -> Cell | None:
    """A hidden cell of the sum for which only one number is left."""
    hidden = [cell for cell in equation.cells if cell in marks]
    for cell in hidden:
        if not any(_exchange(counts, equation, marks, cell, other) for other in hidden if other != cell):
            return cell
    return None


def _exchange(
    counts: Mapping[Cell, int], equation: Equation, marks: Mapping[Cell, str], cell: Cell, other: Cell
) -> bool:
    """Whether the numbers of two hidden cells could be other ones with everything that is shown left as it is."""
    for step in (1, -1):
        # one more here is one less there; but a part and the whole rise together
        opposite = step if equation.whole in (cell, other) else -step
        if _may_be(marks[cell], counts[cell] + step) and _may_be(marks[other], counts[other] + opposite):
            return True
    return False


def _may_be(mark: str, count: int) -> bool:
    return 0 < count < SMALLEST_SHOWN if mark == SMALL else count >= 0


def _hide_more(
    counts: Mapping[Cell, int], equation: Equation, marks: dict[Cell, str], revealed: Cell
) -> None:
    """Hide another cell of the sum, the smallest that helps; the whole only after its parts; else say less of one."""
    shown = [cell for cell in equation.cells if cell not in marks]
    for cell in sorted(shown, key=lambda one: (one == equation.whole, counts[one] == 0, counts[one])):
        if _exchange(counts, equation, {**marks, cell: HIDDEN}, revealed, cell):
            marks[cell] = HIDDEN
            return
    vague = next(cell for cell in (equation.whole, revealed, *equation.parts) if marks.get(cell) == SMALL)
    marks[vague] = HIDDEN


def suppress(sheet: Sheet) -> Sheet:
    """The table as the public may see it; what is reckoned from a hidden cell is hidden with it."""
    people = [column.key for column in sheet.columns if column.people]
    counts: dict[Cell, int] = {
        (row.id, key): row.cells[key] for row in sheet.all_rows for key in people if row.cells.get(key) is not None
    }
    marks = hide(counts, list(_equations(sheet, people, counts)))
    derived = {column.key: column.derived for column in sheet.columns if column.derived}

    def shown(row: Row) -> Row:
        cells: dict[str, Any] = {**row.cells, **{key: marks[row.id, key] for key in people if (row.id, key) in marks}}
        for key, sources in derived.items():
            if cells.get(key) is not None and any((row.id, source) in marks for source in sources):
                cells[key] = HIDDEN
        return replace(row, cells=cells)

    total = shown(sheet.total) if sheet.total else None
    return replace(sheet, rows=tuple(shown(row) for row in sheet.rows), total=total)


def _equations(sheet: Sheet, people: Sequence[str], counts: Mapping[Cell, int]) -> Iterable[Equation]:
    for row in sheet.all_rows:
        for one in sheet.column_sums:
            yield from _equation((row.id, one.whole), [(row.id, part) for part in one.parts], counts)
    for one in sheet.row_sums:
        for key in people:
            yield from _equation((one.whole, key), [(part, key) for part in one.parts], counts)


def _equation(whole: tuple[RowId, str], parts: list[Any], counts: Mapping[Cell, int]) -> Iterable[Equation]:
    present = tuple(part for part in parts if part in counts)
    if whole in counts and present:
        yield Equation(whole, present)
