"""Report 11: pupils without the number of a Thai citizen, by what they have instead."""

from __future__ import annotations

from services.reporting.reports.report import Asked, Report
from services.reporting.reports.rules import add_up, ordered
from services.reporting.reports.sheets import Column, Sheet, by_kind

# kinds of the table `identities`; what the first digits mean is the Department of Provincial Administration's (§1.5)
NAMES = {
    "G": "รหัส G (G-code)",
    "0": "เลขขึ้นต้นด้วย 0 (ไม่มีสถานะทางทะเบียน)",
    "6": "เลขขึ้นต้นด้วย 6 (เข้าเมืองโดยไม่ชอบหรืออยู่ชั่วคราว)",
    "7": "เลขขึ้นต้นด้วย 7 (บุตรของผู้มีเลข 6 เกิดในไทย)",
    "8": "เลขขึ้นต้นด้วย 8 (ต่างด้าวโดยชอบหรือได้สัญชาติไทย)",
    "none": "ไม่มีเลขประจำตัว",
    "unread": "อ่านเลขไม่ได้ (ต้องแก้ไขในไฟล์)",
}


def make(asked: Asked) -> Sheet:
    """A line for each kind that occurs; pupils with a Thai number are not counted."""
    heads = {kind: both for (kind,), both in add_up(asked.schools, "identities", "kind").items()}
    return by_kind(
        Column("identity", "สิ่งที่ใช้แทนเลขประจำตัวประชาชน", "text"),
        [(NAMES.get(kind, kind), *heads[kind]) for kind in ordered(heads, tuple(NAMES))],
        "นักเรียนที่ไม่มีเลขประจำตัวประชาชนไทย แยกชายหญิง",
        notes=("นับเฉพาะนักเรียนที่ไม่มีเลขประจำตัวประชาชนไทย 13 หลัก (ขึ้นต้นด้วย 1-5)",),
    )


GCODE = Report(
    "gcode",
    "นักเรียนที่ใช้รหัส G หรือไม่มีเลขประจำตัวประชาชนไทย",
    "รหัส G",
    make,
    wide=("male", "female", "total"),
    needs="identities",
    compared=("total",),
)
