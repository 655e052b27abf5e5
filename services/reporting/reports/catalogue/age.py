"""Report 2: pupils by age in full years on the as-of date."""

from __future__ import annotations

from services.reporting.reports.report import Asked, Report
from services.reporting.reports.rules import add_up
from services.reporting.reports.sheets import Column, Sheet, by_kind

UNKNOWN = "ไม่ทราบวันเกิด"


def make(asked: Asked) -> Sheet:
    """A line for each age that occurs; whose birth date could not be read has one of their own."""
    ages = {age: heads for (age,), heads in add_up(asked.schools, "ages", "age").items() if age is not None}
    everybody = add_up(asked.schools, "classes").get((), (0, 0))
    male, female = (everybody[sex] - sum(heads[sex] for heads in ages.values()) for sex in (0, 1))
    lines = [(f"{age} ปี", *ages[age]) for age in sorted(ages)]
    if male or female:
        lines.append((UNKNOWN, male, female))
    return by_kind(
        Column("age", "อายุ (ปีเต็ม)", "text"),
        lines,
        "จำนวนนักเรียนตามอายุ แยกชายหญิง",
        notes=("อายุเป็นปีเต็ม ณ วันที่ของข้อมูลในรอบ",),
    )


AGE = Report(
    "age",
    "จำนวนนักเรียนจำแนกตามอายุ",
    "อายุ",
    make,
    wide=("male", "female", "total"),
    needs="ages",
    compared=("total",),
    cohorts=True,
)
