"""What a row of an old register says, and whose year its number is of."""

from __future__ import annotations

import pytest
from old_registers_for_tests import FORM_13, codes, judged, one

LATER = {"วันที่รับ": "10/06/2569"}


def test_a_row_becomes_an_entry() -> None:
    row = one(
        {
            "เลขทะเบียนรับ": "๑๒/๑",
            "ปี": 2569.0,
            "ที่": "ศธ 04001/ว 5",
            "ลงวันที่": "๙ มิถุนายน ๒๕๖๙",
            "วันที่รับ": "2026-06-10",
            "จาก": "สพฐ.",
            "ถึง": "ผอ.สพป.",
            "เรื่อง": "ขอเชิญ\nประชุม",
            "การปฏิบัติ": "กลุ่มอำนวยการ",
            "หมายเหตุ": "-",
            "ความเร็ว": "ด่วนมาก",
        }
    )
    assert row == {
        "sheet": 1,
        "row": 2,
        "status": "ok",
        "number": {"be_year": 2569, "no": 12, "suffix": "1"},
        "entry": {
            "number": {"be_year": 2569, "no": 12, "suffix": "1"},
            "written": "๑๒/๑",
            "is_circular": False,
            "doc_no": "ศธ 04001/ว 5",
            "doc_date": "2026-06-09",
            "entry_date": "2026-06-10",
            "sender": "สพฐ.",
            "recipient": "ผอ.สพป.",
            "subject": "ขอเชิญ ประชุม",
            "action": "กลุ่มอำนวยการ",
            "note": "",
            "speed": "very_urgent",
            "speed_until": None,
            "secrecy": "none",
            "is_void": False,
        },
        "is_enterable": True,
        "findings": [],
    }


def test_a_finding_names_row_and_column() -> None:
    row = one({"ลงวันที่\n(วัน/เดือน/ปี)": "10/06/69"})
    assert row["status"] == "unreadable"
    assert row["entry"] is None
    assert row["number"] == {"be_year": 2569, "no": 12, "suffix": ""}
    (finding,) = row["findings"]
    assert (finding["code"], finding["level"], finding["row"]) == ("date.two_digits", "unreadable", 2)
    assert finding["column"] == "ลงวันที่ (วัน/เดือน/ปี)"
    assert "10/06/69" in finding["message"]


@pytest.mark.parametrize(
    ("cells", "year"),
    [
        ({"เลขทะเบียนรับ": "12/2568"}, 2568),
        ({"เลขทะเบียนรับ": "12", "ปี": "๒๕๖๘"}, 2568),
        ({"เลขทะเบียนรับ": "12", "ปี": "2025"}, 2568),
        ({"เลขทะเบียนรับ": "12", "วันที่รับ": "31/12/2568"}, 2568),
        ({"เลขทะเบียนรับ": "12", "วันที่รับ": "2026-01-01"}, 2569),
    ],
)
def test_the_year_is_the_rows_own(cells: dict[str, str], year: int) -> None:
    assert one(cells)["number"]["be_year"] == year


def test_a_received_letters_own_date_says_nothing_of_the_year() -> None:
    """Dated in December, received in January."""
    assert codes(one({"เลขทะเบียนรับ": "12", "ลงวันที่": "30/12/2568"})) == {"year.missing"}
    assert one({"เลขทะเบียน": "12", "ลงวันที่": "30/12/2568"}, "sent")["number"]["be_year"] == 2568


@pytest.mark.parametrize(
    ("title", "name", "filename", "year"),
    [
        ("ทะเบียนหนังสือรับ ประจำปี ๒๕๖๘", "แผ่น", "", 2568),
        ("ทะเบียนหนังสือรับ เดือน มิถุนายน 2568", "2567", "2566.xlsx", 2568),
        ("ทะเบียนหนังสือรับ", "รับ 2567", "2566.xlsx", 2567),
        ("ทะเบียนหนังสือรับ", "แผ่น", "ทะเบียนรับ2566.xlsx", 2566),
        ("ทะเบียนหนังสือรับ ปีงบประมาณ พ.ศ. 2568", "แผ่น", "", None),
        ("ทะเบียนหนังสือรับ พ.ศ. 2567 และ พ.ศ. 2568", "แผ่น", "", None),
        ("ทะเบียนหนังสือรับ", "2567-2568", "0812569999.xlsx", None),
    ],
)
def test_else_it_is_the_pages(title: str, name: str, filename: str, year: int | None) -> None:
    table = [[title], FORM_13, ["12", "ศธ 1/2", "", "สพฐ.", "", "ขอเชิญประชุม"]]
    row = judged(table, name=name, filename=filename)["rows"][0]
    assert (row["number"] and row["number"]["be_year"]) == year
    assert codes(row) == (set() if year else {"year.missing"})


def test_the_day_at_the_head_of_a_page_is_that_of_its_rows() -> None:
    """Form 13 has the day of receipt above the table and no column for it."""
    letter = ["ศธ 1/2", "", "สพฐ.", "", "ขอเชิญประชุม"]
    table = [
        ["ทะเบียนหนังสือรับ", "วันที่", "30", "เดือน", "ธันวาคม", "พ.ศ.", "2568"],
        FORM_13,
        ["900", *letter],
        ["ทะเบียนหนังสือรับ วันที่ ๕ เดือน มกราคม พ.ศ. ๒๕๖๙"],
        ["1", *letter],
    ]
    entries = [row["entry"] for row in judged(table)["rows"]]
    assert [entry["entry_date"] for entry in entries] == ["2025-12-30", "2026-01-05"]
    assert [entry["number"]["be_year"] for entry in entries] == [2568, 2569]


