"""Working days of Thai offices: weekends, holidays, days that stand in for them, an office's own table."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.thai.working_days import OwnDays, add_working_days, is_working_day, next_working_day

DAYS = st.dates(dt.date(2010, 1, 1), dt.date(2060, 12, 31))


@pytest.mark.parametrize(
    "day",
    [
        "2026-11-28",  # Saturday
        "2026-11-29",  # Sunday
        "2026-01-01",
        "2026-04-13",  # สงกรานต์
        "2025-04-16",  # ชดเชยวันสงกรานต์
        "2026-03-03",  # มาฆบูชา, by the moon
        "2026-06-01",  # ชดเชยวันวิสาขบูชา
        "2026-12-07",  # ชดเชย 5 ธันวาคม
        "2026-05-13",  # วันพืชมงคล, offices only
        "2025-08-11",  # a day that the cabinet added
    ],
)
def test_a_day_off(day: str) -> None:
    assert not is_working_day(dt.date.fromisoformat(day))


@pytest.mark.parametrize(
    "day",
    [
        "2026-11-27",
        "2026-05-01",  # วันแรงงาน is no holiday of offices
        "2026-04-16",
        "2026-06-02",
        "2026-01-16",  # วันครู: schools, not offices
    ],
)
def test_a_working_day(day: str) -> None:
    assert is_working_day(dt.date.fromisoformat(day))


def test_the_offices_own_table_goes_before_everything() -> None:
    own = OwnDays.of({"off": ["2026-11-30"], "worked": ["2026-11-28", "2026-01-01"]})
    assert not is_working_day(dt.date(2026, 11, 30), own)
    assert is_working_day(dt.date(2026, 11, 28), own)
    assert is_working_day(dt.date(2026, 1, 1), own)
    assert next_working_day(dt.date(2026, 11, 27), own) == dt.date(2026, 11, 28)
    assert add_working_days(dt.date(2026, 11, 27), 2, own) == dt.date(2026, 12, 1)
    assert OwnDays.of({}) == OwnDays()


def test_a_day_is_not_off_and_worked_at_once() -> None:
    with pytest.raises(ValueError, match="off and worked"):
        OwnDays.of({"off": ["2026-11-30"], "worked": ["2026-11-30"]})


def test_days_are_counted_behind_the_first() -> None:
    friday = dt.date(2026, 12, 4)
    assert next_working_day(friday) == dt.date(2026, 12, 8)  # Saturday the 5th is made up for on Monday
    assert [add_working_days(friday, n).day for n in range(4)] == [4, 8, 9, 11]  # the 10th is วันรัฐธรรมนูญ
    with pytest.raises(ValueError, match="forward"):
        add_working_days(friday, -1)


@given(DAYS, st.integers(0, 40), st.integers(0, 40), st.frozensets(DAYS, max_size=5))
def test_counting_in_steps_is_counting_at_once(day: dt.date, first: int, second: int, off: frozenset[dt.date]) -> None:
    own = OwnDays(off=off)
    end = add_working_days(day, first + second, own)
    assert end == add_working_days(add_working_days(day, first, own), second, own)
    between = (day + dt.timedelta(days=at) for at in range(1, (end - day).days + 1))
    assert sum(is_working_day(one, own) for one in between) == first + second
