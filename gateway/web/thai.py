"""How pages write dates, times and numbers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from gateway.environment import CLOCK
from gateway.web.language import gettext as _
from shared.thai.dates import BANGKOK, format_full, format_short, format_slashed, parse_date

WEEKDAYS = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")
DASH = "–"


def day_of(value: Any) -> dt.date | None:
    """The day in Bangkok of an ISO 8601 date or instant."""
    if not value:
        return None
    text = str(value)
    if len(text) == len("2026-06-10"):
        return dt.date.fromisoformat(text)
    return dt.datetime.fromisoformat(text).astimezone(BANGKOK).date()


def short_date(value: Any) -> str:
    """``10 มิ.ย. 2569``."""
    day = day_of(value)
    return format_short(day) if day else DASH


def full_date(value: Any) -> str:
    """``วันพุธที่ 10 มิถุนายน 2569``."""
    day = day_of(value)
    return f"วัน{WEEKDAYS[day.weekday()]}ที่ {format_full(day)}" if day else DASH


def short_time(value: Any) -> str:
    """``10 มิ.ย. 2569 16:30 น.``."""
    if not value:
        return DASH
    moment = dt.datetime.fromisoformat(str(value)).astimezone(BANGKOK)
    return f"{format_short(moment.date())} {moment:%H:%M} น."


def number(value: Any) -> str:
    """``15,012``; nothing is a dash."""
    return DASH if value is None else f"{value:,}"


def percent(value: Any) -> str:
    """``97.8%`` of a share between 0 and 1."""
    return DASH if value is None else f"{value * 100:.1f}%".replace(".0%", "%")


def due(value: Any) -> str:
    """How far away a deadline is: ``อีก 3 วัน``, ``ครบกำหนดวันนี้``, ``เลยกำหนด 2 วัน``."""
    day = day_of(value)
    if day is None:
        return ""
    days = (day - CLOCK.today()).days
    if days == 0:
        return _("ครบกำหนดวันนี้")
    return _("อีก %d วัน") % days if days > 0 else _("เลยกำหนด %d วัน") % -days


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
