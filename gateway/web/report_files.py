"""Any report as a file: a workbook that prints on A4, and CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from gateway.web import labels
from gateway.web.thai import paper_day
from gateway.web.workbook import NARROWEST, WIDEST
from shared.workbooks.writing import BOX, csv_of_table, print_on_a4, repeat_header, row_of, saved

TEXTS = frozenset({"text", "note", "state", "date", "letter"})
FORMATS = {"hours": "#,##0.0", "rate": "0.0%", "points": "+0.0%;-0.0%;0.0%", "change": "+#,##0;-#,##0;0"}
PROVISIONAL = "เบื้องต้น"


@dataclass(frozen=True)
class Paper:
    """What stands around a table: lines above it, the sheet behind it, and the words above every printed page."""

    heading: Sequence[str]
    notes: Sequence[str]
    header: str


def name_of(report: Mapping[str, Any], ending: str) -> str:
    """What the file is called; a name keeps saying that numbers are provisional when the file was passed on."""
    parts = [report["title"], report["round_title"], _place(report)]
    parts += [PROVISIONAL] if report["provisional"] else []
    return " ".join(part for part in parts if part).replace("/", "-") + f".{ending}"


def as_xlsx(report: Mapping[str, Any]) -> bytes:
    """A report as XLSX: TH Sarabun New 16, A4 landscape, the header row in view and on every printed page.

    Values only, never a formula. What there is to know of the numbers stands on a sheet of its own, so that the total
    is the last row of the first.
    """
    return xlsx_of(report, Paper(_heading(report), _notes(report), header=report["round_title"]))


def xlsx_of(report: Mapping[str, Any], paper: Paper) -> bytes:
    """The table of a report, where it has one, on such a paper."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("รายงาน")
    _set_up(sheet, report, paper)
    for index, line in enumerate(paper.heading):
        sheet.append(row_of(sheet, [line], bold=index == 0))
    if report["columns"]:
        _write_table(sheet, report)
    notes = workbook.create_sheet("หมายเหตุ")
    notes.column_dimensions["A"].width = 120
    for line in paper.notes:
        notes.append(row_of(notes, [line]))
    return saved(workbook)


def as_csv(report: Mapping[str, Any]) -> bytes:
    """A report as CSV in UTF-8 with a byte order mark: the titles of the columns, the rows, the total."""
    columns = report["columns"]
    rows = [[_plain(column["kind"], row[column["key"]]) for column in columns] for row in _rows(report)]
    return csv_of_table([column["title"] for column in columns], rows)


def _heading(report: Mapping[str, Any]) -> list[str]:
    place = _place(report)
    lines = [
        f"{report['title']} {report['round_title']}",
        f"ข้อมูล ณ วันที่ {paper_day(report['as_of'])}{f' · {place}' if place else ''}",
    ]
    if report["provisional"]:
        lines.append(f"ตัวเลข{PROVISIONAL}: {len(report['provisional_schools'])} โรงเรียนยังไม่ยืนยันข้อมูล")
    if report["missing_schools"]:
        lines.append(f"ยังไม่รวม {len(report['missing_schools'])} โรงเรียนที่ยังไม่ส่งไฟล์")
    return lines if report["evaluated"] else [*lines, f"ไม่ประเมิน: {report['reason']}"]


def _place(report: Mapping[str, Any]) -> str:
    named = [report["school_name"], report["amphoe"] and f"อำเภอ{report['amphoe']}", report["cluster"]]
    return " ".join(part for part in named if part)


def _notes(report: Mapping[str, Any]) -> list[str]:
    lines = list(report["notes"])
    if report["previous"]:
        earlier = report["previous"]
        lines.append(f"รอบก่อน: {earlier['title']} ข้อมูล ณ วันที่ {paper_day(earlier['as_of'])}")
    if report["not_evaluated_schools"]:
        lines.append(f"ไฟล์ของ {len(report['not_evaluated_schools'])} โรงเรียนไม่มีข้อมูลของรายงานนี้ จึงไม่รวมไว้")
    if report["audience"] == "public":
        lines.append("ฉบับเผยแพร่: <5 คือ 1-4 คน และ * คือปิดไว้เพื่อไม่ให้คำนวณย้อนกลับได้")
    return [*lines, "จัดทำจากข้อมูลที่โรงเรียนส่งในระบบเขต (Khet)"]


def _set_up(sheet: Any, report: Mapping[str, Any], paper: Paper) -> None:
    """Paper, frozen header, what is repeated on every page; all of it must be said before the first row."""
    for index, column in enumerate(report["columns"], 1):
        texts = [str(row[column["key"]] or "") for row in _rows(report)]
        longest = max([len(column["title"]) if column["kind"] == "text" else 0, *map(len, texts)])
        sheet.column_dimensions[get_column_letter(index)].width = min(max(longest + 3, NARROWEST), WIDEST)
    print_on_a4(sheet, header=paper.header, footer=f"จัดทำเมื่อ {paper_day(report['created_at'])}")
    if report["columns"]:
        repeat_header(sheet, len(paper.heading) + 1)


def _write_table(sheet: WriteOnlyWorksheet, report: Mapping[str, Any]) -> None:
    columns = report["columns"]
    titles = row_of(sheet, [column["title"] for column in columns], bold=True)
    for cell in titles:
        cell.alignment, cell.border = Alignment("center", "center", wrap_text=True), BOX
    sheet.append(titles)
    for row in _rows(report):
        values = [_plain(column["kind"], row[column["key"]]) for column in columns]
        cells = row_of(sheet, values, bold=row["kind"] in ("subtotal", "total"))
        for column, cell in zip(columns, cells, strict=True):
            cell.border = BOX
            if column["kind"] not in TEXTS:
                cell.alignment = Alignment("right")
            if column["kind"] in FORMATS:
                cell.number_format = FORMATS[column["kind"]]
        sheet.append(cells)


def _rows(report: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [*report["rows"], report["total"]] if report["total"] else report["rows"]


def _plain(kind: str, value: Any) -> Any:
    """A cell as a file has it: numbers as such, states and days in Thai."""
    if value is None or kind not in ("state", "date"):
        return value
    return labels.SCHOOL_STATES.get(value, value) if kind == "state" else paper_day(value)
