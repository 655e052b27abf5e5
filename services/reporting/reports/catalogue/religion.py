"""Report 6: pupils by religion."""

from __future__ import annotations

from services.reporting.reports.report import Asked, Report
from services.reporting.reports.rules import add_up, ordered
from services.reporting.reports.sheets import Column, Sheet, by_kind

# DMC's entry form (rounds.md §1.4)
KINDS = ("พุทธ", "อิสลาม", "คริสต์", "ซิกส์", "พราหมณ์/ฮินดู", "อื่นๆ", "ไม่ระบุ")


def make(asked: Asked) -> Sheet:
    """A line for each religion that occurs."""
    heads = {kind: both for (kind,), both in add_up(asked.schools, "religion", "kind").items()}
    return by_kind(
        Column("religion", "ศาสนา", "text"),
        [(kind, *heads[kind]) for kind in ordered(heads, KINDS)],
        "จำนวนนักเรียนตามศาสนา แยกชายหญิง",
    )


RELIGION = Report(
    "religion",
    "จำนวนนักเรียนจำแนกตามศาสนา",
    "ศาสนา",
    make,
    wide=("male", "female", "total"),
    needs="religion",
    compared=("total",),
)
