"""Until when letters are to be dealt with, by speed, in Bangkok."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.documents.letters.rules import Speed
from services.documents.tasks.due import Clocks, due_at, received_on
from shared.thai.dates import BANGKOK
from shared.thai.working_days import OwnDays, is_working_day

SPEEDS = (Speed.MOST_URGENT, Speed.VERY_URGENT, Speed.URGENT, Speed.NORMAL)
ARRIVALS = st.builds(
    lambda day, time: dt.datetime.combine(day, time, tzinfo=dt.UTC),
    st.dates(dt.date(2024, 1, 1), dt.date(2030, 12, 31)),
    st.times(),
)


def bangkok(text: str) -> dt.datetime:
    """``2026-11-25 09:00`` in Bangkok."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=BANGKOK)


@pytest.mark.parametrize(
    ("speed", "due"),
    [
        (Speed.MOST_URGENT, "2026-11-25 16:30"),
        (Speed.VERY_URGENT, "2026-11-26 16:30"),
        (Speed.URGENT, "2026-11-30 16:30"),  # over a weekend
        (Speed.NORMAL, "2026-12-04 16:30"),
    ],
)
def test_a_speed_has_its_working_days(speed: Speed, due: str) -> None:
    assert due_at(speed, bangkok("2026-11-25 09:00")) == bangkok(due)


@pytest.mark.parametrize(
    ("arrived", "day"),
    [
        ("2026-11-25 00:00", "2026-11-25"),
        ("2026-11-25 16:30", "2026-11-25"),
        ("2026-11-25 16:30:01", "2026-11-26"),
        ("2026-11-27 17:00", "2026-11-30"),
        ("2026-11-28 09:00", "2026-11-30"),
        ("2026-12-04 18:00", "2026-12-08"),  # the 5th is made up for on the 7th
    ],
)
def test_what_comes_after_hours_counts_from_the_next_working_day(arrived: str, day: str) -> None:
    assert received_on(bangkok(arrived)) == dt.date.fromisoformat(day)
    assert due_at(Speed.MOST_URGENT, bangkok(arrived)) == bangkok(f"{day} 16:30")


def test_the_day_is_bangkoks() -> None:
    """18:00 on Tuesday in London's winter is Wednesday, one o'clock at night, in Bangkok."""
    assert received_on(dt.datetime(2026, 11, 24, 18, tzinfo=dt.UTC)) == dt.date(2026, 11, 25)
    assert due_at(Speed.MOST_URGENT, dt.datetime(2026, 11, 24, 18, tzinfo=dt.UTC)) == bangkok("2026-11-25 16:30")


def test_an_office_may_let_hours_not_count() -> None:
    clocks = Clocks(counts_next_day=False)
    assert due_at(Speed.VERY_URGENT, bangkok("2026-11-25 20:00"), clocks=clocks) == bangkok("2026-11-26 16:30")
    assert due_at(Speed.MOST_URGENT, bangkok("2026-11-25 15:00"), clocks=clocks) == bangkok("2026-11-25 16:30")
    # nothing is due before it came, nor when nobody is there
    assert due_at(Speed.MOST_URGENT, bangkok("2026-11-25 20:00"), clocks=clocks) == bangkok("2026-11-26 16:30")
    assert due_at(Speed.MOST_URGENT, bangkok("2026-11-28 09:00"), clocks=clocks) == bangkok("2026-11-30 16:30")


def test_an_offices_own_days_and_settings_hold() -> None:
    own = OwnDays(off=frozenset({dt.date(2026, 11, 26)}))
    clocks = Clocks(working_days={Speed.VERY_URGENT: 2}, ends=dt.time(15, 0), own=own)
    assert due_at(Speed.VERY_URGENT, bangkok("2026-11-25 09:00"), clocks=clocks) == bangkok("2026-11-30 15:00")
    assert received_on(bangkok("2026-11-25 15:30"), clocks) == dt.date(2026, 11, 27)


def test_within_is_the_instant_given() -> None:
    until = dt.datetime(2026, 11, 25, 5, tzinfo=dt.UTC)
    due = due_at(Speed.WITHIN, bangkok("2026-11-28 20:00"), until=until)
    assert (due, due.tzinfo) == (until, BANGKOK)
    bare = dt.datetime.fromisoformat("2026-12-01 12:00")
    assert due_at(Speed.WITHIN, bangkok("2026-11-28 20:00"), until=bare) == bangkok("2026-12-01 12:00")


def test_a_citizens_letter_has_fifteen_days() -> None:
    monday = bangkok("2026-11-02 09:00")
    assert due_at(Speed.NORMAL, monday, is_from_citizen=True) == bangkok("2026-11-17 16:30")
    assert due_at(Speed.URGENT, monday, is_from_citizen=True) == bangkok("2026-11-05 16:30")
    slow = Clocks(working_days={Speed.URGENT: 30})
    assert due_at(Speed.URGENT, monday, is_from_citizen=True, clocks=slow) == bangkok("2026-11-17 16:30")
    # the fifteenth day counts though it is a Sunday
    assert due_at(Speed.NORMAL, bangkok("2026-11-07 09:00"), is_from_citizen=True) == bangkok("2026-11-24 16:30")
    assert due_at(Speed.NORMAL, bangkok("2026-11-06 09:00"), is_from_citizen=True) == bangkok("2026-11-21 16:30")


@pytest.mark.parametrize(
    ("speed", "until"), [(Speed.WITHIN, None), (Speed.URGENT, bangkok("2026-12-01 12:00")), ("ด่วน", None)]
)
def test_a_speed_that_is_none_is_refused(speed: Any, until: dt.datetime | None) -> None:
    with pytest.raises(ValueError, match=r"ด่วน"):
        due_at(speed, bangkok("2026-11-25 09:00"), until=until)


@given(ARRIVALS, st.sampled_from(SPEEDS), st.booleans(), st.booleans())
def test_nothing_is_due_before_it_came_or_on_a_day_off(
    arrived: dt.datetime, speed: Speed, counts: bool, citizen: bool
) -> None:
    due = due_at(speed, arrived, is_from_citizen=citizen, clocks=Clocks(counts_next_day=counts))
    assert due > arrived or (due == arrived and due.time() == dt.time(16, 30))
    assert due.tzinfo is BANGKOK
    assert is_working_day(due.date()) or citizen


@given(ARRIVALS, st.booleans())
def test_the_faster_the_sooner(arrived: dt.datetime, citizen: bool) -> None:
    dues = [due_at(speed, arrived, is_from_citizen=citizen) for speed in SPEEDS[:3]]
    assert dues == sorted(dues)
    assert due_at(Speed.URGENT, arrived) <= due_at(Speed.NORMAL, arrived)


@given(ARRIVALS, ARRIVALS, st.sampled_from(SPEEDS))
def test_who_comes_first_is_not_due_later(one: dt.datetime, other: dt.datetime, speed: Speed) -> None:
    first, second = sorted((one, other))
    assert due_at(speed, first) <= due_at(speed, second)
