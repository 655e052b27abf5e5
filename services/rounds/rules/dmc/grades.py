"""Grades of DMC (ชั้น), the ages that belong to them, rooms, and what a school offers.

Codes 01-18 (อ.1-3, ป.1-6, ม.1-6, ปวช.1-3) are DMC's. Ages: OBEC announcements on admission and the Compulsory
Education Act BE 2545: อนุบาล by full years on 16 May, from ป.1 on by the calendar year of birth.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from services.rounds.rules.model import Cell
from shared.thai.dates import age_on, be_year, ce_year
from shared.thai.digits import to_arabic
from shared.thai.fold import fold_text

_PREFIXES = {
    "อ": "อ", "อบ": "อ", "อนุบาล": "อ", "อนุบาลปีที่": "อ", "อนุบาลศึกษาปีที่": "อ",
    "ป": "ป", "ประถม": "ป", "ประถมปีที่": "ป", "ประถมศึกษาปีที่": "ป",
    "ม": "ม", "มัธยม": "ม", "มัธยมปีที่": "ม", "มัธยมศึกษาปีที่": "ม",
    "ปวช": "ปวช", "ประกาศนียบัตรวิชาชีพปีที่": "ปวช",
}  # fmt: skip
_FIRST_CODE = {"อ": 1, "ป": 4, "ม": 10, "ปวช": 16}
_YEARS = {"อ": 3, "ป": 6, "ม": 6, "ปวช": 3}
_GRADE = re.compile(r"(?:ชั้น)?([\u0e01-\u0e4e]+?)(\d)(?:/\d{1,2})?\Z", re.ASCII)
_ROOM = re.compile(r"(?:(?:[\u0e01-\u0e4e]{0,4}\d/)?(\d{1,3}))(?:\.0+)?\Z", re.ASCII)
_FIRST_SCHOOL_DAY = (5, 16)
# Years between the calendar years of entering a grade and of birth, less the grade's number.
_ENTRY_AGE = {"ป": 6, "ม": 12, "ปวช": 15}

_RANGES = {
    "อนุบาล": (1, 3),
    "ก่อนประถมศึกษา": (1, 3),
    "ประถมศึกษา": (4, 9),
    "มัธยมศึกษาตอนต้น": (10, 12),
    "มัธยมศึกษาตอนปลาย": (13, 18),
    "มัธยมศึกษา": (10, 18),
}


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade: ``level`` is อ, ป, ม or ปวช, ``number`` the year in it."""

    level: str
    number: int

    @property
    def code(self) -> int:
        """DMC's code, 1-18; also the order of grades."""
        return _FIRST_CODE[self.level] + self.number - 1

    @property
    def label(self) -> str:
        """As DMC writes it: ``ป.1``."""
        return f"{self.level}.{self.number}"


def label_of(code: int) -> str:
    """The label of a code of DMC, 1-18: ``ป.1`` for 4."""
    level = max((first, level) for level, first in _FIRST_CODE.items() if first <= code)[1]
    return Grade(level, code - _FIRST_CODE[level] + 1).label


@lru_cache(maxsize=4096)
def parse_grade(text: str) -> Grade | None:
    """``ป.1`` however it is spelt (``ป1``, ``ป.๑``, ``อบ.1``, ``ประถมศึกษาปีที่ 1``); None when it is no grade."""
    plain = to_arabic(fold_text(text)).replace(" ", "").replace(".", "")
    found = _GRADE.match(plain)
    level = _PREFIXES.get(found[1]) if found else None
    if found is None or level is None or not 1 <= int(found[2]) <= _YEARS[level]:
        return None
    return Grade(level, int(found[2]))


@lru_cache(maxsize=4096, typed=True)
def parse_room(cell: Cell) -> int | None:
    """The number of a room from ``1``, ``1/1``, ``ป.1/1`` or a number; None when it is not a whole number from 1."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return int(cell) if 1 <= cell < math.inf and cell == int(cell) else None
    if not isinstance(cell, str):
        return None
    found = _ROOM.match(to_arabic(fold_text(cell)).replace(" ", "").replace(".", "", 1 if "/" in cell else 0))
    number = int(found[1]) if found else 0
    return number or None


def years_off(grade: Grade, birth: date, year_be: int) -> int:
    """How many years older (+) or younger (-) than the grade's usual age a child is in school year ``year_be``."""
    if grade.level == "อ":
        full_years = age_on(birth, date(ce_year(year_be), *_FIRST_SCHOOL_DAY))
        return full_years - 2 - grade.number
    return year_be - _ENTRY_AGE[grade.level] - grade.number - be_year(birth.year)


def offered_codes(education_range: str | None) -> frozenset[int] | None:
    """The codes of the grades a school offers, from EMIS's ``อนุบาล-มัธยมศึกษาตอนต้น``; None when that is not known."""
    parts = [_RANGES.get(part.strip()) for part in fold_text(education_range or "").split("-")]
    known = [part for part in parts if part is not None]
    if not known or len(known) != len(parts):
        return None
    return frozenset(range(known[0][0], known[-1][1] + 1))
