"""What a letter is, what may be written of it, and how one that came in moves (correspondence.md §1.1, §1.2, §3.1).

Sources: correspondence regulation 2526, clauses 9 to 28 (kinds, speed), 32 (circulars), 37 and 38 (receiving).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shared.problems import FieldError, Problem, conflict, invalid
from shared.thai.dates import BANGKOK, DateFault, be_year, parse_date, read_instant

MAX_SUBJECT, MAX_CORRESPONDENT, MAX_DOC_NO, MAX_NOTE, MAX_REASON = 500, 300, 100, 1000, 1000
# what still fits the column of the printed register in one line or two (§3.5 rule 1)
LONG_SUBJECT = 150
FIRST_YEAR_BE = 2500
SAME_AGAIN = dt.timedelta(seconds=60)


class Direction(StrEnum):
    """Whether a letter came in, goes out, or stays in the office."""

    IN = "in"
    OUT = "out"
    INTERNAL = "internal"


class LetterKind(StrEnum):
    """The kinds of official letter (clauses 9 to 27)."""

    EXTERNAL = "external"
    MEMO = "memo"
    STAMPED = "stamped"
    ORDER = "order"
    REGULATION = "regulation"
    BYLAW = "bylaw"
    ANNOUNCEMENT = "announcement"
    STATEMENT = "statement"
    NEWS = "news"
    CERTIFICATE = "certificate"
    MINUTES = "minutes"
    NOTE = "note"
    OTHER = "other"


class Speed(StrEnum):
    """How fast a letter must be dealt with (clause 28); ``within`` bears the moment at which it must have arrived."""

    NORMAL = "normal"
    URGENT = "urgent"
    VERY_URGENT = "very_urgent"
    MOST_URGENT = "most_urgent"
    WITHIN = "within"


class Secrecy(StrEnum):
    """Who may know of a letter at all."""

    NONE = "none"
    SECRET = "secret"  # noqa: S105 - a class of secrecy, no password
    VERY_SECRET = "very_secret"  # noqa: S105
    TOP_SECRET = "top_secret"  # noqa: S105


class Channel(StrEnum):
    """How a letter came; ``paper`` needs no file."""

    PAPER = "paper"
    EMAIL = "email"
    SYSTEM = "system"
    FAX = "fax"
    HAND = "hand"
    LINE = "line"
    UPLOAD = "upload"


class LetterState(StrEnum):
    """Where a letter that came in is on its way (§3.1)."""

    ARRIVED = "ARRIVED"
    REGISTERED = "REGISTERED"
    FORWARDED = "FORWARDED"
    RETURNED = "RETURNED"
    PROPOSED = "PROPOSED"
    ASSIGNED = "ASSIGNED"
    IN_PROGRESS = "IN_PROGRESS"
    REPORTED = "REPORTED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    CLOSED = "CLOSED"
    REJECTED = "REJECTED"
    VOID = "VOID"


class Move(StrEnum):
    """What is done with a letter."""

    REGISTER = "register"
    REJECT = "reject"
    FORWARD = "forward"
    PROPOSE = "propose"
    ASSIGN = "assign"
    RETURN = "return"
    PULL_BACK = "pull_back"
    ACKNOWLEDGE = "acknowledge"
    START = "start"
    REPORT = "report"
    SEND_BACK = "send_back"
    CLOSE = "close"
    VOID = "void"
    RECLASSIFY = "reclassify"


_S, _M = LetterState, Move
TRANSITIONS: Mapping[tuple[LetterState, Move], LetterState] = {
    (_S.ARRIVED, _M.REGISTER): _S.REGISTERED,
    (_S.ARRIVED, _M.REJECT): _S.REJECTED,
    (_S.REGISTERED, _M.FORWARD): _S.FORWARDED,
    (_S.REGISTERED, _M.PROPOSE): _S.PROPOSED,
    (_S.FORWARDED, _M.REGISTER): _S.REGISTERED,
    (_S.FORWARDED, _M.RETURN): _S.RETURNED,
    (_S.FORWARDED, _M.PULL_BACK): _S.REGISTERED,
    (_S.RETURNED, _M.FORWARD): _S.FORWARDED,
    (_S.RETURNED, _M.PROPOSE): _S.PROPOSED,
    (_S.PROPOSED, _M.ASSIGN): _S.ASSIGNED,
    (_S.PROPOSED, _M.ACKNOWLEDGE): _S.ACKNOWLEDGED,
    (_S.PROPOSED, _M.RETURN): _S.RETURNED,
    (_S.PROPOSED, _M.PULL_BACK): _S.REGISTERED,
    (_S.ASSIGNED, _M.ASSIGN): _S.ASSIGNED,
    (_S.ASSIGNED, _M.START): _S.IN_PROGRESS,
    (_S.IN_PROGRESS, _M.ASSIGN): _S.IN_PROGRESS,
    (_S.IN_PROGRESS, _M.START): _S.IN_PROGRESS,
    (_S.IN_PROGRESS, _M.REPORT): _S.REPORTED,
    (_S.REPORTED, _M.SEND_BACK): _S.IN_PROGRESS,
    (_S.REPORTED, _M.CLOSE): _S.CLOSED,
    (_S.ACKNOWLEDGED, _M.CLOSE): _S.CLOSED,
    # a letter that leaves the open books for the secret ones, or the reverse, stands in none until it is registered
    **{(state, _M.RECLASSIFY): _S.ARRIVED for state in (_S.ARRIVED, _S.REGISTERED, _S.RETURNED)},
    **{
        (state, _M.VOID): _S.VOID
        for state in (_S.ARRIVED, _S.REGISTERED, _S.FORWARDED, _S.RETURNED, _S.PROPOSED)
    },
}
# who decides may deal with what is urgent before it was proposed (§3.1, skipping a level)
HURRIED = frozenset({Speed.VERY_URGENT, Speed.MOST_URGENT, Speed.WITHIN})
# what was keyed in may be put right as long as nobody has proposed the letter
EDITABLE = frozenset({_S.ARRIVED, _S.REGISTERED, _S.FORWARDED, _S.RETURNED})
# nobody has to act any more
DONE = frozenset({_S.REPORTED, _S.ACKNOWLEDGED, _S.CLOSED})
OPEN_STATES = tuple(state for state in LetterState if state not in (_S.CLOSED, _S.REJECTED, _S.VOID))


def reached_by(state: LetterState, move: Move, speed: Speed = Speed.NORMAL) -> LetterState | None:
    """The state in which a move would leave a letter; None when it cannot be made now."""
    if move is Move.ASSIGN and state is LetterState.REGISTERED and speed in HURRIED:
        return LetterState.ASSIGNED
    return TRANSITIONS.get((state, move))


def after(state: LetterState, move: Move, speed: Speed = Speed.NORMAL) -> LetterState:
    """The state in which a move leaves a letter.

    Raises:
        Problem: ``letter.state`` (409), naming the state.
    """
    reached = reached_by(state, move, speed)
    if reached is None:
        raise conflict("letter.state", "หนังสืออยู่ในขั้นตอนที่ทำรายการนี้ไม่ได้", state=state.value, move=move.value)
    return reached


@dataclass(frozen=True)
class Received:
    """What is known of a letter that came in, cleaned."""

    kind: LetterKind
    subject: str
    sender: str
    receiver: str
    doc_no: str
    doc_date: dt.date
    received_at: dt.datetime
    speed: Speed
    speed_deadline: dt.datetime | None
    secrecy: Secrecy
    channel: Channel
    note: str


class _Reader:
    """Reads fields one by one and keeps what is wrong with them, so that all is told at once."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values
        self.errors: list[FieldError] = []

    def text(self, name: str, title: str, most: int, *, required: bool = False) -> str:
        cleaned = " ".join(str(self.values.get(name) or "").split())
        if required and not cleaned:
            self.errors.append(FieldError(name, "required", f"{title}: ต้องกรอก"))
        if len(cleaned) > most:
            self.errors.append(FieldError(name, "length", f"{title}: ยาวเกิน {most:,} ตัวอักษร"))
        return cleaned

    def choice(self, name: str, title: str, choices: type[StrEnum]) -> Any:
        """One of a closed list: what is unknown is refused, never taken for the usual."""
        try:
            return choices(str(self.values.get(name) or ""))
        except ValueError:
            known = ", ".join(choice.value for choice in choices)
            self.errors.append(FieldError(name, "unknown", f"{title}: ต้องเป็นค่าใดค่าหนึ่งใน {known}"))
            return None

    def day(self, name: str, title: str) -> dt.date | None:
        try:
            day = parse_date(str(self.values.get(name) or "")).day
        except DateFault:
            self.errors.append(FieldError(name, "date", f"{title}: ไม่ใช่วันที่ที่ถูกต้อง"))
            return None
        if be_year(day.year) < FIRST_YEAR_BE:
            self.errors.append(FieldError(name, "year", f"{title}: ต้องไม่ก่อน พ.ศ. {FIRST_YEAR_BE}"))
        return day

    def instant(self, name: str, title: str) -> dt.datetime | None:
        raw = self.values.get(name)
        if raw is None:
            return None
        try:
            return read_instant(raw)
        except ValueError:
            self.errors.append(FieldError(name, "date", f"{title}: ไม่ใช่วันเวลาที่ถูกต้อง"))
            return None


