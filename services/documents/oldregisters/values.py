"""The other cells of a register: days, speed, secrecy, the mark of a void entry. Read or refused, never defaulted."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import NamedTuple

from services.documents.letters.rules import FIRST_YEAR_BE, Secrecy, Speed
from services.documents.oldregisters.rules import rank
from shared.thai.dates import DateFault, DateProblem, ce_year, parse_date, read_date_cell
from shared.thai.digits import to_arabic
from shared.thai.fold import fold_header, fold_text, is_missing

# AMSS++ keeps "no date" as 0000-00-00, which its exports print as "0 - 543"
_NO_DATE = frozenset({"0000-00-00", "0-543", "0--543", "00/00/0000", "00/00/543"})
# a day that a program stored as a count of days since 1899-12-30; with six digits it may as well be ddmmyy
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?\Z", re.ASCII)
_SERIAL_FROM = dt.date(1899, 12, 30)
_FIRST_SERIAL = 20_000
OLDEST = dt.date(ce_year(FIRST_YEAR_BE), 1, 1)

# names, TH e-GIF codes, and the numbers of AMSS++ (level 1-4)
SPEEDS: Mapping[Speed, tuple[str, ...]] = {
    Speed.NORMAL: ("ปกติ", "ธรรมดา", "normal", "001", "1"),
    Speed.URGENT: ("ด่วน", "urgent", "002", "2"),
    Speed.VERY_URGENT: ("ด่วนมาก", "very_urgent", "003", "3"),
    Speed.MOST_URGENT: ("ด่วนที่สุด", "most_urgent", "004", "4"),
}
# AMSS++ has one flag, 0 and 1; "1" is not taken for the 001 of e-GIF, for that would open a secret letter
SECRECIES: Mapping[Secrecy, tuple[str, ...]] = {
    Secrecy.NONE: ("ปกติ", "ไม่ลับ", "ไม่มีชั้นความลับ", "none", "001", "0"),
    Secrecy.SECRET: ("ลับ", "secret", "002", "1"),
    Secrecy.VERY_SECRET: ("ลับมาก", "very_secret", "003"),
    Secrecy.TOP_SECRET: ("ลับที่สุด", "top_secret", "004"),
}
_SPEED_OF = {fold_header(name): code for code, names in SPEEDS.items() for name in names}
_SECRECY_OF = {fold_header(name): secrecy for secrecy, names in SECRECIES.items() for name in names}
_WITHIN = re.compile(r"ด่วน ?ภายใน ?(?P<until>.+)")
# AMSS++ prints [ลับ] behind the subject; by hand it is written in round brackets
_SECRECY_MARK = re.compile(r"[\[(]\s*(ลับที่สุด|ลับมาก|ลับ)\s*[\])]")

_STOP = r"[\s()\[\]{}*\"'“”:;,.\-–—/_]"
_IN_MARKS = r"(?:\(\s*ยกเลิก\s*\)|\[\s*ยกเลิก\s*\]|\*+\s*ยกเลิก\s*\*+)"
_THIS_NUMBER = (
    rf"(?:การ)?(?:ใช้|ออก|จอง)?เลข(?:ที่)?(?:ทะเบียน)?(?:รับ|ส่ง|หนังสือ|นี้|ซ้ำ|ผิด|\d|{_STOP}|\Z)"
    "|หนังสือ(?:ฉบับ)?นี้|รายการนี้"
)
_WHY = rf"เนื่องจาก|เพราะ|แล้ว{_STOP}*\Z|ไม่ได้ใช้|ไม่ใช้|(?:ลง)?ซ้ำ|(?:ลง|พิมพ์)ผิด"
# "ยกเลิกการประชุม" and "ยกเลิกเลขทะเบียนรถ" are letters like others; only the whole cell, marks, or the number itself count
_VOID_SUBJECT = re.compile(
    rf"{_STOP}*ยกเลิก{_STOP}*(?:\Z|{_THIS_NUMBER})|{_STOP}*{_IN_MARKS}|.*{_IN_MARKS}{_STOP}*\Z"
)
_VOID_REMARK = re.compile(
    rf"{_STOP}*(?:ขอ)?ยกเลิก{_STOP}*(?:\Z|{_THIS_NUMBER}|{_WHY})|{_STOP}*{_IN_MARKS}|.*{_IN_MARKS}{_STOP}*\Z"
)


class Day(NamedTuple):
    """A day that was read; ``is_serial`` where the cell held a count of days."""

    day: dt.date
    is_serial: bool = False


def read_day(text: str) -> Day | None:
    """A day in any form that :func:`shared.thai.dates.parse_date` knows, or an Excel serial; None where there is none.

    Raises:
        DateFault: it cannot be read, has a year of two digits, or lies before 2500 BE (§3.5).
    """
    plain = to_arabic(fold_text(text))
    if is_missing(plain) or plain.replace(" ", "") in _NO_DATE:
        return None
    is_serial = bool(_SERIAL.match(plain)) and float(plain) >= _FIRST_SERIAL
    if is_serial:
        day = read_date_cell(_SERIAL_FROM + dt.timedelta(days=int(float(plain)))).day
    else:
        day = parse_date(plain).day
    if day < OLDEST:
        raise DateFault(DateProblem.YEAR)
    return Day(day, is_serial)


def read_speed(text: str) -> tuple[Speed, dt.date | None] | None:
    """The code of a speed, and for ด่วนภายใน its day; nothing written is ปกติ. None for what is no speed."""
    if is_missing(text):
        return Speed.NORMAL, None
    if code := _SPEED_OF.get(_folded(text)):
        return code, None
    within = _WITHIN.match(fold_text(text))
    if within is None:
        return None
    try:
        until = read_day(within["until"])
    except DateFault:
        return None
    return (Speed.WITHIN, until.day) if until else None


def read_secrecy(text: str) -> Secrecy | None:
    """The class of secrecy that is written; None for what is none."""
    return _SECRECY_OF.get(_folded(text))


def marked_secrecy(*texts: str) -> Secrecy:
    """The highest class that stands in brackets in one of the texts: ``ขอส่งข้อสอบ [ลับ]``."""
    marks = (mark for text in texts for mark in _SECRECY_MARK.findall(fold_text(text)))
    return max((_SECRECY_OF[mark] for mark in marks), key=rank, default=Secrecy.NONE)


def is_void(subject: str, *remarks: str) -> bool:
    """Whether the entry was cancelled: its number stays used (§1.3, rule 1)."""
    return bool(_VOID_SUBJECT.match(subject)) or any(_VOID_REMARK.match(remark) for remark in remarks)


def may_be_void(*remarks: str) -> bool:
    """Whether remarks speak of cancelling something; a person has to look."""
    return any("ยกเลิก" in remark for remark in remarks)


def _folded(text: str) -> str:
    return fold_header(to_arabic(text))
