"""Thai dates: the Buddhist Era, month names, the school and budget years, and what "until the 10th" means.

BE = CE + 543. All instants are in Asia/Bangkok (UTC+7, no daylight saving). Before BE 2484 the year began on 1 April,
so 1 January - 31 March of those years cannot be converted by subtracting 543 and is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from shared.thai.digits import to_arabic
from shared.thai.fold import fold_text

BANGKOK = ZoneInfo("Asia/Bangkok")
BE_OFFSET = 543
END_OF_DAY = time(23, 59, 59)

MONTHS_FULL = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
MONTHS_SHORT = (
    "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
)  # fmt: skip

_MONTH_NUMBER = {
    name.replace(".", ""): number for names in (MONTHS_FULL, MONTHS_SHORT) for number, name in enumerate(names, start=1)
}
_ERA_BE = range(2400, 2701)
_ERA_CE = range(1850, 2101)
_REFORM_YEAR_BE = 2484

_TIME = r"(?:[ T]+(?:เวลา ?)?\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?(?: ?น\.?)?)?\Z"
_DAY_FIRST = re.compile(r"(\d{1,2}) ?[/.-] ?(\d{1,2}) ?[/.-] ?(\d+)" + _TIME, re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})" + _TIME, re.ASCII)
_WORDS = re.compile(
    r"(?:วันที่ ?)?(\d{1,2}) ?(?:เดือน ?)?([\u0e01-\u0e4e.]+?) ?(?:(พ\.?ศ\.?|ค\.?ศ\.?) ?)?(\d+)" + _TIME, re.ASCII
)


class Era(StrEnum):
    """How a year was written."""

    BE = "BE"
    CE = "CE"


class DateProblem(StrEnum):
    """Why a date cannot be read; ``TWO_DIGITS`` and ``YEAR`` are for the writer to settle, never for a guess."""

    FORMAT = "format"
    IMPOSSIBLE = "impossible"
    TWO_DIGITS = "two_digits"
    YEAR = "year"
    OLD_CALENDAR = "old_calendar"


class DateFault(ValueError):
    """A date that cannot be read; ``problem`` says why."""

    def __init__(self, problem: DateProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A day, and the era its year was written in."""

    day: date
    era: Era


def be_year(year_ce: int) -> int:
    """2026 → 2569."""
    return year_ce + BE_OFFSET


def ce_year(year_be: int) -> int:
    """2569 → 2026."""
    return year_be - BE_OFFSET


def from_be(day: int, month: int, year_be: int) -> date:
    """The day of a Buddhist Era date; :class:`DateFault` if there is none (29/02/2554) or the old calendar applies."""
    if year_be < _REFORM_YEAR_BE and month in (1, 2, 3):
        raise DateFault(DateProblem.OLD_CALENDAR)
    return _day(day, month, ce_year(year_be))


