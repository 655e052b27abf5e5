"""Registers as the regulation has them: each column in its place, every letter of an entry, on paper and as tables."""

from __future__ import annotations

import csv
import io
import time
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from printing_for_tests import THAI_TEXTS, texts_of, without_blanks

from services.documents.printing.registers import (
    Form,
    RegisterRow,
    RegisterSheet,
    as_csv,
    as_pdf,
    as_xlsx,
    register_task,
)
from services.documents.registers.rules import EntryState
from shared.printing.typst import printable
from shared.thai.dates import BANGKOK

NOW = datetime(2026, 6, 12, 16, 5, tzinfo=BANGKOK)
DAY = date(2026, 6, 10)
OFFICE = "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาเชียงราย เขต 4"
RECEIVED = ["เลขทะเบียนรับ", "ที่", "ลงวันที่", "จาก", "ถึง", "เรื่อง", "การปฏิบัติ", "หมายเหตุ"]
SENT = ["เลขทะเบียนส่ง", *RECEIVED[1:]]
DAILY = ["เลขทะเบียนรับ", "เวลา", *RECEIVED[1:], "ลงชื่อผู้รับ"]


def row(no: int = 7, **others: object) -> RegisterRow:
    usual = {
        "no": no,
        "display_no": str(no),
        "doc_no": "ศธ 04047.109/206",
        "doc_date": date(2026, 6, 1),
        "sender": "โรงเรียนบ้านห้วยไคร้",
        "receiver": "ผู้อำนวยการ สพป.เชียงราย เขต 4",
        "subject": "ขอเชิญประชุม",
        "action": "กลุ่มนโยบายและแผน 10 มิ.ย. 2569",
        "note": "",
        "state": EntryState.ISSUED,
        "entered_at": datetime(2026, 6, 9, 19, 30, tzinfo=BANGKOK) + timedelta(hours=7),
    }
    return RegisterRow(**{**usual, **others})


def sheet(*rows: RegisterRow, form: Form = Form.RECEIVED, to_day: date = DAY) -> RegisterSheet:
    return RegisterSheet("ทะเบียนหนังสือรับ", OFFICE, 2569, form, DAY, to_day, rows)


def page_text(pdf: bytes) -> str:
    return without_blanks("".join(texts_of(pdf)))


def table_of(xlsx: bytes) -> list[list[object]]:
    page = openpyxl.load_workbook(io.BytesIO(xlsx)).active
    assert page is not None
    return [["" if value is None else value for value in values] for values in page.iter_rows(values_only=True)]


def csv_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(("form", "titles"), [(Form.RECEIVED, RECEIVED), (Form.SENT, SENT), (Form.DAILY, DAILY)])
def test_the_columns_are_those_of_the_form_in_its_order(form: Form, titles: list[str]) -> None:
    register = sheet(row(), form=form)
    assert csv_of(as_csv(register))[0] == titles
    assert table_of(as_xlsx(register, NOW))[3] == titles
    text = page_text(as_pdf(register, NOW))
    head = without_blanks(f"ทะเบียนหนังสือรับ{OFFICE}วันที่10เดือนมิถุนายนพ.ศ.2569")
    assert text.startswith(head + "".join(titles))


def test_an_entry_stands_in_its_columns() -> None:
    expected = ["7", "ศธ 04047.109/206", "1 มิ.ย. 2569", "โรงเรียนบ้านห้วยไคร้", "ผู้อำนวยการ สพป.เชียงราย เขต 4"]
    assert csv_of(as_csv(sheet(row())))[1][:5] == expected
    assert csv_of(as_csv(sheet(row(), form=Form.DAILY)))[1][1] == "02.30", "the hour of Bangkok"


def test_numbers_are_numbers_unless_they_are_written_otherwise() -> None:
    rows = table_of(as_xlsx(sheet(row(7), row(8, display_no="8/1"), row(9, display_no="9/2569")), NOW))[4:]
    assert [values[0] for values in rows] == [7, "8/1", "9/2569"]


