"""The months, quarters and years of which reports of letters are made, as Bangkok's calendar has them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from shared.thai.dates import BANGKOK, MONTHS_FULL, be_year


class PeriodKind(StrEnum):
    """A quarter is one of the calendar, whose borders those of the budget year share; a year that of the registers."""

    MONTH = "month"
    QUARTER = "quarter"
    BE_YEAR = "be_year"


MONTHS_IN = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.BE_YEAR: 12}


@dataclass(frozen=True)
class Period:
    """From the day ``first`` up to and with ``last``."""

    kind: PeriodKind
    first: dt.date
    last: dt.date

    @property
    def begins(self) -> dt.datetime:
        """The first instant of it."""
        return _midnight(self.first)

    @property
    def ends(self) -> dt.datetime:
        """The first instant behind it."""
        return _midnight(self.last + dt.timedelta(days=1))

    @property
    def title(self) -> str:
        """``พฤศจิกายน 2569``, ``ตุลาคม–ธันวาคม 2569``, ``ปี 2569``."""
        year = be_year(self.first.year)
        if self.kind is PeriodKind.BE_YEAR:
            return f"ปี {year}"
        months = dict.fromkeys(MONTHS_FULL[day.month - 1] for day in (self.first, self.last))
        return f"{'–'.join(months)} {year}"

    @property
    def previous(self) -> Period:
        """The one before it."""
        return period_of(self.kind, self.first - dt.timedelta(days=1))

    def holds(self, instant: dt.datetime | None) -> bool:
        """Whether something happened in it."""
        return instant is not None and self.begins <= instant < self.ends


def period_of(kind: PeriodKind, day: dt.date) -> Period:
    """The period of a kind in which a day lies."""
    months = MONTHS_IN[kind]
    first = day.replace(month=(day.month - 1) // months * months + 1, day=1)
    # the first of the month behind it: one month is never longer than 31 days
    behind = first
    for _ in range(months):
        behind = (behind + dt.timedelta(days=31)).replace(day=1)
    return Period(kind, first, behind - dt.timedelta(days=1))


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=BANGKOK)
