"""The 39 columns of the DMC export, in the order and with the headers of the real file (two of them are the same)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

Cell = str | int | float | date

ID_HEADER = "เลขประจำตัวนักเรียน"
PASSED_ON_ID_HEADER = "เลขประจำตัวประชาชน"
SHEET_NAME = "Sheet1"

HEADERS: dict[str, str] = {
    "school_smis": "รหัสโรงเรียน",
    "school_name": "ชื่อโรงเรียน",
    "citizen_id": ID_HEADER,
    "grade": "ชั้น",
    "room": "ห้อง",
    "student_no": ID_HEADER,
    "sex": "เพศ",
    "title": "คำนำหน้าชื่อ",
    "first_name": "ชื่อ",
    "last_name": "นามสกุล",
    "birth_date": "วันเกิด",
    "age": "อายุ(ปี)",
    "weight_kg": "น้ำหนัก",
    "height_cm": "ส่วนสูง",
    "blood": "กลุ่มเลือด",
    "religion": "ศาสนา",
    "race": "เชื้อชาติ",
    "nationality": "สัญชาติ",
    "house_no": "บ้านเลขที่",
    "moo": "หมู่",
    "road": "ถนน/ซอย",
    "tambon": "ตำบล",
    "amphoe": "อำเภอ",
    "province": "จังหวัด",
    "guardian_first": "ชื่อผู้ปกครอง",
    "guardian_last": "นามสกุลผู้ปกครอง",
    "guardian_job": "อาชีพของผู้ปกครอง",
    "guardian_relation": "ความเกี่ยวข้องของผู้ปกครองกับนักเรียน",
    "father_first": "ชื่อบิดา",
    "father_last": "นามสกุลบิดา",
    "father_job": "อาชีพของบิดา",
    "mother_first": "ชื่อมารดา",
    "mother_last": "นามสกุลมารดา",
    "mother_job": "อาชีพของมารดา",
    "disadvantage": "ความด้อยโอกาส",
    "pending_discharge": "ยังไม่สามารถจำหน่ายได้ (3.1.8)",
    "scout": "เป็นลูกเสือ/เนตรนารี",
    "red_cross": "เป็นยุวกาชาด",
    "swims": "ทักษะการว่ายน้ำ",
}

# Older files end before these three.
NEWER_FIELDS = ("scout", "red_cross", "swims")


@dataclass
class Column:
    """One column of a file: the header written above it and the field below it (None: a column DMC does not know)."""

    field: str | None
    header: str


def real_columns() -> list[Column]:
    """The columns of the file as DMC writes it."""
    return [Column(name, header) for name, header in HEADERS.items()]


def letter(position: int) -> str:
    """The letter a spreadsheet program shows over column ``position`` (from 0): 0 → ``A``, 26 → ``AA``."""
    text = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
