"""Sizes of schools: every number of pupils has one class, and a hand count agrees."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.reports.rules import Standing, sort_out
from services.reporting.sizes import rules
from services.reporting.sizes.rules import BEYOND, NO_PUPILS, SizeClass, SizeScheme
from services.reporting.sizes.schemes import SCHEMES, read_schemes, usual_scheme
from tests.unit.reporting.test_headcount_rules import SCHOOLS, counted

BY_ID = {scheme.id: scheme for scheme in SCHEMES}
DAY = dt.date(2026, 6, 10)


@pytest.mark.parametrize(
    ("scheme", "pupils", "label"),
    [
        ("primary4", 1, "เล็ก"), ("primary4", 120, "เล็ก"), ("primary4", 121, "กลาง"), ("primary4", 600, "กลาง"),
        ("primary4", 601, "ใหญ่"), ("primary4", 1500, "ใหญ่"), ("primary4", 1501, "ใหญ่พิเศษ"),
        ("classes7", 1, "ขนาดที่ 1"), ("classes7", 120, "ขนาดที่ 1"), ("classes7", 121, "ขนาดที่ 2"),
        ("classes7", 200, "ขนาดที่ 2"), ("classes7", 201, "ขนาดที่ 3"), ("classes7", 300, "ขนาดที่ 3"),
        ("classes7", 301, "ขนาดที่ 4"), ("classes7", 499, "ขนาดที่ 4"), ("classes7", 500, "ขนาดที่ 5"),
        ("classes7", 1499, "ขนาดที่ 5"), ("classes7", 1500, "ขนาดที่ 6"), ("classes7", 2499, "ขนาดที่ 6"),
        ("classes7", 2500, "ขนาดที่ 7"),
        ("secondary4", 1, "เล็ก"), ("secondary4", 499, "เล็ก"), ("secondary4", 500, "กลาง"), ("secondary4", 1499, "กลาง"),
        ("secondary4", 1500, "ใหญ่"), ("secondary4", 2499, "ใหญ่"), ("secondary4", 2500, "ใหญ่พิเศษ"),
        ("small7", 1, "1-20 คน"), ("small7", 20, "1-20 คน"), ("small7", 21, "21-40 คน"), ("small7", 40, "21-40 คน"),
        ("small7", 41, "41-60 คน"), ("small7", 60, "41-60 คน"), ("small7", 61, "61-80 คน"), ("small7", 80, "61-80 คน"),
        ("small7", 81, "81-100 คน"), ("small7", 100, "81-100 คน"), ("small7", 101, "101-120 คน"),
        ("small7", 120, "101-120 คน"), ("small7", 121, BEYOND),
    ],
)  # fmt: skip
def test_the_tables_of_the_office(scheme: str, pupils: int, label: str) -> None:
    assert rules.size_class(BY_ID[scheme], pupils) == label


@pytest.mark.parametrize(
    ("org_path", "scheme"),
    [
        ("/obec/5704/", "primary4"), ("/obec/5704/57040001/", "primary4"), ("/obec/101736/", "secondary4"),
        ("/obec/101736/57042001/", "secondary4"), ("/obec/", "primary4"),
    ],
)  # fmt: skip
def test_an_office_of_secondary_schools_has_its_own_usual_scheme(org_path: str, scheme: str) -> None:
    assert usual_scheme(org_path) == scheme


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.id)
def test_each_class_begins_where_the_one_before_ends(scheme: SizeScheme) -> None:
    ends = [one.most for one in scheme.classes[:-1]]
    assert [one.least for one in scheme.classes] == [1, *(most + 1 for most in ends if most is not None)]


@given(st.sampled_from(SCHEMES), st.integers(0, 6000))
def test_every_number_of_pupils_is_in_exactly_one_class(scheme: SizeScheme, pupils: int) -> None:
    holding = [one.label for one in scheme.classes if one.holds(pupils)]
    assert len(holding) <= 1
    found = rules.size_class(scheme, pupils)
    assert found in scheme.labels
    assert (found == NO_PUPILS) == (pupils == 0)
    assert (found == BEYOND) == (pupils > 0 and not holding)


def test_no_school_has_fewer_pupils_than_none() -> None:
    with pytest.raises(ValueError, match="-1"):
        rules.size_class(BY_ID["primary4"], -1)


@given(st.sampled_from(SCHEMES), SCHOOLS)
def test_the_pupils_of_all_classes_are_those_of_the_head_count(scheme: SizeScheme, schools: list[Standing]) -> None:
    schools = list({school.smis: school for school in schools}.values())
    sizes, total = rules.count_sizes(scheme, schools), counted(schools).total
    assert total is not None
    assert sum(one.pupils for one in sizes.classes) == total.cells["total"]
    assert (sizes.provisional, sizes.missing) == sort_out(schools)[1:]
    classed = [smis for one in sizes.classes for smis in one.schools]
    assert len(classed) == len(set(classed))
    assert {*classed, *sizes.missing} == {school.smis for school in schools if school.state != "EXEMPT"}


def school(smis: str, pupils: int | None, state: str = "CONFIRMED") -> Standing:
    classes = [{"grade": "ป.1", "room": 1, "male": pupils, "female": 0}] if pupils else []
    return Standing(smis, state, None if pupils is None else {"classes": classes})


def test_a_hand_count() -> None:
    schools = [
        school("1", 120), school("2", 121), school("3", 0), school("4", None), school("5", 15, "READY"),
        school("6", 400, "EXEMPT"), school("7", 601),
    ]  # fmt: skip
    sizes = rules.count_sizes(BY_ID["primary4"], schools)
    assert {one.label: one.schools for one in sizes.classes} == {
        NO_PUPILS: {"3": 0},
        "เล็ก": {"1": 120, "5": 15},
        "กลาง": {"2": 121},
        "ใหญ่": {"7": 601},
        "ใหญ่พิเศษ": {},
    }
    assert (sizes.missing, sizes.provisional) == (["4"], ["5"])


def test_a_scheme_that_changed_counts_from_its_day() -> None:
    written = {
        "size_scheme": [
            {"id": "x", "title": "เดิม", "valid_from": None},
            {"id": "x", "title": "ใหม่", "valid_from": "2026-06-01"},
        ],
        "size_class": [
            {"scheme": "x", "label": "เดียว", "min": 1, "max": None},
            {"scheme": "x", "valid_from": "2026-06-01", "label": "เล็ก", "min": 1, "max": 9},
            {"scheme": "x", "valid_from": "2026-06-01", "label": "ใหญ่", "min": 10, "max": None},
        ],
    }
    schemes = read_schemes(written)
    before, after = (rules.scheme_on(schemes, "x", day) for day in (dt.date(2026, 5, 31), DAY))
    assert before == SizeScheme("x", "เดิม", None, (SizeClass("เดียว", 1, None),))
    assert after is not None
    assert (after.title, len(after.classes)) == ("ใหม่", 2)
    assert rules.scheme_on(schemes, "y", DAY) is None
