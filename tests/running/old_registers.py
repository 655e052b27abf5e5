"""Registers as the old systems export them, with what is wrong in them written down: letters that nobody ever sent.

What :func:`make` plants is all that is wrong: a reader that finds more, less or other rows is wrong itself.
"""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl import Workbook

from shared.thai.dates import be_year, ce_year, format_full, format_short, format_slashed
from shared.thai.digits import to_thai

HEADERS = ("เลขทะเบียนรับ", "ปี", "ที่", "ลงวันที่", "จาก", "ถึง", "เรื่อง", "วันที่รับ", "การปฏิบัติ", "หมายเหตุ",
           "ความเร็ว", "ชั้นความลับ", "ผู้บันทึก")  # fmt: skip
NUMBER, YEAR, DOC_NO, DOC_DATE, SENDER, RECIPIENT, SUBJECT, ENTRY_DATE, ACTION, NOTE, SPEED, SECRECY, _CLERK = range(13)
TITLE = "ทะเบียนหนังสือรับ สำนักงานเขตพื้นที่การศึกษาประถมศึกษาตัวอย่าง"
PAGE = 40

Key = tuple[int, int]
Numbered = tuple[int, int, str]

_SENDERS = ("สพฐ.", "โรงเรียนบ้านตัวอย่าง", "อำเภอแม่ตัวอย่าง", "สำนักงานศึกษาธิการจังหวัด", "ธนาคารออมสิน")
# near misses: no void, no total, no title, no secret
_SUBJECTS = ("ขอเชิญประชุมผู้บริหารสถานศึกษา", "แจ้งยกเลิกการอบรมออนไลน์", "ยกเลิกการประชุมประจำเดือน", "รวมพลังรักษ์โลก",
             "ทะเบียนหนังสือเรียนฟรี", "กิจกรรมลับสมองประลองปัญญา", "ขอข้อมูลปีงบประมาณ 2570", "หน้าที่พลเมือง")  # fmt: skip
_SPEEDS = ("", "ปกติ", "ด่วน", "ด่วนมาก", "ด่วนที่สุด", "-", "2", "001")
_VOIDS = ((SUBJECT, "ยกเลิก"), (NOTE, "ยกเลิกเลขนี้ ออกซ้ำ"), (ACTION, "(ยกเลิก)"), (NOTE, "ยกเลิก"))
# column, what stands there instead, the code that says so
_BAD_CELLS: tuple[tuple[int, str, str], ...] = (
    (DOC_DATE, "10/06/69", "date.two_digits"),
    (DOC_DATE, "31/02/2568", "date.impossible"),
    (ENTRY_DATE, "ต้นเดือน", "date.format"),
    (DOC_DATE, "๑๐ มิถุนายน ๓๐๙๘", "date.year"),
    (SPEED, "ด่วนพิเศษ", "speed.unknown"),
    (SECRECY, "ปกปิด", "secrecy.unknown"),
    (SECRECY, "ลับมาก", "secrecy.refused"),
    (SUBJECT, "ผลการสอบสวน [ลับ]", "secrecy.refused"),
    (SUBJECT, "", "subject.missing"),
)
_BAD_NUMBERS: tuple[tuple[str, str], ...] = (
    ("สิบสอง", "number.format"), ("", "number.missing"), ("12-15", "number.range"), ("14/69", "number.short_year"),
    ("12/123", "number.format"), ("2569-01-12", "number.date"), ("0", "number.format"),
)  # fmt: skip


@dataclass
class Planted:
    """What a register has, by row of the file and number."""

    duplicates: dict[Numbered, set[int]] = field(default_factory=dict)
    letters: set[frozenset[int]] = field(default_factory=set)
    gaps: set[tuple[int, int, int]] = field(default_factory=set)
    voids: set[int] = field(default_factory=set)
    unreadable: dict[int, str] = field(default_factory=dict)
    disorder: set[int] = field(default_factory=set)
    last: dict[int, int] = field(default_factory=dict)
    letters_in: int = 0


_ENOUGH_BEHIND = 12


@dataclass
class _Line:
    """A row on its way: the number it stands for, and its cells."""

    key: Key
    cells: list[Any]
    is_plain: bool = True


@dataclass(frozen=True)
class Amounts:
    """How much of everything is planted."""

    rows: int = 5000
    duplicates: int = 25
    letters: int = 20
    gaps: int = 15
    voids: int = 30
    bad_cells: int = 27
    bad_numbers: int = 14
    disorder: int = 6


