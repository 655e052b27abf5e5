"""How pages write dates, times and numbers, in the digits, the style and the language of whoever reads them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from gateway.environment import CLOCK
from gateway.web import preferences
from gateway.web.language import gettext as _
from shared.thai.dates import BANGKOK, MONTHS_FULL, MONTHS_SHORT, be_year, format_slashed, parse_date
from shared.thai.digits import to_thai

WEEKDAYS = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")
ENGLISH_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DASH = "–"


def day_of(value: Any) -> dt.date | None:
    """The day in Bangkok of an ISO 8601 date or instant."""
    if not value:
        return None
    text = str(value)
    if len(text) == len("2026-06-10"):
        return dt.date.fromisoformat(text)
    return dt.datetime.fromisoformat(text).astimezone(BANGKOK).date()


def digits(text: str) -> str:
    """``text`` in the reader's digits."""
    return to_thai(text) if preferences.current().digits == "thai" else text


def short_date(value: Any) -> str:
    """``10 มิ.ย. 2569``, ``10 มิถุนายน 2569`` or ``10/06/2569``."""
    day = day_of(value)
    return digits(_written(day, preferences.current().dates)) if day else DASH


def paper_day(written: str | None) -> str:
    """``10 มิถุนายน 2569`` of an ISO date or instant: papers of the office are Thai, whoever reads the page."""
    day = day_of(written)
    return f"{day.day} {MONTHS_FULL[day.month - 1]} {be_year(day.year)}" if day else ""


def paper_moment(written: str) -> str:
    """``10 มิถุนายน 2569 เวลา 16.30 น.`` of an ISO instant."""
    return f"{paper_day(written)} เวลา {dt.datetime.fromisoformat(written).astimezone(BANGKOK):%H.%M} น."


def full_date(value: Any) -> str:
    """``วันพุธที่ 10 มิถุนายน 2569``."""
    day = day_of(value)
    if day is None:
        return DASH
    written = _written(day, "slashed" if preferences.current().dates == "slashed" else "full")
    if _is_english():
        return digits(f"{ENGLISH_WEEKDAYS[day.weekday()]} {written}")
    return digits(f"วัน{WEEKDAYS[day.weekday()]}ที่ {written}")


def short_time(value: Any) -> str:
    """``10 มิ.ย. 2569 16:30 น.``."""
    if not value:
        return DASH
    moment = dt.datetime.fromisoformat(str(value)).astimezone(BANGKOK)
    clock = f"{moment:%H:%M}" if _is_english() else f"{moment:%H:%M} น."
    return digits(f"{_written(moment.date(), preferences.current().dates)} {clock}")


def _written(day: dt.date, style: str) -> str:
    """A day of the Buddhist Era in both languages; English says so, since its readers expect the common one."""
    english = _is_english()
    if style == "slashed":
        return f"{format_slashed(day)} B.E." if english else format_slashed(day)
    if english:
        month = ENGLISH_MONTHS[day.month - 1]
        return f"{day.day} {month if style == 'full' else month[:3]} B.E. {be_year(day.year)}"
    month = (MONTHS_FULL if style == "full" else MONTHS_SHORT)[day.month - 1]
    return f"{day.day} {month} {be_year(day.year)}"


def _is_english() -> bool:
    return preferences.current().language == "en"


def number(value: Any) -> str:
    """``15,012``; nothing is a dash."""
    return DASH if value is None else digits(f"{value:,}")


def cell(value: Any) -> str:
    """A number of a report, or the mark that hides it."""
    return digits(value) if isinstance(value, str) else number(value)


def plain(value: Any) -> str:
    """A year, a row, a version: a number that is a name, without separators."""
    return DASH if value is None else digits(str(value))


def percent(value: Any) -> str:
    """``97.8%`` of a share between 0 and 1."""
    return DASH if value is None else digits(f"{value * 100:.1f}%".replace(".0%", "%"))


def signed(value: Any) -> str:
    """``+12``, ``-3``, ``0`` of a difference, or the mark that hides it."""
    return digits(value) if isinstance(value, str) else digits(f"{value:+,}" if value else "0")


def signed_percent(value: Any) -> str:
    """``+2.5%`` of a difference between two shares."""
    return digits(value) if isinstance(value, str) else ("+" if value > 0 else "") + percent(value)


def due(value: Any) -> str:
    """How far away a deadline is: ``อีก 3 วัน``, ``ครบกำหนดวันนี้``, ``เลยกำหนด 2 วัน``."""
    day = day_of(value)
    if day is None:
        return ""
    days = (day - CLOCK.today()).days
    if days == 0:
        return _("ครบกำหนดวันนี้")
    return digits(_("อีก %d วัน") % days if days > 0 else _("เลยกำหนด %d วัน") % -days)


def is_past(value: Any) -> bool:
    """Whether a deadline's day has gone by."""
    day = day_of(value)
    return day is not None and day < CLOCK.today()


def is_future(instant: str) -> bool:
    """Whether an instant is still to come."""
    return CLOCK.now() < dt.datetime.fromisoformat(instant)


def slashed(value: Any) -> str:
    """``10/06/2569`` for a field in which a day is typed; what is no ISO date stays as it was typed."""
    try:
        day = day_of(value)
    except ValueError:
        return str(value)
    return format_slashed(day) if day else ""


def typed_date(text: str) -> str | None:
    """What a person typed as a day (``10/06/2569``, ``10 มิ.ย. 2569``) in ISO 8601; None for an empty field.

    Raises:
        DateFault: no such day, or not to be read.
    """
    stripped = text.strip()
    return parse_date(stripped).day.isoformat() if stripped else None
