"""Where the columns of an old register stand: every name, titles above, pages below."""

from __future__ import annotations

import pytest
from old_registers_for_tests import FORM_13, codes, judged, one

from services.documents.oldregisters.columns import find_heading, names_of
from services.documents.registers.rules import BookKind

LETTER = ("12/2569", "ศธ 04001/5", "10 มิ.ย. 2569", "สพฐ.", "ผอ.สพป.", "ขอเชิญประชุม", "กลุ่มอำนวยการ", "ส่งแล้ว")
NAMED = [
    (kind, field, name)
    for kind in BookKind
    for field, names in names_of(kind).items()
    for name in names
    if field == "number" or (kind is BookKind.RECEIVED and field != "any_date")
]


@pytest.mark.parametrize(("kind", "field", "name"), NAMED)
def test_every_name_of_a_column_is_known(kind: BookKind, field: str, name: str) -> None:
    """Also with other spaces, a line break, stops, capitals, and a note in brackets."""
    others = {"number": names_of(kind)["number"][0], "subject": "เรื่อง", "sender": "จาก", "recipient": "ถึง"}
    others.pop(field, None)
    for written in (name, f"{name[:3]}\n{name[3:]}", f"{name} :", name.upper(), f"{name} (ระบุ)", f"\u200b{name}\u00a0"):
        heading = find_heading([[*others.values(), written]], kind)
        assert heading is not None
        assert heading.at[field] == len(others)


@pytest.mark.parametrize(
    "name", ["ลำดับ", "ลำดับที่", "ที่ตั้ง", "เรื่องที่", "จากไป", "เลขทะเบียนรถ", "ถึงแล้ว", "ลงนามวันที่", "ปีงบประมาณ"]
)
def test_a_near_miss_is_another_column(name: str) -> None:
    heading = find_heading([["เลขทะเบียนรับ", "เรื่อง", "จาก", name]], BookKind.RECEIVED)
    assert heading is not None
    assert 3 not in heading.at.values()


def test_titles_stand_above_and_pages_below() -> None:
    table = [
        ["ทะเบียนหนังสือรับ"],
        ["สพป.ตัวอย่าง"],
        [],
        FORM_13,
        ["(๑)", "(๒)", "(๓)", "(๔)", "(๕)", "(๖)", "(๗)", "(๘)"],
        LETTER,
        [],
        ["หน้า 1"],
        ["ทะเบียนหนังสือรับ"],
        FORM_13,
        ("13/2569", *LETTER[1:2], "11 มิ.ย. 2569", *LETTER[3:]),
        ["", "", "", "", "รวม", "2 เรื่อง"],
        ["ลงชื่อ นายสมมติ ตัวอย่าง"],
    ]
    report = judged(table)
    assert [row["row"] for row in report["rows"]] == [6, 11]
    reasons = {row["row"]: row["reason"] for row in report["skipped"]}
    assert reasons == {
        1: "title", 2: "title", 3: "blank", 4: "header", 5: "header", 7: "blank", 8: "footer", 9: "title", 10: "header",
        12: "total", 13: "footer",
    }  # fmt: skip
    assert report["counts"]["rows_in"] == 13
    assert sum(report["counts"][name] for name in ("ok", "warning", "unreadable", "skipped")) == 13


def test_numbers_printed_beforehand_are_not_used() -> None:
    report = judged([FORM_13, LETTER, ["13/2569"], ["14/2569"]])
    assert report["counts"]["skipped_unused"] == 2
    assert report["opening"] == {"be_year": 2569, "last_no": 12}


@pytest.mark.parametrize(
    "row",
    [
        ["", "", "", "", "", "รวมพลังรักษ์โลก"],
        ["", "", "", "", "", "ทะเบียนหนังสือเรียน"],
        ["หน้าที่พลเมือง", "", "", "สพฐ."],
        ["", "ลงชื่อ 5", "10 มิ.ย. 2569", "สพฐ.", "", "ขอเชิญประชุม"],
        ["", "ศธ 04001/6", "", "", "", "ต่อจากแถวบน"],
    ],
)
def test_a_row_without_a_number_is_told_of_and_not_dropped(row: list[str]) -> None:
    report = judged([FORM_13, LETTER, row])
    assert [(found["row"], found["status"]) for found in report["rows"]] == [(2, "ok"), (3, "unreadable")]


def test_a_file_without_a_header_is_refused() -> None:
    report = judged([["ทะเบียนหนังสือรับ"], LETTER])
    assert report["fault"]["code"] == "oldregister.columns"


def test_a_register_of_sent_letters_is_no_register_of_received_ones() -> None:
    sent = ["เลขทะเบียนส่ง", "ที่", "ลงวันที่", "จาก", "ถึง", "เรื่อง"]
    report = judged([sent, LETTER[:6]])
    assert report["fault"]["code"] == "oldregister.columns"
    assert "เลขทะเบียน" in report["fault"]["detail"]
    assert judged([sent, LETTER[:6]], "sent")["rows"][0]["number"] == {"be_year": 2569, "no": 12, "suffix": ""}


def test_sent_letters_may_have_their_number_in_the_letter_number_alone() -> None:
    row = judged([["ที่", "ลงวันที่", "ถึง", "เรื่อง"], ["ศธ 04001/ว 12", "10/06/2569", "โรงเรียน", "แจ้ง"]], "sent")["rows"][0]
    assert row["number"] == {"be_year": 2569, "no": 12, "suffix": ""}
    assert row["entry"]["is_circular"] is True


def test_a_bare_day_is_the_one_that_is_missing() -> None:
    of_received = one({"วันที่": "11/06/2569", "ลงวันที่": "10/06/2569"})["entry"]
    assert (of_received["entry_date"], of_received["doc_date"]) == ("2026-06-11", "2026-06-10")
    of_sent = one({"วันที่": "11/06/2569"}, "sent")["entry"]
    assert (of_sent["entry_date"], of_sent["doc_date"]) == (None, "2026-06-11")


def test_the_header_row_of_the_export_of_amss_is_read() -> None:
    header = ["ลำดับที่", "เลขทะเบียนรับ", "ปี", "ที่", "ลงวันที่", "จาก", "ถึง", "เรื่อง", "วันลงทะเบียน", "หมายเหตุ"]
    header += ["กลุ่มปฏิบัติ", "ผู้ปฏิบัติ"]
    row = ["1", "7", "2558", "ศธ 04001/5", "13 พค 2558", "สพฐ.", "", "แจ้ง", "0 - 543", "", "อำนวยการ", "นางสมมติ"]
    read = judged([header, row])["rows"][0]
    assert read["status"] == "ok"
    assert read["number"] == {"be_year": 2558, "no": 7, "suffix": ""}
    assert (read["entry"]["doc_date"], read["entry"]["entry_date"]) == ("2015-05-13", None)
    assert read["entry"]["action"] == "นางสมมติ"
    assert not codes(read)


def test_a_letter_that_uses_the_words_of_the_header_is_a_letter() -> None:
    row = ("12/2569", "ที่", "10 มิ.ย. 2569", "จาก", "ถึง", "ขอเชิญประชุม", "กลุ่มอำนวยการ", "ส่งแล้ว")
    assert [found["row"] for found in judged([FORM_13, row])["rows"]] == [2]
