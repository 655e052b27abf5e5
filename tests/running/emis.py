"""School lists as offices have them: EMIS's ".xls" that is HTML, and the same as a workbook or CSV.

The schools are the public list of area 5704, with its real defects; everything else in the columns is made up.
"""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from shared.thai.fold import fold_text

SEED = Path("services/schools/seed/data/schools_5704.csv")
AS_OF = "10 มิ.ย.2563"
HEADERS = (
    "ลำดับ", "รหัสกระทรวง<br>10 หลัก", "รหัส Smis", "รหัส PER CODE", "โรงเรียน", "ภาษาอังกฤษ", "ผู้บริหาร",
    "ประเภทการศึกษา", "เครือข่าย", "หมู่บ้าน", "ตำบล", "อำเภอ", "จังหวัด", "รหัส ปณ.", "อีเมล์", "เว็บไซต์", "อปท.",
    "โทรศัพท์", "โทรสาร", "วันที่ก่อตั้ง", "ระยะทางถึงเขตพื้นที่ (กม.)", "ระยะทางถึงอำเภอ (กม.)", "ขนาดสถานศึกษา", "ไฟฟ้า",
    "ครู/บุคลากร", f"นักเรียน<br>{AS_OF}", f"ห้องเรียน<br>{AS_OF}", "ปรับปรุงข้อมูล",
)  # fmt: skip
# the school whose ministry code lost a digit on the way into EMIS (rounds.md §0.9); its PER CODE tells which
DEFECT, DEFECT_PER = "57040161", "120742"

School = dict[str, str]


def public_schools() -> list[School]:
    """The rows of the public list, as they are."""
    with SEED.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def as_headers(cells: Mapping[str, Any]) -> dict[str, Any]:
    """Names of arguments as headers: Python takes ำ apart in them (NFKC)."""
    return {fold_text(name): value for name, value in cells.items()}


def emis_row(number: int, school: Mapping[str, str], **cells: str) -> list[str]:
    """A school as EMIS lists it. ``cells`` replaces values by header; what the register lacks is made up."""
    per = school["obec6_code"] or (DEFECT_PER if school["smis_code"] == DEFECT else "")
    values = {
        "ลำดับ": str(number),
        "รหัสกระทรวง<br>10 หลัก": school["ministry_code"],
        "รหัส Smis": school["smis_code"],
        "รหัส PER CODE": per,
        "โรงเรียน": school["name_th"],
        "ภาษาอังกฤษ": f"School {number}",
        "ผู้บริหาร": "นายสมมติ ตัวอย่าง",
        "ประเภทการศึกษา": school["education_range"],
        "ตำบล": school["tambon"],
        "อำเภอ": school["amphoe"],
        "จังหวัด": school["province"],
        "รหัส ปณ.": "57140",
        "ระยะทางถึงเขตพื้นที่ (กม.)": "12.5",
        "ขนาดสถานศึกษา": "ขนาดเล็ก",
        "ครู/บุคลากร": "8",
        f"นักเรียน<br>{AS_OF}": "3,406" if number == 1 else "95",
        f"ห้องเรียน<br>{AS_OF}": "8",
        "ปรับปรุงข้อมูล": "07 สิงหาคม 2563 เวลา 11:03:02 น.",
        **as_headers(cells),
    }
    return [values.get(header, "") for header in HEADERS]


def emis_html(rows: Iterable[Sequence[str]]) -> bytes:
    """EMIS's download: a table with a title row and an empty one above its header, CRLF, called .xls."""
    title, empty = (f"<tr><td>{text}</td></tr>" for text in ("ข้อมูลโรงเรียน สพป.เชียงราย เขต 4", ""))
    header = "".join(f"<td>{text}</td>" for text in HEADERS)
    body = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in rows)
    lines = ["<html><meta charset=utf-8><body><table border=1>", title, empty, f"<tr>{header}</tr>",
             *(f"<tr>{row}</tr>" for row in body), "</table></body></html>"]  # fmt: skip
    return "\r\n".join(lines).encode()


def emis_list(schools: Iterable[School] | None = None, **cells: str) -> bytes:
    """The whole public list (or ``schools``) as EMIS would give it."""
    chosen = public_schools() if schools is None else schools
    return emis_html(emis_row(number, school, **cells) for number, school in enumerate(chosen, start=1))


def workbook(rows: Iterable[Sequence[Any]], *others: tuple[str, Iterable[Sequence[Any]]]) -> bytes:
    """Rows as XLSX; ``others`` are further sheets."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for name, lines in others:
        beside = book.create_sheet(name)
        for line in lines:
            beside.append(list(line))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def hiding(content: bytes, name: str, state: str = "hidden") -> bytes:
    """A workbook one of whose sheets is hidden."""
    book = load_workbook(io.BytesIO(content))
    book[name].sheet_state = state
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def text(rows: Iterable[Sequence[str]], encoding: str = "utf-8-sig") -> bytes:
    """Rows as CSV."""
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode(encoding)
