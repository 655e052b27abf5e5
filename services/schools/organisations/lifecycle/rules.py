"""The life of a school (rounds.md §2.7): which change may follow which, from which day, on whose order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.schools.access.rules import read_day
from services.schools.organisations.rules import YEARS_BE, Fault
from shared.thai.dates import academic_year, format_short

LONGEST_ORDER = 100
LONGEST_NAME = 200
LONGEST_NOTE = 1000
# further ahead is a year that was mistyped: OBEC decides on a school for the next academic year, rarely the one after
FURTHEST = dt.timedelta(days=3 * 366)
EARLIEST = dt.date(1857, 1, 1)  # BE 2400


class EventKind(StrEnum):
    """What may happen to a school."""

    OPENED = "OPENED"
    RENAMED = "RENAMED"
    CODE_CHANGED = "CODE_CHANGED"
    RANGE_CHANGED = "RANGE_CHANGED"
    CORRECTED = "CORRECTED"
    CO_LOCATED = "CO_LOCATED"
    SEPARATED = "SEPARATED"
    MERGED = "MERGED"
    CLOSED = "CLOSED"
    REOPENED = "REOPENED"


TITLES = {
    EventKind.OPENED: "จัดตั้ง",
    EventKind.RENAMED: "เปลี่ยนชื่อ",
    EventKind.CODE_CHANGED: "เปลี่ยนรหัส",
    EventKind.RANGE_CHANGED: "เปลี่ยนระดับที่เปิดสอน",
    EventKind.CORRECTED: "แก้ไขข้อมูลที่พิมพ์ผิด",
    EventKind.CO_LOCATED: "ไปเรียนรวม",
    EventKind.SEPARATED: "เลิกเรียนรวม",
    EventKind.MERGED: "ควบรวม",
    EventKind.CLOSED: "ยุบเลิก",
    EventKind.REOPENED: "เปิดอีกครั้ง",
}

# these decide whether and where a school teaches; every other change concerns one thing it is called or does
LIFE = frozenset(
    {
        EventKind.OPENED,
        EventKind.CO_LOCATED,
        EventKind.SEPARATED,
        EventKind.MERGED,
        EventKind.CLOSED,
        EventKind.REOPENED,
    }
)
ENDING = frozenset({EventKind.MERGED, EventKind.CLOSED})
WITH_ANOTHER = frozenset({EventKind.MERGED, EventKind.CO_LOCATED})


class EventState(StrEnum):
    """A change of a later day is planned until then; a planned one can be withdrawn, an applied one cannot.

    FAILED is a planned one that was no longer possible when its day came.
    """

    PLANNED = "PLANNED"
    APPLIED = "APPLIED"
    WITHDRAWN = "WITHDRAWN"
    FAILED = "FAILED"


@dataclass(frozen=True)
class Refusal:
    """Why a change is not possible: a stable code, and the words for the clerk."""

    code: str
    message: str


@dataclass(frozen=True)
class Life:
    """How a school lives on a day; before it is opened there is none. ``taught_at``: its main school (เรียนรวม)."""

    is_open: bool = True
    taught_at: str | None = None


@dataclass(frozen=True)
class Change:
    """One entry of a school's history. ``facet`` is what it concerns, ``other`` the school it leads to."""

    kind: EventKind
    effective_on: dt.date
    facet: str = ""
    other: str | None = None

    @classmethod
    def of(cls, kind: EventKind, effective_on: dt.date, scheme: str = "", other: str | None = None) -> Change:
        """A change of ``kind``; codes of different schemes have nothing to do with each other."""
        facet = "life" if kind in LIFE else f"{kind}{scheme}"
        return cls(kind, effective_on, facet, other)


