"""What is true of a register as a whole: numbers that come twice, numbers that are missing, the number to go on from.

Pure, and of any old system: rows arrive read (``rows.py``), a report leaves as plain JSON. The rules are those of
correspondence.md §1.3: numbers run through a calendar year (BE) of their book, a number is never used again, a void one
stays and is not missing, the same letter is (จาก, ที่, ลงวันที่) within a year. Nothing is decided here: who imports
chooses.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from itertools import groupby
from typing import Any, NamedTuple

from services.documents.letters.rules import Secrecy, Speed
from shared.thai.digits import to_arabic
from shared.thai.fold import fold_header, is_missing


def rank(secrecy: Secrecy) -> int:
    """0 for a letter that is not secret, and higher for every class."""
    return list(Secrecy).index(secrecy)


class Status(StrEnum):
    """How well a row was read, and how much a finding says against it."""

    OK = "ok"
    WARNING = "warning"
    UNREADABLE = "unreadable"


class Number(NamedTuple):
    """A number of a book: year (BE), number, and the suffix of one that was put in later (``12/1``, ``12.1``)."""

    be_year: int
    no: int
    suffix: str = ""


class Place(NamedTuple):
    """A row of the file as who sent it sees it: sheet and row, both from 1."""

    sheet: int
    row: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What is said of a row: a stable code, a Thai sentence, the header of the column that it is about."""

    code: str
    level: Status
    message: str
    place: Place
    column: str | None = None

    def as_dict(self) -> dict[str, Any]:
        sheet, row = self.place
        code, level, message = self.code, self.level.value, self.message
        return {"code": code, "level": level, "message": message, "sheet": sheet, "row": row, "column": self.column}


@dataclass(frozen=True, slots=True)
class Entry:
    """A row as an entry of the book. Texts are whole, "" where there is none; ``written`` is the number as it stood.

    ``speed_until`` is the day of ด่วนภายใน. ``entry_date`` is when it was registered.
    """

    number: Number
    written: str
    is_circular: bool
    doc_no: str
    doc_date: dt.date | None
    entry_date: dt.date | None
    sender: str
    recipient: str
    subject: str
    action: str
    note: str
    speed: Speed
    speed_until: dt.date | None
    secrecy: Secrecy
    is_void: bool

    def as_dict(self) -> dict[str, Any]:
        days = {name: day and day.isoformat() for name, day in self._days().items()}
        codes = {"speed": self.speed.value, "secrecy": self.secrecy.value}
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {**values, "number": self.number._asdict(), **codes, **days}

    def _days(self) -> dict[str, dt.date | None]:
        return {"doc_date": self.doc_date, "entry_date": self.entry_date, "speed_until": self.speed_until}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the register. ``number`` is certain or None; ``no``, one without suffix, may be known without its year.

    A row with a number and without an entry is unreadable for another reason: its number is used all the same.
    """

    place: Place
    no: int | None
    number: Number | None
    own_date: dt.date | None
    entry: Entry | None
    findings: tuple[Finding, ...] = ()

    @property
    def status(self) -> Status:
        levels = {finding.level for finding in self.findings}
        return next((level for level in (Status.UNREADABLE, Status.WARNING) if level in levels), Status.OK)


@dataclass(frozen=True, slots=True)
class SameNumber:
    """A number that several rows bear, or one that the book has already."""

    number: Number
    places: tuple[Place, ...]
    is_in_book: bool


@dataclass(frozen=True, slots=True)
class SameLetter:
    """Rows of one year that tell of the same letter: it came twice (on paper and by e-mail)."""

    be_year: int
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers of a year that stand nowhere, ``first`` to ``last``."""

    be_year: int
    first: int
    last: int

    @property
    def count(self) -> int:
        return self.last - self.first + 1


def same_numbers(rows: Iterable[Row], known: Collection[Number]) -> list[SameNumber]:
    """Numbers borne by two rows, or by a row and the book; in order."""
    places: defaultdict[Number, list[Place]] = defaultdict(list)
    for row in rows:
        if row.number:
            places[row.number].append(row.place)
    return [
        SameNumber(number, tuple(found), number in known)
        for number, found in sorted(places.items())
        if len(found) > 1 or number in known
    ]


def same_letters(rows: Iterable[Row]) -> list[SameLetter]:
    """Letters registered twice in a year: จาก, ที่ and ลงวันที่ are there and equal but for spaces, digits and case.

    A void entry is no second one: who registers a letter anew voids the first.
    """
    places: defaultdict[tuple[Any, ...], list[Place]] = defaultdict(list)
    for row in rows:
        entry = row.entry
        if entry and not entry.is_void and entry.sender and not is_missing(entry.doc_no) and entry.doc_date:
            folded = (fold_header(to_arabic(text)) for text in (entry.sender, entry.doc_no))
            places[entry.number.be_year, *folded, entry.doc_date].append(row.place)
    return [SameLetter(key[0], tuple(found)) for key, found in places.items() if len(found) > 1]


def likely_numbers(rows: Sequence[Row]) -> list[Number | None]:
    """The numbers that the rows use up. Where a row's year cannot be told, it is that of the row above, else below.

    Good enough to say that a number is not missing; an entry is never made of it.
    """
    years = [row.number.be_year if row.number else None for row in rows]
    above = _carried(years)
    below = reversed(_carried(years[::-1]))
    return [
        row.number or (Number(year, row.no) if row.no is not None and year else None)
        for row, year in zip(rows, (up or down for up, down in zip(above, below, strict=True)), strict=True)
    ]


def _carried(years: Sequence[int | None]) -> list[int | None]:
    last, carried = None, []
    for year in years:
        last = year or last
        carried.append(last)
    return carried


def gaps(used: Iterable[Number]) -> list[Gap]:
    """The numbers from 1 to the highest of each year that nothing bears, as ranges. ``12.1`` does not stand for 12."""
    found = []
    for year, of_year in groupby(sorted(used), key=lambda number: number.be_year):
        numbers, before = list(of_year), 0
        plain = sorted({number.no for number in numbers if not number.suffix})
        for no in (*plain, numbers[-1].no + 1):
            if no > before + 1:
                found.append(Gap(year, before + 1, no - 1))
            before = no
    return found


def opening(used: Iterable[Number], year: int) -> Number | None:
    """The highest number of a year; the book goes on behind it."""
    return max((Number(year, number.no) for number in used if number.be_year == year), default=None)


def out_of_order(rows: Iterable[Row]) -> list[Row]:
    """As few rows as can be said to break the order: without them, dates rise with the numbers of a year.

    Numbers with a suffix were put in later on purpose and do not count.
    """
    dated = [row for row in rows if row.number and not row.number.suffix and row.own_date]
    dated.sort(key=lambda row: (row.number or (), row.own_date or dt.date.min))
    found: list[Row] = []
    for _, of_year in groupby(dated, key=lambda row: row.number and row.number.be_year):
        found.extend(_breaking(list(of_year)))
    return found


def _breaking(rows: Sequence[Row]) -> list[Row]:
    """The rows outside of a longest rising sequence of dates."""
    ends: list[dt.date] = []
    at: list[int] = []
    previous: list[int] = []
    for index, row in enumerate(rows):
        day = row.own_date or dt.date.min
        length = bisect_right(ends, day)
        previous.append(at[length - 1] if length else -1)
        ends[length : length + 1] = [day]
        at[length : length + 1] = [index]
    kept, index = set(), at[-1] if at else -1
    while index >= 0:
        kept.add(index)
        index = previous[index]
    return [row for index, row in enumerate(rows) if index not in kept]
