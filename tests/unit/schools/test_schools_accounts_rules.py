"""Who may give which role where, when a grant counts, and the codes and names people come in with."""

import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.schools.access import rules
from services.schools.access.rules import GrantState, Period, Reach
from services.schools.organisations.rules import UnitKind
from shared.security.access import ROLES

TODAY = dt.date(2026, 6, 10)
NOON = dt.datetime(2026, 6, 10, 5, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
AREA, GROUP, SCHOOL, OTHER = "/obec/5704/", "/obec/5704/g-ict/", "/obec/5704/57040001/", "/obec/5704/57040002/"
ELSEWHERE = "/obec/5703/"
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    first = draw(DAYS)
    return Period(first, draw(st.none() | st.dates(first, dt.date(2027, 6, 1))))


def fault_codes(role: str, kind: str, first: dt.date = TODAY, last: dt.date | None = None, **more: object) -> list[str]:
    found = rules.grant_faults(role, kind, first, last, TODAY, **more)  # type: ignore[arg-type]
    return [f"{fault.pointer}:{fault.code}" for fault in found]


class TestPlaces:
    def test_every_role_has_its_places(self) -> None:
        assert set(rules.PLACES) == set(ROLES)
        assert all(rules.PLACES.values())

    @pytest.mark.parametrize(
        ("role", "kind", "may"),
        [
            ("area_admin", "AREA", True),
            ("area_admin", "SCHOOL", False),
            ("ops", "SCHOOL", False),
            ("auditor", "GROUP", False),
            ("officer", "GROUP", True),
            ("officer", "SCHOOL", False),
            ("registrar", "AREA", True),
            ("registrar", "GROUP", True),
            ("registrar", "SCHOOL", True),
            ("data_officer", "AREA", False),
            ("data_officer", "SCHOOL", True),
            ("school_director", "AREA", False),
            ("teacher", "GROUP", False),
        ],
    )
    def test_a_role_belongs_at_its_kind_of_unit(self, role: str, kind: str, may: bool) -> None:
        assert fault_codes(role, kind) == ([] if may else ["role:role.place"])

    @pytest.mark.parametrize("role", list(ROLES))
    def test_nothing_is_given_for_the_whole_country(self, role: str) -> None:
        assert fault_codes(role, "OBEC") == ["role:role.place"]

    def test_everything_wrong_is_said_at_once(self) -> None:
        wrong = fault_codes("king", "SCHOOL", TODAY, TODAY - DAY, acting=True)
        assert wrong == ["role:role", "until:period", "order_no:required", "order_date:required"]

    def test_who_acts_shows_the_order(self) -> None:
        order = {"acting": True, "order_no": "12/2569", "order_date": TODAY}
        assert fault_codes("school_director", "SCHOOL", **order) == []
        assert fault_codes("school_director", "SCHOOL", **{**order, "order_no": ""}) == ["order_no:required"]

    def test_a_time_that_is_over_is_not_given(self) -> None:
        assert fault_codes("teacher", "SCHOOL", TODAY - 9 * DAY, TODAY - DAY) == ["until:past"]
        assert fault_codes("teacher", "SCHOOL", TODAY - 9 * DAY, TODAY) == []


class TestReach:
    ADMIN, DIRECTOR = Reach(areas=(AREA,)), Reach(schools=(SCHOOL,))

    def test_an_area_admin_looks_after_everything_in_the_area_and_nothing_beside_it(self) -> None:
        for path in (AREA, GROUP, SCHOOL, OTHER):
            assert self.ADMIN.covers(path)
            assert self.ADMIN.governs("area_director", path)
        assert not self.ADMIN.covers(ELSEWHERE)
        assert not self.ADMIN.covers("/obec/")
        assert not self.ADMIN.governs("teacher", ELSEWHERE)

    def test_a_director_gives_three_roles_at_the_own_school(self) -> None:
        given_ = {role for role in ROLES if self.DIRECTOR.governs(role, SCHOOL)}
        assert given_ == {"data_officer", "teacher", "registrar"}
        assert not any(self.DIRECTOR.governs(role, path) for role in ROLES for path in (AREA, OTHER, ELSEWHERE))

    def test_who_may_not_look_into_the_queues_lets_nobody(self) -> None:
        assert not self.ADMIN.governs("ops", AREA)
        assert Reach(areas=(AREA,), runs_system=True).governs("ops", AREA)
        assert not Reach(schools=(SCHOOL,), runs_system=True).governs("ops", AREA)

    def test_roles_to_choose_from(self) -> None:
        assert self.DIRECTOR.roles_given(UnitKind.SCHOOL, SCHOOL) == ["registrar", "data_officer", "teacher"]
        assert self.DIRECTOR.roles_given(UnitKind.SCHOOL, OTHER) == []
        assert "ops" not in self.ADMIN.roles_given(UnitKind.AREA, AREA)

    def test_who_administers_nothing_reaches_nobody(self) -> None:
        assert not Reach().covers(SCHOOL)
        assert not Reach(runs_system=True).governs("teacher", SCHOOL)


class TestPeriods:
    @given(periods(), periods())
    def test_two_periods_meet_when_they_share_a_day(self, one: Period, other: Period) -> None:
        days = (one.first, other.first)
        assert one.meets(other) == any(one.covers(day) and other.covers(day) for day in days)
        assert one.meets(other) == other.meets(one)

    @given(periods(), DAYS)
    def test_a_grant_is_in_one_state(self, period: Period, day: dt.date) -> None:
        state = rules.grant_state(period, day, withdrawn=False)
        assert (state is GrantState.CURRENT) == period.covers(day)
        assert rules.grant_state(period, day, withdrawn=True) is GrantState.WITHDRAWN

    @pytest.mark.parametrize(
        ("last_day", "code"),
        [(-2, "past"), (-1, None), (0, None), (9, None), (10, "later")],
    )
    def test_a_grant_ends_yesterday_at_the_earliest(self, last_day: int, code: str | None) -> None:
        faults = rules.ending_faults(Period(TODAY - 30 * DAY, TODAY + 9 * DAY), TODAY + last_day * DAY, TODAY)
        assert [fault.code for fault in faults] == ([code] if code else [])

    def test_an_area_keeps_somebody_who_gives_grants(self) -> None:
        assert rules.leaves_nobody([], TODAY)
        assert rules.leaves_nobody([Period(TODAY + DAY)], TODAY)
        assert not rules.leaves_nobody([Period(TODAY + DAY), Period(TODAY)], TODAY)

    @pytest.mark.parametrize("written", ["10/06/2569", "2569-06-10", "2026-02-30", "tomorrow", "1949-12-31"])
    def test_a_day_that_cannot_be_read_is_named(self, written: str) -> None:
        faults: list[rules.Fault] = []
        assert rules.read_day("from", "ตั้งแต่วันที่", written, faults) is None
        assert [fault.pointer for fault in faults] == ["from"]


class TestCodes:
    def test_a_code_serves_in_its_half_minute_and_the_two_beside_it(self) -> None:
        present = int(NOON.timestamp()) // 30
        assert rules.fresh_steps(NOON, None) == [present - 1, present, present + 1]

    def test_a_code_that_was_used_serves_nobody_again(self) -> None:
        present = int(NOON.timestamp()) // 30
        assert rules.fresh_steps(NOON, present) == [present + 1]
        assert rules.fresh_steps(NOON, present + 1) == []

    @pytest.mark.parametrize("typed", ["123456", " 123 456", "123-456", "๑๒๓๔๕๖"])
    def test_a_code_may_be_typed_in_groups(self, typed: str) -> None:
        assert rules.bare_code(typed) == "123456"
        assert rules.is_totp_form(rules.bare_code(typed))

    def test_a_recovery_code_may_be_typed_as_telephones_type_it(self) -> None:
        code = rules.recovery_code(random.Random(1).choice)
        assert rules.bare_code(code.replace("-", " ").title()) == rules.bare_code(code)
        assert not rules.is_totp_form(rules.bare_code(code))

    def test_a_temporary_password_is_typed_on_a_telephone(self) -> None:
        password = rules.temporary_password(random.Random(1).choice)
        assert len(rules.SLIP_LETTERS) ** len(password) > 2**60
        assert password.islower()
        assert not set("0o1li") & set(rules.SLIP_LETTERS)
        assert "".join(rules.in_groups(password)) == password


class TestUserNames:
    @pytest.mark.parametrize("name", ["somchai.j", "data-57040001", " Somchai ", "a@b.c", "5704-001"])
    def test_user_names(self, name: str) -> None:
        assert rules.username_faults(name) == []

    @pytest.mark.parametrize("name", ["", "ab", "สมชาย", "a b c", ".abc", "x" * 61, "a/b/c"])
    def test_what_is_no_user_name(self, name: str) -> None:
        assert [fault.pointer for fault in rules.username_faults(name)] == ["username"]


class TestDevices:
    @pytest.mark.parametrize(
        ("agent", "device"),
        [
            ("Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36", "Chrome · Windows"),
            ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0", "Edge · Windows"),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) AppleWebKit/605.1 Version/17.5 Safari/604.1", "Safari · iPhone"),
            ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126 Mobile Safari/537", "Chrome · Android"),
            ("python-requests/2.32.3", "python-requests/2.32.3"),
            ("", ""),
        ],
    )
    def test_a_device_in_words_its_owner_knows(self, agent: str, device: str) -> None:
        assert rules.device_of(agent) == device

    @given(st.text(max_size=400))
    def test_no_agent_is_too_long(self, agent: str) -> None:
        assert len(rules.device_of(agent)) <= rules.LONGEST_DEVICE
