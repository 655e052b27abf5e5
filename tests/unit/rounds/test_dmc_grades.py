"""Grades, rooms, and the age that belongs to a grade."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rounds.rules.dmc.grades import Grade, offered_codes, parse_grade, parse_room, years_off
from services.rounds.rules.dmc.identity_number import Kind, read_identity

GRADES = [
    Grade(level, number)
    for level, count in (("อ", 3), ("ป", 6), ("ม", 6), ("ปวช", 3))
    for number in range(1, count + 1)
]
LONG = {"อ": "อนุบาลปีที่ ", "ป": "ประถมศึกษาปีที่ ", "ม": "มัธยมศึกษาปีที่ ", "ปวช": "ปวช. "}
THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def test_codes_are_dmcs_one_to_eighteen():
    assert [grade.code for grade in GRADES] == list(range(1, 19))


@pytest.mark.parametrize("grade", GRADES, ids=lambda grade: grade.label)
def test_every_spelling_of_a_grade(grade):
    spellings = [
        grade.label,
        grade.label.replace(".", ""),
        grade.label.translate(THAI),
        LONG[grade.level] + str(grade.number),
    ]
    assert {parse_grade(spelling) for spelling in spellings} == {grade}


@pytest.mark.parametrize("text", ["", "ป", "ป.0", "ป.7", "อ.4", "ม.7", "1", "P.1", "ป.11", "ปวส.1"])
def test_what_is_no_grade(text):
    assert parse_grade(text) is None


@given(st.sampled_from(GRADES), st.integers(2560, 2580), st.integers(-5, 15), st.integers(0, 364))
def test_years_off_counts_cohorts(grade, year_be, older, day):
    """A child of the usual cohort moved by n years is n years off, whatever the day of birth."""
    if grade.level == "อ":
        first = date(year_be - 543 - 3 - grade.number - older, 5, 17)
    else:
        base = {"ป": 6, "ม": 12, "ปวช": 15}[grade.level]
        first = date(year_be - 543 - base - grade.number - older, 1, 1)
    birth = date.fromordinal(first.toordinal() + day)
    assert years_off(grade, birth, year_be) == older


def test_kindergarten_turns_on_the_sixteenth_of_may():
    """อ.1 of BE 2566: born 17 May 2562 - 16 May 2563 (OBEC)."""
    first = Grade("อ", 1)
    assert years_off(first, date(2019, 5, 17), 2566) == 0
    assert years_off(first, date(2020, 5, 16), 2566) == 0
    assert years_off(first, date(2019, 5, 16), 2566) == 1
    assert years_off(first, date(2020, 5, 17), 2566) == -1
    assert years_off(Grade("ป", 1), date(2016, 12, 31), 2566) == 0


ROOMS = [
    (1, 1), (2.0, 2), ("3", 3), ("๔", 4), (" 5 ", 5), ("1/2", 2), ("ป.1/2", 2), ("1.0", 1), ("01", 1),
    (0, None), (1.5, None), ("1.5", None), ("-1", None), ("", None), (None, None), (True, None),
    (date(2026, 1, 1), None),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "room"), ROOMS)
def test_rooms(cell, room):
    assert parse_room(cell) == room


def test_offered_grades():
    assert offered_codes("อนุบาล-ประถมศึกษา") == frozenset(range(1, 10))
    assert offered_codes("อนุบาล - มัธยมศึกษาตอนต้น") == frozenset(range(1, 13))
    assert offered_codes("มัธยมศึกษาตอนต้น-มัธยมศึกษาตอนปลาย") == frozenset(range(10, 19))
    assert offered_codes("อื่น ๆ") is None
    assert offered_codes(None) is None


@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.dates(), st.none()), st.booleans())
def test_whatever_stands_in_the_id_column_is_read_as_something(cell, typed):
    number = read_identity(cell, typed=typed)
    assert (number.value is not None) == (number.kind in (Kind.THAI, Kind.G_CODE))
    if number.value is not None:
        assert len(number.value) == 13
        assert number.value[1:].isascii()
        assert number.value[1:].isdigit()


@given(st.one_of(st.text(max_size=30), st.floats(), st.integers()))
def test_whatever_stands_in_the_room_column_is_a_room_or_nothing(cell):
    room = parse_room(cell)
    assert room is None or room >= 1
