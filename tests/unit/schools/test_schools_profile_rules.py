"""What may stand in the yearly profile of a school, and who has seen what they overwrite."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.schools.organisations import rules
from services.schools.organisations.rules import Profile
from shared.preconditions import Precondition, judge_precondition

PRIMARY = "อนุบาล-ประถมศึกษา"
EXTENDED = "อนุบาล-มัธยมศึกษาตอนต้น"


def pointers(body: Any, education_range: str = PRIMARY) -> list[str]:
    return [fault.pointer for fault in rules.profile_faults(body, education_range)]


def body(**rooms: Any) -> dict[str, Any]:
    return {"year_be": 2569, "rooms_by_grade": rooms or {"อ.1": 1}}


class TestGrades:
    def test_the_two_kinds_of_schools_in_area_4(self) -> None:
        assert rules.grades_of(PRIMARY)[-1] == "ป.6"
        assert rules.grades_of(EXTENDED)[-1] == "ม.3"
        assert len(rules.grades_of(EXTENDED)) == 12

    def test_one_level_and_the_upper_secondary_with_its_vocational_grades(self) -> None:
        assert rules.grades_of("ประถมศึกษา") == ("ป.1", "ป.2", "ป.3", "ป.4", "ป.5", "ป.6")
        assert rules.grades_of("มัธยมศึกษาตอนต้น-มัธยมศึกษาตอนปลาย")[-1] == "ปวช.3"

    @pytest.mark.parametrize("text", ["", "การศึกษาพิเศษ", "อนุบาล-"])
    def test_an_unknown_range_forbids_no_more_than_it_says(self, text: str) -> None:
        assert set(rules.grades_of(text)) <= set(rules.GRADES)
        assert rules.grades_of(text)

    @given(st.sets(st.sampled_from(rules.GRADES)))
    def test_grades_are_kept_from_the_bottom_up(self, chosen: set[str]) -> None:
        ordered = rules.in_grade_order(dict.fromkeys(chosen, 1))
        assert list(ordered) == [grade for grade in rules.GRADES if grade in chosen]


class TestProfile:
    @given(st.dictionaries(st.sampled_from(rules.grades_of(EXTENDED)), st.integers(0, 99), min_size=1))
    def test_offered_grades_with_0_to_99_rooms_are_right(self, rooms: dict[str, int]) -> None:
        assert pointers({"year_be": 2569, "rooms_by_grade": rooms, "teachers": 12}, EXTENDED) == []

    @pytest.mark.parametrize("count", [-1, 100, 1.0, "1", True, None])
    def test_rooms_are_whole_numbers_in_bounds(self, count: Any) -> None:
        assert pointers(body(**{"ป.1": count})) == ["rooms_by_grade.ป.1"]

    @pytest.mark.parametrize("grade", ["อบ.1", "ป.7", "ป1", "อนุบาล 1", ""])
    def test_grades_are_spelt_one_way(self, grade: str) -> None:
        assert pointers(body(**{grade: 1})) == [f"rooms_by_grade.{grade}"]

    def test_a_grade_the_school_does_not_offer(self) -> None:
        assert pointers(body(**{"ม.1": 1})) == ["rooms_by_grade.ม.1"]
        assert pointers(body(**{"ม.1": 1}), EXTENDED) == []

    @pytest.mark.parametrize("year", [2026, "2569", None, 69, True, 3000])
    def test_the_year_is_of_the_buddhist_era(self, year: Any) -> None:
        assert pointers({"year_be": year, "rooms_by_grade": {"ป.1": 1}}) == ["year_be"]

    @pytest.mark.parametrize("rooms", [None, {}, [], "ป.1", 3])
    def test_rooms_must_be_told(self, rooms: Any) -> None:
        assert pointers({"year_be": 2569, "rooms_by_grade": rooms}) == ["rooms_by_grade"]

    def test_every_wrong_field_is_named(self) -> None:
        wrong = {"year_be": 26, "rooms_by_grade": {"ป.1": -1, "ม.6": 1, "ก": 1}, "teachers": -3, "colour": "เขียว"}
        assert set(pointers(wrong)) == {
            "year_be",
            "rooms_by_grade.ป.1",
            "rooms_by_grade.ม.6",
            "rooms_by_grade.ก",
            "teachers",
            "colour",
        }

    @pytest.mark.parametrize("nothing", [None, [], "x", 3])
    def test_something_else_than_an_object(self, nothing: Any) -> None:
        assert pointers(nothing) == [""]

    @pytest.mark.parametrize(("teachers", "alone"), [(None, None), (0, False), (1, True), (2, False)])
    def test_one_teacher(self, teachers: int | None, alone: bool | None) -> None:
        assert Profile(2569, {}, teachers).has_one_teacher is alone


class TestPreconditions:
    @pytest.mark.parametrize(
        ("current", "if_match", "if_none_match", "verdict"),
        [
            (None, None, "*", Precondition.HOLDS),
            ("p1", None, "*", Precondition.STALE),
            ("p2", "p2", None, Precondition.HOLDS),
            ("p2", '"p2"', None, Precondition.HOLDS),
            ("p2", "*", None, Precondition.HOLDS),
            ("p2", '"p1"', None, Precondition.STALE),
            (None, "p1", None, Precondition.STALE),
            (None, "*", None, Precondition.STALE),
            (None, None, None, Precondition.REQUIRED),
            ("p1", None, None, Precondition.REQUIRED),
            ("p1", None, '"p9"', Precondition.REQUIRED),
        ],
    )
    def test_who_writes_has_seen_what_is_there(
        self, current: str | None, if_match: str | None, if_none_match: str | None, verdict: Precondition
    ) -> None:
        assert judge_precondition(current, if_match, if_none_match) is verdict


class TestPaths:
    @pytest.mark.parametrize(
        ("path", "area"),
        [
            ("/obec/5704/57040001/", "/obec/5704/"),
            ("/obec/5704/g-ict/", "/obec/5704/"),
            ("/obec/5704/", "/obec/5704/"),
            ("/obec/", "/obec/"),
        ],
    )
    def test_the_area_of_a_node(self, path: str, area: str) -> None:
        assert rules.area_of(path) == area

    @pytest.mark.parametrize(
        ("typed", "wanted"),
        [
            ("โรงเรียนบ้านหลวง", "บ้านหลวง"),
            (" รร.บ้านหลวง ", "บ้านหลวง"),
            ("๕๗๐๔๐๐๐๑", "57040001"),
            ("น\u0e4d\u0e32", "น\u0e33"),
            ("", ""),
        ],
    )
    def test_what_is_typed_into_the_search_field(self, typed: str, wanted: str) -> None:
        assert rules.search_text(typed) == wanted
