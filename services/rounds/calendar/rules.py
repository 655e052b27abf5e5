"""Rules of a round's calendar: its dates, its states, the handbook's three DMC rounds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shared.problems import FieldError, conflict, invalid
from shared.thai.dates import has_passed, read_instant

# the newest rule set of each system: a round takes it when it opens and keeps it, unless an officer applies a newer one
RULE_SETS = {"dmc": "dmc-2569-2"}
SYSTEMS = tuple(RULE_SETS)


class RoundPhase(StrEnum):
    """States of a round."""

    DRAFT = "DRAFT"
    ANNOUNCED = "ANNOUNCED"
    OPEN = "OPEN"
    CONFIRM_WINDOW = "CONFIRM_WINDOW"
    CLOSED = "CLOSED"
    PUBLISHED = "PUBLISHED"
    AMENDED = "AMENDED"


# what the centre calls processing (the numbers are made) is no state here: the close takes the snapshots itself, in the
# same transaction, so nobody could ever see a round between the two
STEPS: dict[str, tuple[frozenset[RoundPhase], RoundPhase]] = {
    "announce": (frozenset({RoundPhase.DRAFT}), RoundPhase.ANNOUNCED),
    "open": (frozenset({RoundPhase.ANNOUNCED}), RoundPhase.OPEN),
    "begin_confirm_window": (frozenset({RoundPhase.OPEN}), RoundPhase.CONFIRM_WINDOW),
    "close": (frozenset({RoundPhase.OPEN, RoundPhase.CONFIRM_WINDOW}), RoundPhase.CLOSED),
    "reopen": (frozenset({RoundPhase.CLOSED}), RoundPhase.CONFIRM_WINDOW),
    "publish": (frozenset({RoundPhase.CLOSED}), RoundPhase.PUBLISHED),
    "amend": (frozenset({RoundPhase.PUBLISHED, RoundPhase.AMENDED}), RoundPhase.AMENDED),
}

PHASE_NAMES = {
    RoundPhase.DRAFT: "ร่าง",
    RoundPhase.ANNOUNCED: "ประกาศแล้ว",
    RoundPhase.OPEN: "เปิดรับข้อมูล",
    RoundPhase.CONFIRM_WINDOW: "ช่วงยืนยันข้อมูล",
    RoundPhase.CLOSED: "ปิดรอบแล้ว",
    RoundPhase.PUBLISHED: "เผยแพร่แล้ว",
    RoundPhase.AMENDED: "เผยแพร่แล้ว มีการแก้ไข",
}

PUBLIC = frozenset({RoundPhase.PUBLISHED, RoundPhase.AMENDED})
RUNNING = frozenset({RoundPhase.OPEN, RoundPhase.CONFIRM_WINDOW})


def step(phase: RoundPhase, name: str) -> RoundPhase:
    """The state of a round after ``name``.

    Raises:
        Problem: ``round.state`` (409) when the round is not where this may happen.
    """
    origins, target = STEPS[name]
    if phase not in origins:
        raise conflict("round.state", f"รอบนี้อยู่ในสถานะ “{PHASE_NAMES[phase]}” จึงทำรายการนี้ไม่ได้", state=phase.value)
    return target


def due_step(moments: Moments, now: dt.datetime) -> str | None:
    """What the clock does with a round now: ``open``, ``begin_confirm_window``, ``close`` or nothing.

    What was already past when a person took the step before it is left to a person (decision 003).
    """
    if moments.phase is RoundPhase.ANNOUNCED and moments.announced_at:
        is_due = moments.announced_at < moments.open_at <= now and not has_passed(moments.close_at, now)
        return "open" if is_due else None
    if moments.phase in RUNNING:
        closing = moments.closes_by_itself_at
        if closing is not None and has_passed(closing, now):
            return "close"
        if moments.phase is RoundPhase.OPEN and has_passed(moments.school_deadline, now):
            return "begin_confirm_window"
    return None


@dataclass(frozen=True)
class Moments:
    """The instants of a round that the clock acts on, and when people acted."""

    phase: RoundPhase
    open_at: dt.datetime
    school_deadline: dt.datetime
    close_at: dt.datetime
    announced_at: dt.datetime | None
    opened_at: dt.datetime | None
    reopened_at: dt.datetime | None

    @property
    def closes_by_itself_at(self) -> dt.datetime | None:
        """When the round ends without anybody's doing; None while that is left to a person."""
        if self.opened_at is None:
            return None
        last_opened = max(self.opened_at, self.reopened_at or self.opened_at)
        return self.close_at if last_opened < self.close_at else None


def read_future(raw: Any, name: str, title: str, now: dt.datetime) -> dt.datetime:
    """A date (to the end of its day in Bangkok) or an instant that is still to come.

    Raises:
        Problem: ``invalid`` (422) for the field ``name``, which people know as ``title``.
    """
    try:
        instant = read_instant(raw)
    except ValueError:
        raise invalid([FieldError(name, "date", f"{title}ไม่ใช่วันที่ที่ถูกต้อง")]) from None
    if instant <= now:
        raise invalid([FieldError(name, "date.past", f"{title}ผ่านไปแล้ว กรุณาระบุวันที่ในอนาคต")])
    return instant