def refusal(life: Life | None, kind: EventKind) -> Refusal | None:
    """Why ``kind`` cannot happen to a school that lives so."""
    if life is None:
        return None if kind is EventKind.OPENED else Refusal("school.not_opened", "โรงเรียนยังไม่เปิด")
    if kind is EventKind.OPENED:
        return Refusal("school.exists", "มีโรงเรียนนี้อยู่แล้ว")
    if kind is EventKind.REOPENED:
        return Refusal("school.open", "โรงเรียนเปิดอยู่แล้ว") if life.is_open else None
    if kind is EventKind.CORRECTED:
        return None
    if not life.is_open:
        return Refusal("school.closed", f"โรงเรียนยุบหรือเลิกแล้ว {TITLES[kind]}ไม่ได้")
    if kind is EventKind.CO_LOCATED and life.taught_at:
        return Refusal("school.co_located", "โรงเรียนไปเรียนรวมกับโรงเรียนอื่นอยู่แล้ว ต้องเลิกเรียนรวมก่อน")
    if kind is EventKind.SEPARATED and not life.taught_at:
        return Refusal("school.not_co_located", "โรงเรียนไม่ได้ไปเรียนรวมกับโรงเรียนอื่น")
    return None


def lived(life: Life | None, change: Change) -> Life:
    """How a school lives after a change that was not refused."""
    if change.kind in ENDING:
        return Life(is_open=False)
    if change.kind is EventKind.CO_LOCATED:
        return Life(taught_at=change.other)
    if life is None or change.kind in (EventKind.SEPARATED, EventKind.REOPENED):
        return Life()
    return life


def life_on(day: dt.date, now: Life | None, planned: Iterable[Change]) -> Life | None:
    """How a school will live on ``day``, if everything that is planned until then happens."""
    life = now
    for change in sorted(planned, key=lambda one: one.effective_on):
        if change.effective_on <= day:
            life = lived(life, change)
    return life


def history_refusal(
    now: Life | None, applied: Iterable[Change], planned: Iterable[Change], new: Change
) -> Refusal | None:
    """Why ``new`` does not fit into the history of a school: into what was, what is, and what is planned.

    Nothing is entered before what has already happened to the same thing; a planned change that would become impossible
    must be withdrawn first.
    """
    for change in applied:
        touches = change.facet == new.facet or "life" in (change.facet, new.facet)
        if EventKind.CORRECTED not in (change.kind, new.kind) and touches and new.effective_on < change.effective_on:
            when = format_short(change.effective_on)
            return Refusal("school.earlier", f"วันที่มีผลต้องไม่ก่อน{TITLES[change.kind]}ที่มีผลแล้วเมื่อ {when}")
    return _first_obstacle(now, [*planned, new], new)


def withdrawal_refusal(now: Life | None, remaining: Iterable[Change]) -> Refusal | None:
    """Why a plan cannot be withdrawn: another one, which would remain, was made on top of it."""
    return _first_obstacle(now, remaining, None)


def _first_obstacle(now: Life | None, planned: Iterable[Change], new: Change | None) -> Refusal | None:
    life = now
    for change in sorted(planned, key=lambda one: one.effective_on):
        refused = refusal(life, change.kind)
        if refused and change is new:
            return refused
        if refused:
            when = format_short(change.effective_on)
            return Refusal("school.planned", f"มีแผน{TITLES[change.kind]}วันที่ {when} ซึ่งจะทำไม่ได้ ต้องถอนแผนนั้นก่อน")
        life = lived(life, change)
    return None


def other_faults(pointer: str, kind: EventKind, *, is_self: bool, same_area: bool, life: Life | None) -> list[Fault]:
    """Why a school cannot receive another one's pupils. ``life`` is its own on the day of the change."""
    if is_self:
        return [Fault(pointer, "successor.self", "ต้องเป็นโรงเรียนอื่น ไม่ใช่โรงเรียนเดิม")]
    if not same_area:
        return [Fault(pointer, "successor.area", "ต้องเป็นโรงเรียนในเขตพื้นที่เดียวกัน")]
    if life is None or not life.is_open:
        return [Fault(pointer, "successor.closed", "โรงเรียนนั้นไม่ได้เปิดอยู่ในวันที่มีผล")]
    if kind is EventKind.CO_LOCATED and life.taught_at:
        return [Fault(pointer, "successor.co_located", "โรงเรียนนั้นไปเรียนรวมกับโรงเรียนอื่น เลือกโรงเรียนหลัก")]
    return []


