"""Report 18: how good the data came: errors at the first upload, versions, returns, days early or late."""

from __future__ import annotations

from collections.abc import Sequence

from services.reporting.reports.places import groups_of, named_columns
from services.reporting.reports.report import AMPHOE, CLUSTER, SCHOOL, Asked, Report
from services.reporting.reports.rules import Standing, Version, expected
from services.reporting.reports.sheets import ALL, LINE, TOTAL, Chart, Column, Row, Sheet
from shared.thai.dates import BANGKOK

COLUMNS = (
    Column("pupils", "นักเรียนในไฟล์แรก", people=True),
    Column("errors", "ข้อผิดพลาดในไฟล์แรก", derived=("pupils",)),
    Column("errors_per_100", "ข้อผิดพลาดต่อ 100 คน", derived=("pupils",)),
    Column("versions", "จำนวนฉบับ"),
    Column("returns", "ครั้งที่เขตตีกลับ"),
    Column("days_early", "ยืนยันก่อนกำหนด (วัน)"),
)
NOTES = (
    "ไฟล์แรก คือฉบับแรกของรอบที่ตรวจได้ ข้อผิดพลาดไม่รวมคำเตือน",
    "วันยืนยันนับถึงการยืนยันครั้งล่าสุด ค่าลบคือหลังกำหนด รวมและรายกลุ่มเป็นค่าเฉลี่ย ว่างคือยังไม่ยืนยัน",
)


def make(asked: Asked) -> Sheet:
    """The numbers of each school, or of the schools of each amphoe or cluster taken together."""
    schools, named = expected(asked.schools), named_columns(asked.by)
    rows = tuple(
        Row(group.id, LINE, group.name, {**group.named, **_numbers(group.schools)})
        for group in groups_of(schools, asked.by)
    )
    unnamed = dict.fromkeys(column.key for column in named)
    return Sheet(
        (*named, *COLUMNS),
        rows,
        Row((), TOTAL, ALL, {**unnamed, "name": ALL, **_numbers(schools)}),
        chart=Chart("ข้อผิดพลาดต่อนักเรียน 100 คน ในไฟล์แรก", ("errors_per_100",)),
        notes=NOTES,
    )


def _numbers(schools: Sequence[Standing]) -> dict[str, float | None]:
    first = [version for version in map(_first, schools) if version]
    pupils = sum(version.counts["rows"] for version in first)
    errors = sum(version.counts["error"] + version.counts["block"] for version in first)
    days = [early for early in map(_days_early, schools) if early is not None]
    returns = [school.returns for school in schools if school.returns is not None]
    return {
        "pupils": pupils if first else None,
        "errors": errors if first else None,
        "errors_per_100": round(errors / pupils * 100, 1) if pupils else None,
        "versions": sum(len(school.versions) for school in schools),
        "returns": sum(returns) if returns else None,
        "days_early": _mean(days),
    }


def _mean(days: Sequence[int]) -> float | None:
    """The mean to one decimal; what is whole stays so."""
    mean = round(sum(days) / len(days), 1) if days else None
    return int(mean) if mean is not None and mean == int(mean) else mean


def _first(school: Standing) -> Version | None:
    """The first version in which rows of pupils could be read."""
    read = (version for version in school.versions if version.counts.get("rows"))
    return min(read, key=lambda version: version.number, default=None)


def _days_early(school: Standing) -> int | None:
    """Whole days by the calendar of Bangkok between confirmation and deadline."""
    if school.confirmed_at is None or school.deadline is None:
        return None
    days = (one.astimezone(BANGKOK).date() for one in (school.deadline, school.confirmed_at))
    return (next(days) - next(days)).days


QUALITY = Report(
    "quality",
    "คุณภาพการส่งข้อมูลของโรงเรียน",
    "คุณภาพ",
    make,
    ways={SCHOOL: "รายโรงเรียน", AMPHOE: "รายอำเภอ", CLUSTER: "รายกลุ่มโรงเรียน"},
    compared=("errors_per_100",),
    of_all=True,
)
