"""The wide form of a report: a row for each school, amphoe or cluster, a column for each of its lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from services.reporting.reports.places import groups_of, named_columns
from services.reporting.reports.report import SCHOOL, Asked, Report
from services.reporting.reports.rules import Standing, note_of
from services.reporting.reports.sheets import ALL, LINE, NOTE, NOTED, TOTAL, Row, Sheet, Sum


def across(report: Report, asked: Asked, everybody: Sequence[Standing]) -> Sheet:
    """A row for each group of ``everybody``; ``asked.schools`` are those of them that have the report's data.

    The note says who is provisional, who sent nothing, whose file lacks the data: their cells are empty, never zero.
    """
    narrow = _made(report, asked, asked.schools)
    lines = [row for row in narrow.rows if row.across]
    spread = report.wide[-1]
    keys = {row.id: f"line_{number}" for number, row in enumerate(lines, 1)}
    wanted = {column.key: column for column in narrow.columns}
    counted = set(map(id, asked.schools))
    empty = dict.fromkeys((*keys.values(), *report.wide))
    rows = []
    for group in groups_of(everybody, asked.by):
        have = [school for school in group.schools if id(school) in counted]
        cells = _cells(report, keys, _made(report, asked, have)) if have else empty
        note = note_of(group.schools, report.needs, is_single=asked.by == SCHOOL)
        rows.append(Row(group.id, LINE, group.name, {**group.named, **cells, NOTE: note}))
    named = named_columns(asked.by)
    note = note_of(everybody, report.needs)
    unnamed = dict.fromkeys(column.key for column in named)
    total = Row((), TOTAL, ALL, {**unnamed, "name": ALL, **_cells(report, keys, narrow), NOTE: note})
    within = [one for one in narrow.column_sums if one.whole == spread and set(one.parts) <= set(report.wide)]
    return Sheet(
        (
            *named,
            *(replace(wanted[spread], key=keys[row.id], title=row.name) for row in lines),
            *(wanted[key] for key in report.wide),
            NOTED,
        ),
        tuple(rows),
        total,
        row_sums=(Sum((), tuple(row.id for row in rows if row.cells[spread] is not None)),),
        column_sums=(*_sums(narrow, keys, spread), *within),
        notes=narrow.notes,
    )


def _made(report: Report, asked: Asked, schools: Sequence[Standing]) -> Sheet:
    if report.make is None:
        raise LookupError(f"{report.key} is not made of anything")
    return report.make(replace(asked, schools=schools, by=report.usual))


def _cells(report: Report, keys: dict[Any, str], made: Sheet) -> dict[str, Any]:
    """What a group has in each line of ``narrow``; a line that it lacks has nobody in it."""
    found = {row.id: row.cells[report.wide[-1]] for row in made.rows}
    total = made.total.cells if made.total else {}
    return {**{key: found.get(line, 0) for line, key in keys.items()}, **{key: total[key] for key in report.wide}}


def _sums(narrow: Sheet, keys: dict[Any, str], spread: str) -> list[Sum]:
    """The sums of the lines, now of columns."""
    sums = [
        Sum(keys.get(one.whole, spread), tuple(keys[part] for part in one.parts))
        for one in narrow.row_sums
        if (one.whole == () or one.whole in keys) and all(part in keys for part in one.parts)
    ]
    return [one for one in sums if one.parts]
