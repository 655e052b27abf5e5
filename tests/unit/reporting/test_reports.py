"""Every report of schools made by hand, counted by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.reporting.reports.catalogue.duplicates import KINDS
from services.reporting.reports.catalogue.gcode import NAMES
from services.reporting.reports.making import INCOMPLETE, NO_DATA, NO_DATA_BEFORE, NOT_SENT_YET, OTHER_PUPILS
from services.reporting.reports.registry import REPORTS
from services.reporting.reports.rules import Duplicate, Standing, Version, lacks
from tests.unit.reporting.schools_for_tests import DEADLINE, cells, kind, made, room, round_of, school, sheet, tables

A = school(
    "57040001",
    tables(
        classes=[room("ป.1", 7, 9), room("ม.1", 10, 12)],
        ages=[{"age": 7, "male": 7, "female": 8}, {"age": 13, "male": 10, "female": 12}],
        disadvantage=[
            kind("เด็กยากจน", 3, 4, grade="ป.1"), kind("เด็กยากจน", 5, 6, grade="ม.1"), kind("กำพร้า", 1, 0, grade="ม.1"),
            kind("ไม่ด้อยโอกาส", 4, 5, grade="ป.1"),
        ],
        nationality=[kind("ไทย", 10, 20), kind("พม่า", 3, 0), kind("เมียนมา", 4, 1)],
        religion=[kind("คริสต์", 7, 1), kind("พุทธ", 10, 20)],
        identities=[kind("none", 1, 0, grade="ป.1"), kind("G", 2, 1, grade="ป.1"), kind("G", 1, 1, grade="ม.1")],
    ),
    amphoe="เทิง", cluster="ริมอิง", returns=1, confirmed_at=DEADLINE - dt.timedelta(days=3),
    versions=(
        Version(1, {"rows": 0, "error": 0, "block": 1}), Version(2, {"rows": 40, "error": 3, "block": 1}),
        Version(3, {"rows": 38, "error": 0, "block": 0}),
    ),
)  # fmt: skip
B = school(
    "57040002", tables(classes=[room("ป.1", 1, 1)], missing=["religion"]), "READY", amphoe="เชียงของ",
    confirmed_at=None, returns=0, versions=(Version(1, {"rows": 10, "error": 1, "block": 0}),),
)  # fmt: skip
SILENT = school("57040003", None, "NOT_STARTED", amphoe="เทิง")
EXEMPT = school("57040004", None, "EXEMPT", amphoe="เทิง")


def test_ages_add_up_to_the_head_count() -> None:
    assert cells(sheet("age", A), "age", "male", "female", "total") == [
        ("7 ปี", 7, 8, 15), ("13 ปี", 10, 12, 22), ("ไม่ทราบวันเกิด", 0, 1, 1), ("รวมทั้งหมด", 17, 21, 38),
    ]  # fmt: skip


def test_disadvantage_is_the_form_of_the_office() -> None:
    found = sheet("disadvantage", A)
    titles = [column.title for column in found.columns]
    assert titles == ["ประเภท", "เพศ", "ป.1", "รวมประถม", "ม.1", "รวมมัธยมต้น", "รวมทั้งสิ้น"]
    assert cells(found, "disadvantage", "sex", "ป.1", "ม.1", "total") == [
        ("เด็กยากจน", "ชาย", 3, 5, 8), ("เด็กยากจน", "หญิง", 4, 6, 10), ("เด็กยากจน", "รวม", 7, 11, 18),
        ("กำพร้า", "ชาย", 0, 1, 1), ("กำพร้า", "หญิง", 0, 0, 0), ("กำพร้า", "รวม", 0, 1, 1),
        ("รวมทั้งหมด", "ชาย", 3, 6, 9), ("รวมทั้งหมด", "หญิง", 4, 6, 10), ("รวมทั้งหมด", "รวม", 7, 12, 19),
    ]  # fmt: skip


def test_two_spellings_of_a_nationality_are_one_line() -> None:
    assert cells(sheet("nationality", A), "nationality", "total") == [
        ("ไทย", 30), ("เมียนมา", 8), ("รวมทั้งหมด", 38),
    ]  # fmt: skip


def test_religions_come_in_the_order_of_dmc() -> None:
    assert cells(sheet("religion", A), "religion", "total") == [("พุทธ", 30), ("คริสต์", 8), ("รวมทั้งหมด", 38)]


def test_g_codes_and_missing_ids_are_counted_by_kind() -> None:
    assert cells(sheet("gcode", A), "identity", "male", "female", "total") == [
        (NAMES["G"], 3, 2, 5), (NAMES["none"], 1, 0, 1), ("รวมทั้งหมด", 4, 2, 6),
    ]  # fmt: skip


def test_sizes_count_schools_and_name_them() -> None:
    found = cells(sheet("size", A, B), "size", "schools", "pupils")
    assert found[0] == ("ไม่มีนักเรียน", 0, 0)
    assert ("เล็ก", 2, 40) in found
    assert cells(sheet("size", A, B, by="school"), "smis", "pupils", "primary4", "small7", "note") == [
        ("57040001", 38, "เล็ก", "21-40 คน", None), ("57040002", 2, "เล็ก", "1-20 คน", "ยังไม่ยืนยัน"),
        (None, 40, None, None, "ยังไม่ยืนยัน 1 โรงเรียน"),
    ]  # fmt: skip


def test_progress_counts_who_must_answer() -> None:
    found = sheet("progress", A, B, SILENT, EXEMPT)
    keys = ("name", "expected", "sent", "confirmed", "waiting", "on_time", "on_time_rate")
    assert cells(found, *keys) == [
        ("เชียงของ", 1, 1, 0, 1, 0, 0.0), ("เทิง", 2, 1, 1, 1, 1, 0.5), ("รวมทั้งหมด", 3, 2, 1, 2, 1, 0.3333),
    ]  # fmt: skip
    waiting = sheet("progress", A, B, SILENT, EXEMPT, by="school")
    assert cells(waiting, "smis", "state") == [("57040002", "READY"), ("57040003", "NOT_STARTED")]
    assert [row[0] for row in cells(sheet("progress", A, B, by="cluster"), "name")] == [
        "ริมอิง", "ไม่อยู่ในกลุ่มโรงเรียน", "รวมทั้งหมด",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("after", "on_time"), [(dt.timedelta(0), 1), (dt.timedelta(microseconds=1), 0), (dt.timedelta(days=-1), 1)]
)
def test_on_time_means_confirmed_by_the_deadline(after: dt.timedelta, on_time: int) -> None:
    one = school("57040001", tables(), confirmed_at=DEADLINE + after)
    total = sheet("progress", one).total
    assert total is not None
    assert total.cells["on_time"] == on_time


def test_quality_is_that_of_the_first_file_that_could_be_read() -> None:
    keys = ("smis", "pupils", "errors", "errors_per_100", "versions", "returns", "days_early")
    assert cells(sheet("quality", A, B, SILENT), *keys) == [
        ("57040001", 40, 4, 10.0, 3, 1, 3), ("57040002", 10, 1, 10.0, 1, 0, None),
        ("57040003", None, None, None, 0, None, None), (None, 50, 5, 10.0, 4, 1, 3),
    ]  # fmt: skip


def duplicate(number: int, *schools: str, found: int = 10, **more: Any) -> Duplicate:
    """A case between two schools that came up on a day of June; waiting unless something else is said."""
    how: dict[str, Any] = {"kind": "same_id", "state": "OPEN", "keep": None, **more}
    return Duplicate(f"case-{number}", schools=(schools[0], schools[1]), found_on=dt.date(2026, 6, found), **how)


ONE, TWO, THREE = "57040001", "57040002", "57040003"
CASES = (
    duplicate(1, ONE, TWO),
    duplicate(2, ONE, THREE, found=17),
    duplicate(3, ONE, TWO, state="SETTLED", keep=ONE),
    duplicate(4, TWO, THREE, state="SETTLED", keep=THREE, kind="same_person"),
    duplicate(5, ONE, TWO, state="SETTLED", keep="both", kind="same_person"),
    duplicate(6, ONE, TWO, state="CARRIED", kind="near_id", found=1),
    duplicate(7, TWO, THREE, state="GONE", keep=TWO),
)
FATES = ("cases", "open", "settled", "here", "there", "both", "carried", "gone", "oldest")


def with_cases(*cases: Duplicate) -> list[Standing]:
    """Two schools of one amphoe and cluster and one of others, the last not confirmed; each with its cases."""
    places = {ONE: ("เทิง", "ริมอิง"), TWO: ("เทิง", "ริมอิง"), THREE: ("เชียงของ", None)}
    return [
        school(
            smis, tables(), "READY" if smis == THREE else "CONFIRMED", amphoe=amphoe, cluster=cluster,
            duplicates=tuple(case for case in cases if smis in case.schools),
        )
        for smis, (amphoe, cluster) in places.items()
    ]  # fmt: skip


def test_duplicates_are_counted_by_the_rule_that_found_them() -> None:
    assert cells(sheet("duplicates", *with_cases(*CASES)), "rule", *FATES) == [
        (KINDS["same_id"], 4, 2, 1, 1, 0, 0, 0, 1, 8), (KINDS["same_person"], 2, 0, 2, 1, 0, 1, 0, 0, None),
        (KINDS["near_id"], 1, 0, 0, 0, 0, 0, 1, 0, None), ("รวมทั้งหมด", 7, 2, 3, 2, 0, 1, 1, 1, 8),
    ]  # fmt: skip


def test_a_duplicate_stands_with_both_schools_and_once_in_the_total() -> None:
    schools = with_cases(*CASES)
    assert cells(sheet("duplicates", *schools, by="school"), "smis", *FATES, "note") == [
        (ONE, 5, 2, 2, 1, 0, 1, 1, 0, 8, None), (TWO, 6, 1, 3, 0, 2, 1, 1, 1, 8, None),
        (THREE, 3, 1, 1, 1, 0, 0, 0, 1, 1, "ยังไม่ยืนยัน"), (None, 7, 2, 3, 2, 0, 1, 1, 1, 8, "ยังไม่ยืนยัน 1 โรงเรียน"),
    ]  # fmt: skip
    assert cells(sheet("duplicates", *schools, by="amphoe"), "name", *FATES) == [
        ("เชียงของ", 3, 1, 1, 1, 0, 0, 0, 1, 1), ("เทิง", 7, 2, 3, 1, 1, 1, 1, 1, 8),
        ("รวมทั้งหมด", 7, 2, 3, 2, 0, 1, 1, 1, 8),
    ]  # fmt: skip
    assert cells(sheet("duplicates", *schools, by="cluster"), "name", "cases") == [
        ("ริมอิง", 7), ("ไม่อยู่ในกลุ่มโรงเรียน", 3), ("รวมทั้งหมด", 7),
    ]  # fmt: skip


def test_a_school_reads_where_its_own_pupils_count() -> None:
    alone = sheet("duplicates", with_cases(*CASES)[1])
    assert cells(alone, *FATES)[-1] == (6, 1, 3, 0, 2, 1, 1, 1, 8)


def test_the_previous_round_stands_beside_its_duplicates() -> None:
    now, before = with_cases(*CASES), round_of(*with_cases(*CASES[:3]), year_be=2568)
    found = sheet("duplicates", *now, before=before)
    assert cells(found, "cases", "previous_cases", "change_cases", "open", "previous_open") == [
        (4, 3, 1, 2, 2), (2, 0, 2, 0, 0), (1, 0, 1, 0, 0), (7, 3, 4, 2, 2),
    ]  # fmt: skip


def test_the_public_sees_no_few_duplicates_and_none_that_follow() -> None:
    many = [duplicate(number, ONE, TWO) for number in range(1, 8)]
    shown = made("duplicates", round_of(*with_cases(*many, duplicate(9, TWO, THREE))), by="school", public=True).sheet
    assert shown is not None
    assert cells(shown, "cases", "open", "oldest") == [
        ("*", "*", "*"), (8, 8, 8), ("<5", "<5", "*"), (8, 8, 8),
    ]  # fmt: skip


def test_nobody_knows_of_duplicates_before_files_came() -> None:
    nobody = made("duplicates", round_of(SILENT))
    assert (nobody.sheet, nobody.reason) == (None, NOT_SENT_YET)


def test_travel_says_why_it_is_not_made() -> None:
    found = made("travel", round_of(A))
    assert (found.sheet, found.has_no_data) == (None, True)
    assert "DMC" in found.reason


def test_a_school_without_the_data_is_left_out_and_named() -> None:
    found = made("religion", round_of(A, B, SILENT))
    assert (found.not_evaluated, found.missing, found.provisional) == (["57040002"], ["57040003"], [])
    assert found.sheet is not None and found.sheet.total is not None
    assert found.sheet.total.cells["total"] == 38
    alone = made("religion", round_of(B))
    assert (alone.sheet, alone.reason, alone.has_no_data) == (None, NO_DATA, True)
    silent = made("religion", round_of(SILENT))
    assert (silent.sheet, silent.reason, silent.has_no_data) == (None, NOT_SENT_YET, False)


@pytest.mark.parametrize(
    ("held", "name", "lacking"),
    [
        (tables(), "religion", False),
        (tables(missing=["religion"]), "religion", True),
        ({"classes": [room("ป.1", 1, 1)], "religion": []}, "religion", True),
        ({"classes": [], "religion": []}, "religion", False),
        ({"classes": [room("ป.1", 1, 1)], "disadvantage": []}, "disadvantage", False),
        ({"classes": []}, "identities", True),
    ],
)
def test_an_empty_table_is_not_a_missing_one(held: dict[str, object], name: str, lacking: bool) -> None:
    assert lacks(held, name) is lacking


def test_the_wide_form_has_a_row_for_each_school_and_says_who_is_provisional_or_missing() -> None:
    found = sheet("headcount", A, B, SILENT, EXEMPT, by="school")
    titles = [column.title for column in found.columns]
    assert titles == [
        "รหัส", "โรงเรียน", "อำเภอ", "ป.1", "รวมประถม", "ม.1", "รวมมัธยมต้น", "ชาย", "หญิง", "ห้องเรียน", "รวม", "หมายเหตุ",
    ]  # fmt: skip
    assert cells(found, "smis", "line_1", "line_3", "total", "note") == [
        ("57040001", 16, 22, 38, None), ("57040002", 2, 0, 2, "ยังไม่ยืนยัน"), ("57040003", None, None, None, "ยังไม่ส่งไฟล์"),
        (None, 18, 22, 40, "ยังไม่ส่งไฟล์ 1 โรงเรียน, ยังไม่ยืนยัน 1 โรงเรียน"),
    ]  # fmt: skip
    assert [row[0] for row in cells(sheet("headcount", A, B, by="amphoe"), "name")] == ["เชียงของ", "เทิง", "รวมทั้งหมด"]


def test_the_previous_round_of_the_same_year_stands_beside_with_differences() -> None:
    earlier = school("57040001", tables(classes=[room("อ.3", 2, 3), room("ป.1", 5, 5)]))
    found = made("headcount", round_of(A), round_of(earlier))
    assert found.is_compared and found.sheet is not None
    assert cells(found.sheet, "grade", "total", "previous_total", "change_total") == [
        ("อ.3", 0, 5, -5), ("รวมก่อนประถม", 0, 5, -5), ("ป.1", 16, 10, 6), ("รวมประถม", 16, 10, 6), ("ม.1", 22, 0, 22),
        ("รวมมัธยมต้น", 22, 0, 22), ("รวมทั้งหมด", 38, 15, 23),
    ]  # fmt: skip


def test_grades_of_another_year_are_shown_but_not_subtracted() -> None:
    found = made("headcount", round_of(A, SILENT), round_of(A, year_be=2568))
    assert found.sheet is not None
    assert cells(found.sheet, "grade", "previous_total", "change_total") == [
        ("ป.1", 16, None), ("รวมประถม", 16, 0), ("ม.1", 22, None), ("รวมมัธยมต้น", 22, 0), ("รวมทั้งหมด", 38, 0),
    ]  # fmt: skip
    assert OTHER_PUPILS in found.notes and INCOMPLETE in found.notes
    by_school = made("headcount", round_of(A), round_of(A, year_be=2568), by="school")
    assert by_school.sheet is not None
    assert cells(by_school.sheet, "change_total") == [(0,), (0,)]


def test_a_school_is_compared_with_itself_when_its_code_has_changed() -> None:
    before = school("57049999", tables(classes=[room("ป.1", 5, 5)]), place=A.place)
    assert cells(sheet("headcount", A, by="school", before=round_of(before)), "previous_total")[0] == (10,)


def test_a_previous_round_without_the_data_is_no_zero() -> None:
    found = made("religion", round_of(A), round_of(B))
    assert not found.is_compared
    assert NO_DATA_BEFORE in found.notes


@pytest.mark.parametrize("key", REPORTS)
def test_every_way_to_cut_a_report_says_the_same_of_what_adds_up(key: str) -> None:
    """Whatever a report calls a sum is one, in every form of it and with another round beside."""
    for by in REPORTS[key].all_ways:
        found = made(key, round_of(A, B, SILENT), round_of(A), by).sheet
        if found is None:
            continue
        rows = {row.id: row.cells for row in found.all_rows}
        people = [column.key for column in found.columns if column.people]
        for cells_ in rows.values():
            for one in found.column_sums:
                if cells_[one.whole] is not None:
                    assert cells_[one.whole] == sum(cells_[part] for part in one.parts), (by, one)
        for one in found.row_sums:
            for name in people:
                if not name.startswith("previous_"):
                    assert rows[one.whole][name] == sum(rows[part][name] or 0 for part in one.parts), (by, one)


def test_an_unknown_way_is_refused() -> None:
    with pytest.raises(LookupError):
        made("headcount", round_of(A), by="moon")
