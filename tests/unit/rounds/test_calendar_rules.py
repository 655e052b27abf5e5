"""The calendar of a round: its dates, its states, the handbook's three rounds."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rounds.calendar.rules import (
    STEPS,
    Moments,
    RoundPhase,
    due_step,
    from_template,
    read_dates,
    read_future,
    step,
    title_of,
)
from shared.problems import Problem
from shared.thai.dates import BANGKOK, read_instant

DATES = {
    "open_at": "2026-05-16",
    "school_deadline": "2026-06-10",
    "certify_deadline": "2026-06-10",
    "area_ack_deadline": "2026-06-11",
    "close_at": "2026-06-11",
}
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1))


def test_a_bare_deadline_lasts_to_the_last_second_in_bangkok() -> None:
    assert read_instant("2026-06-10").isoformat() == "2026-06-10T23:59:59+07:00"
    assert read_instant("2026-05-16", starts_day=True).isoformat() == "2026-05-16T00:00:00+07:00"
    assert read_instant("2026-06-10T16:30").isoformat() == "2026-06-10T16:30:00+07:00"
    assert read_instant("2026-06-10T09:30:00Z") == read_instant("2026-06-10T16:30")


@given(st.lists(DAYS, min_size=5, max_size=5))
def test_only_the_order_of_the_dates_is_asked_for(days: list[dt.date]) -> None:
    values = dict(zip(DATES, (day.isoformat() for day in days), strict=True))
    opens, school, certify, acknowledge, close = days
    if opens < school <= certify <= acknowledge <= close:
        assert read_dates(values).close_at.date() == close
    else:
        with pytest.raises(Problem) as refused:
            read_dates(values)
        assert {error.pointer for error in refused.value.errors} <= set(DATES)


@pytest.mark.parametrize("name", DATES)
@pytest.mark.parametrize("nonsense", ["", "10/06/2569", "2026-02-30", "x", None, "9" * 40])
def test_what_is_no_date_is_named(name: str, nonsense: str | None) -> None:
    with pytest.raises(Problem) as refused:
        read_dates({**DATES, name: nonsense})
    assert name in {error.pointer for error in refused.value.errors}


def test_the_handbooks_three_rounds() -> None:
    as_of = {number: from_template(number, 2569)["as_of_date"] for number in (1, 2, 3)}
    assert as_of == {1: "2026-06-10", 2: "2026-11-10", 3: "2027-03-31"}
    for number in (1, 2, 3):
        read_dates(from_template(number, 2569))
    with pytest.raises(Problem):
        from_template(4, 2569)


@given(st.sampled_from(RoundPhase), st.sampled_from(sorted(STEPS)))
def test_a_round_goes_forward_but_for_reopening(phase: RoundPhase, name: str) -> None:
    order = list(RoundPhase)
    try:
        target = step(phase, name)
    except Problem as refused:
        assert (refused.code, refused.status) == ("round.state", 409)
    else:
        is_repeated = phase is target is RoundPhase.AMENDED
        assert order.index(target) > order.index(phase) or is_repeated or name == "reopen"


@pytest.mark.parametrize("phase", [phase for phase in RoundPhase if phase is not RoundPhase.CLOSED])
def test_only_a_closed_round_is_reopened_or_published_and_what_is_public_is_only_amended(phase: RoundPhase) -> None:
    for name in ("reopen", "publish"):
        with pytest.raises(Problem):
            step(phase, name)
    public = {RoundPhase.PUBLISHED, RoundPhase.AMENDED}
    assert [name for name, (origins, _) in STEPS.items() if origins & public] == ["amend"]


def moments(phase: RoundPhase = RoundPhase.OPEN, **changed: dt.datetime | None) -> Moments:
    given_ = {
        "open_at": BEGIN,
        "school_deadline": DEADLINE,
        "close_at": DEADLINE + dt.timedelta(days=1),
        "announced_at": BEGIN - dt.timedelta(days=1),
        "opened_at": BEGIN,
        "reopened_at": None,
    }
    return Moments(phase, **{**given_, **changed})  # type: ignore[arg-type]


BEGIN = dt.datetime(2026, 5, 16, tzinfo=BANGKOK)
DEADLINE = dt.datetime(2026, 6, 10, 23, 59, 59, tzinfo=BANGKOK)
MOMENT = dt.timedelta(milliseconds=1)


def test_the_last_second_of_a_deadline_belongs_to_it() -> None:
    midnight = dt.datetime(2026, 6, 11, tzinfo=BANGKOK)
    assert due_step(moments(), midnight - MOMENT) is None
    assert due_step(moments(), midnight) == "begin_confirm_window"
    window = moments(RoundPhase.CONFIRM_WINDOW, close_at=DEADLINE)
    assert due_step(window, midnight - MOMENT) is None
    assert due_step(window, midnight) == "close"


def test_a_round_opens_at_its_first_second_unless_it_was_announced_later() -> None:
    announced = moments(RoundPhase.ANNOUNCED, opened_at=None)
    assert due_step(announced, BEGIN - MOMENT) is None
    assert due_step(announced, BEGIN) == "open"
    assert due_step(moments(RoundPhase.ANNOUNCED, opened_at=None, announced_at=BEGIN), DEADLINE) is None


def test_a_round_reopened_after_its_close_date_is_closed_by_hand_unless_it_got_another() -> None:
    reopened = DEADLINE + dt.timedelta(days=5)
    by_hand = moments(RoundPhase.CONFIRM_WINDOW, reopened_at=reopened)
    assert by_hand.closes_by_itself_at is None
    assert due_step(by_hand, reopened + dt.timedelta(days=365)) is None
    by_itself = moments(RoundPhase.CONFIRM_WINDOW, reopened_at=reopened, close_at=reopened + dt.timedelta(days=2))
    assert due_step(by_itself, reopened + dt.timedelta(days=2, seconds=1)) == "close"
    before = moments(RoundPhase.CONFIRM_WINDOW, reopened_at=DEADLINE)
    assert before.closes_by_itself_at == before.close_at, "closed early and reopened: its date still decides"


@pytest.mark.parametrize("phase", [RoundPhase.DRAFT, RoundPhase.CLOSED, RoundPhase.PUBLISHED, RoundPhase.AMENDED])
def test_the_clock_leaves_what_does_not_run(phase: RoundPhase) -> None:
    assert due_step(moments(phase), DEADLINE + dt.timedelta(days=900)) is None


def test_a_date_to_come_is_read_to_the_end_of_its_day() -> None:
    assert read_future("2026-06-10", "until", "ถึง", DEADLINE - MOMENT) == DEADLINE
    for raw, code in (("2026-06-10", "date.past"), ("10/06/2569", "date"), (None, "date"), ("2569-06-10", "date")):
        with pytest.raises(Problem) as refused:
            read_future(raw, "until", "ถึง", DEADLINE)
        assert [(error.pointer, error.code) for error in refused.value.errors] == [("until", code)]


def test_a_round_is_called_as_the_office_calls_it() -> None:
    assert title_of("dmc", 2569, 1) == "DMC 2569 รอบที่ 1"
