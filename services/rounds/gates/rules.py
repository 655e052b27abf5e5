"""The state machine of one school in one round, and what guards each gate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from shared.problems import FieldError, Problem, conflict, invalid
from shared.thai.dates import BANGKOK, has_passed
from shared.thai.national_id import mask_within


class SchoolState(StrEnum):
    """States of a school in a round."""

    NOT_STARTED = "NOT_STARTED"
    RECORDING = "RECORDING"
    HAS_ERRORS = "HAS_ERRORS"
    READY = "READY"
    CONFIRMED = "CONFIRMED"
    CERTIFIED = "CERTIFIED"
    RETURNED = "RETURNED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    LOCKED = "LOCKED"
    EXEMPT = "EXEMPT"


S = SchoolState

STATE_NAMES = {
    S.NOT_STARTED: "ยังไม่เริ่ม",
    S.RECORDING: "กำลังบันทึก",
    S.HAS_ERRORS: "มีข้อผิดพลาด",
    S.READY: "พร้อมยืนยัน",
    S.CONFIRMED: "ยืนยันแล้ว",
    S.CERTIFIED: "รับรองแล้ว",
    S.RETURNED: "ตีกลับ",
    S.ACKNOWLEDGED: "เขตรับทราบแล้ว",
    S.LOCKED: "ปิดรอบแล้ว",
    S.EXEMPT: "ยกเว้น",
}

WORKING = frozenset({S.NOT_STARTED, S.RECORDING, S.HAS_ERRORS, S.READY})
SIGNED = frozenset({S.CONFIRMED, S.CERTIFIED, S.ACKNOWLEDGED})
UPLOADABLE = WORKING | {S.RETURNED, S.CONFIRMED, S.CERTIFIED}
# who has yet to do something: the data officer until the confirmation, then the director
UNCONFIRMED = WORKING | {S.RETURNED}


class Event(StrEnum):
    """What can happen to a school in a round."""

    UPLOAD = "upload"
    VALIDATE = "validate"
    EXPLAIN = "explain"
    CONFIRM = "confirm"
    CERTIFY = "certify"
    RETURN = "return"
    REVOKE = "revoke"
    LIFT_HOLD = "lift_hold"
    ACKNOWLEDGE = "acknowledge"
    EXEMPT = "exempt"
    LOCK = "lock"
    EXTEND = "extend"
    REOPEN = "reopen"
    LATE = "late"


# where each event may happen, and where it leads; None: the state stays or is decided by the event's outcome
TRANSITIONS: dict[Event, tuple[frozenset[SchoolState], SchoolState | None]] = {
    Event.UPLOAD: (UPLOADABLE, S.RECORDING),
    Event.VALIDATE: (frozenset({S.RECORDING}), None),
    Event.EXPLAIN: (frozenset({S.HAS_ERRORS, S.READY, S.RETURNED}), None),
    Event.CONFIRM: (frozenset({S.READY, S.RETURNED}), S.CONFIRMED),
    Event.CERTIFY: (frozenset({S.CONFIRMED}), S.CERTIFIED),
    Event.RETURN: (SIGNED, S.RETURNED),
    Event.REVOKE: (frozenset({S.CONFIRMED, S.CERTIFIED}), S.RETURNED),
    Event.LIFT_HOLD: (UPLOADABLE, None),
    Event.ACKNOWLEDGE: (frozenset({S.CERTIFIED}), S.ACKNOWLEDGED),
    Event.EXEMPT: (UPLOADABLE, S.EXEMPT),
    Event.LOCK: (UPLOADABLE | {S.ACKNOWLEDGED}, S.LOCKED),
    Event.EXTEND: (frozenset(S), None),
    Event.REOPEN: (frozenset({S.LOCKED, S.RETURNED}), None),
    Event.LATE: (UNCONFIRMED, None),
}


def after(state: SchoolState, event: Event, outcome: SchoolState | None = None) -> SchoolState:
    """The state after ``event``; ``outcome`` where the event itself decides it.

    Raises:
        Problem: ``school_round.state`` (409) when it may not happen in ``state``.
    """
    origins, target = TRANSITIONS[event]
    if state not in origins:
        raise conflict(
            "school_round.state",
            f"โรงเรียนนี้อยู่ในสถานะ “{STATE_NAMES[state]}” จึงทำรายการนี้ไม่ได้",
            state=state.value,
        )
    return target or outcome or state


@dataclass(frozen=True)
class Window:
    """When a school may act: the round's opening, and the end that is the school's own.

    ``closes_at`` is when the round ends by itself (None: an officer closes it).
    """

    opened_at: dt.datetime | None
    closed_at: dt.datetime | None
    confirm_from: dt.datetime | None
    closes_at: dt.datetime | None = None
    extended_until: dt.datetime | None = None

    def is_over(self, now: dt.datetime) -> bool:
        """Whether nothing more is taken from this school: an extension outlasts the round."""
        if runs(self.extended_until, now):
            return False
        return self.closed_at is not None or (self.closes_at is not None and has_passed(self.closes_at, now))


def runs(extended_until: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether a school has more time now."""
    return extended_until is not None and not has_passed(extended_until, now)


