"""The days on which an office works: Monday to Friday, less the government's holidays, corrected by its own table.

Holidays and the days that stand in for them (ชดเชย) come from the package ``holidays``: the public ones and those of
the government alone (วันพืชมงคล). วันแรงงาน is one of private employment, not of offices (Labour Protection Act 2541),
and is left out. Cabinets add days at short notice: those an office writes in a table of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from holidays import GOVERNMENT, PUBLIC, country_holidays

_LABOUR_DAY = "วันแรงงานแห่งชาติ"
_SATURDAY = 5
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OwnDays:
    """An office's own table: days ``off`` beyond the holidays, and days ``worked`` although they are none.

    Raises:
        ValueError: a day stands in both.
    """

    off: frozenset[dt.date] = frozenset()
    worked: frozenset[dt.date] = frozenset()

    def __post_init__(self) -> None:
        if both := self.off & self.worked:
            raise ValueError(f"off and worked at once: {sorted(both)}")

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> OwnDays:
        """The table as it is kept: {off: [ISO 8601 day, …], worked: […]}."""
        return cls(
            off=frozenset(map(dt.date.fromisoformat, table.get("off", ()))),
            worked=frozenset(map(dt.date.fromisoformat, table.get("worked", ()))),
        )


NO_OWN_DAYS = OwnDays()


def is_working_day(day: dt.date, own: OwnDays = NO_OWN_DAYS) -> bool:
    """Whether the office works on ``day``; its own table goes before weekends and holidays."""
    if day in own.worked:
        return True
    return day not in own.off and day.weekday() < _SATURDAY and day not in _holidays(day.year)


def next_working_day(day: dt.date, own: OwnDays = NO_OWN_DAYS) -> dt.date:
    """The first working day after ``day``."""
    day += ONE_DAY
    while not is_working_day(day, own):
        day += ONE_DAY
    return day


def add_working_days(day: dt.date, n: int, own: OwnDays = NO_OWN_DAYS) -> dt.date:
    """The ``n``-th working day after ``day``, which itself does not count; ``day`` for 0.

    Raises:
        ValueError: n is negative.
    """
    if n < 0:
        raise ValueError(f"working days are counted forward, not {n}")
    for _ in range(n):
        day = next_working_day(day, own)
    return day


@cache
def _holidays(year: int) -> frozenset[dt.date]:
    found = country_holidays("TH", years=year, categories=(PUBLIC, GOVERNMENT), language="th")
    return frozenset(day for day in found if any(_LABOUR_DAY not in name for name in found.get_list(day)))
