"""The record of a school: what may stand in it, and what in it is probably wrong (EM04-EM10)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.schools.organisations.details import rules
from services.schools.organisations.details.rules import FIELDS, Surroundings

AROUND = Surroundings(2569, "เชียงราย", True, True, ("57160",), ())
EMPTY: dict[str, Any] = {**dict.fromkeys(FIELDS), "founded_year_be": None}
HERE = {"latitude": 19.69, "longitude": 100.21}


def record(**known: Any) -> dict[str, Any]:
    return {**EMPTY, **known}


def doubted(around: Surroundings = AROUND, **known: Any) -> list[tuple[str, str]]:
    return [(doubt.pointer, doubt.code) for doubt in rules.doubts(record(**known), around)]


def faults(**known: Any) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault, _meant in rules.record_faults(record(**known))]


class TestReading:
    def test_texts_as_careful_typists_write_them(self) -> None:
        body = {"village": " บ้านงิ้ว  หมู่ 3 ", "phone": "-", "email": "", "website": None, "highland": True}
        values, wrong = rules.read_details(body)
        assert wrong == []
        assert values == {
            "village": "บ้านงิ้ว หมู่ 3",
            "phone": None,
            "email": None,
            "website": None,
            "highland": True,
        }

    def test_what_is_not_given_is_not_touched(self) -> None:
        assert rules.read_details({"km_to_area": 12}) == ({"km_to_area": 12.0}, [])

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ({"nickname": "x"}, "unknown"),
            ({"name_en": 5}, "string"),
            ({"name_en": "x" * 201}, "length"),
            ({"latitude": "19.6"}, "number"),
            ({"latitude": True}, "number"),
            ({"km_to_area": float("nan")}, "number"),
            ({"highland": "ใช่"}, "boolean"),
        ],
    )
    def test_what_may_not_be_stored(self, body: dict[str, Any], code: str) -> None:
        assert [fault.code for fault in rules.read_details(body)[1]] == [code]

    @given(st.dictionaries(st.sampled_from(FIELDS), st.text() | st.floats() | st.booleans() | st.none()))
    def test_whatever_is_written_is_read_or_refused(self, body: dict[str, Any]) -> None:
        values, wrong = rules.read_details(body)
        if not wrong:
            list(rules.record_faults(record(**values)))
            rules.doubts(record(**values), AROUND)


class TestFounding:
    @pytest.mark.parametrize(
        ("written", "year_be"),
        [
            ("1 พฤษภาคม 2482", 2482),
            ("1 มกราคม 2482", 2482),  # before 2484 no day of January to March is converted; its year stands
            ("พ.ศ. 2482", 2482),
            ("๒๔๘๒", 2482),
            ("พ.ค. 2510", 2510),
            ("1939", 2482),
            ("12/06/2525", 2525),
            ("เมื่อครั้งโบราณ", None),
            ("25", None),
        ],
    )
    def test_the_year_of_a_founding_date(self, written: str, year_be: int | None) -> None:
        assert rules.founded_year(written) == year_be
        assert rules.read_details({"founded": written})[0] == {"founded": written.strip(), "founded_year_be": year_be}

    def test_a_date_without_a_year_and_one_to_come_are_doubted(self) -> None:
        assert doubted(founded="โบราณ") == [("founded", "EM08")]
        assert doubted(founded="2570", founded_year_be=2570) == [("founded", "EM08")]
        assert doubted(founded="2482", founded_year_be=2482) == []


class TestContacts:
    @pytest.mark.parametrize(
        "phone", ["053795123", "0-5379-5123", "081-234-5678, 053 795123", "๐๕๓๗๙๕๑๒๓", "053795123 ต่อ 12"]
    )
    def test_numbers_as_schools_write_them(self, phone: str) -> None:
        assert doubted(phone=phone.replace(" 795", "795")) == []

    @pytest.mark.parametrize("phone", ["5379512", "053-79512", "1234567890", "ไม่มีสัญญาณ"])
    def test_cut_numbers_are_doubted(self, phone: str) -> None:
        assert doubted(phone=phone) == [("phone", "EM06")]

    def test_mail_and_web(self) -> None:
        assert doubted(email="school@ban-luang.ac.th", website="www.ban-luang.ac.th/home") == []
        assert doubted(email="school.ac.th", website="ไม่มี เว็บ") == [("email", "EM06"), ("website", "EM06")]

    def test_postcodes(self) -> None:
        assert doubted(postcode="57160") == []
        assert doubted(postcode="57140") == [("postcode", "EM05")]
        assert doubted(postcode="5716") == [("postcode", "EM05")]
        assert doubted(Surroundings(2569), postcode="57140") == [], "the tambon's are not known"

    def test_a_postcode_that_a_spreadsheet_made_a_number_of_is_offered_as_one(self) -> None:
        (doubt,) = rules.doubts(record(postcode="57160.0"), AROUND)
        assert doubt.view()["suggestion"] == {"postcode": "57160"}


class TestPosition:
    def test_inside_the_province(self) -> None:
        assert (faults(**HERE), doubted(**HERE)) == ([], [])

    def test_both_or_none(self) -> None:
        assert faults(latitude=19.69) == [("longitude", "EM10")]
        assert faults(longitude=100.21) == [("latitude", "EM10")]

    def test_outside_thailand_is_refused(self) -> None:
        assert faults(latitude=48.1, longitude=11.5) == [("latitude", "EM10")]

    def test_swapped_ones_are_offered_the_right_way_round(self) -> None:
        ((fault, meant),) = rules.record_faults(record(latitude=100.21, longitude=19.69))
        assert (fault.pointer, fault.code, meant) == ("latitude", "EM10", HERE)

    def test_nowhere_is_missing(self) -> None:
        assert rules.without_null_island({"latitude": 0.0, "longitude": 0.0}) == {"latitude": None, "longitude": None}

    def test_another_province_is_doubted_where_ours_is_known(self) -> None:
        bangkok = {"latitude": 13.75, "longitude": 100.5}
        assert doubted(**bangkok) == [("latitude", "EM10")]
        assert doubted(Surroundings(2569, "พิษณุโลก"), **bangkok) == []

    def test_far_from_the_other_schools_of_its_tambon(self) -> None:
        near = Surroundings(2569, "เชียงราย", neighbours=((19.7, 100.2), (20.3, 100.4)))
        far = Surroundings(2569, "เชียงราย", neighbours=((20.3, 100.4),))
        assert doubted(near, **HERE) == []
        assert doubted(far, **HERE) == [("latitude", "EM10")]

    def test_kilometres(self) -> None:
        assert rules.kilometres((19.0, 100.0), (20.0, 100.0)) == pytest.approx(111.2, abs=0.1)
        assert rules.kilometres((19.69, 100.21), (19.69, 100.21)) == 0


class TestDistancesAndPlaces:
    def test_distances(self) -> None:
        assert faults(km_to_area=-1) == [("km_to_area", "EM09")]
        assert doubted(km_to_area=0.0, km_to_amphoe=151.0) == [("km_to_area", "EM09"), ("km_to_amphoe", "EM09")]
        assert doubted(km_to_area=0.1, km_to_amphoe=150.0) == []

    def test_places(self) -> None:
        assert doubted(Surroundings(2569, tambon_known=False, amphoe_in_area=False)) == [
            ("tambon", "EM04"),
            ("amphoe", "EM04"),
        ]
        assert doubted(Surroundings(2569)) == []
