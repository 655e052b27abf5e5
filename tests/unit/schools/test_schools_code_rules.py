"""Codes by scheme and validity, and the places whose codes look like those of areas."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.schools.organisations.codes import rules
from services.schools.organisations.codes.rules import Held, Validity
from services.schools.organisations.places import checks, register
from services.schools.organisations.rules import Scheme
from services.schools.seed.office import AREAS, schools

DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2020, 3, 1))
ENDS = st.none() | DAYS


@st.composite
def validities(draw: st.DrawFn) -> Validity:
    first, last = draw(ENDS), draw(ENDS)
    return Validity(last, first) if first and last and last < first else Validity(first, last)


class TestValidity:
    @given(validities(), validities())
    def test_two_meet_exactly_when_both_cover_some_day(self, one: Validity, other: Validity) -> None:
        window = [dt.date(2019, 12, 31) + dt.timedelta(days=days) for days in range(64)]
        both = any(one.covers(day) and other.covers(day) for day in window)
        assert one.meets(other) == other.meets(one) == both

    @given(validities(), DAYS)
    def test_a_code_ends_the_day_before_its_follower_begins(self, held: Validity, since: dt.date) -> None:
        ended = rules.ended_before(held, since)
        follower = Validity(since)
        if ended is None:
            assert held.first == since or held.first > since
        else:
            assert not ended.meets(follower)
            assert ended.covers(since - dt.timedelta(days=1))

    def test_an_end_before_the_beginning_is_no_validity(self) -> None:
        with pytest.raises(ValueError, match="cannot end"):
            Validity(dt.date(2020, 1, 2), dt.date(2020, 1, 1))


class TestClash:
    @given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["12", "34"]), validities())))
    def test_no_two_units_ever_hold_the_same_code_at_the_same_time(
        self, wishes: list[tuple[str, str, Validity]]
    ) -> None:
        held: list[Held] = []
        for unit, code, validity in wishes:
            wanted = Held(unit, Scheme.PER6, code, validity)
            if rules.clash(wanted, held) is None:
                held.append(wanted)
        for one in held:
            for other in held:
                assert one is other or one.code != other.code or not one.validity.meets(other.validity)

    def test_the_same_digits_in_another_scheme_are_no_clash(self) -> None:
        area = Held("area", Scheme.AREA4, "5704", Validity())
        assert rules.clash(Held("place", Scheme.AMPHOE4, "5704", Validity()), [area]) is None

    def test_a_smis_code_is_never_given_to_another_school_again(self) -> None:
        ended = Validity(None, dt.date(2020, 1, 31))
        later = Validity(dt.date(2020, 2, 1))
        for scheme, refused in ((Scheme.SMIS8, True), (Scheme.PER6, False)):
            former = Held("a", scheme, "57040001", ended)
            assert bool(rules.clash(Held("b", scheme, "57040001", later), [former])) is refused
            assert rules.clash(Held("a", scheme, "57040001", later), [former]) is None, "back to its own former code"


class TestForms:
    @pytest.mark.parametrize(
        ("scheme", "code"), [(Scheme.SMIS8, "57040001"), (Scheme.MOE10, "1057120116"), (Scheme.PER6, "080005")]
    )
    def test_codes_as_they_are(self, scheme: Scheme, code: str) -> None:
        assert rules.code_faults("code", scheme, code, "57") == []
        assert rules.repaired(scheme, code) is None

    @pytest.mark.parametrize(
        ("scheme", "typed", "meant"),
        [
            (Scheme.MOE10, "157120742", "1057120742"),
            (Scheme.PER6, "80005", "080005"),
            (Scheme.SMIS8, "57040001.0", "57040001"),
            (Scheme.SMIS8, "๕๗๐๔๐๐๐๑", "57040001"),
            (Scheme.MOE10, "10-57-120116", "1057120116"),
            (Scheme.SMIS8, "5704", None),
            (Scheme.MOE10, "1157120116x", None),
        ],
    )
    def test_what_was_probably_meant_is_named(self, scheme: Scheme, typed: str, meant: str | None) -> None:
        assert rules.repaired(scheme, typed) == meant
        (fault,) = rules.code_faults("code", scheme, typed, "57")
        assert (fault.code, (meant or "-") in fault.message) == ("EM01", meant is not None)

    def test_a_ministry_code_says_affiliation_and_province(self) -> None:
        for code in ("1157120116", "1056120116"):
            assert [fault.code for fault in rules.code_faults("code", Scheme.MOE10, code, "57")] == ["EM01"]

    @pytest.mark.parametrize(("area", "province"), [("5704", "57"), ("1001", "10"), ("101736", ""), ("100700", "")])
    def test_six_digits_of_an_area_say_nothing_of_a_province(self, area: str, province: str) -> None:
        assert rules.province_of(area) == province

    def test_where_the_province_is_not_known_the_affiliation_alone_is_looked_at(self) -> None:
        province = rules.province_of("101736")
        for code in ("1057120801", "1056120801"):
            assert rules.code_faults("code", Scheme.MOE10, code, province) == []
        (fault,) = rules.code_faults("code", Scheme.MOE10, "1157120801", province)
        assert (fault.code, "ในจังหวัดนี้" in fault.message) == ("EM01", False)

    def test_a_ministry_code_ends_with_the_six_digits_of_obec(self) -> None:
        assert rules.pair_faults("ministry_code", "1057120116", "120116") == []
        assert rules.pair_faults("ministry_code", "1057120116", None) == []
        assert [fault.code for fault in rules.pair_faults("ministry_code", "1057120116", "120117")] == ["EM02"]


class TestPlaces:
    def test_the_digits_of_the_area_name_an_amphoe(self) -> None:
        assert [(place.scheme, place.full_name) for place in register.with_code("5704")] == [
            ("AMPHOE4", "อำเภอเทิง จังหวัดเชียงราย")
        ]
        assert [place.full_name for place in register.with_code("570402")] == ["ตำบลงิ้ว อำเภอเทิง"]

    def test_the_amphoe_of_area_4(self) -> None:
        ours = {place.code: place.name for place in register.places() if place.area == "5704"}
        assert ours == {"5703": "เชียงของ", "5704": "เทิง", "5712": "พญาเม็งราย", "5713": "เวียงแก่น", "5714": "ขุนตาล"}

    def test_every_school_of_the_area_lies_in_a_place_that_is_there(self) -> None:
        for school in schools(AREAS[0]):
            assert checks.place_faults(school.tambon, school.amphoe, school.province) == []

    def test_a_tambon_is_never_looked_up_without_its_amphoe(self) -> None:
        assert checks.postcodes("เวียง", "เชียงของ", "เชียงราย") == ("57140",)
        assert checks.postcodes("เวียง", "เทิง", "เชียงราย") == ("57160",)
        assert [fault.code for fault in checks.place_faults("ศรีดอนชัย", "เทิง", "เชียงราย")] == ["EM04"]
        assert [fault.pointer for fault in checks.place_faults("งิ้ว", "ไม่มี", "เชียงราย")] == ["amphoe"]

    def test_what_is_not_in_the_register_is_not_judged(self) -> None:
        assert checks.place_faults("ในเมือง", "เมืองพิษณุโลก", "พิษณุโลก") == []
        assert checks.amphoe_in_area("แม่จัน", "เชียงราย", "5704") is None
        assert checks.amphoe_in_area("เทิง", "เชียงราย", "5704") is True
        assert checks.amphoe_in_area("เทิง", "เชียงราย", "5703") is False
        assert checks.amphoe_in_area("เทิง", "เชียงราย", "101736") is None, "secondary schools of several provinces"
