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
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from itertools import groupby
from typing import Any, NamedTuple

from shared.thai.dates import be_year
from shared.thai.digits import to_arabic
from shared.thai.fold import fold_header, is_missing


class BookKind(StrEnum):
    """The books whose registers are read; ``receive`` is kept in form 13, ``send``, ``circular`` and ``memo`` in 14."""

    RECEIVE = "receive"  # ทะเบียนหนังสือรับ
    SEND = "send"  # ทะเบียนหนังสือส่ง
    CIRCULAR = "circular"  # หนังสือเวียน, where it has numbers of its own
    ORDER = "order"  # คำสั่ง
    ANNOUNCEMENT = "announcement"  # ประกาศ
    CERTIFICATE = "certificate"  # หนังสือรับรอง
    MERIT = "merit"  # เกียรติบัตร
    MEMO = "memo"  # บันทึกข้อความ


# ชั้นความลับ (§1.2) in ascending order
SECRECIES = ("none", "secret", "very_secret", "top_secret")
ORDINARY, TOP_SECRET = SECRECIES[0], SECRECIES[-1]


def rank(secrecy: str) -> int:
    """0 for a letter that is not secret; ValueError for what is no class."""
    return SECRECIES.index(secrecy)


@dataclass(frozen=True, slots=True)
class Book:
    """The book that a register is to be entered in; ``secrecy`` is one of :data:`SECRECIES`."""

    kind: BookKind
    secrecy: str = ORDINARY

    def __post_init__(self) -> None:
        rank(self.secrecy)


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

    ``speed`` is a code of §1.2, ``speed_until`` the day of ด่วนภายใน. ``entry_date`` is when it was registered.
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
    speed: str
    speed_until: dt.date | None
    secrecy: str
    is_void: bool

    def as_dict(self) -> dict[str, Any]:
        days = {name: day and day.isoformat() for name, day in self._days().items()}
        return {**asdict(self), "number": self.number._asdict(), **days}

    def _days(self) -> dict[str, dt.date | None]:
        return {"doc_date": self.doc_date, "entry_date": self.entry_date, "speed_until": self.speed_until}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the register. ``number`` is certain or None; ``no`` may be known without its year.

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


@dataclass(frozen=True, slots=True)
class Year:
    """A year of the register in figures. ``last`` is the highest number used, ``missing`` how many below it are not."""

    be_year: int
    rows: int
    voids: int
    last: int
    missing: int


