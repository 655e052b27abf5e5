"""Report 5: pupils by nationality."""

from __future__ import annotations

from services.reporting.reports.report import Asked, Report
from services.reporting.reports.rules import add_up, ordered
from services.reporting.reports.sheets import Column, Sheet, by_kind

# the neighbours of the border first (DOPA); two spellings of one country are one line
KINDS = ("ไทย", "เมียนมา", "ลาว", "กัมพูชา", "จีน", "เวียดนาม", "ไม่มีสัญชาติ", "อื่นๆ", "ไม่ระบุ")
SAME = {"พม่า": "เมียนมา"}


def make(asked: Asked) -> Sheet:
    """A line for each nationality that occurs."""
    heads: dict[str, tuple[int, int]] = {}
    for (kind,), (male, female) in add_up(asked.schools, "nationality", "kind").items():
        name = SAME.get(kind, kind)
        known = heads.get(name, (0, 0))
        heads[name] = (known[0] + male, known[1] + female)
    return by_kind(
        Column("nationality", "สัญชาติ", "text"),
        [(kind, *heads[kind]) for kind in ordered(heads, KINDS)],
        "จำนวนนักเรียนตามสัญชาติ แยกชายหญิง",
    )


NATIONALITY = Report(
    "nationality",
    "จำนวนนักเรียนจำแนกตามสัญชาติ",
    "สัญชาติ",
    make,
    wide=("male", "female", "total"),
    needs="nationality",
    compared=("total",),
)
