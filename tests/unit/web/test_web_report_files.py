"""Reports as files: the office's font on A4, nothing that a spreadsheet would run, the same cells in CSV."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pytest

from gateway.web import charts, letter_report_files, report_files
from gateway.web.certificate import sheet_of

FORMULAS = ("=1+1", "+66", "-2", "@SUM(A1)", '=HYPERLINK("http://x")')


def report(**changed: Any) -> dict[str, Any]:
    """A report of two schools, one of them called like a formula, with hidden cells and differences."""
    columns = [
        {"key": "name", "title": "โรงเรียน", "kind": "text"},
        {"key": "total", "title": "รวม", "kind": "number"},
        {"key": "change_total", "title": "รวม (เพิ่ม/ลด)", "kind": "change"},
        {"key": "rate", "title": "ร้อยละ", "kind": "rate"},
        {"key": "state", "title": "สถานะ", "kind": "state"},
        {"key": "deadline", "title": "กำหนด", "kind": "date"},
    ]
    rows = [
        {"kind": "line", "name": name, "total": 12, "change_total": -3, "rate": 0.5, "state": "READY",
         "deadline": "2026-06-20T16:59:59+00:00"}
        for name in FORMULAS
    ]  # fmt: skip
    rows.append(
        {"name": "รวมก่อนประถม", "total": "<5", "change_total": "*", "rate": None, "state": None, "deadline": None,
         "kind": "subtotal"}
    )  # fmt: skip
    total = {"name": "รวมทั้งหมด", "total": 60, "change_total": 0, "rate": 1, "state": None, "deadline": None}
    return {
        "title": "รายงาน/ทดลอง", "round_title": "DMC 2569 รอบที่ 1", "as_of": "2026-06-10", "school_name": None,
        "amphoe": "เทิง", "cluster": None, "audience": "public", "evaluated": True, "reason": None, "columns": columns,
        "rows": rows, "total": {**total, "kind": "total"}, "notes": ["=หมายเหตุ"], "provisional": True,
        "provisional_schools": ["57040002"], "missing_schools": ["57040003"], "not_evaluated_schools": ["57040004"],
        "previous": {"title": "DMC 2568 รอบที่ 3", "as_of": "2026-03-31"}, "created_at": "2026-06-11T09:00:00+07:00",
        **changed,
    }  # fmt: skip


def opened(**changed: Any) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(report_files.as_xlsx(report(**changed))))


def test_a_workbook_prints_on_a4_in_the_office_font() -> None:
    sheet = opened().active
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    written = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {(cell.font.name, cell.font.size) for cell in written} == {("TH Sarabun New", 16.0)}
    header = next(row[0].row for row in sheet.iter_rows() if row[0].value == "โรงเรียน")
    assert sheet.freeze_panes == f"A{header + 1}"
    assert sheet.print_title_rows == f"${header}:${header}"
    assert "&P" in sheet.oddFooter.right.text
    assert "จัดทำเมื่อ 11 มิถุนายน 2569" in sheet.oddFooter.left.text


def test_the_heading_says_what_the_numbers_are() -> None:
    heading = [row[0] for row in opened().active.iter_rows(max_row=4, values_only=True)]
    assert heading == [
        "รายงาน/ทดลอง DMC 2569 รอบที่ 1", "ข้อมูล ณ วันที่ 10 มิถุนายน 2569 · อำเภอเทิง",
        "ตัวเลขเบื้องต้น: 1 โรงเรียนยังไม่ยืนยันข้อมูล", "ยังไม่รวม 1 โรงเรียนที่ยังไม่ส่งไฟล์",
    ]  # fmt: skip
    notes = [row[0] for row in opened()["หมายเหตุ"].iter_rows(values_only=True)]
    assert notes[:2] == ["=หมายเหตุ", "รอบก่อน: DMC 2568 รอบที่ 3 ข้อมูล ณ วันที่ 31 มีนาคม 2569"]
    assert any(note.startswith("ฉบับเผยแพร่") for note in notes)


def test_values_stay_values_and_text_is_never_a_formula() -> None:
    sheet = opened().active
    rows = list(sheet.iter_rows(min_row=6))
    assert [row[0].value for row in rows[: len(FORMULAS)]] == list(FORMULAS)
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert all(row[0].quotePrefix for row in rows[: len(FORMULAS)])
    assert [cell.value for cell in rows[0]][1:] == [12, -3, 0.5, "พร้อมยืนยัน", "20 มิถุนายน 2569"]
    assert [cell.value for cell in rows[-2]][1:3] == ["<5", "*"]
    assert (rows[-1][1].value, rows[-1][1].font.bold) == (60, True)


def test_csv_is_read_back_as_it_was() -> None:
    written = report_files.as_csv(report())
    assert written.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(written.decode("utf-8-sig"))))
    assert rows[0] == ["โรงเรียน", "รวม", "รวม (เพิ่ม/ลด)", "ร้อยละ", "สถานะ", "กำหนด"]
    assert [row[0] for row in rows[1:6]] == [f"'{text}" for text in FORMULAS]
    assert rows[1][1:] == ["12", "-3", "0.5", "พร้อมยืนยัน", "20 มิถุนายน 2569"]
    assert rows[-2][1:3] == ["<5", "*"]
    assert rows[-1] == ["รวมทั้งหมด", "60", "0", "1", "", ""]


def test_a_report_that_cannot_be_made_says_so_in_its_file() -> None:
    empty = {"evaluated": False, "reason": "ไม่มีคอลัมน์", "columns": [], "rows": [], "total": None}
    sheet = opened(**empty).active
    assert sheet.cell(sheet.max_row, 1).value == "ไม่ประเมิน: ไม่มีคอลัมน์"
    assert report_files.as_csv(report(**empty)).decode("utf-8-sig").strip() == ""


@pytest.mark.parametrize(("provisional", "ending"), [(True, " เบื้องต้น.xlsx"), (False, " อำเภอเทิง.xlsx")])
def test_the_name_of_a_file_keeps_saying_that_it_is_provisional(provisional: bool, ending: str) -> None:
    name = report_files.name_of(report(provisional=provisional), "xlsx")
    assert name.startswith("รายงาน-ทดลอง DMC 2569 รอบที่ 1")
    assert name.endswith(ending)


def test_a_chart_draws_no_hidden_number() -> None:
    chart = {
        "title": "ทดลอง",
        "series": [{"key": "male", "title": "ชาย"}, {"key": "female", "title": "หญิง"}],
        "bars": [{"label": "ป.1", "values": ["<5", 9]}, {"label": "ป.2", "values": [6, 12]}],
    }
    drawn = str(charts.bars_of(chart))
    assert "&lt;5 + 9" in drawn
    assert "ป.2 ชาย 6 หญิง 12" in drawn
    assert drawn.count('width="0.0"') == 1


def test_a_certificate_counts_by_grade_and_keeps_bangkok_time() -> None:
    sheet = sheet_of(
        {
            "as_of_date": "2026-06-10", "confirmed_at": "2026-06-20T17:30:00+00:00",
            "certified_at": "2026-06-21T09:05:00+07:00", "acknowledged_at": None,
            "classes": [
                {"grade": "ป.1", "room": 1, "male": 3, "female": 4},
                {"grade": "ป.1", "room": 2, "male": 1, "female": 0},
                {"grade": "ป.2", "room": 1, "male": 2, "female": 2},
            ],
        }
    )  # fmt: skip
    assert sheet["grades"][0] == {"grade": "ป.1", "male": 4, "female": 4, "both": 8, "rooms": 2}
    assert sheet["total"] == {"male": 6, "female": 6, "both": 12, "rooms": 3}
    assert (sheet["as_of"], sheet["confirmed"]) == ("10 มิถุนายน 2569", "21 มิถุนายน 2569 เวลา 00.30 น.")
    assert sheet["acknowledged"] is None


def test_a_name_too_long_for_its_bar_is_cut_and_told_whole() -> None:
    name = "กลุ่มส่งเสริมการศึกษาทางไกล เทคโนโลยีสารสนเทศและการสื่อสาร (ICT)"
    chart = {"title": "ท", "series": [{"key": "done", "title": "เสร็จ"}], "bars": [{"label": name, "values": [1]}]}
    drawn = str(charts.bars_of(chart))
    assert "…</text>" in drawn and f">{name}</text>" not in drawn
    assert f"{name} เสร็จ 1" in drawn
    short = {**chart, "bars": [{"label": "กลุ่มบริหารงานบุคคล", "values": [1]}]}
    assert ">กลุ่มบริหารงานบุคคล</text>" in str(charts.bars_of(short))


def test_a_report_of_letters_is_printed_with_its_period() -> None:
    columns = [
        {"key": "letter", "title": "หนังสือ", "kind": "letter"}, {"key": "median", "title": "มัธยฐาน", "kind": "hours"},
    ]  # fmt: skip
    row = {"kind": "line", "letter": "12/2569", "letter_id": "x", "median": 12.5}
    period = {"title": "พฤศจิกายน 2569", "first": "2026-11-01", "last": "2026-11-30"}
    made = {
        "title": "เวลา", "ways": [{"id": "speed", "title": "ตามชั้น"}], "by": "speed", "unit_name": "กลุ่มแผน",
        "period": period, "previous": {"title": "ตุลาคม 2569"}, "is_compared": True, "columns": columns, "rows": [row],
        "total": None, "notes": ["เวลาตามปฏิทิน"], "created_at": "2026-11-28T09:00:00+07:00",
    }  # fmt: skip
    assert letter_report_files.name_of(made, "xlsx") == "เวลา ตามชั้น กลุ่มแผน พฤศจิกายน 2569.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(letter_report_files.as_xlsx(made)))
    lines = [tuple(cell for cell in line if cell is not None) for line in book["รายงาน"].iter_rows(values_only=True)]
    assert lines == [
        ("เวลา ตามชั้น พฤศจิกายน 2569",), ("1 พฤศจิกายน 2569 ถึง 30 พฤศจิกายน 2569",), ("กลุ่มแผน",), ("หนังสือ", "มัธยฐาน"),
        ("12/2569", 12.5),
    ]  # fmt: skip
    notes = [line[0] for line in book["หมายเหตุ"].iter_rows(values_only=True)]
    assert notes == ["ช่วงก่อน: ตุลาคม 2569", "เวลาตามปฏิทิน", "จัดทำเมื่อ 28 พฤศจิกายน 2569 เวลา 09.00 น."]