@dataclass(frozen=True, slots=True)
class Report:
    """A register judged. ``opening`` is the last number used in the current year (§1.3, rule 3), None where none is."""

    rows: tuple[Row, ...]
    same_numbers: tuple[SameNumber, ...]
    same_letters: tuple[SameLetter, ...]
    gaps: tuple[Gap, ...]
    years: tuple[Year, ...]
    opening: Number | None

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON. ``is_enterable``: the row was read and nothing else has its number."""
        taken = {place for same in self.same_numbers for place in same.places}
        return {
            "rows": [_row_dict(row, row.entry is not None and row.place not in taken) for row in self.rows],
            "same_numbers": [
                {**same.number._asdict(), "rows": _places(same.places), "is_in_book": same.is_in_book}
                for same in self.same_numbers
            ],
            "same_letters": [
                {"be_year": same.be_year, "rows": _places(same.places)} for same in self.same_letters
            ],
            "gaps": [{**asdict(gap), "count": gap.count} for gap in self.gaps],
            "years": [asdict(year) for year in self.years],
            "opening": {"be_year": self.opening.be_year, "last_no": self.opening.no} if self.opening else None,
        }


def _row_dict(row: Row, is_enterable: bool) -> dict[str, Any]:
    return {
        **row.place._asdict(),
        "status": row.status.value,
        "number": row.number and row.number._asdict(),
        "entry": row.entry and row.entry.as_dict(),
        "is_enterable": is_enterable,
        "findings": [finding.as_dict() for finding in row.findings],
    }


def _places(places: Iterable[Place]) -> list[dict[str, int]]:
    return [place._asdict() for place in places]


def report_of(rows: Sequence[Row], book: Book, known: Collection[Number], today: dt.date) -> Report:
    """All that is to be said of the rows of a register; ``known`` are the numbers that the book has already."""
    numbers = same_numbers(rows, known)
    letters = same_letters(rows) if book.kind is BookKind.RECEIVE else []
    used = {number for row, number in zip(rows, likely_numbers(rows), strict=True) if number}
    years = sorted({number.be_year for number in used})
    taken = used | {number for number in known if number.be_year in {*years, be_year(today.year)}}
    missing = [gap for gap in gaps(taken) if gap.be_year in years]
    findings = [*_same_number_findings(numbers), *_same_letter_findings(letters), *_order_findings(rows)]
    return Report(
        rows=_with(rows, findings),
        same_numbers=tuple(numbers),
        same_letters=tuple(letters),
        gaps=tuple(missing),
        years=tuple(_year(year, rows, taken, missing) for year in years),
        opening=opening(taken, be_year(today.year)),
    )


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
    """The numbers from 1 to the highest of each year that nothing bears, as ranges. A suffix fills no gap."""
    found = []
    plain = sorted({(number.be_year, number.no) for number in used})
    for year, of_year in groupby(plain, key=lambda pair: pair[0]):
        before = 0
        for _, no in of_year:
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


def _same_number_findings(numbers: Iterable[SameNumber]) -> Iterable[Finding]:
    for same in numbers:
        for place in same.places:
            if same.is_in_book:
                said = f"เลข {_shown(same.number)} มีอยู่ในทะเบียนของระบบแล้ว"
                yield Finding("number.in_book", Status.WARNING, said, place)
            if others := _others(same.places, place):
                said = f"เลข {_shown(same.number)} ซ้ำกับ{others}"
                yield Finding("number.duplicate", Status.WARNING, said, place)


def _same_letter_findings(letters: Iterable[SameLetter]) -> Iterable[Finding]:
    for same in letters:
        for place in same.places:
            said = f"หนังสือฉบับเดียวกัน (จาก ที่ และลงวันที่ ตรงกัน) ลงทะเบียนไว้แล้วที่{_others(same.places, place)}"
            yield Finding("letter.duplicate", Status.WARNING, said, place)


def _order_findings(rows: Iterable[Row]) -> Iterable[Finding]:
    for row in out_of_order(rows):
        yield Finding("order.time", Status.WARNING, "วันที่ไม่เรียงตามเลขทะเบียน กรุณาตรวจเลขและวันที่ของแถวนี้", row.place)


def _shown(number: Number) -> str:
    suffix = f".{number.suffix}" if number.suffix else ""
    return f"{number.no}{suffix}/{number.be_year}"


def _others(places: Sequence[Place], place: Place) -> str:
    """The other rows, in words; a sheet is named where it is another one."""
    named = [
        str(other.row) if other.sheet == place.sheet else f"{other.row} (แผ่นงานที่ {other.sheet})"
        for other in places
        if other != place
    ]
    return f"แถว {', '.join(named)}" if named else ""


def _with(rows: Iterable[Row], findings: Iterable[Finding]) -> tuple[Row, ...]:
    by_place: defaultdict[Place, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_place[finding.place].append(finding)
    return tuple(
        replace(row, findings=(*row.findings, *by_place[row.place])) if row.place in by_place else row for row in rows
    )


def _year(year: int, rows: Iterable[Row], used: Iterable[Number], missing: Iterable[Gap]) -> Year:
    own = [row for row in rows if row.number and row.number.be_year == year]
    return Year(
        be_year=year,
        rows=len(own),
        voids=sum(row.entry is not None and row.entry.is_void for row in own),
        last=max(number.no for number in used if number.be_year == year),
        missing=sum(gap.count for gap in missing if gap.be_year == year),
    )


def counts_of(rows_in: int, rows: Sequence[Row], skipped: Mapping[str, int]) -> dict[str, int]:
    """The sums of a report: every row of the file is ok, a warning, unreadable, or skipped for a reason.

    Raises:
        ValueError: a row of the file is missing from the report, or stands in it twice.
    """
    statuses = [row.status for row in rows]
    counts = {status.value: statuses.count(status) for status in Status}
    if rows_in != len(rows) + sum(skipped.values()):
        raise ValueError(f"{rows_in} rows came in and {len(rows)} + {sum(skipped.values())} are reported")
    return {"rows_in": rows_in, **counts, "skipped": sum(skipped.values()), **skipped}
