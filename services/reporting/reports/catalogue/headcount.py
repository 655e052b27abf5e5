"""Report 1: pupils by grade and sex, and rooms, in the order of EMIS."""

from __future__ import annotations

from collections import Counter

from services.reporting.reports.report import Asked, Report
from services.reporting.reports.rules import LEVELS, UNREADABLE, add_up
from services.reporting.reports.sheets import (
    ALL,
    BY_SEX,
    GRADE,
    SEXES,
    SUBTOTAL,
    TOTAL,
    Chart,
    Column,
    Row,
    Sheet,
    Sum,
    added,
    sexes,
)

COUNTED = ("male", "female", "total", "rooms")


def make(asked: Asked) -> Sheet:
    """The grades that occur, then their level's subtotal. Each (grade, room) of a school is one room."""
    heads = add_up(asked.schools, "classes", "grade")
    rooms = Counter(
        row["grade"]
        for school in asked.schools
        for row in (school.tables or {})["classes"]
        if row["room"] is not None
    )
    rows: list[Row] = []
    sums: list[Sum] = []

    def line(grade: str | None, name: str) -> Row:
        male, female = heads[(grade,)]
        return _row(GRADE, name, {**sexes(male, female), "rooms": rooms[grade]})

    for subtotal, grades in LEVELS:
        lines = [line(grade, grade) for grade in grades if (grade,) in heads]
        if lines:
            rows += [*lines, _row(SUBTOTAL, subtotal, added(lines, COUNTED))]
            sums.append(Sum((subtotal,), tuple(row.id for row in lines)))
    if (None,) in heads:
        rows.append(line(None, UNREADABLE))
    parts = [row for row in rows if row.kind == SUBTOTAL or row.name == UNREADABLE]
    return Sheet(
        (Column("grade", "ชั้น", "text"), *SEXES, Column("rooms", "ห้องเรียน")),
        tuple(rows),
        Row((), TOTAL, ALL, {"grade": ALL, **added(parts, COUNTED)}),
        row_sums=(*sums, Sum((), tuple(row.id for row in parts))),
        column_sums=(BY_SEX,),
        chart=Chart("จำนวนนักเรียนรายชั้น แยกชายหญิง", ("male", "female")),
    )


def _row(kind: str, name: str, counts: dict[str, int]) -> Row:
    return Row((name,), kind, name, {"grade": name, **counts})


HEADCOUNT = Report(
    "headcount",
    "จำนวนนักเรียนรายชั้น แยกเพศ และห้องเรียน",
    "จำนวนนักเรียน",
    make,
    ways={"grade": "รายชั้น"},
    wide=("male", "female", "rooms", "total"),
    compared=("total", "rooms"),
    cohorts=True,
)