def make(seed: int, amounts: Amounts, years: Sequence[int] = (2568, 2569)) -> tuple[list[list[Any]], Planted]:
    """A register for form 13 as a table of cells (row 1 first), and what was planted in it."""
    rng, planted = random.Random(seed), Planted()
    lines = [line for year in years for line in _year(rng, year, amounts.rows // len(years))]
    lines = _with_gaps(rng, lines, amounts.gaps, planted)
    planted.last = {year: max(no for be, no in (line.key for line in lines) if be == year) for year in years}
    marks: list[tuple[list[_Line], Callable[[Sequence[int]], None]]] = []
    _plant_cells(rng, lines, amounts, planted, marks)
    _plant_rows(rng, lines, amounts, planted, marks)
    table = _printed(rng, lines)
    places = {id(cells): number for number, cells in enumerate(table, start=1)}
    for marked, note in marks:
        note([places[id(line.cells)] for line in marked])
    planted.letters_in = len(lines)
    return table, planted


def _year(rng: random.Random, year: int, count: int) -> list[_Line]:
    """A year without fault: numbers from 1, days that rise with them."""
    first, lines = dt.date(ce_year(year), 1, 3), []
    for no in range(1, count + 1):
        day = first + dt.timedelta(days=(no - 1) * 300 // count)
        lines.append(_Line((year, no), _cells(rng, year, no, day)))
    return lines


def _cells(rng: random.Random, year: int, no: int, day: dt.date) -> list[Any]:
    has_year = rng.random() < 0.5
    number = rng.choice([no, float(no), str(no), to_thai(str(no)), f" {no} "])
    if not has_year and rng.random() < 0.5:
        number = rng.choice([f"{no}/{year}", to_thai(f"{no}/{year}"), f"{no} / {year - 543}"])
    sent = day - dt.timedelta(days=rng.randrange(0, 2))
    return [
        number,
        rng.choice([year, str(year), to_thai(str(year)), year - 543]) if has_year else "",
        f"ศธ 04{rng.randrange(100, 999)}/{rng.choice(['', 'ว'])}{no}",
        written(rng, sent),
        rng.choice(_SENDERS),
        "ผอ.สพป.",
        rng.choice(_SUBJECTS),
        written(rng, day),
        rng.choice(["กลุ่มอำนวยการ", "กลุ่มนโยบายและแผน", ""]),
        rng.choice(["", "-", "ส่งแล้ว"]),
        rng.choice(_SPEEDS),
        rng.choice(["", "ปกติ", "-"]),
        "ธุรการ",
    ]


def written(rng: random.Random, day: dt.date) -> Any:
    """A day in one of the ways in which registers have it, both eras, also as a cell of a date."""
    be = be_year(day.year)
    ways: list[Any] = [
        day.isoformat(), f"{be}-{day:%m-%d}", f"{day:%d/%m/%Y}", format_slashed(day), format_short(day),
        to_thai(format_full(day)), f"{day.day} {format_short(day).split()[1].replace('.', '')} {be}",
        f"{day:%Y-%m-%d} 08:30:00", dt.datetime.combine(day, dt.time()),
    ]  # fmt: skip
    return rng.choice(ways)


def _with_gaps(rng: random.Random, lines: list[_Line], count: int, planted: Planted) -> list[_Line]:
    """Take numbers out, one to four together; what is taken out does not touch, nor the end of a year."""
    ends = {key[0]: key[1] for key in (line.key for line in lines)}
    missing: set[Key] = set()
    for _ in range(count):
        year, first = rng.choice(lines).key
        last = min(first + rng.randrange(4), ends[year] - 1)
        around = {(year, no) for no in range(first - 1, last + 2)}
        if first <= last and not around & missing:
            missing |= {(year, no) for no in range(first, last + 1)}
            planted.gaps.add((year, first, last))
    return [line for line in lines if line.key not in missing]


def _plant_cells(rng: random.Random, lines: list[_Line], amounts: Amounts, planted: Planted, marks: list[Any]) -> None:
    """Faults in rows that are there; a row has one fault at most."""
    inner = lines[len(lines) // 10 : -(len(lines) // 10) or None]
    wanted = amounts.voids + amounts.bad_cells + amounts.disorder + 2 * amounts.letters
    free = rng.sample(inner, min(len(inner), wanted))
    for number in range(min(amounts.voids, len(free))):
        line, (column, text) = free.pop(), _VOIDS[number % len(_VOIDS)]
        line.cells[column], line.is_plain = text, False
        marks.append(([line], planted.voids.update))
    for number in range(min(amounts.bad_cells, len(free))):
        line, (column, text, code) = free.pop(), _BAD_CELLS[number % len(_BAD_CELLS)]
        line.cells[column], line.cells[YEAR], line.is_plain = text, line.key[0], False
        line.cells[NUMBER] = line.key[1]
        marks.append(([line], lambda rows, code=code: planted.unreadable.update(dict.fromkeys(rows, code))))
    for _ in range(min(amounts.letters, len(free) // 2)):
        first = free.pop()
        second = next((line for line in free if line.key[0] == first.key[0]), None)
        if second is None:
            continue
        free.remove(second)
        second.cells[DOC_NO] = to_thai(first.cells[DOC_NO]).replace("/", " / ")
        second.cells[DOC_DATE], second.cells[SENDER] = first.cells[DOC_DATE], f"{first.cells[SENDER]} "
        first.is_plain = second.is_plain = False
        _date_of_the_later(first, second)
        marks.append(([first, second], lambda rows: planted.letters.add(frozenset(rows))))
    for _ in range(min(amounts.disorder, len(free))):
        line = free.pop()
        behind = sum(other.key[0] == line.key[0] and other.key[1] > line.key[1] for other in lines)
        # late is only what others of the year come after; some of those may bear no date that counts
        if behind <= _ENOUGH_BEHIND:
            continue
        late = dt.date(ce_year(line.key[0]), 11, 20)
        line.cells[ENTRY_DATE], line.is_plain = late.isoformat(), False
        marks.append(([line], planted.disorder.update))


def _date_of_the_later(first: _Line, second: _Line) -> None:
    """The letter is dated the first day of the year, so that neither row was registered before it."""
    day = dt.date(ce_year(first.key[0]), 1, 1)
    first.cells[DOC_DATE], second.cells[DOC_DATE] = day.isoformat(), to_thai(format_full(day))


def _plant_rows(rng: random.Random, lines: list[_Line], amounts: Amounts, planted: Planted, marks: list[Any]) -> None:
    """Rows too many: numbers that come again, and numbers that nobody can read."""
    plain = [line for line in lines if line.is_plain]
    for line in rng.sample(plain, min(len(plain), amounts.duplicates)):
        again = [_Line(line.key, list(line.cells)) for _ in range(rng.choice([1, 1, 2]))]
        for copy in again:
            copy.cells[DOC_NO], copy.cells[NUMBER], copy.cells[YEAR] = f"พิเศษ {rng.random()}", line.key[1], line.key[0]
            lines.insert(lines.index(line) + 1, copy)
        key = (*line.key, "")
        marks.append(([line, *again], lambda rows, key=key: planted.duplicates.update({key: set(rows)})))
    for number in range(amounts.bad_numbers):
        text, code = _BAD_NUMBERS[number % len(_BAD_NUMBERS)]
        beside = rng.choice(plain)
        line = _Line(beside.key, list(beside.cells), is_plain=False)
        line.cells[NUMBER], line.cells[DOC_NO], line.cells[YEAR] = text, f"อื่น {rng.random()}", ""
        line.cells[SUBJECT] = "ขอส่งรายงาน"
        lines.insert(lines.index(beside), line)
        marks.append(([line], lambda rows, code=code: planted.unreadable.update(dict.fromkeys(rows, code))))


def _printed(rng: random.Random, lines: Sequence[_Line]) -> list[list[Any]]:
    """The rows with what stands around them on paper: title, header on every page, blank rows, a sum."""
    table: list[list[Any]] = [[TITLE], [""], list(HEADERS), [f"({to_thai(str(at))})" for at in range(1, 14)]]
    for number, line in enumerate(lines):
        if number and number % PAGE == 0:
            table += [[f"หน้า {number // PAGE}"], [], [TITLE], list(HEADERS)]
        table.append(line.cells)
    return [*table, [], ["", "", "", "", "", "รวมทั้งสิ้น", f"{len(lines):,} เรื่อง"]]


def as_xlsx(*sheets: Sequence[Sequence[Any]], hidden: Sequence[int] = ()) -> bytes:
    """The tables as a workbook; ``hidden`` are the places of sheets that are not shown."""
    book, out = Workbook(), io.BytesIO()
    book.remove(book.active)
    for place, rows in enumerate(sheets):
        sheet = book.create_sheet(f"แผ่น {place + 1}")
        sheet.sheet_state = "hidden" if place in hidden else "visible"
        for row in rows:
            sheet.append(list(row))
    book.save(out)
    return out.getvalue()


def as_csv(rows: Sequence[Sequence[Any]], encoding: str = "utf-8-sig") -> bytes:
    """The table as CSV, days as a spreadsheet program would write them."""
    out = io.StringIO()
    csv.writer(out).writerows([[_text(cell) for cell in row] for row in rows])
    return out.getvalue().encode(encoding)


def as_html(rows: Sequence[Sequence[Any]]) -> bytes:
    """The table as AMSS++ offers it: a page that is called .xls, with hard spaces in its cells."""
    lines = ("".join(f"<td align='left'>&nbsp;{html.escape(_text(cell))}</td>" for cell in row) for row in rows)
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<html><body><table border='1'>{body}</table></body></html>".encode()


def _text(cell: Any) -> str:
    return cell.date().isoformat() if isinstance(cell, dt.datetime) else str(cell)
