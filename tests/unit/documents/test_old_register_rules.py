"""What is true of a register as a whole: everything planted is found, at its rows, and nothing else."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st
from old_registers_for_tests import FORM_13, TODAY, codes, found, judged

from services.documents.oldregisters.rules import Gap, Number, Place, Row, gaps, opening, out_of_order
from tests.running.old_registers import Amounts, Planted, make


def letter(number: str, **cells: str) -> list[str]:
    """A row of form 13."""
    usual = {"no": "", "day": "", "sender": "สพฐ.", "subject": "ขอเชิญประชุม", "note": ""} | cells
    return [number, usual["no"], usual["day"], usual["sender"], "", usual["subject"], "", usual["note"]]


def expected(planted: Planted) -> dict[str, object]:
    """What a report must say."""
    return vars(planted) | {"unreadable": {row: {code} for row, code in planted.unreadable.items()}}


AMOUNTS = st.builds(
    Amounts,
    rows=st.integers(60, 200),
    duplicates=st.integers(0, 6),
    letters=st.integers(0, 4),
    gaps=st.integers(0, 6),
    voids=st.integers(0, 6),
    bad_cells=st.integers(0, 9),
    bad_numbers=st.integers(0, 7),
    disorder=st.integers(0, 1),
)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), AMOUNTS, st.sampled_from([(2569,), (2568, 2569)]))
def test_planted_is_found_and_nothing_else(seed: int, amounts: Amounts, years: tuple[int, ...]) -> None:
    table, planted = make(seed, amounts, years)
    report = judged(table)
    assert found(report) == expected(planted)
    assert report["opening"] == {"be_year": 2569, "last_no": planted.last[2569]}


@given(st.sets(st.tuples(st.sampled_from([2568, 2569]), st.integers(1, 60)), min_size=1))
def test_a_number_is_used_or_in_a_gap(numbers: set[tuple[int, int]]) -> None:
    used = {Number(year, no) for year, no in numbers}
    missing = [(gap.be_year, no) for gap in gaps(used) for no in range(gap.first, gap.last + 1)]
    last = {year: max(no for be, no in numbers if be == year) for year in {year for year, _ in numbers}}
    assert sorted([*missing, *numbers]) == [(year, no) for year in sorted(last) for no in range(1, last[year] + 1)]
    assert all(gap.count == gap.last - gap.first + 1 > 0 for gap in gaps(used))
    assert opening(used, 2569) == (Number(2569, last[2569]) if 2569 in last else None)


@given(st.lists(st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)), max_size=30))
def test_without_the_rows_named_the_dates_rise_and_no_fewer_would_do(days: list[dt.date]) -> None:
    rows = [Row(Place(1, no), no, Number(2569, no), day, None) for no, day in enumerate(days, start=1)]
    named = {row.place for row in out_of_order(rows)}
    kept = [row.own_date for row in rows if row.place not in named]
    assert kept == sorted(day for day in kept if day)
    longest: list[int] = []
    for at, day in enumerate(days):
        longest.append(1 + max((longest[before] for before in range(at) if days[before] <= day), default=0))
    assert len(kept) == max(longest, default=0)


def test_a_suffix_fills_no_gap_and_is_another_number() -> None:
    report = judged([FORM_13, letter("1/2569"), letter("2.1/2569"), letter("3/2569"), letter("3.1/2569")])
    assert report["gaps"] == [{"be_year": 2569, "first": 2, "last": 2, "count": 1}]
    assert gaps([Number(2569, 1), Number(2569, 2, "1")]) == [Gap(2569, 2, 2)]
    assert report["same_numbers"] == []


def test_numbers_of_the_book_are_duplicates_and_fill_gaps() -> None:
    known = [(2569, 2, ""), (2569, 3, ""), (2569, 9, ""), (2567, 1, "")]
    report = judged([FORM_13, letter("1/2569"), letter("3/2569"), letter("5/2569")], known=known)
    assert report["same_numbers"] == [
        {"be_year": 2569, "no": 3, "suffix": "", "rows": [{"sheet": 1, "row": 3}], "is_in_book": True}
    ]
    assert [codes(row) for row in report["rows"]] == [set(), {"number.in_book"}, set()]
    assert [row["is_enterable"] for row in report["rows"]] == [True, False, True]
    assert [(gap["first"], gap["last"]) for gap in report["gaps"]] == [(4, 4), (6, 8)]
    assert report["opening"] == {"be_year": 2569, "last_no": 9}


def test_the_same_number_in_another_year_is_another() -> None:
    report = judged([FORM_13, letter("1/2568"), letter("1/2569"), letter("1.1/2569")])
    assert report["same_numbers"] == []


def test_rows_that_share_a_number_name_each_other() -> None:
    report = judged([FORM_13, letter("1/2569"), letter("๑/๒๕๖๙"), letter("2/2569"), letter("1 / 2026")])
    assert [row["is_enterable"] for row in report["rows"]] == [False, False, True, False]
    said = {row["row"]: [finding["message"] for finding in row["findings"]] for row in report["rows"]}
    assert said[2] == ["เลข 1/2569 ซ้ำกับแถว 3, 5"]
    assert report["counts"]["warning"] == 3


def test_a_letter_that_came_twice_is_known_by_sender_number_and_date() -> None:
    first = letter("1/2569", no="ศธ 04001/ว 5", day="10 มิ.ย. 2569", sender="สพฐ.")
    twice = letter("2/2569", no="ศธ04001/ว๕", day="2026-06-10", sender=" สพฐ. ")
    others = [
        letter("3/2569", no="ศธ 04001/ว 6", day="10 มิ.ย. 2569"),
        letter("4/2569", no="ศธ 04001/ว 5", day="11 มิ.ย. 2569"),
        letter("5/2569", no="ศธ 04001/ว 5", day="10 มิ.ย. 2569", sender="สพป."),
        letter("6/2569", no="ศธ 04001/ว 5", day="10 มิ.ย. 2569", note="ยกเลิก"),
        letter("7/2570", no="ศธ 04001/ว 5", day="10 มิ.ย. 2569"),
        letter("8/2569", no="-", day="10 มิ.ย. 2569"),
        letter("9/2569", no="-", day="10 มิ.ย. 2569"),
        letter("10/2569", no="ศธ 04001/ว 5", day=""),
    ]
    report = judged([FORM_13, first, twice, *others])
    assert report["same_letters"] == [{"be_year": 2569, "rows": [{"sheet": 1, "row": 2}, {"sheet": 1, "row": 3}]}]
    assert [row["row"] for row in report["rows"] if "letter.duplicate" in codes(row)] == [2, 3]
    assert all(row["is_enterable"] for row in report["rows"])


def test_letters_sent_bear_one_number_each_and_are_no_duplicates() -> None:
    header = ["เลขทะเบียนส่ง", "ที่", "ลงวันที่", "จาก", "เรื่อง"]
    sent = [[f"{no}/2569", "ศธ 04001/", "10/06/2569", "สพป.", "แจ้ง"] for no in (1, 2)]
    assert judged([header, *sent], "sent")["same_letters"] == []


def test_an_unreadable_row_uses_its_number_up() -> None:
    """It was given out: it is not missing, and the next one is not it."""
    unread = [letter("2/2569", day="10/06/69"), letter("3"), letter("4/2569"), letter("5", day="x")]
    report = judged([FORM_13, letter("1/2569"), *unread])
    assert report["gaps"] == []
    assert report["opening"] == {"be_year": 2569, "last_no": 5}
    assert [row["number"] and row["number"]["no"] for row in report["rows"]] == [1, 2, None, 4, None]


def test_the_opening_number_is_of_this_year_alone() -> None:
    assert judged([FORM_13, letter("900/2568")])["opening"] is None
    assert TODAY.year + 543 == 2569
    assert judged([FORM_13, letter("900/2568"), letter("3/2569")])["opening"] == {"be_year": 2569, "last_no": 3}


def test_missing_numbers_are_ranges_also_of_a_register_that_begins_late() -> None:
    assert gaps([Number(2569, 501), Number(2569, 503)]) == [Gap(2569, 1, 500), Gap(2569, 502, 502)]
    assert gaps([]) == []
