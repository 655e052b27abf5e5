"""A register number as people and programs write it, read or refused; nothing is guessed.

The forms are those of correspondence.md §1.3: ``12``, ``12/2569``, ``ว 12``, ``12/1`` and ``12.1`` (put in later), each
also behind a letter code (``ศธ 04047/ว 12``). Words before a number go first, and a code has four digits at least:
else of ``ที่ 12/2569`` the year is read as the running number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from shared.thai.dates import DateFault, be_year, parse_date
from shared.thai.digits import to_arabic
from shared.thai.fold import fold_text

BE_YEARS = range(2400, 2701)
CE_YEARS = range(1900, 2101)
# a number put in between two others has a small suffix; what is larger behind a slash is a year of two digits
MOST_SUFFIX = 20

_WORD = re.compile(
    "(?:คำสั่ง|ประกาศ|หนังสือรับรอง|เกียรติบัตร)? ?(?:เลขทะเบียน ?|เลข ?|ทะเบียน ?)?(?:รับ ?|ส่ง ?)?(?:ที่)? ?[:.]? ?"
)
# the settings call the code of an office that has not told its own "ศธ 04xxx"
_LETTER_CODE = re.compile(r"[ก-ฮ]{2,4}\.? ?\d[\dx]{3,4}(?:\.\d{1,4})* ?/ ?", re.ASCII)
_INTERNAL = re.compile(
    r"(?P<circular>ว\.? ?)?(?P<no>\d{1,6}|[1-9]\d{0,2},\d{3})"
    r"(?:\.(?P<point>\d{1,2}))?(?: ?/ ?(?P<slash>[1-9]\d{0,3}))?\Z",
    re.ASCII,
)
_RANGE = re.compile(r"(?:ว\.? ?)?\d{1,6} ?(?:-|–|—|ถึง) ?(?:ว\.? ?)?\d{1,6}\Z", re.ASCII)


class NumberProblem(StrEnum):
    """Why a number cannot be read; all but ``FORMAT`` are for the writer to settle."""

    FORMAT = "format"
    DATE = "date"  # a spreadsheet program took 12/1 for a day
    RANGE = "range"  # one row for several numbers
    SHORT_YEAR = "short_year"


class NumberFault(ValueError):
    """A number that cannot be read; ``problem`` says why."""

    def __init__(self, problem: NumberProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class WrittenNumber:
    """A number as it was written; ``year`` (BE) only where it stood behind the slash."""

    no: int
    suffix: str = ""
    year: int | None = None
    is_circular: bool = False


def read_number(text: str) -> WrittenNumber:
    """The number in ``text``, which is not empty.

    Raises:
        NumberFault: it is none, or one that may be read in two ways.
    """
    plain = to_arabic(fold_text(text))
    for before in (_WORD, _LETTER_CODE):
        plain = plain[_end(before, plain) :]
    found = _INTERNAL.match(plain)
    if found is None:
        raise NumberFault(_why_none(plain))
    return _number(found)


def read_year(text: str) -> int | None:
    """The BE year that ``text`` says in four digits of either era; None for anything else."""
    plain = to_arabic(fold_text(text)).removesuffix(".0")
    return year_of(int(plain)) if plain.isascii() and plain.isdecimal() and len(plain) == 4 else None


def year_of(written: int) -> int | None:
    """2569 and 2026 → 2569; None for a number that is no year of either era."""
    if written in BE_YEARS:
        return written
    return be_year(written) if written in CE_YEARS else None


def _end(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.match(text)
    return found.end() if found else 0


def _why_none(text: str) -> NumberProblem:
    try:
        parse_date(text)
    except DateFault:
        return NumberProblem.RANGE if _RANGE.match(text) else NumberProblem.FORMAT
    return NumberProblem.DATE


def _number(found: re.Match[str]) -> WrittenNumber:
    no, year = int(found["no"].replace(",", "")), None
    suffix = _point(found["point"] or "")
    if slash := found["slash"]:
        year = year_of(int(slash))
        if year is None:
            if suffix or len(slash) > 2:
                raise NumberFault(NumberProblem.FORMAT)
            suffix = _suffix(slash)
    if no == 0:
        raise NumberFault(NumberProblem.FORMAT)
    return WrittenNumber(no, suffix, year, is_circular=found["circular"] is not None)


def _point(digits: str) -> str:
    """What stands behind a point; a whole number of a spreadsheet may have come as ``12.0``."""
    if not digits.strip("0"):
        return ""
    if digits.startswith("0"):
        raise NumberFault(NumberProblem.FORMAT)
    return _suffix(digits)


def _suffix(digits: str) -> str:
    if int(digits) > MOST_SUFFIX:
        raise NumberFault(NumberProblem.SHORT_YEAR)
    return digits
