"""The calendar of a round: its dates, its states, the handbook's three rounds."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rounds.calendar.rules import (
    STEPS,
    RoundPhase,
    from_template,
    read_dates,
    read_instant,
    step,
    title_of,
)
from shared.problems import Problem

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
def test_a_round_goes_forward_only(phase: RoundPhase, name: str) -> None:
    order = list(RoundPhase)
    try:
        target = step(phase, name)
    except Problem as refused:
        assert (refused.code, refused.status) == ("round.state", 409)
    else:
        assert order.index(target) > order.index(phase)


def test_a_round_is_called_as_the_office_calls_it() -> None:
    assert title_of("dmc", 2569, 1) == "DMC 2569 รอบที่ 1"