@dataclass(frozen=True)
class Order:
    """On whose word something changes, and from when. What only puts a mistake right has no number and date."""

    order_no: str
    order_date: dt.date | None
    effective_on: dt.date
    effective_year_be: int
    note: str | None


def read_order(fields: Mapping[str, Any], today: dt.date) -> Order | list[Fault]:
    """The order behind a change as it was written, or everything that is wrong with it."""
    faults: list[Fault] = []
    number = str(fields.get("order_no") or "").strip()
    if not number or len(number) > LONGEST_ORDER:
        faults.append(Fault("order_no", "required", f"ต้องระบุเลขที่คำสั่งหรือประกาศ ไม่เกิน {LONGEST_ORDER} ตัวอักษร"))
    order_date = _day("order_date", "ลงวันที่", fields.get("order_date"), today, faults)
    if order_date and order_date > today:
        faults.append(Fault("order_date", "date.future", "ลงวันที่: คำสั่งลงวันที่ในอนาคตไม่ได้"))
    effective_on = _day("effective_on", "วันที่มีผล", fields.get("effective_on"), today, faults)
    note = str(fields.get("note") or "").strip()
    if len(note) > LONGEST_NOTE:
        faults.append(Fault("note", "length", f"หมายเหตุต้องไม่เกิน {LONGEST_NOTE} ตัวอักษร"))
    year = fields.get("effective_year_be")
    if year is not None and (not isinstance(year, int) or isinstance(year, bool) or year not in YEARS_BE):
        faults.append(Fault("effective_year_be", "year_be", "ปีการศึกษาต้องเป็นปี พ.ศ. 4 หลัก เช่น 2569"))
    if faults or order_date is None or effective_on is None:
        return faults
    return Order(number, order_date, effective_on, year or academic_year(effective_on), note or None)


def _day(pointer: str, title: str, written: Any, today: dt.date, faults: list[Fault]) -> dt.date | None:
    if not isinstance(written, str) or not written:
        faults.append(Fault(pointer, "required", f"{title}: ต้องระบุ"))
        return None
    day = read_day(pointer, title, written, faults)
    if day and not EARLIEST <= day <= today + FURTHEST:
        faults.append(Fault(pointer, "date.range", f"{title}: ปีไม่น่าเป็นไปได้ ตรวจปี พ.ศ. อีกครั้ง"))
    return day


def name_faults(pointer: str, name: Any) -> Iterator[Fault]:
    """What is wrong with the name of a school; it is written without the word โรงเรียน, as DMC and EMIS have it."""
    if not isinstance(name, str) or not name.strip():
        yield Fault(pointer, "required", "ต้องระบุชื่อโรงเรียน")
    elif len(name) > LONGEST_NAME:
        yield Fault(pointer, "length", f"ชื่อต้องไม่เกิน {LONGEST_NAME} ตัวอักษร")
    elif name.startswith(("โรงเรียน", "รร.")):
        yield Fault(pointer, "name.prefix", "พิมพ์ชื่อโดยไม่มีคำว่า โรงเรียน นำหน้า")


def rewound(
    now: Mapping[str, Any], events: Iterable[tuple[Change, Mapping[str, Any] | None]], day: dt.date
) -> dict[str, Any]:
    """A school's name, grades and state as they were on ``day``: what was applied later is taken back, newest first.

    ``events`` come with the one recorded last first. A correction is not taken back: it says what was always meant.
    """
    then = dict(now)
    for change, before in sorted(events, key=lambda pair: pair[0].effective_on, reverse=True):
        if change.effective_on > day and change.kind is not EventKind.CORRECTED and before:
            then |= {name: value for name, value in before.items() if name in then}
    return then