def read_received(values: Mapping[str, Any], now: dt.datetime) -> Received:
    """A letter that came in, as it was keyed in (``sender`` and ``receiver`` already as text).

    Raises:
        Problem: ``invalid`` (422), naming every field that is wrong.
    """
    reader = _Reader(values)
    kind = reader.choice("kind", "ชนิดของหนังสือ", LetterKind)
    speed = reader.choice("speed", "ชั้นความเร็ว", Speed)
    secrecy = reader.choice("secrecy", "ชั้นความลับ", Secrecy)
    channel = reader.choice("channel", "ช่องทาง", Channel)
    is_stub = secrecy is Secrecy.TOP_SECRET
    subject = reader.text("subject", "เรื่อง", MAX_SUBJECT, required=kind is not LetterKind.STAMPED and not is_stub)
    if kind is LetterKind.STAMPED and subject:
        reader.errors.append(FieldError("subject", "stamped", "เรื่อง: หนังสือประทับตราไม่มีเรื่อง ให้สรุปไว้ในหมายเหตุ"))
    sender = reader.text("from", "จาก", MAX_CORRESPONDENT, required=True)
    receiver = reader.text("to", "ถึง", MAX_CORRESPONDENT)
    doc_no, note = reader.text("doc_no", "ที่", MAX_DOC_NO), reader.text("note", "หมายเหตุ", MAX_NOTE)
    if is_stub:
        reader.errors += stub_errors(subject, note, channel)
    doc_date = reader.day("doc_date", "ลงวันที่")
    received_at = reader.instant("received_at", "วันเวลาที่รับ") or now
    speed_deadline = reader.instant("speed_deadline", "ภายใน")
    if speed is Speed.WITHIN and speed_deadline is None:
        reader.errors.append(FieldError("speed_deadline", "required", "ภายใน: ด่วนภายในต้องระบุวันเวลา"))
    if reader.errors:
        raise invalid(reader.errors)
    if doc_date is None:
        raise ValueError("a date that could not be read is an error")
    return Received(
        kind, subject, sender, receiver, doc_no, doc_date, received_at, speed,
        speed_deadline if speed is Speed.WITHIN else None, secrecy, channel, note,
    )  # fmt: skip


