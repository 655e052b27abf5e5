"""Where the columns stand: titles above, headers as EMIS and offices write them, as-of dates inside."""

from __future__ import annotations

import pytest

from services.schools.imports.kinds.people.columns import COLUMNS as PEOPLE
from services.schools.imports.kinds.schools.columns import COLUMNS as SCHOOLS
from services.schools.imports.layout import Heading, find_heading, is_repeated
from tests.running import emis

PLAIN_HEADERS = [header.replace("<br>", "") for header in emis.HEADERS]


def found(rows: list[list[object]], columns: object = SCHOOLS) -> Heading:
    heading = find_heading(rows, columns)  # type: ignore[arg-type]
    assert heading is not None
    return heading


def test_the_28_columns_of_emis_are_all_known() -> None:
    heading = found([["ข้อมูลโรงเรียน"], [""], PLAIN_HEADERS])
    assert heading.row == 3
    assert heading.unknown == []
    assert len(heading.at) == 28


def test_the_as_of_date_is_read_from_the_header_of_pupils() -> None:
    assert found([PLAIN_HEADERS]).as_of == "2020-06-10"


@pytest.mark.parametrize(
    ("header", "day"),
    [
        ("นักเรียน 10 มิ.ย. 2569", "2026-06-10"),
        ("นักเรียน๑๐ มิถุนายน ๒๕๖๙", "2026-06-10"),
        ("นักเรียน (ณ วันที่ 10/06/2569)", "2026-06-10"),
        ("ห้องเรียน 31/02/2569", None),
        ("นักเรียน", None),
    ],
)
def test_headers_that_go_on_with_a_day(header: str, day: str | None) -> None:
    heading = found([["รหัส Smis", "โรงเรียน", header]])
    assert ("pupils" if header.startswith("น") else "rooms") in heading.at
    assert heading.as_of == day


def test_another_column_that_begins_alike_is_not_taken_for_it() -> None:
    heading = found([["รหัส Smis", "โรงเรียน", "นักเรียนชาย", "นักเรียนหญิง"]])
    assert "pupils" not in heading.at
    assert heading.unknown == [2, 3]


def test_headers_are_known_whatever_their_spaces_breaks_tags_and_letter_case() -> None:
    heading = found([["รหัส  SMIS", "ชื่อ\nโรงเรียน", "รหัสกระทรวง<br>10 หลัก", "รหัส per\u00a0code"]])
    assert set(heading.at) == {"smis", "name", "ministry_code", "obec6_code"}


def test_a_header_that_comes_twice_counts_once() -> None:
    heading = found([["รหัส Smis", "โรงเรียน", "โรงเรียน"]])
    assert heading.at["name"] == 1
    assert heading.unknown == [2]


def test_the_row_that_names_most_columns_is_the_header() -> None:
    rows: list[list[object]] = [["ชื่อ", "โรงเรียน"], ["คำนำหน้า", "ชื่อ", "สกุล", "เลขบัตรประชาชน", "โรงเรียน"]]
    assert found(rows, PEOPLE).row == 2


def test_a_row_that_happens_to_say_what_headers_say_is_not_taken_for_the_header() -> None:
    assert found([["รหัส Smis", "โรงเรียน"], ["ตำบล", "อำเภอ", "จังหวัด"]]).row == 1


@pytest.mark.parametrize("rows", [[], [[]], [["โรงเรียน"]], [[1, 2.5, None]], [["a", "b"], ["1", "2"]]])
def test_without_two_known_words_there_is_no_header(rows: list[list[object]]) -> None:
    assert find_heading(rows, SCHOOLS) is None  # type: ignore[arg-type]


def test_what_is_missing_is_named_as_people_call_it() -> None:
    assert SCHOOLS.missing(["name"]) == ["รหัส Smis หรือ รหัสกระทรวง 10 หลัก หรือ รหัส PER CODE"]
    assert PEOPLE.missing(["title", "given_name", "username"]) == ["นามสกุล"]
    assert PEOPLE.missing(["title", "given_name", "family_name", "citizen_id"]) == []


def test_the_header_once_more_further_down_is_recognised() -> None:
    heading = found([["รหัส Smis", "โรงเรียน"]])
    assert is_repeated(heading, {0: "รหัส  smis", 1: "โรงเรียน"})
    assert not is_repeated(heading, {0: "57040001", 1: "โรงเรียน"})