def check_open(window: Window, now: dt.datetime) -> None:
    """Let a school act only between the opening and its own end, to the second.

    Raises:
        Problem: ``round.not_open`` or ``round.closed`` (409).
    """
    if window.opened_at is None:
        raise conflict("round.not_open", "รอบนี้ยังไม่เปิดรับข้อมูล")
    if window.is_over(now):
        raise round_closed()


def round_closed() -> Problem:
    """The round takes nothing more from this school."""
    return conflict("round.closed", "รอบนี้ปิดรับข้อมูลแล้ว")


def check_confirm(
    window: Window, now: dt.datetime, submission_state: str | None, *, on_hold: bool, no_pupils: bool, declared: bool
) -> None:
    """Guard of ยืนยัน beyond the state: the date, the hold, the version that stands, the declaration of no pupils.

    Raises:
        Problem: ``round.confirm_from``, ``school_round.hold``, ``submission.not_ready``, ``no_pupils.declare`` (409).
    """
    check_open(window, now)
    if window.confirm_from is not None and now < window.confirm_from:
        raise conflict("round.confirm_from", "ยังไม่ถึงวันเริ่มยืนยันข้อมูล", confirm_from=window.confirm_from.isoformat())
    if on_hold:
        raise conflict("school_round.hold", "เขตยกเลิกการยืนยันไว้ ต้องรอเขตปลดก่อนจึงจะยืนยันใหม่ได้")
    if submission_state != S.READY:
        raise conflict("submission.not_ready", "ไฟล์ฉบับปัจจุบันยังมีข้อผิดพลาดหรือคำเตือนที่ยังไม่ได้ชี้แจง")
    if no_pupils and not declared:
        raise conflict("no_pupils.declare", "โรงเรียนแจ้งว่าไม่มีนักเรียน กรุณายืนยันซ้ำว่า “ไม่มีนักเรียน”")


def check_certify(confirmed_by: str | None, certifier: str, *, one_teacher: bool) -> bool:
    """Guard of รับรอง: not the person who confirmed, unless the school has one teacher.

    Returns whether confirmer and certifier are the same person, which the area is shown.

    Raises:
        Problem: ``school_round.same_person`` (409).
    """
    same = confirmed_by == certifier
    if same and not one_teacher:
        raise conflict("school_round.same_person", "ผู้รับรองต้องไม่ใช่คนเดียวกับผู้ยืนยัน")
    return same


def check_version(asked: int | None, standing: int) -> None:
    """Refuse to sign a version other than the one that stands.

    Raises:
        Problem: ``school_round.version`` (409), naming both.
    """
    if asked is not None and asked != standing:
        raise conflict(
            "school_round.version",
            f"ฉบับปัจจุบันคือฉบับที่ {standing} ไม่ใช่ฉบับที่ {asked} กรุณาเปิดหน้าใหม่แล้วตรวจอีกครั้ง",
            version=standing,
            asked=asked,
        )


def check_certified(state: SchoolState, locked_from: str | None) -> None:
    """Let a certificate be made only of what the director has certified.

    Raises:
        Problem: ``school_round.not_certified`` (409).
    """
    if stands(state, locked_from) not in (S.CERTIFIED, S.ACKNOWLEDGED):
        raise conflict("school_round.not_certified", "โรงเรียนนี้ยังไม่ได้รับรองข้อมูล จึงยังไม่มีใบรับรอง", state=state.value)


def need_reason(reason: str | None) -> str:
    """A reason in words, ids in it masked: it is shown to others and travels in events.

    Raises:
        Problem: ``invalid`` (422) when it is empty.
    """
    text = (reason or "").strip()
    if not text:
        raise invalid([FieldError("reason", "required", "กรุณาระบุเหตุผล")])
    return mask_within(text)


