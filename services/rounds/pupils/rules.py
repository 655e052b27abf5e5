"""Rules of looking at pupils: how many of them, and how many files, one person may have shown within an hour."""

from __future__ import annotations

import datetime as dt

from shared.problems import Problem

# enough to settle a morning's cases, too few to copy a school
SHOWN_AN_HOUR = 60
# a file is a whole school: enough to help a group of schools on the telephone, too few to carry an area away
FILES_AN_HOUR = 20


def hour_of(instant: dt.datetime) -> dt.datetime:
    """The hour in which an instant lies, by its beginning."""
    return instant.replace(minute=0, second=0, microsecond=0)


def check_shown(shown: int, now: dt.datetime) -> None:
    """Let one more pupil be shown to somebody who has seen ``shown`` in this hour.

    Raises:
        Problem: ``reveal.limit`` (429), saying after how many seconds to come again.
    """
    if shown >= SHOWN_AN_HOUR:
        raise _too_many("reveal.limit", "เปิดดูข้อมูลนักเรียน", f"เปิดดูได้ไม่เกิน {SHOWN_AN_HOUR} คนต่อชั่วโมง", now)


def check_downloaded(downloaded: int, now: dt.datetime) -> None:
    """Let one more file with whole ids go to somebody who has had ``downloaded`` in this hour (§1.11, "Files").

    Raises:
        Problem: ``download.limit`` (429), saying after how many seconds to come again.
    """
    if downloaded >= FILES_AN_HOUR:
        what = "ดาวน์โหลดไฟล์ข้อมูลนักเรียน"
        raise _too_many("download.limit", what, f"ดาวน์โหลดได้ไม่เกิน {FILES_AN_HOUR} ไฟล์ต่อชั่วโมง", now)


def _too_many(code: str, what: str, allowed: str, now: dt.datetime) -> Problem:
    seconds = int((hour_of(now) + dt.timedelta(hours=1) - now).total_seconds()) + 1
    detail = f"{allowed} กรุณารอประมาณ {seconds // 60 + 1} นาที"
    return Problem(code, 429, f"{what}ครบจำนวนที่กำหนดแล้ว", detail, extra={"retry_after": seconds})
