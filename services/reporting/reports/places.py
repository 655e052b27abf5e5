"""Schools one by one or by what they have in common: the rows of every form that is cut by place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.reporting.reports.report import AMPHOE, SCHOOL
from services.reporting.reports.rules import Standing, grouped
from services.reporting.reports.sheets import Column


@dataclass(frozen=True)
class Group:
    """A school, an amphoe or a cluster: how its row is known, the cells that name it, its schools."""

    id: tuple[str, ...]
    named: dict[str, Any]
    name: str
    schools: Sequence[Standing]


def groups_of(schools: Sequence[Standing], by: str) -> list[Group]:
    """The schools themselves, or the groups to which they belong."""
    if by == SCHOOL:
        return [
            Group(
                (school.place,), {"smis": school.smis, "name": school.name, "amphoe": school.amphoe},
                school.name, [school],
            )
            for school in schools
        ]  # fmt: skip
    return [Group((name,), {"name": name}, name, members) for name, members in grouped(schools, by).items()]


def named_columns(by: str) -> tuple[Column, ...]:
    """The columns that say which school or group a row is of."""
    if by == SCHOOL:
        return Column("smis", "รหัส", "text"), Column("name", "โรงเรียน", "text"), Column("amphoe", "อำเภอ", "text")
    return (Column("name", "อำเภอ" if by == AMPHOE else "กลุ่มโรงเรียน", "text"),)
