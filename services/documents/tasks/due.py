"""Until when a letter is to be dealt with: the clocks of correspondence.md §3.3, which are settings and no law.

ด่วนที่สุด on the day of receipt, ด่วนมาก within 1 working day, ด่วน 3, ปกติ 7, ด่วนภายใน at the instant it gives; a letter
from a citizen within 15 days (พ.ร.ฎ. ว่าด้วยหลักเกณฑ์และวิธีการบริหารกิจการบ้านเมืองที่ดี พ.ศ. 2546 §38). What arrives
after hours or on a day off counts as received on the next working day (§1.5). All in Bangkok's time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from services.documents.letters.rules import Speed
from shared.thai.dates import BANGKOK, deadline
from shared.thai.working_days import NO_OWN_DAYS, OwnDays, add_working_days, is_working_day, next_working_day

WORKING_DAYS: Mapping[Speed, int] = {Speed.MOST_URGENT: 0, Speed.VERY_URGENT: 1, Speed.URGENT: 3, Speed.NORMAL: 7}


@dataclass(frozen=True)
class Clocks:
    """The settings of an office. ``working_days`` by speed; ``citizen_days`` are calendar days.

    ``counts_next_day``: what arrives after ``ends``, the end of work, counts as received on the next working day.
    """

    working_days: Mapping[Speed, int] = field(default_factory=lambda: WORKING_DAYS)
    citizen_days: int = 15
    ends: dt.time = dt.time(16, 30)
    counts_next_day: bool = True
    own: OwnDays = NO_OWN_DAYS


USUAL = Clocks()


def received_on(arrived: dt.datetime, clocks: Clocks = USUAL) -> dt.date:
    """The day on which a letter counts as received. ``arrived`` bears a zone, or is Bangkok's time."""
    local = deadline(arrived).astimezone(BANGKOK)
    day = local.date()
    if not clocks.counts_next_day or (is_working_day(day, clocks.own) and local.time() <= clocks.ends):
        return day
    return next_working_day(day, clocks.own)


def due_at(
    speed: Speed,
    arrived: dt.datetime,
    *,
    until: dt.datetime | None = None,
    is_from_citizen: bool = False,
    clocks: Clocks = USUAL,
) -> dt.datetime:
    """The instant by which a letter of this speed is to be dealt with, in Bangkok.

    ``until`` belongs to ``within`` and to nothing else. A citizen's letter has its own time where it is ปกติ, and never
    more than that where it is faster. A day off as the last one counts (Administrative Procedure Act 2539 §64).

    Raises:
        ValueError: no such speed; ``within`` without ``until``, or another speed with it.
    """
    if (speed == Speed.WITHIN) != (until is not None):
        raise ValueError("ด่วนภายใน has an instant, and nothing else has")
    received = received_on(arrived, clocks)
    citizen = _end(received + dt.timedelta(days=clocks.citizen_days), clocks)
    if until is not None:
        return deadline(until).astimezone(BANGKOK)
    if speed not in clocks.working_days:
        raise ValueError(f"no such speed: {speed}")
    if is_from_citizen and speed == Speed.NORMAL:
        return citizen
    due = _end(add_working_days(received, clocks.working_days[speed], clocks.own), clocks)
    if due < deadline(arrived) or not is_working_day(due.date(), clocks.own):
        # only where hours do not count: nobody is there any more on the day of receipt
        due = _end(next_working_day(received, clocks.own), clocks)
    return min(due, citizen) if is_from_citizen else due


def _end(day: dt.date, clocks: Clocks) -> dt.datetime:
    return dt.datetime.combine(day, clocks.ends, tzinfo=BANGKOK)