def warnings_of(subject: str, doc_date: dt.date, received_at: dt.datetime, now: dt.datetime) -> list[tuple[str, str]]:
    """What is odd about a letter and yet may be right: (code, Thai sentence)."""
    today = now.astimezone(BANGKOK).date()
    found = []
    if len(subject) > LONG_SUBJECT:
        found.append(("subject.long", f"เรื่องยาวเกิน {LONG_SUBJECT} ตัวอักษร อาจไม่พอดีช่องในทะเบียน"))
    if doc_date > today + dt.timedelta(days=1):
        found.append(("doc_date.future", "ลงวันที่ของหนังสือเป็นวันในอนาคต"))
    if received_at.astimezone(BANGKOK).date() < doc_date:
        found.append(("received_at.early", "วันที่รับมาก่อนลงวันที่ของหนังสือ"))
    return found


def stub_errors(subject: str, note: str, channel: Channel | None) -> list[FieldError]:
    """What may not stand in the stub of a letter of the highest class: nothing of what it says, and it goes by hand
    (§1.2, §3.5 rule 8).
    """
    errors = [
        FieldError(name, "top_secret", f"{title}: หนังสือลับที่สุดลงได้เฉพาะทะเบียน ต้องเว้นว่าง")
        for name, title, text in (("subject", "เรื่อง", subject), ("note", "หมายเหตุ", note))
        if text
    ]
    if channel is not Channel.HAND:
        errors.append(FieldError("channel", "top_secret", "ช่องทาง: หนังสือลับที่สุดต้องนำมาส่งด้วยมือ"))
    return errors


def check_carried(secrecy: Secrecy) -> None:
    """A letter of the highest class does not go through the system: it is registered, and handed over by hand.

    Raises:
        Problem: ``letter.top_secret`` (409).
    """
    if secrecy is Secrecy.TOP_SECRET:
        raise conflict("letter.top_secret", "หนังสือลับที่สุดลงทะเบียนได้อย่างเดียว ส่งมอบและดำเนินการด้วยมือนอกระบบ")


def changes_books(before: Secrecy, now: Secrecy) -> bool:
    """Whether a change of class takes a letter from the open books to the secret ones, or the reverse.

    Raises:
        Problem: ``letter.top_secret`` (409): what was kept as a stub has nothing to lower, and what was kept whole is
            no stub; the letter is voided and keyed in anew.
    """
    if before is not now:
        check_carried(before)
        check_carried(now)
    return (before is Secrecy.NONE) is not (now is Secrecy.NONE)


def stays_in_registry() -> Problem:
    """A letter with a class of secrecy goes to people, not to units: groups keep no secret register (§1.3)."""
    return conflict(
        "letter.secret_place", "หนังสือที่มีชั้นความลับอยู่ในทะเบียนลับของสำนักงาน ส่งต่อกลุ่มไม่ได้ ให้เสนอเพื่อมอบหมายเป็นรายบุคคล"
    )


def check_reason(text: str) -> str:
    """Why a letter is returned, rejected or taken out of the books.

    Raises:
        Problem: ``invalid`` (422).
    """
    reader = _Reader({"reason": text})
    reason = reader.text("reason", "เหตุผล", MAX_REASON, required=True)
    if reader.errors:
        raise invalid(reader.errors)
    return reason


def same_again(letter_id: str, numbers: list[str]) -> Problem:
    """The same person has just keyed in the same letter (§1.3 rule 5)."""
    words = f"เพิ่งลงทะเบียนหนังสือเรื่องเดียวกันจากผู้ส่งเดียวกัน{' เลขที่ ' + ', '.join(numbers) if numbers else ''}"
    return conflict("letter.again", words, letter_id=letter_id, numbers=numbers)