@pytest.mark.parametrize(
    "title", ["ข้อมูล ณ วันที่ 5 เดือน มกราคม พ.ศ. 2569", "ทะเบียน วันที่ 1 เดือน มกราคม พ.ศ. 2569 ถึงวันที่ 31 เดือน มกราคม พ.ศ. 2569"]
)
def test_the_day_of_printing_and_a_range_are_nobodys_day(title: str) -> None:
    row = judged([[title], FORM_13, ["12/2569", "ศธ 1/2", "", "สพฐ.", "", "ขอเชิญประชุม"]])["rows"][0]
    assert row["entry"]["entry_date"] is None


@pytest.mark.parametrize(
    ("cells", "code", "status"),
    [
        ({"ปี": "69"}, "year.format", "unreadable"),
        ({"ปี": "2568"}, "year.contradiction", "unreadable"),
        ({"เลขทะเบียนรับ": "12/2420"}, "year.format", "unreadable"),
        ({"เลขทะเบียนรับ": ""}, "number.missing", "unreadable"),
        ({"เรื่อง": "-"}, "subject.missing", "unreadable"),
        ({"ความเร็ว": "ด่วนพิเศษ"}, "speed.unknown", "unreadable"),
        ({"ชั้นความลับ": "ปกปิด"}, "secrecy.unknown", "unreadable"),
        ({"ชั้นความลับ": "ลับ"}, "secrecy.refused", "unreadable"),
        ({"เรื่อง": "ผลการสอบสวน [ลับ]"}, "secrecy.refused", "unreadable"),
        ({"วันที่รับ": "10/06/2568"}, "year.disagrees", "warning"),
        ({"เลขทะเบียนรับ": "12/2570"}, "year.future", "warning"),
        ({"ลงวันที่": "30/11/2569"}, "date.future", "warning"),
        ({"ลงวันที่": "11/06/2569", **LATER}, "date.before_letter", "warning"),
        ({"ลงวันที่": 46183.0}, "date.serial", "warning"),
        ({"เรื่อง": "ก" * 501}, "text.too_long", "warning"),
        ({"จาก": "ก" * 301}, "text.too_long", "warning"),
        ({"ที่": "1" * 101}, "text.too_long", "warning"),
        ({"หมายเหตุ": "แจ้งยกเลิกการอบรมแล้ว"}, "void.unsure", "warning"),
    ],
)
def test_what_is_wrong_has_a_code(cells: dict[str, str], code: str, status: str) -> None:
    row = one(cells)
    assert (codes(row), row["status"]) == ({code}, status)


@pytest.mark.parametrize(
    "cells",
    [
        {"เรื่อง": "ก" * 500},
        {"จาก": "ก" * 300},
        {"ที่": "1" * 100},
        {"ลงวันที่": "29/11/2569"},
        {"ลงวันที่": "10/06/2569", **LATER},
        {"ลงวันที่": "01/01/2500"},
        {"ปี": "2569"},
        {"เรื่อง": "แจ้งยกเลิกการอบรม"},
        {"ที่": "", "ลงวันที่": "", "ถึง": ""},
    ],
)
def test_what_is_just_right_is_right(cells: dict[str, str]) -> None:
    assert one(cells)["status"] == "ok"


def test_what_is_too_long_is_kept_whole() -> None:
    assert one({"เรื่อง": "ก" * 700})["entry"]["subject"] == "ก" * 700


def test_a_void_row_needs_no_subject_and_keeps_its_number() -> None:
    rows = [["1/2569", *[""] * 4, "ก"], ["2/2569", *[""] * 6, "ยกเลิก"], ["3/2569", *[""] * 4, "ข"]]
    report = judged([FORM_13, *rows])
    assert [row["entry"]["is_void"] for row in report["rows"]] == [False, True, False]
    assert report["gaps"] == []
    assert report["years"] == [{"be_year": 2569, "rows": 3, "voids": 1, "last": 3, "missing": 0}]


def test_a_secret_letter_leaves_nothing_of_itself_in_the_report_of_an_ordinary_book() -> None:
    row = one({"เรื่อง": "ผลการสอบสวน [ลับ]", "จาก": "ผู้ร้องเรียน"})
    assert row["entry"] is None
    assert "สอบสวน" not in str(row)
    assert "ผู้ร้องเรียน" not in str(row)


def test_a_secret_book_takes_what_says_its_class() -> None:
    book = "secret_received"
    assert one({"ชั้นความลับ": "ลับ"}, book)["entry"]["secrecy"] == "secret"
    assert one({"เรื่อง": "ข้อสอบ (ลับมาก)"}, book)["entry"]["secrecy"] == "very_secret"
    assert one({"เรื่อง": "ข้อสอบ (ลับมาก)", "ชั้นความลับ": "ลับ"}, book)["entry"]["secrecy"] == "very_secret"
    assert codes(one({"ชั้นความลับ": ""}, book)) == codes(one({}, book)) == {"secrecy.missing"}
    assert codes(one({"ชั้นความลับ": "ปกปิด"}, book)) == {"secrecy.unknown"}


def test_of_a_letter_of_the_highest_class_there_is_an_entry_and_no_subject() -> None:
    assert codes(one({"ชั้นความลับ": "ลับที่สุด"}, "secret_received")) == {"secrecy.subject"}
    row = one({"ชั้นความลับ": "ลับที่สุด", "เรื่อง": ""}, "secret_received")
    assert (row["status"], row["entry"]["secrecy"]) == ("ok", "top_secret")
