"""The report on a register: every row with what is said of it, and what is true of all of them. Plain JSON leaves."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from services.documents.oldregisters.rules import (
    Finding,
    Gap,
    Number,
    Place,
    Row,
    SameLetter,
    SameNumber,
    Status,
    gaps,
    likely_numbers,
    opening,
    out_of_order,
    same_letters,
    same_numbers,
)
from services.documents.registers.rules import RECEIVED_KINDS, BookKind
from shared.thai.dates import be_year


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


def report_of(rows: Sequence[Row], kind: BookKind, known: Collection[Number], today: dt.date) -> Report:
    """All that is to be said of the rows of a register; ``known`` are the numbers that the book has already."""
    numbers = same_numbers(rows, known)
    letters = same_letters(rows) if kind in RECEIVED_KINDS else []
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