def test_a_letter_without_number_and_date_leaves_them_blank() -> None:
    assert csv_of(as_csv(sheet(row(doc_no="", doc_date=None))))[1][1:3] == ["", ""]
    as_pdf(sheet(row(doc_no="", doc_date=None)), NOW)


def test_cancelled_entries_are_crossed_out_and_say_why() -> None:
    register = sheet(row(1), row(2, state=EntryState.VOID, note="ออกเลขซ้ำ"), row(3, state=EntryState.RESERVED))
    assert [values[-1] for values in csv_of(as_csv(register))[1:]] == ["", "ยกเลิก: ออกเลขซ้ำ", "จองเลขไว้"]
    page = openpyxl.load_workbook(io.BytesIO(as_xlsx(register, NOW))).active
    assert page is not None
    struck = [[bool(cell.font.strike) for cell in cells] for cells in page.iter_rows(min_row=5)]
    assert struck == [[False] * 8, [False, *[True] * 6, False], [False] * 8]
    text = page_text(as_pdf(register, NOW))
    assert "ยกเลิก:ออกเลขซ้ำ" in text
    assert "จองเลขไว้" in text
    assert horizontal_lines(as_pdf(register, NOW)) > horizontal_lines(as_pdf(sheet(row(1), row(2), row(3)), NOW))


def horizontal_lines(pdf: bytes) -> int:
    with pypdfium2.PdfDocument(pdf) as document:
        return sum(1 for item in document[0].get_objects() if item.type == pypdfium2.raw.FPDF_PAGEOBJ_PATH)


def test_long_subjects_are_wrapped_and_never_cut() -> None:
    subject = "การตรวจสอบความซ้ำซ้อนของนักเรียนรายบุคคล (DMC) ภาคเรียนที่ ๑ ปีการศึกษา ๒๕๖๙ " * 6
    long = row(1, subject=subject, action="ไม่มีช่องว่างเลย" * 20, doc_no="ศธ04047.109" * 4)
    text = page_text(as_pdf(sheet(long, row(2, action="ยาวมาก " * 280)), NOW))
    for part in (long.subject, long.action, long.doc_no):
        assert without_blanks(part) in text
    assert text.count("ยาวมาก") == 280, "from page to page"
    pdf = as_pdf(sheet(long), NOW)
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        words = page.get_textpage()
        rights = [words.get_charbox(index)[2] for index in range(words.count_chars())]
        assert max(rights) < page.get_width() - 20


def test_header_and_page_numbers_stand_on_every_page() -> None:
    pages = texts_of(as_pdf(sheet(*(row(n) for n in range(1, 120))), NOW))
    assert len(pages) > 2
    for number, text in enumerate(pages, 1):
        assert "หมายเหตุ" in text
        assert f"หน้า {number} / {len(pages)}" in text
        assert "พิมพ์จากระบบเมื่อ 12 มิถุนายน 2569 เวลา 16.05 น." in text


def test_an_entry_stays_on_one_page() -> None:
    tall = [row(n, subject=f"เริ่ม{n} " + "ขอเชิญประชุมเชิงปฏิบัติการ " * 8 + f" จบ{n}") for n in range(1, 30)]
    pages = [without_blanks(text) for text in texts_of(as_pdf(sheet(*tall), NOW))]
    assert all(any(f"เริ่ม{n}" in page and f"จบ{n}" in page for page in pages) for n in range(1, 30))


def test_paper_is_a4_across() -> None:
    with pypdfium2.PdfDocument(as_pdf(sheet(row()), NOW)) as document:
        assert [round(side) for side in document[0].get_size()] == [842, 595]
    page = openpyxl.load_workbook(io.BytesIO(as_xlsx(sheet(row()), NOW))).active
    assert page is not None
    assert (page.page_setup.orientation, str(page.page_setup.paperSize), page.freeze_panes) == ("landscape", "9", "A5")
    assert page.print_title_rows == "$4:$4"
    assert {cell.font.name for cells in page.iter_rows() for cell in cells if cell.value} == {"TH Sarabun New"}


