"""The life of a school: which change may follow which, plans that come true, and how it was on a day."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.schools.organisations.lifecycle import rules
from services.schools.organisations.lifecycle.rules import Change, EventKind, Life, Order

DAY = dt.date(2026, 6, 10)
OPEN, CLOSED, GUEST = Life(), Life(is_open=False), Life(taught_at="main")
KINDS_OF_THE_OPEN = [kind for kind in EventKind if kind not in (EventKind.OPENED, EventKind.REOPENED)]


def change(kind: EventKind, days: int = 0, scheme: str = "") -> Change:
    return Change.of(kind, DAY + dt.timedelta(days=days), scheme, "main" if kind in rules.WITH_ANOTHER else None)


def code(now: Life | None, applied: list[Change], planned: list[Change], new: Change) -> str | None:
    refused = rules.history_refusal(now, applied, planned, new)
    return refused.code if refused else None


class TestSteps:
    @pytest.mark.parametrize("kind", [k for k in KINDS_OF_THE_OPEN if k is not EventKind.CORRECTED])
    def test_a_closed_school_is_only_opened_again_or_corrected(self, kind: EventKind) -> None:
        assert rules.refusal(CLOSED, kind).code == "school.closed"
        assert rules.refusal(CLOSED, EventKind.REOPENED) is None
        assert rules.refusal(CLOSED, EventKind.CORRECTED) is None

    def test_what_an_open_school_cannot(self) -> None:
        refused = {kind: rules.refusal(OPEN, kind) for kind in EventKind}
        assert {kind.value: one.code for kind, one in refused.items() if one} == {
            "OPENED": "school.exists",
            "REOPENED": "school.open",
            "SEPARATED": "school.not_co_located",
        }

    def test_a_school_is_taught_at_one_other_school_at_most(self) -> None:
        assert rules.refusal(GUEST, EventKind.CO_LOCATED).code == "school.co_located"
        assert rules.refusal(GUEST, EventKind.SEPARATED) is None
        assert rules.lived(GUEST, change(EventKind.SEPARATED)) == OPEN

    def test_before_it_is_opened_nothing_happens_to_a_school(self) -> None:
        for kind in EventKind:
            assert (rules.refusal(None, kind) is None) == (kind is EventKind.OPENED)

    def test_a_school_that_ends_is_no_longer_taught_elsewhere(self) -> None:
        assert rules.lived(GUEST, change(EventKind.CLOSED)) == CLOSED
        assert rules.lived(CLOSED, change(EventKind.REOPENED)) == OPEN


class TestHistory:
    def test_nothing_is_entered_before_what_has_taken_effect(self) -> None:
        applied = [change(EventKind.RENAMED, 10)]
        assert code(OPEN, applied, [], change(EventKind.RENAMED, 9)) == "school.earlier"
        assert code(OPEN, applied, [], change(EventKind.RENAMED, 10)) is None
        assert code(OPEN, applied, [], change(EventKind.CLOSED, 9)) == "school.earlier"

    def test_what_has_nothing_to_do_with_each_other_may_be_entered_in_any_order(self) -> None:
        applied = [change(EventKind.RENAMED, 10), change(EventKind.CODE_CHANGED, 10, "PER6")]
        assert code(OPEN, applied, [], change(EventKind.CODE_CHANGED, 3, "MOE10")) is None
        assert code(OPEN, applied, [], change(EventKind.CODE_CHANGED, 3, "PER6")) == "school.earlier"
        assert code(OPEN, applied, [], change(EventKind.RANGE_CHANGED, 3)) is None

    def test_a_correction_is_of_no_day(self) -> None:
        corrected = change(EventKind.CORRECTED, 30)
        assert code(OPEN, [corrected], [], change(EventKind.CLOSED, 3)) is None
        assert code(CLOSED, [change(EventKind.CLOSED, 40)], [], corrected) is None

    def test_no_plan_is_made_for_a_school_that_will_be_closed(self) -> None:
        planned = [change(EventKind.CLOSED, 20)]
        assert code(OPEN, [], planned, change(EventKind.RENAMED, 30)) == "school.closed"
        assert code(OPEN, [], planned, change(EventKind.RENAMED, 10)) is None

    def test_a_plan_that_would_become_impossible_is_withdrawn_first(self) -> None:
        planned = [change(EventKind.RENAMED, 20)]
        refused = rules.history_refusal(OPEN, [], planned, change(EventKind.CLOSED, 10))
        assert refused is not None
        assert refused.code == "school.planned"
        assert "30 มิ.ย. 2569" in refused.message

    def test_a_plan_on_which_another_one_builds_stays(self) -> None:
        closing, reopening = change(EventKind.CLOSED, 10), change(EventKind.REOPENED, 20)
        assert rules.withdrawal_refusal(OPEN, [reopening]).code == "school.planned"
        assert rules.withdrawal_refusal(OPEN, [closing]) is None

    def test_how_it_will_live_on_a_day(self) -> None:
        planned = [change(EventKind.REOPENED, 20), change(EventKind.CLOSED, 10)]
        lives = [rules.life_on(DAY + dt.timedelta(days=days), OPEN, planned).is_open for days in (9, 10, 19, 20)]
        assert lives == [True, False, False, True]


class SchoolLife(RuleBasedStateMachine):
    """Clerks record, plan and withdraw whatever is not refused; days go by."""

    def __init__(self) -> None:
        super().__init__()
        self.today = DAY
        self.life: Life | None = OPEN
        self.applied: list[Change] = []
        self.planned: list[Change] = []

    @rule(kind=st.sampled_from(EventKind), days=st.integers(-20, 40), scheme=st.sampled_from(["MOE10", "PER6"]))
    def record(self, kind: EventKind, days: int, scheme: str) -> None:
        new = Change.of(kind, self.today + dt.timedelta(days=days), scheme if kind is EventKind.CODE_CHANGED else "")
        if rules.history_refusal(self.life, self.applied, self.planned, new):
            return
        self.planned.append(new)
        self._apply_due()

    @rule(days=st.integers(1, 30))
    def let_days_go_by(self, days: int) -> None:
        self.today += dt.timedelta(days=days)
        self._apply_due()

    @precondition(lambda self: self.planned)
    @rule(data=st.data())
    def withdraw(self, data: Any) -> None:
        plan = data.draw(st.sampled_from(self.planned))
        remaining = [one for one in self.planned if one is not plan]
        if rules.withdrawal_refusal(self.life, remaining) is None:
            self.planned = remaining

    @invariant()
    def every_plan_is_possible_on_its_day(self) -> None:
        assert rules.withdrawal_refusal(self.life, self.planned) is None

    @invariant()
    def what_happened_to_one_thing_is_in_the_order_of_its_days(self) -> None:
        by_facet: dict[str, list[dt.date]] = {}
        for one in self.applied:
            if one.kind is not EventKind.CORRECTED:
                by_facet.setdefault(one.facet, []).append(one.effective_on)
        assert all(days == sorted(days) for days in by_facet.values())

    def _apply_due(self) -> None:
        due = [one for one in self.planned if one.effective_on <= self.today]
        self.planned = [one for one in self.planned if one not in due]
        for one in sorted(due, key=lambda each: each.effective_on):
            assert rules.refusal(self.life, one.kind) is None, "a plan never becomes impossible by itself"
            self.life = rules.lived(self.life, one)
            self.applied.append(one)


SchoolLife.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestSchoolLife = SchoolLife.TestCase


class TestReceivingSchool:
    def faults(self, kind: EventKind = EventKind.MERGED, **given_: Any) -> list[str]:
        known = {"is_self": False, "same_area": True, "life": OPEN, **given_}
        return [fault.code for fault in rules.other_faults("successor", kind, **known)]

    def test_it_is_open_another_one_and_of_the_area(self) -> None:
        assert self.faults() == []
        assert self.faults(is_self=True) == ["successor.self"]
        assert self.faults(same_area=False) == ["successor.area"]
        assert self.faults(life=CLOSED) == self.faults(life=None) == ["successor.closed"]

    def test_pupils_are_not_sent_on_from_one_main_school_to_the_next(self) -> None:
        assert self.faults(EventKind.CO_LOCATED, life=GUEST) == ["successor.co_located"]
        assert self.faults(EventKind.MERGED, life=GUEST) == []


WHOLE_ORDER = {"order_no": "ศธ 04006/123", "order_date": "2026-05-01", "effective_on": "2026-05-16"}


class TestOrders:
    def test_a_whole_order(self) -> None:
        read = rules.read_order({**WHOLE_ORDER, "note": " ตามมติ กศจ. "}, DAY)
        assert read == Order("ศธ 04006/123", dt.date(2026, 5, 1), dt.date(2026, 5, 16), 2569, "ตามมติ กศจ.")

    def test_the_academic_year_may_be_another_than_that_of_the_day(self) -> None:
        read = rules.read_order({**WHOLE_ORDER, "effective_on": "2026-04-01", "effective_year_be": 2569}, DAY)
        assert isinstance(read, Order)
        assert read.effective_year_be == 2569

    @pytest.mark.parametrize(
        ("wrong", "pointers"),
        [
            ({"order_no": " "}, ["order_no"]),
            ({"order_date": "2026-06-11"}, ["order_date"]),  # nobody signs tomorrow
            ({"order_date": "01/05/2569"}, ["order_date"]),
            ({"effective_on": "2031-05-16"}, ["effective_on"]),  # 2574: a year mistyped
            ({"effective_on": None, "order_no": None, "order_date": None}, ["order_no", "order_date", "effective_on"]),
            ({"effective_year_be": 2026}, ["effective_year_be"]),
            ({"effective_year_be": True}, ["effective_year_be"]),
            ({"note": "ก" * 1001}, ["note"]),
        ],
    )
    def test_everything_wrong_is_said_at_once(self, wrong: dict[str, Any], pointers: list[str]) -> None:
        read = rules.read_order({**WHOLE_ORDER, **wrong}, DAY)
        assert isinstance(read, list)
        assert [fault.pointer for fault in read] == pointers

    @given(st.dictionaries(st.sampled_from(["order_no", "order_date", "effective_on", "note"]), st.text() | st.none()))
    def test_whatever_is_written_gets_an_answer(self, fields: dict[str, Any]) -> None:
        assert rules.read_order(fields, DAY)


class TestNames:
    @pytest.mark.parametrize("name", ["บ้านศรีลานนา", "ราชประชานุเคราะห์ 15 (เวียงเก่าแสนภูวิทยาประสาท)"])
    def test_names_of_schools(self, name: str) -> None:
        assert list(rules.name_faults("name", name)) == []

    @pytest.mark.parametrize("name", ["", " ", None, 5, "ก" * 201, "โรงเรียนบ้านหลวง", "รร.บ้านหลวง"])
    def test_what_is_no_name(self, name: Any) -> None:
        assert [fault.pointer for fault in rules.name_faults("name", name)] == ["name"]


NOW = {"name": "ค", "state": "CLOSED"}
RECORDED_LAST_FIRST = (
    (change(EventKind.CLOSED, 30), {"state": "OPEN", "main_school": None}),
    (change(EventKind.CORRECTED, 25), {"name": "คค"}),
    (change(EventKind.RENAMED, 20), {"name": "ข"}),
    (change(EventKind.RENAMED, 10), {"name": "ก"}),
    (change(EventKind.OPENED, 0), {"state": None}),
)


class TestAsItWas:
    @pytest.mark.parametrize(
        ("days", "then"),
        [
            (-1, {"name": "ก", "state": None}),
            (0, {"name": "ก", "state": "OPEN"}),
            (9, {"name": "ก", "state": "OPEN"}),
            (10, {"name": "ข", "state": "OPEN"}),
            (20, {"name": "ค", "state": "OPEN"}),  # a name mistyped was never the school's name
            (30, {"name": "ค", "state": "CLOSED"}),
        ],
    )
    def test_what_came_later_is_taken_back(self, days: int, then: dict[str, Any]) -> None:
        assert rules.rewound(NOW, RECORDED_LAST_FIRST, DAY + dt.timedelta(days=days)) == then

    def test_of_two_changes_of_one_day_the_one_recorded_last_counts(self) -> None:
        events = [(change(EventKind.RENAMED, 10), {"name": "ข"}), (change(EventKind.RENAMED, 10), {"name": "ก"})]
        assert rules.rewound({"name": "ค"}, events, DAY) == {"name": "ก"}
