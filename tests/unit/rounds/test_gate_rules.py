"""The state machine of a school in a round, and the guards of its gates."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rounds.gates.rules import (
    SIGNED,
    TRANSITIONS,
    UNCONFIRMED,
    UPLOADABLE,
    Event,
    Overdue,
    SchoolState,
    Standing,
    Window,
    after,
    after_extension,
    check_certify,
    check_confirm,
    check_moves,
    check_open,
    check_version,
    completeness,
    is_late,
    is_on_time,
    judged_at,
    need_reason,
    overdue,
    stands,
)
from shared.problems import Problem
from shared.thai.dates import BANGKOK

NOW = dt.datetime(2026, 6, 10, 9, tzinfo=dt.UTC)
OPEN = Window(NOW - dt.timedelta(days=1), None, None)
STATES = st.sampled_from(SchoolState)
EVENTS = st.sampled_from(Event)


@given(STATES, EVENTS)
def test_an_event_leads_somewhere_or_is_a_conflict_and_never_anything_else(state: SchoolState, event: Event) -> None:
    origins, target = TRANSITIONS[event]
    if state in origins:
        assert after(state, event) == (target or state)
    else:
        with pytest.raises(Problem) as refused:
            after(state, event)
        assert (refused.value.code, refused.value.status) == ("school_round.state", 409)


@given(st.lists(EVENTS, max_size=40))
def test_nobody_is_acknowledged_who_was_not_confirmed_and_certified_since_the_last_change(events: list[Event]) -> None:
    state, signatures = SchoolState.NOT_STARTED, []
    for event in events:
        try:
            outcome = SchoolState.READY if event in (Event.VALIDATE, Event.EXPLAIN) else None
            state = after(state, event, outcome if state is not SchoolState.RETURNED else None)
        except Problem:
            continue
        if event in (Event.UPLOAD, Event.RETURN, Event.REVOKE):
            signatures = []
        if event in (Event.CONFIRM, Event.CERTIFY):
            signatures.append(event)
        if state is SchoolState.ACKNOWLEDGED:
            assert signatures[-2:] == [Event.CONFIRM, Event.CERTIFY]


@given(STATES)
def test_a_locked_school_is_only_extended_or_reopened_and_an_exempt_one_stays(state: SchoolState) -> None:
    final = {SchoolState.LOCKED, SchoolState.EXEMPT}
    ordinary = [origins for event, (origins, _) in TRANSITIONS.items() if event not in (Event.EXTEND, Event.REOPEN)]
    assert (state in final) == all(state not in origins for origins in ordinary)
    assert after(SchoolState.EXEMPT, Event.EXTEND, after_extension(SchoolState.EXEMPT)) is SchoolState.EXEMPT


@given(STATES)
def test_an_extension_is_possible_in_every_state_and_gives_a_locked_school_its_work_back(state: SchoolState) -> None:
    target = after(state, Event.EXTEND, after_extension(state))
    assert target is (SchoolState.RETURNED if state is SchoolState.LOCKED else state)


def test_uploading_is_possible_until_the_area_has_acknowledged() -> None:
    closed = {SchoolState.ACKNOWLEDGED, SchoolState.LOCKED, SchoolState.EXEMPT}
    assert set(SchoolState) - UPLOADABLE == closed
    assert after(SchoolState.CONFIRMED, Event.UPLOAD) is SchoolState.RECORDING


def confirm(**changes: object) -> None:
    asked = {"on_hold": False, "no_pupils": False, "declared": False} | changes
    window, now, state = (asked.pop(n, d) for n, d in (("window", OPEN), ("now", NOW), ("state", "READY")))
    check_confirm(window, now, state, **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"window": Window(None, None, None)}, "round.not_open"),
        ({"window": Window(NOW, NOW, None)}, "round.closed"),
        ({"window": Window(NOW, NOW, None, extended_until=NOW - dt.timedelta(seconds=1))}, "round.closed"),
        ({"window": Window(NOW, None, None, closes_at=NOW - dt.timedelta(seconds=1))}, "round.closed"),
        ({"window": Window(NOW, None, NOW + dt.timedelta(seconds=1))}, "round.confirm_from"),
        ({"on_hold": True}, "school_round.hold"),
        ({"state": "HAS_ERRORS"}, "submission.not_ready"),
        ({"state": None}, "submission.not_ready"),
        ({"no_pupils": True}, "no_pupils.declare"),
    ],
)
def test_confirming_is_refused_with_the_guard_that_refused(changes: dict[str, object], code: str) -> None:
    confirm()
    with pytest.raises(Problem) as refused:
        confirm(**changes)
    assert (refused.value.code, refused.value.status) == (code, 409)


def test_a_school_without_pupils_confirms_by_repeating_it() -> None:
    confirm(no_pupils=True, declared=True)


def test_the_director_is_somebody_else_unless_the_school_has_one_teacher() -> None:
    assert check_certify("a", "b", one_teacher=False) is False
    assert check_certify("a", "a", one_teacher=True) is True
    with pytest.raises(Problem) as refused:
        check_certify("a", "a", one_teacher=False)
    assert refused.value.code == "school_round.same_person"


def test_only_the_version_that_stands_is_signed() -> None:
    check_version(None, 3)
    check_version(3, 3)
    with pytest.raises(Problem) as refused:
        check_version(2, 3)
    assert refused.value.extra == {"version": 3, "asked": 2}


def test_a_closed_round_is_closed() -> None:
    check_open(OPEN, NOW)
    with pytest.raises(Problem):
        check_open(Window(NOW, NOW, None), NOW)


@pytest.mark.parametrize("ends", ["closes_at", "extended_until"])
def test_the_end_of_a_school_is_exact_to_the_second(ends: str) -> None:
    closed_at = NOW - dt.timedelta(days=1) if ends == "extended_until" else None
    window = Window(NOW - dt.timedelta(days=9), closed_at, None, **{ends: NOW})
    check_open(window, NOW + dt.timedelta(milliseconds=999))
    with pytest.raises(Problem) as refused:
        check_open(window, NOW + dt.timedelta(seconds=1))
    assert refused.value.code == "round.closed"


def test_an_extension_outlasts_the_round_and_a_running_round_outlasts_an_extension() -> None:
    early, late = NOW - dt.timedelta(hours=1), NOW + dt.timedelta(hours=1)
    assert not Window(early, early, None, closes_at=early, extended_until=late).is_over(NOW)
    assert not Window(early, None, None, closes_at=late, extended_until=early - dt.timedelta(days=1)).is_over(NOW)


def test_an_extension_gives_more_time_than_the_round_does() -> None:
    with pytest.raises(Problem) as refused:
        check_moves(NOW, NOW, is_closed=False)
    assert [(error.pointer, error.code) for error in refused.value.errors] == [("until", "date_order")]
    check_moves(NOW + dt.timedelta(seconds=1), NOW, is_closed=False)
    check_moves(NOW, NOW + dt.timedelta(days=3), is_closed=True)  # closed before its date, given a part of it back


def test_who_was_locked_before_the_deadline_never_becomes_late_and_who_let_an_extension_pass_does() -> None:
    closed_at, later = NOW, NOW + dt.timedelta(days=30)
    deadline = NOW + dt.timedelta(days=1)
    assert not is_late(SchoolState.READY, None, deadline, judged_at(closed_at, None, later))
    assert is_late(SchoolState.READY, None, deadline, judged_at(closed_at, deadline, later))
    assert judged_at(None, None, later) == later


UNANSWERED = [state for state in SchoolState if state in UNCONFIRMED]


@given(st.sampled_from(SchoolState), st.integers(-3, 3), st.integers(0, 3))
def test_the_escalation_list_names_who_owes_what_for_how_many_days(state: SchoolState, since: int, more: int) -> None:
    school_deadline = dt.datetime(2026, 12, 31, 23, 59, 59, tzinfo=BANGKOK)
    certify_deadline = school_deadline + dt.timedelta(days=more)
    now = dt.datetime(2027, 1, 1, tzinfo=BANGKOK) + dt.timedelta(days=since)
    found = overdue(state, school_deadline, certify_deadline, now)
    days = since + 1
    if state in UNANSWERED and days > 0:
        assert found == Overdue("data_officer", school_deadline, days)
    elif state is SchoolState.CONFIRMED and days - more > 0:
        assert found == Overdue("school_director", certify_deadline, days - more)
    else:
        assert found is None


@pytest.mark.parametrize("empty", [None, "", "  \n"])
def test_a_reason_is_in_words(empty: str | None) -> None:
    assert need_reason("  ตรวจใหม่ ") == "ตรวจใหม่"
    with pytest.raises(Problem):
        need_reason(empty)


@given(st.integers(-5, 5), st.integers(-5, 5))
def test_on_time_and_late_exclude_each_other(confirmed_after: int, now_after: int) -> None:
    confirmed_at, now = (NOW + dt.timedelta(seconds=offset) for offset in (confirmed_after, now_after))
    assert is_on_time(confirmed_at, NOW) is not is_late(SchoolState.CONFIRMED, confirmed_at, NOW, now)
    assert is_on_time(NOW + dt.timedelta(milliseconds=999), NOW), "16:30:00.9 is 16:30:00"
    assert is_late(SchoolState.READY, None, NOW, now) is (now > NOW)
    assert not is_late(SchoolState.EXEMPT, None, NOW, now)


@given(st.lists(st.tuples(STATES, st.sampled_from(["เทิง", "ขุนตาล", None]), st.booleans())))
def test_the_board_adds_up_by_amphoe_and_by_state(schools: list[tuple[SchoolState, str | None, bool]]) -> None:
    board = completeness(Standing(state, amphoe, late, not late) for state, amphoe, late in schools)
    exempt = board["by_state"]["EXEMPT"]  # type: ignore[index]
    assert board["expected"] == len(schools) - exempt
    assert sum(board["by_state"].values()) == len(schools)  # type: ignore[attr-defined]
    parts = board["by_amphoe"]
    assert sum(part["expected"] for part in parts) == board["expected"]  # type: ignore[attr-defined]
    assert [part["amphoe"] for part in parts][-1:] == ["ไม่ระบุอำเภอ"] or None not in {a for _, a, _ in schools}  # type: ignore[attr-defined]


def test_a_locked_school_counts_as_what_it_was() -> None:
    assert stands(SchoolState.LOCKED, "CERTIFIED") is SchoolState.CERTIFIED
    assert stands(SchoolState.READY, None) is SchoolState.READY
    assert SchoolState.CERTIFIED in SIGNED