def _day(day: int, month: int, year: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise DateFault(DateProblem.IMPOSSIBLE) from None


def _resolve(day: int, month: int, year: int) -> WrittenDate:
    """2400-2700 is BE, 1850-2100 is CE; nothing else is guessed."""
    if year in _ERA_BE:
        return WrittenDate(from_be(day, month, year), Era.BE)
    if year in _ERA_CE:
        return WrittenDate(_day(day, month, year), Era.CE)
    raise DateFault(DateProblem.TWO_DIGITS if year < 100 else DateProblem.YEAR)


def parse_date(text: str) -> WrittenDate:
    """Read ``13/05/2555``, ``13 พ.ค. 2555``, ``๑๓ พฤษภาคม พ.ศ. ๒๕๕๕``, ``2012-05-13``; day before month, always.

    Raises :class:`DateFault`. A time behind the date is dropped.
    """
    plain = to_arabic(fold_text(text))
    if found := _YEAR_FIRST.match(plain):
        year, month, day = (int(part) for part in found.groups())
        return _resolve(day, month, year)
    if found := _DAY_FIRST.match(plain):
        day, month, year = (int(part) for part in found.groups())
        return _resolve(day, month, year)
    if found := _WORDS.match(plain):
        month_number = _MONTH_NUMBER.get(found[2].replace(".", ""))
        if month_number is None:
            raise DateFault(DateProblem.FORMAT)
        written = _resolve(int(found[1]), month_number, int(found[4]))
        if found[3] and found[3].startswith("พ") is not (written.era is Era.BE):
            raise DateFault(DateProblem.YEAR)
        return written
    raise DateFault(DateProblem.FORMAT)


def read_date_cell(cell: date | datetime) -> WrittenDate:
    """A real date cell of a workbook. Excel knows no Buddhist Era: year 2555 there is a BE year stored as CE.

    Excel can store 29/02/2556 (2556 CE is a leap year), which BE 2556 does not have: :class:`DateFault`.
    """
    return _resolve(cell.day, cell.month, cell.year)


def month_number(name: str) -> int | None:
    """1-12 for a month's full or short Thai name, with or without dots; None if it is no month."""
    return _MONTH_NUMBER.get(fold_text(name).replace(".", "").replace(" ", ""))


def format_short(day: date) -> str:
    """``10 มิ.ย. 2569``."""
    return f"{day.day} {MONTHS_SHORT[day.month - 1]} {be_year(day.year)}"


def format_full(day: date) -> str:
    """``10 มิถุนายน 2569``, as letters are dated."""
    return f"{day.day} {MONTHS_FULL[day.month - 1]} {be_year(day.year)}"


def format_slashed(day: date) -> str:
    """``10/06/2569``, as DMC writes dates."""
    return f"{day.day:02d}/{day.month:02d}/{be_year(day.year)}"


def age_on(birth: date, on: date) -> int:
    """Full years on a day; negative before birth. Who is born on 29 February completes a year on 1 March."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def academic_year(day: date) -> int:
    """The school year (BE) of a day: it runs from 16 May to 15 May (OBEC)."""
    return be_year(day.year - ((day.month, day.day) < (5, 16)))


def fiscal_year(day: date) -> int:
    """The budget year (BE) of a day: it runs from 1 October to 30 September and bears the later year."""
    return be_year(day.year + (day.month >= 10))


def end_of_day(day: date) -> datetime:
    """The last second of a day in Bangkok: until then who is "due on the 10th" is on time."""
    return datetime.combine(day, END_OF_DAY, tzinfo=BANGKOK)


# 2569 is a year of the Buddhist Era that somebody forgot to convert; at the ends of the calendar other zones overflow
YEARS_CE = range(1900, 2301)


def read_instant(raw: Any, *, starts_day: bool = False) -> datetime:
    """An instant from ISO 8601 text. A bare date is the end of that day in Bangkok, or its start for an opening;
    a time without a zone is Bangkok's.

    Raises:
        ValueError: not such a text, or a year that is none of the common era's.
    """
    text = str(raw)
    if len(text) == len("2026-06-10"):
        day = date.fromisoformat(text)
        instant = datetime.combine(day, time.min, BANGKOK) if starts_day else end_of_day(day)
    else:
        instant = datetime.fromisoformat(text)
        instant = instant if instant.tzinfo else instant.replace(tzinfo=BANGKOK)
    if instant.year not in YEARS_CE:
        raise ValueError(f"not a year of the common era: {instant.year}")
    return instant


def has_passed(limit: datetime, now: datetime) -> bool:
    """Whether a deadline is over. Its last second belongs to it: due at 23:59:59 is over at 00:00:00, not before."""
    return now >= limit + timedelta(seconds=1)


def deadline(moment: date | datetime) -> datetime:
    """A deadline as an instant: a bare date lasts to 23:59:59 in Bangkok, a time without a zone is Bangkok's."""
    if not isinstance(moment, datetime):
        return end_of_day(moment)
    return moment.replace(tzinfo=BANGKOK) if moment.tzinfo is None else moment
