"""Report 17: how far the round is, and who has not confirmed (rounds.md §1.7, completeness numbers)."""

from __future__ import annotations

from collections.abc import Sequence

from services.reporting.reports.places import groups_of, named_columns
from services.reporting.reports.report import AMPHOE, CLUSTER, SCHOOL, Asked, Report
from services.reporting.reports.rules import Standing, expected
from services.reporting.reports.sheets import ALL, LINE, TOTAL, Chart, Column, Row, Sheet

CERTIFIED = frozenset({"CERTIFIED", "ACKNOWLEDGED"})
COLUMNS = (
    Column("expected", "ต้องส่ง"),
    Column("sent", "ส่งไฟล์แล้ว"),
    Column("confirmed", "ยืนยันแล้ว"),
    Column("waiting", "ยังไม่ยืนยัน"),
    Column("certified", "รับรองแล้ว"),
    Column("acknowledged", "เขตรับทราบแล้ว"),
    Column("on_time", "ยืนยันทันกำหนด"),
    Column("on_time_rate", "ร้อยละที่ทันกำหนด", "rate"),
)


def make(asked: Asked) -> Sheet:
    """The numbers of each amphoe or cluster; by school, those that have not confirmed."""
    schools = expected(asked.schools)
    if asked.by == SCHOOL:
        return _waiting(schools)
    rows = tuple(
        Row(group.id, LINE, group.name, {**group.named, **_numbers(group.schools)})
        for group in groups_of(schools, asked.by)
    )
    return Sheet(
        (*named_columns(asked.by), *COLUMNS),
        rows,
        Row((), TOTAL, ALL, {"name": ALL, **_numbers(schools)}),
        chart=Chart("โรงเรียนที่ยืนยันแล้วและยังไม่ยืนยัน", ("confirmed", "waiting")),
        notes=("ทันกำหนด คือยืนยันภายในกำหนดของโรงเรียน โรงเรียนที่ได้รับยกเว้นไม่นับ",),
    )


def _numbers(schools: Sequence[Standing]) -> dict[str, float | None]:
    confirmed = sum(school.is_signed for school in schools)
    on_time = sum(school.is_on_time for school in schools)
    return {
        "expected": len(schools),
        "sent": sum(school.tables is not None for school in schools),
        "confirmed": confirmed,
        "waiting": len(schools) - confirmed,
        "certified": sum(school.state in CERTIFIED for school in schools),
        "acknowledged": sum(school.state == "ACKNOWLEDGED" for school in schools),
        "on_time": on_time,
        "on_time_rate": round(on_time / len(schools), 4) if schools else None,
    }


def _waiting(schools: Sequence[Standing]) -> Sheet:
    rows = tuple(
        Row(
            (school.place,), LINE, school.name,
            {
                "smis": school.smis, "name": school.name, "amphoe": school.amphoe, "cluster": school.cluster,
                "state": school.state, "deadline": school.deadline.isoformat() if school.deadline else None,
            },
        )
        for school in schools if not school.is_signed
    )  # fmt: skip
    columns = (
        *named_columns(SCHOOL),
        Column("cluster", "กลุ่มโรงเรียน", "text"),
        Column("state", "สถานะ", "state"),
        Column("deadline", "กำหนดยืนยัน", "date"),
    )
    return Sheet(columns, rows, notes=() if rows else ("ทุกโรงเรียนยืนยันแล้ว",))


PROGRESS = Report(
    "progress",
    "ความก้าวหน้าของรอบ และโรงเรียนที่ยังไม่ยืนยัน",
    "ความก้าวหน้า",
    make,
    ways={AMPHOE: "รายอำเภอ", CLUSTER: "รายกลุ่มโรงเรียน", SCHOOL: "โรงเรียนที่ยังไม่ยืนยัน"},
    compared=("on_time_rate",),
    of_all=True,
)