@dataclass(frozen=True)
class Dates:
    """The separate dates of a round, all with a time zone. ``confirm_from`` is None for "as soon as it is open"."""

    open_at: dt.datetime
    confirm_from: dt.datetime | None
    school_deadline: dt.datetime
    certify_deadline: dt.datetime
    area_ack_deadline: dt.datetime
    close_at: dt.datetime


ORDER = (
    ("open_at", "school_deadline", True),
    ("school_deadline", "certify_deadline", False),
    ("certify_deadline", "area_ack_deadline", False),
    ("area_ack_deadline", "close_at", False),
)

DATE_NAMES = {
    "open_at": "วันเปิดรอบ",
    "confirm_from": "วันเริ่มยืนยัน",
    "school_deadline": "กำหนดส่งของโรงเรียน",
    "certify_deadline": "กำหนดรับรองของผู้อำนวยการ",
    "area_ack_deadline": "กำหนดรับทราบของเขต",
    "close_at": "วันปิดรอบ",
    "as_of_date": "ข้อมูล ณ วันที่",
}


def read_dates(values: Mapping[str, Any]) -> Dates:
    """Read and check a round's dates. Only open < school ≤ certify ≤ acknowledge ≤ close is asked for.

    Raises:
        Problem: ``invalid`` (422) naming every date that cannot be read or stands in the wrong order.
    """
    errors: list[FieldError] = []
    read: dict[str, dt.datetime | None] = {}
    for name in Dates.__dataclass_fields__:
        raw = values.get(name)
        try:
            read[name] = (
                None if raw is None and name == "confirm_from" else read_instant(raw, starts_day=name in STARTS)
            )
        except ValueError:
            errors.append(FieldError(name, "date", f"{DATE_NAMES[name]}ไม่ใช่วันที่ที่ถูกต้อง"))
    errors += _order_errors(read, values)
    if errors:
        raise invalid(errors, "วันที่ของรอบไม่ถูกต้อง")
    return Dates(**read)  # type: ignore[arg-type]


STARTS = frozenset({"open_at", "confirm_from"})


def _order_errors(read: Mapping[str, dt.datetime | None], written: Mapping[str, Any]) -> list[FieldError]:
    errors = []
    for earlier, later, strictly in ORDER:
        first, second = read.get(earlier), read.get(later)
        if first is None or second is None:
            continue
        # two bare dates are compared as dates: a round that opens and ends on one day is written with hours
        same = first == second or written[earlier] == written[later]
        if first > second or (strictly and same):
            word = "ต้องอยู่หลัง" if strictly else "ต้องไม่อยู่ก่อน"
            errors.append(FieldError(later, "date_order", f"{DATE_NAMES[later]}{word}{DATE_NAMES[earlier]}"))
    return errors


def title_of(system: str, year_be: int, round_no: int) -> str:
    """How the office calls a round: ``DMC 2569 รอบที่ 1``."""
    return f"{system.upper()} {year_be} รอบที่ {round_no}"


@dataclass(frozen=True)
class Template:
    """One of the handbook's DMC rounds; months and days, years counted from the academic year."""

    round_no: int
    name: str
    as_of: tuple[int, int, int]
    opens: tuple[int, int, int]


# handbook §2: three rounds; opening days as OBEC published them for 2565-2567
TEMPLATES = (
    Template(1, "ภาคเรียนที่ 1 (ข้อมูล ณ 10 มิถุนายน)", (0, 6, 10), (0, 5, 16)),
    Template(2, "ภาคเรียนที่ 2 (ข้อมูล ณ 10 พฤศจิกายน)", (0, 11, 10), (0, 7, 17)),
    Template(3, "สิ้นปีการศึกษา (ข้อมูล ณ 31 มีนาคม)", (1, 3, 31), (1, 3, 13)),
)
ROUND_NUMBERS = tuple(template.round_no for template in TEMPLATES)
CONFIRM_DAYS = {1: 0, 2: 0, 3: 30}


def from_template(round_no: int, year_be: int) -> dict[str, Any]:
    """The proposed fields of a DMC round of the academic year ``year_be``; ISO dates (CE).

    Raises:
        Problem: ``invalid`` (422) for a round that the handbook does not know.
    """
    for template in TEMPLATES:
        if template.round_no == round_no:
            return _propose(template, year_be)
    raise invalid([FieldError("round_no", "unknown", "DMC มีรอบที่ 1 ถึง 3")])


def _propose(template: Template, year_be: int) -> dict[str, Any]:
    as_of, opens = (_date(year_be, parts) for parts in (template.as_of, template.opens))
    deadline = as_of + dt.timedelta(days=CONFIRM_DAYS[template.round_no])
    day_after = (deadline + dt.timedelta(days=1)).isoformat()
    return {
        "system": "dmc",
        "year_be": year_be,
        "round_no": template.round_no,
        "name": template.name,
        "as_of_date": as_of.isoformat(),
        "open_at": opens.isoformat(),
        "school_deadline": deadline.isoformat(),
        "certify_deadline": deadline.isoformat(),
        "area_ack_deadline": day_after,
        "close_at": day_after,
    }


def _date(year_be: int, parts: tuple[int, int, int]) -> dt.date:
    years, month, day = parts
    return dt.date(year_be - 543 + years, month, day)
