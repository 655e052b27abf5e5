"""Rules of looking at pupils: how many one person may have shown within an hour."""

from __future__ import annotations

import datetime as dt

from shared.problems import Problem

# enough to settle a morning's cases, too few to copy a school
SHOWN_AN_HOUR = 60


def hour_of(instant: dt.datetime) -> dt.datetime:
    """The hour in which an instant lies, by its beginning."""
    return instant.replace(minute=0, second=0, microsecond=0)


def check_shown(shown: int, now: dt.datetime) -> None:
    """Let one more pupil be shown to somebody who has seen ``shown`` in this hour.

    Raises:
        Problem: ``reveal.limit`` (429), saying after how many seconds to come again.
    """
    if shown >= SHOWN_AN_HOUR:
        seconds = int((hour_of(now) + dt.timedelta(hours=1) - now).total_seconds()) + 1
        raise Problem(
            "reveal.limit",
            429,
            "เปิดดูข้อมูลนักเรียนครบจำนวนที่กำหนดแล้ว",
            f"เปิดดูได้ไม่เกิน {SHOWN_AN_HOUR} คนต่อชั่วโมง กรุณารอประมาณ {seconds // 60 + 1} นาที",
            extra={"retry_after": seconds},
        )
