"""Days, speed, secrecy and void marks of old registers, with what comes near to them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.documents.oldregisters.values import (
    SECRECIES,
    SPEEDS,
    is_void,
    marked_secrecy,
    may_be_void,
    read_day,
    read_secrecy,
    read_speed,
)
from shared.thai.dates import DateFault, format_full, format_short, format_slashed
from shared.thai.digits import to_thai

DAY = dt.date(2026, 6, 10)


@given(st.dates(dt.date(1957, 1, 1), dt.date(2100, 12, 31)))
def test_every_way_to_write_a_day_is_read(day: dt.date) -> None:
    be = day.year + 543
    forms = [day.isoformat(), f"{be}-{day:%m-%d}", format_slashed(day), format_short(day), format_full(day)]
    forms += [to_thai(form) for form in forms] + [f"{day:%d/%m/%Y}", f"{day.isoformat()} 08:30:00"]
    assert {read.day for form in forms if (read := read_day(form))} == {day}
    assert all(read_day(form) for form in forms)


@given(st.dates(dt.date(1957, 1, 1), dt.date(2100, 12, 31)))
def test_a_count_of_days_is_read_and_said_to_be_one(day: dt.date) -> None:
    serial = (day - dt.date(1899, 12, 30)).days
    assert read_day(str(serial)) == read_day(f"{serial}.5") == (day, True)


@pytest.mark.parametrize("text", ["", "-", "0000-00-00", "0 - 543", "ไม่ปรากฏ"])
def test_no_day_is_no_fault(text: str) -> None:
    assert read_day(text) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("10/06/69", "two_digits"),
        ("10 มิ.ย. 69", "two_digits"),
        ("31/02/2569", "impossible"),
        ("29/02/2568", "impossible"),
        ("10/06/3098", "year"),
        ("31/12/2499", "year"),
        ("1956-12-31", "year"),
        ("10069", "format"),
        # six digits are a count of days, or a day without its strokes
        ("240669", "format"),
        ("ต้นเดือน", "format"),
    ],
)
def test_a_day_that_cannot_be_told_is_refused(text: str, problem: str) -> None:
    with pytest.raises(DateFault) as fault:
        read_day(text)
    assert fault.value.problem == problem


@pytest.mark.parametrize(("code", "name"), [(code, name) for code, names in SPEEDS.items() for name in names])
def test_speeds_are_read_by_name_and_code(code: str, name: str) -> None:
    assert read_speed(name) == read_speed(to_thai(f" {name} ")) == (code, None)


def test_within_has_a_day() -> None:
    assert read_speed("ด่วนภายใน 10 มิ.ย. 2569 เวลา 12.00 น.") == ("within", DAY)
    assert read_speed("ด่วนภายใน") is None
    assert read_speed("ด่วนภายใน 10/06/69") is None


@pytest.mark.parametrize("text", ["ด่วนพิเศษ", "ด่วน มาก ๆ", "5", "0", "express", "ลับ"])
def test_an_unknown_speed_is_refused(text: str) -> None:
    assert read_speed(text) is None


@pytest.mark.parametrize(("code", "name"), [(code, name) for code, names in SECRECIES.items() for name in names])
def test_secrecy_is_read_by_name_and_code(code: str, name: str) -> None:
    assert read_secrecy(name) == read_secrecy(to_thai(f" {name} ")) == code


@pytest.mark.parametrize("text", ["", "ปกปิด", "ลับสุดยอด", "2", "005", "ลับ?", "ด่วน"])
def test_an_unknown_secrecy_is_refused_and_never_none(text: str) -> None:
    assert read_secrecy(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ผลการสอบสวน [ลับ]", "secret"),
        ("(ลับมาก) ข้อสอบ", "very_secret"),
        ("ข้อสอบ [ ลับที่สุด ]", "top_secret"),
        ("กิจกรรม (ลับสมองประลองปัญญา)", "none"),
        ("การรักษาความลับของทางราชการ", "none"),
        ("ลับ", "none"),
    ],
)
def test_a_mark_in_brackets_is_a_class(text: str, code: str) -> None:
    assert marked_secrecy("ไม่มี", text) == code


@pytest.mark.parametrize(
    "subject",
    ["ยกเลิก", " ยกเลิก ", "(ยกเลิก)", "***ยกเลิก***", "(ยกเลิก) ขอเชิญประชุม", "ขอเชิญประชุม (ยกเลิก)", "ยกเลิกเลขนี้",
     "ยกเลิกเลขทะเบียนรับ", "ยกเลิกการใช้เลข 12", "ยกเลิกหนังสือฉบับนี้", "-ยกเลิก-"],
)  # fmt: skip
def test_a_subject_that_says_void(subject: str) -> None:
    assert is_void(subject)


@pytest.mark.parametrize(
    "subject",
    ["ยกเลิกการประชุมผู้บริหาร", "ขอยกเลิกโครงการ", "แจ้งยกเลิก", "ไม่ยกเลิก", "ยกเลิก คำสั่งที่ 12/2568", "ยกเลิกเลขทะเบียนรถราชการ",
     "การยกเลิก(ฉบับที่ 2)", "ยกเลิกเลขบัญชีเงินฝาก"],
)  # fmt: skip
def test_a_letter_about_cancelling_is_a_letter(subject: str) -> None:
    assert not is_void(subject)


@pytest.mark.parametrize(
    "remark",
    ["ยกเลิก", "ขอยกเลิก", "ยกเลิก ออกเลขซ้ำ", "ยกเลิกเนื่องจากพิมพ์ผิด", "ยกเลิกแล้ว", "ยกเลิก (ลงซ้ำ)", "ยกเลิกการจองเลข",
     "ยกเลิก ไม่ใช้", "ส่งแล้ว (ยกเลิก)"],
)  # fmt: skip
def test_a_remark_that_says_void(remark: str) -> None:
    assert is_void("ขอเชิญประชุม", "", remark)
    assert is_void("ขอเชิญประชุม", remark, "")


@pytest.mark.parametrize("remark", ["ไม่ยกเลิก", "แจ้งยกเลิกการอบรมแล้ว", "ยกเลิกการประชุมแล้ว", "ยกเลิก การประชุมวันที่ 3"])
def test_a_remark_about_cancelling_something_is_left_to_a_person(remark: str) -> None:
    assert not is_void("ขอเชิญประชุม", "", remark)
    assert may_be_void(remark)
