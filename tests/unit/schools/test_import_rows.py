"""No row is lost: whatever a file looks like, each of its rows stands in the report once, in its place."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from import_lists_for_tests import judge_file, people_register, read_file, school_register

from services.schools.imports.rules import MOST_ROWS, Verdict, count
from tests.running import emis, hostile
from tests.running.people_lists import HEADERS, people_list, person

# words that mean something to the reader, beside anything a person may have typed
WORDS = st.sampled_from(
    ["", " ", "-", "รวม", "รวมทั้งสิ้น 3 คน", "57040001", "ครู", "ลำดับ", *HEADERS, "=1+1", '="1"', "1.5E+12"]
)
CELLS = st.one_of(WORDS, st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12))
ROWS = st.lists(st.lists(CELLS, max_size=14), max_size=25)


def csv_of(rows: list[list[str]]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(rows)
    return stream.getvalue().encode("utf-8-sig")


@settings(max_examples=60, deadline=None)
@given(before=ROWS, after=ROWS)
def test_every_row_of_a_sheet_is_told_of_once(before: list[list[str]], after: list[list[str]]) -> None:
    """The header stands somewhere among rows of anything; all that may be missing are the empty ones at the end."""
    rows = [*before[:18], list(HEADERS), *after]
    result = read_file(csv_of(rows), "a.csv", "people")
    assert "fault" not in result
    filled = max(number for number, row in enumerate(rows, start=1) if any(row))
    assert [row["row"] for row in result["rows"]] == list(range(1, filled + 1))
    judgements = judge_file(csv_of(rows), "a.csv", "people", people_register())
    assert list(judgements) == list(range(1, filled + 1))
    counts = count(filled, (judgement["verdict"] for judgement in judgements.values()))
    assert sum(counts[verdict] for verdict in Verdict) == filled


@settings(max_examples=40, deadline=None)
@given(after=ROWS)
def test_what_stood_in_a_row_stands_in_the_report(after: list[list[str]]) -> None:
    result = read_file(csv_of([list(HEADERS), *after]), "a.csv", "people")
    for number, row in enumerate(after, start=2):
        told = next((one for one in result["rows"] if one["row"] == number), None)
        if told is None:
            assert not any(row)
        else:
            assert len(told["cells"]) == sum(bool(visible(cell)) for cell in row)


def visible(cell: str) -> str:
    """What is left of a cell without what nobody sees; ``="…"`` is kept as it was written."""
    from_formula = cell.lstrip()
    return emis.fold_text(cell) or ("=" if from_formula.startswith("=") else "")


@settings(max_examples=30, deadline=None)
@given(after=st.lists(st.lists(CELLS, max_size=8), max_size=12))
def test_a_school_list_loses_no_row_either(after: list[list[str]]) -> None:
    rows = [["รหัส Smis", "โรงเรียน"], *after]
    judgements = judge_file(csv_of(rows), "a.csv", "schools", school_register([]))
    filled = max(number for number, row in enumerate(rows, start=1) if any(row))
    assert list(judgements) == list(range(1, filled + 1))


def skipped(result: dict[str, Any]) -> dict[tuple[int, int], str | None]:
    return {(row["sheet"], row["row"]): row["skipped"] for row in result["rows"]}


def test_titles_headers_blanks_and_totals_are_no_data_and_say_so() -> None:
    rows = [["บัญชีรายชื่อ"], [], HEADERS, person(1), [], HEADERS, person(2), ["รวม"], ["", "รวมทั้งสิ้น 2 คน"]]
    assert skipped(read_file(emis.workbook(rows), "a.xlsx", "people")) == {
        (1, 1): "title", (1, 2): "blank", (1, 3): "header", (1, 4): None, (1, 5): "blank", (1, 6): "header",
        (1, 7): None, (1, 8): "total", (1, 9): "total",
    }  # fmt: skip


def test_a_school_that_is_called_like_a_total_is_a_school() -> None:
    rows = [["รหัส Smis", "โรงเรียน"], ["57040001", "รวมไทยพัฒนา 1"], ["57040002", "รวม"], ["", "รวม"]]
    found = skipped(read_file(emis.workbook(rows), "a.xlsx", "schools"))
    assert list(found.values()) == ["header", None, None, "total"]


def test_a_note_below_the_table_is_an_error_and_not_passed_over() -> None:
    judgements = judge_file(people_list([person(1), ["หมายเหตุ ข้อมูล ณ วันนี้"]]), "a.xlsx", "people", people_register())
    assert [judgement["verdict"] for judgement in judgements.values()] == ["SKIPPED", "NEW", "ERROR"]


def test_every_sheet_is_read_and_one_without_a_header_is_told_of() -> None:
    content = emis.workbook(
        [HEADERS, person(1)], ("โรงเรียน 2", [["ชื่อ"], HEADERS, person(2)]), ("คำอธิบาย", [["กรอกให้ครบ"], ["x"]]),
        ("บางส่วน", [["ชื่อ", "อีเมล"], ["ดารา", "a@b.c"]]),
    )  # fmt: skip
    result = read_file(content, "a.xlsx", "people")
    assert skipped(result) == {
        (1, 1): "header", (1, 2): None, (2, 1): "title", (2, 2): "header", (2, 3): None,
        (3, 1): "no_header", (3, 2): "no_header", (4, 1): "not_complete", (4, 2): "not_complete",
    }  # fmt: skip
    assert [sheet["is_list"] for sheet in result["sheets"]] == [True, True, False, False]


def fault(content: bytes, name: str = "a.xlsx", kind: str = "people") -> tuple[str, str]:
    found = read_file(content, name, kind)["fault"]
    assert found["title"]
    return found["code"], found["detail"]


def test_missing_columns_are_named() -> None:
    code, detail = fault(emis.workbook([["ชื่อ", "ตำแหน่ง", "อีเมล"], ["ก", "ข", "ค"]]))
    assert code == "import.columns"
    assert all(name in detail for name in ("คำนำหน้า", "นามสกุล", "เลขประจำตัวประชาชน หรือ ชื่อผู้ใช้"))


@pytest.mark.parametrize("rows", [[["a"]], [["a", "b"], ["1", "2"]], [["ชื่อ"]]])
def test_a_file_without_a_header_says_which_one_is_wanted(rows: list[list[str]]) -> None:
    code, detail = fault(emis.workbook(rows))
    assert code == "import.columns"
    assert "นามสกุล" in detail


def test_more_rows_than_fit_are_refused_and_not_cut_off() -> None:
    within = emis.text([["รหัส Smis", "โรงเรียน"], *[["57040001", "ก"]] * (MOST_ROWS - 1)])
    assert len(read_file(within, "a.csv", "schools")["rows"]) == MOST_ROWS
    code, detail = fault(within + b"57040001,x\r\n", "a.csv", "schools")
    assert (code, "5,001" in detail) == ("import.too_many_rows", True)


def test_more_sheets_than_the_reader_takes_are_refused_and_not_left_out() -> None:
    others = [(f"s{number}", [["x"]]) for number in range(20)]
    assert fault(emis.workbook([HEADERS, person(1)], *others))[0] == "import.sheets"


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_list_in_a_hidden_sheet_is_not_passed_over(state: str) -> None:
    """Nobody sees it, so nobody knows whether it is meant: the sender says so."""
    content = emis.workbook([HEADERS, person(1)], ("ปีก่อน", [["บัญชี"], HEADERS, person(2), [], person(3)]))
    code, detail = fault(emis.hiding(content, "ปีก่อน", state))
    assert (code, "ปีก่อน" in detail, "2 แถว" in detail) == ("import.hidden_sheet", True, True)


def test_a_list_in_a_hidden_sheet_of_an_old_workbook_is_not_passed_over_either() -> None:
    head, row = ["รหัส Smis", "โรงเรียน"], ["57040001", "บ้านศรีลานนา"]
    seen, unseen = ("ปีนี้", False, [head, row]), ("ปีก่อน", True, [head, row, row])
    code, detail = fault(hostile.old_workbook(seen, unseen), "a.xls", "schools")
    assert (code, "ปีก่อน" in detail, "2 แถว" in detail) == ("import.hidden_sheet", True, True)
    result = read_file(hostile.old_workbook(seen, ("ปีก่อน", True, [head])), "a.xls", "schools")
    assert ([sheet["name"] for sheet in result["sheets"]], len(result["rows"])) == (["ปีนี้"], 2)


def test_a_hidden_sheet_that_is_no_list_keeps_nothing_back() -> None:
    """As the choices in our own form."""
    for lines in ([["ครู", "ใช่"], ["ผู้อำนวยการ", "ไม่"]], [HEADERS], [["ชื่อ", "อีเมล"], ["ดารา", "a@b.c"]]):
        content = emis.hiding(emis.workbook([HEADERS, person(1)], ("lists", lines)), "lists")
        result = read_file(content, "a.xlsx", "people")
        assert skipped(result) == {(1, 1): "header", (1, 2): None}
        assert [sheet["name"] for sheet in result["sheets"]] == ["Sheet"]


def test_a_sheet_of_one_row_has_a_row() -> None:
    result = read_file(emis.workbook([HEADERS]), "a.xlsx", "people")
    assert [row["skipped"] for row in result["rows"]] == ["header"]


def test_a_file_that_cannot_be_read_is_refused_as_in_the_rounds() -> None:
    clean = people_list([person(1)])
    assert fault(hostile.with_far_cell(clean))[0] == "F01.range"
    assert fault(hostile.rewritten(clean, {hostile.SHEET: hostile.part(clean)[:900]}))[0] == "F01.unreadable"


def test_an_endless_cell_is_cut_and_the_row_is_an_error() -> None:
    judgements = judge_file(people_list([person(1, ตำแหน่ง="ก" * 2000)]), "a.xlsx", "people", people_register())
    assert judgements[2]["errors"][0]["code"] == "cell.too_long"


def test_unknown_columns_are_kept_and_named() -> None:
    content = emis.workbook([[*HEADERS, "ชื่อเล่น"], [*person(1), "นก"]])
    result = read_file(content, "a.xlsx", "people")
    assert [column for column in result["sheets"][0]["columns"] if column["field"] is None] == [
        {"column": "M", "header": "ชื่อเล่น", "field": None}
    ]
    assert result["rows"][1]["cells"]["M"] == "นก"
