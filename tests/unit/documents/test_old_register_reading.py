"""Files with registers: every kind of file, five thousand rows, and files that nobody should send."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from old_registers_for_tests import FORM_13, codes, found, read_file

from tests.running import hostile
from tests.running.old_registers import Amounts, as_csv, as_html, as_xlsx, make

LETTER = ("12/2569", "ศธ 04001/5", "10 มิ.ย. 2569", "สพฐ.", "ผอ.สพป.", "ขอเชิญประชุม", "", "")
SMALL = Amounts(rows=120, duplicates=4, letters=2, gaps=4, voids=4, bad_cells=9, bad_numbers=7, disorder=1)


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("ทะเบียน.xlsx", as_xlsx),
        ("ทะเบียน.csv", as_csv),
        ("ทะเบียน.csv", lambda table: as_csv(table, "cp874")),
        ("receive.xls", as_html),
    ],
)
def test_five_thousand_rows_are_reported_as_they_were_planted(name: str, write: Callable[..., bytes]) -> None:
    table, planted = make(2569, Amounts())
    report = read_file(write(table), name)
    assert found(report) == vars(planted) | {"unreadable": {row: {code} for row, code in planted.unreadable.items()}}
    assert report["counts"]["rows_in"] == len(table) > 5000
    assert len(planted.duplicates) == 25
    assert len(planted.unreadable) == 41
    assert report["opening"] == {"be_year": 2569, "last_no": planted.last[2569]}


@pytest.mark.parametrize(("name", "write"), [("a.xlsx", as_xlsx), ("a.csv", as_csv), ("a.xls", as_html)])
def test_every_kind_of_file_gives_the_same_report(name: str, write: Callable[..., bytes]) -> None:
    table, _ = make(7, SMALL)
    reference, report = read_file(as_csv(table), "b.csv"), read_file(write(table), name)
    assert found(report) == found(reference)
    assert [row["number"] for row in report["rows"]] == [row["number"] for row in reference["rows"]]


def test_what_is_known_comes_as_lists() -> None:
    report = read_file(as_csv([FORM_13, LETTER]), "a.csv", known=[[2569, 12, ""], [2569, 11, ""]])
    assert codes(report["rows"][0]) == {"number.in_book"}


def test_a_secret_book_says_so() -> None:
    row = ["12/2569", "ผลการสอบสวน [ลับ]", "สพฐ."]
    content = as_csv([["เลขทะเบียนรับ", "เรื่อง", "จาก"], row])
    assert codes(read_file(content, "a.csv")["rows"][0]) == {"secrecy.refused"}
    secret = read_file(content, "a.csv", book_kind="secret_received")
    assert secret["rows"][0]["entry"]["secrecy"] == "secret"


def test_the_year_may_stand_in_the_name_of_the_file() -> None:
    report = read_file(as_csv([FORM_13, ["12", *LETTER[1:2], "", *LETTER[3:]]]), "ทะเบียนรับ 2568.csv")
    assert report["rows"][0]["number"]["be_year"] == 2568


def test_sheets_are_told_apart() -> None:
    second = [["ทะเบียน"], FORM_13, ("13/2569", *LETTER[1:2], "12 มิ.ย. 2569", *LETTER[3:]), LETTER]
    report = read_file(as_xlsx([FORM_13, LETTER], [["คำอธิบาย"], ["ปกติ"]], second), "a.xlsx")
    assert [(row["sheet"], row["row"]) for row in report["rows"]] == [(1, 2), (3, 3), (3, 4)]
    assert [sheet["header_row"] for sheet in report["sheets"]] == [1, None, 2]
    assert [sheet["is_register"] for sheet in report["sheets"]] == [True, False, True]
    assert report["counts"]["skipped_no_register"] == 2
    assert report["rows"][0]["findings"][0]["message"] == "เลข 12/2569 ซ้ำกับแถว 4 (แผ่นงานที่ 3)"


def test_a_column_that_nobody_asked_for_is_told_of() -> None:
    report = read_file(as_csv([[*FORM_13, "ผู้บันทึก"], [*LETTER, "ธุรการ"]]), "a.csv")
    assert report["sheets"][0]["columns"][-1] == {"header": "ผู้บันทึก", "fields": []}
    assert report["sheets"][0]["columns"][0] == {"header": "เลขทะเบียนรับ", "fields": ["number"]}


def test_a_register_on_a_hidden_sheet_is_not_read_behind_the_senders_back() -> None:
    shown, hidden = [FORM_13, LETTER], [FORM_13, LETTER, LETTER]
    report = read_file(as_xlsx(shown, hidden, hidden=[1]), "a.xlsx")
    assert report["fault"]["code"] == "oldregister.hidden_sheet"
    assert "2 แถว" in report["fault"]["detail"]
    assert "rows" in read_file(as_xlsx(shown, [["รายการเลือก"], ["ปกติ"]], hidden=[1]), "a.xlsx")


def test_a_formula_without_a_value_is_no_number() -> None:
    clean = as_xlsx([FORM_13, LETTER])
    content = hostile.with_cell(clean, "A2", b"<f>12</f>")
    assert codes(read_file(content, "a.xlsx")["rows"][0]) == {"number.format"}


def test_text_kept_by_a_formula_of_text_is_text() -> None:
    report = read_file(b'\xef\xbb\xbf' + as_csv([FORM_13]) [3:] + '"=""12/2569""",,,,,เรื่อง,,\n'.encode(), "a.csv")
    assert report["rows"][0]["number"]["no"] == 12


@pytest.mark.parametrize(
    ("make_file", "cause"),
    [
        (hostile.with_far_cell, "range"),
        (hostile.with_blank_rows, "range"),
        (hostile.with_damaged_sheet, "unreadable"),
        (lambda clean: hostile.with_doctype(clean, hostile.SHEET, hostile.LAUGHS), "bomb"),
    ],
)
def test_a_hostile_file_ends_as_one_fault(make_file: Callable[[bytes], bytes], cause: str) -> None:
    report = read_file(make_file(as_xlsx([FORM_13, LETTER])), "a.xlsx")
    assert set(report) == {"fault"}
    assert report["fault"]["code"] == f"F01.{cause}"
    assert report["fault"]["detail"]


def test_a_page_without_a_table_is_refused() -> None:
    assert read_file(b"<html><body>404</body></html>", "a.xls")["fault"]["code"] == "F01.unreadable"


def test_too_many_sheets_and_rows_are_refused() -> None:
    assert read_file(as_xlsx(*[[FORM_13, LETTER]] * 20), "a.xlsx")["fault"]["code"] == "oldregister.sheets"
    many = as_csv([FORM_13]) + b"1,,,,,x,,\n" * 20_000
    assert read_file(many, "a.csv")["fault"]["code"] == "oldregister.too_many_rows"
