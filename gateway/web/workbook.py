"""Tables as workbooks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from shared.workbooks.writing import row_of, saved

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NARROWEST, WIDEST = 10, 40

SCHOOL_COLUMNS = {
    "smis": "รหัส SMIS",
    "ministry_code": "รหัสกระทรวง",
    "obec6_code": "รหัส 6 หลัก",
    "name": "โรงเรียน",
    "name_en": "ชื่อภาษาอังกฤษ",
    "education_range": "ระดับที่เปิดสอน",
    "cluster": "กลุ่มโรงเรียน",
    "village": "ที่อยู่ หมู่บ้าน",
    "tambon": "ตำบล",
    "amphoe": "อำเภอ",
    "province": "จังหวัด",
    "postcode": "รหัสไปรษณีย์",
    "phone": "โทรศัพท์",
    "fax": "โทรสาร",
    "email": "อีเมล",
    "website": "เว็บไซต์",
    "founded": "วันที่ก่อตั้ง",
    "local_authority": "อปท.",
    "km_to_area": "ระยะทางถึงเขต (กม.)",
    "km_to_amphoe": "ระยะทางถึงอำเภอ (กม.)",
    "latitude": "ละติจูด",
    "longitude": "ลองจิจูด",
    "highland": "พื้นที่สูง",
    "main_school": "เรียนรวมกับ",
    "state": "สถานะ",
}
SCHOOL_WORDS: Mapping[Any, str] = {True: "ใช่", False: "ไม่ใช่", "OPEN": "เปิดอยู่", "CLOSED": "ยุบหรือเลิกแล้ว"}


def of_schools(schools: Sequence[Mapping[str, Any]]) -> bytes:
    """The schools with their records as XLSX; codes stay text, so that a spreadsheet keeps their leading zeros."""
    rows = [[_word(school[name]) for name in SCHOOL_COLUMNS] for school in schools]
    return of_table("โรงเรียน", [f"โรงเรียน {len(schools)} แห่ง"], list(SCHOOL_COLUMNS.values()), rows)


def _word(value: Any) -> Any:
    return SCHOOL_WORDS[value] if isinstance(value, bool | str) and value in SCHOOL_WORDS else value


def of_sizes(report: Mapping[str, Any]) -> bytes:
    """Schools by size as XLSX: how many of each class above, one row a school below; who sent nothing stands last."""
    heading = [f"{report['scheme_title']} {report['round_title']} ข้อมูล ณ วันที่ {report['as_of']}"]
    heading += [f"{one['label']}: {one['schools']} โรงเรียน {one['pupils']} คน" for one in report["classes"]]
    rows: list[list[Any]] = [
        [
            one["label"],
            school["smis"],
            school["name"],
            school["amphoe"],
            school["pupils"],
            "ยังไม่ยืนยัน" if school["provisional"] else None,
        ]
        for one in report["classes"]
        for school in one["members"]
    ]
    rows += [[None, school["smis"], school["name"], None, None, "ยังไม่ส่งไฟล์"] for school in report["missing_schools"]]
    return of_table("ขนาดโรงเรียน", heading, ["ขนาด", "รหัส SMIS", "โรงเรียน", "อำเภอ", "นักเรียน", "หมายเหตุ"], rows)


@dataclass(frozen=True)
class Table:
    """A table that fills a sheet: heading lines, column titles that stay in view, rows."""

    name: str
    heading: Sequence[str]
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


def of_table(name: str, heading: Sequence[str], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """A table as XLSX, columns as wide as what stands in them."""
    return of_tables([Table(name, heading, columns, rows)])


def of_tables(tables: Iterable[Table]) -> bytes:
    """Tables as XLSX, a sheet each."""
    workbook = Workbook(write_only=True)
    for table in tables:
        _write_sheet(workbook.create_sheet(table.name), table)
    return saved(workbook)


def _write_sheet(sheet: Any, table: Table) -> None:
    for index, title in enumerate(table.columns):
        longest = max([len(title), *(len(str(row[index] or "")) for row in table.rows)])
        sheet.column_dimensions[get_column_letter(index + 1)].width = min(max(longest + 2, NARROWEST), WIDEST)
    sheet.freeze_panes = f"A{len(table.heading) + 2}"
    for line in table.heading:
        sheet.append(row_of(sheet, [line], bold=True))
    sheet.append(row_of(sheet, list(table.columns), bold=True))
    for row in table.rows:
        sheet.append(row_of(sheet, list(row)))