def stands(state: SchoolState, locked_from: str | None) -> SchoolState:
    """The state that counts: of a locked school, the one it was locked from."""
    return SchoolState(locked_from) if state is S.LOCKED and locked_from else state


def is_on_time(confirmed_at: dt.datetime | None, deadline: dt.datetime) -> bool:
    """On time means confirmed by the school deadline."""
    return confirmed_at is not None and not has_passed(deadline, confirmed_at)


def is_late(state: SchoolState, confirmed_at: dt.datetime | None, deadline: dt.datetime, now: dt.datetime) -> bool:
    """Late means the deadline went by without a confirmation, or the confirmation came after it."""
    if state is S.EXEMPT:
        return False
    return has_passed(deadline, confirmed_at or now)


def judged_at(closed_at: dt.datetime | None, extended_until: dt.datetime | None, now: dt.datetime) -> dt.datetime:
    """Until when a school that has not confirmed is reckoned to be waited for: the close, or now while it is not over.

    Who was locked before its deadline never becomes late; who let an extension run out does.
    """
    if closed_at is None or (extended_until is not None and extended_until > closed_at):
        return now
    return closed_at


def after_extension(state: SchoolState) -> SchoolState:
    """An extension moves dates, no state; but a locked school gets its work back."""
    return S.RETURNED if state is S.LOCKED else state


def check_moves(until: dt.datetime, school_deadline: dt.datetime, *, is_closed: bool) -> None:
    """Refuse an extension that gives no more time than the round does.

    Raises:
        Problem: ``invalid`` (422).
    """
    if not is_closed and until <= school_deadline:
        message = "ขยายเวลาถึงต้องอยู่หลังกำหนดส่งของรอบ"
        raise invalid([FieldError("until", "date_order", message)])


@dataclass(frozen=True)
class Overdue:
    """What a school has not done in time: the role that owes it, since which deadline, for how many days."""

    owes: str
    deadline: dt.datetime
    days: int


def overdue(
    state: SchoolState, school_deadline: dt.datetime, certify_deadline: dt.datetime, now: dt.datetime
) -> Overdue | None:
    """Who of a school is behind: its data officer until it is confirmed, then its director. None: nobody.

    ``state`` is the one that stands. Days are those of the calendar in Bangkok; 0 is later on the day of the deadline.
    """
    if state in UNCONFIRMED:
        owes, deadline = "data_officer", school_deadline
    elif state is S.CONFIRMED:
        owes, deadline = "school_director", certify_deadline
    else:
        return None
    if not has_passed(deadline, now):
        return None
    return Overdue(owes, deadline, (now.astimezone(BANGKOK).date() - deadline.astimezone(BANGKOK).date()).days)


@dataclass(frozen=True)
class Standing:
    """A school as the board needs it."""

    state: SchoolState
    amphoe: str | None
    late: bool
    on_time: bool


UNKNOWN_AMPHOE = "ไม่ระบุอำเภอ"


def completeness(standings: Iterable[Standing]) -> dict[str, object]:
    """The board's numbers: expected, by state, on time, late; for the area and by amphoe."""
    schools = list(standings)
    amphoes = sorted({school.amphoe or UNKNOWN_AMPHOE for school in schools}, key=lambda n: (n == UNKNOWN_AMPHOE, n))
    return {
        **_numbers(schools),
        "by_amphoe": [
            {"amphoe": name, **_numbers([s for s in schools if (s.amphoe or UNKNOWN_AMPHOE) == name])}
            for name in amphoes
        ],
    }


def _numbers(schools: list[Standing]) -> dict[str, object]:
    counts = {state.value: 0 for state in SchoolState}
    for school in schools:
        counts[school.state.value] += 1
    expected = len(schools) - counts[S.EXEMPT]
    on_time = sum(school.on_time for school in schools)
    return {
        "expected": expected,
        "by_state": counts,
        "on_time": on_time,
        "late": sum(school.late for school in schools),
        "on_time_rate": round(on_time / expected, 4) if expected else None,
    }


def not_in_round() -> Problem:
    """The school is no part of the round."""
    return Problem("not_found", 404, "ไม่พบข้อมูล", "โรงเรียนนี้ไม่อยู่ในรอบ")