def test_a_register_of_several_days_and_one_without_entries() -> None:
    text = page_text(as_pdf(sheet(to_day=date(2026, 6, 12)), NOW))
    assert "วันที่10มิถุนายน2569ถึงวันที่12มิถุนายน2569" in text
    assert "ไม่มีรายการในช่วงนี้" in text


@settings(max_examples=60, deadline=None)
@given(st.lists(THAI_TEXTS, min_size=6, max_size=6))
def test_thai_texts_survive_paper_workbook_and_csv(texts: list[str]) -> None:
    names = ("doc_no", "sender", "receiver", "subject", "action", "note")
    register = sheet(row(1), row(2, **dict(zip(names, texts, strict=True))))
    columns = [1, 3, 4, 5, 6, 7]
    plain = [" ".join(text.split()) for text in texts]
    printed = page_text(as_pdf(register, NOW))
    for text in texts:
        assert without_blanks(printable(text)) in printed
    in_workbook = table_of(as_xlsx(register, NOW))[5]
    in_csv = csv_of(as_csv(register))[2]
    for values in (in_workbook, in_csv):
        assert [without_joiners(values[column]) for column in columns] == [without_joiners(text) for text in plain]


def without_joiners(text: object) -> str:
    """What holds emoji together is no letter."""
    return str(text).translate({0x200B: None, 0x200D: None})


@pytest.mark.parametrize("text", ["=1+1", "+66", "-5", "@SUM(A1)", "=HYPERLINK(\"x\")"])
def test_text_is_never_a_formula(text: str) -> None:
    register = sheet(row(subject=text))
    assert csv_of(as_csv(register))[1][5] == f"'{text}"
    page = openpyxl.load_workbook(io.BytesIO(as_xlsx(register, NOW))).active
    assert page is not None
    assert (page["F5"].value, page["F5"].data_type) == (text, "s")


def test_two_thousand_entries_take_a_few_seconds() -> None:
    """On one of two busy processors; measured: 2 s as PDF, 1 s as XLSX."""
    rows = [row(n, subject=f"ขอเชิญประชุมเชิงปฏิบัติการจัดทำข้อมูลนักเรียนรายบุคคล ครั้งที่ {n}") for n in range(1, 2001)]
    began = time.process_time()
    pdf = as_pdf(sheet(*rows), NOW)
    as_xlsx(sheet(*rows), NOW)
    assert time.process_time() - began < 15
    assert "1999" in texts_of(pdf)[-1]


def test_as_a_child_task_the_job_is_plain(tmp_path: Path) -> None:
    plain_row = {
        "no": 1, "display_no": "1", "doc_no": "", "doc_date": None, "sender": "ก", "receiver": "ข", "subject": "ค",
        "action": "", "note": "", "state": "issued", "entered_at": NOW.isoformat(),
    }  # fmt: skip
    plain = {
        "title": "ทะเบียน", "office": OFFICE, "be_year": 2569, "form": "sent", "from_day": "2026-06-10",
        "to_day": "2026-06-10", "rows": [plain_row, {**plain_row, "doc_date": "2026-06-01"}],
    }  # fmt: skip
    for kind, start in (("pdf", b"%PDF-"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")):
        job = {"out": str(tmp_path / kind), "as": kind, "made_at": NOW.isoformat(), "sheet": plain}
        assert register_task(job, lambda *_: None) == {"size": (tmp_path / kind).stat().st_size}
        assert (tmp_path / kind).read_bytes().startswith(start)


def test_a_sheet_that_makes_no_sense_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="last day"):
        sheet(to_day=date(2026, 6, 9))
    with pytest.raises(ValueError, match="time zone"):
        row(entered_at=NOW.replace(tzinfo=None))
