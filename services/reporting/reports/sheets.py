"""A report as a table that any page, workbook or program can show: columns, rows of kinds, what adds up to what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# kinds of rows; a line of grades is called so since the first version of the API
GRADE, LINE, SUBTOTAL, TOTAL = "grade", "line", "subtotal", "total"
# key and kind of the column that says whose numbers are provisional or missing
NOTE = "note"

ALL = "รวมทั้งหมด"

RowId = tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """A column. ``kind``: ``text`` ``number`` ``rate`` (a share of 1) ``points`` (of such shares) ``date`` ``state``
    ``change`` (a number with its sign) ``note``; ``hours``; ``person`` ``people`` ``letter`` hold ids, in whose place
    the gateway puts what they are called.

    ``people``: the cells count pupils, so that small ones are hidden from the public. ``derived`` names the columns
    from which its cells are reckoned: they are hidden together.
    """

    key: str
    title: str
    kind: str = "number"
    people: bool = False
    derived: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """A row. ``id`` tells it from the others and finds it in another round; ``name`` is what a chart calls it.

    ``across``: it becomes a column of the wide form.
    """

    id: RowId
    kind: str
    name: str
    cells: Mapping[str, Any]
    across: bool = True


@dataclass(frozen=True)
class Sum:
    """One row or column is the sum of others."""

    whole: Any
    parts: tuple[Any, ...]


@dataclass(frozen=True)
class Chart:
    """How a report is best drawn: a bar for each line, made of ``series`` (column keys) side by side."""

    title: str
    series: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A table. ``total`` is the last row, where there is one; ``row_sums`` hold row ids, ``column_sums`` keys."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
    row_sums: tuple[Sum, ...] = ()
    column_sums: tuple[Sum, ...] = ()
    chart: Chart | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def all_rows(self) -> tuple[Row, ...]:
        """Every row, the total last."""
        return (*self.rows, self.total) if self.total else self.rows


def added(rows: Iterable[Row], keys: Sequence[str]) -> dict[str, int]:
    """The sums of the columns ``keys`` over some rows."""
    return {key: sum(row.cells[key] for row in rows) for key in keys}


SEXES = (
    Column("male", "ชาย", people=True),
    Column("female", "หญิง", people=True),
    Column("total", "รวม", people=True),
)
NOTED = Column(NOTE, "หมายเหตุ", NOTE)
BY_SEX = Sum("total", ("male", "female"))


def sexes(male: int, female: int) -> dict[str, int]:
    """The cells of :data:`SEXES`."""
    return {"male": male, "female": female, "total": male + female}


def by_kind(
    first: Column,
    lines: Iterable[tuple[str, int, int]],
    chart: str,
    notes: tuple[str, ...] = (),
) -> Sheet:
    """The usual table of a code list: a line for each ``(kind, boys, girls)``, the total below."""
    rows = tuple(
        Row((kind,), LINE, kind, {first.key: kind, **sexes(male, female)}) for kind, male, female in lines
    )
    total = Row((), TOTAL, ALL, {first.key: ALL, **added(rows, ("male", "female", "total"))})
    return Sheet(
        (first, *SEXES),
        rows,
        total,
        row_sums=(Sum((), tuple(row.id for row in rows)),),
        column_sums=(BY_SEX,),
        chart=Chart(chart, ("male", "female")),
        notes=notes,
    )
