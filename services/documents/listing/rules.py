"""What a list of letters is narrowed to and in which order it stands, as somebody asked for it (§7.5-7.7)."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from services.documents.letters.rules import LetterKind, LetterState, Secrecy, Speed
from shared.problems import FieldError, invalid
from shared.thai.dates import BANGKOK, DateFault, parse_date

CLOSED_LISTS: Mapping[str, tuple[str, type[StrEnum]]] = {
    "state": ("สถานะ", LetterState),
    "kind": ("ชนิดของหนังสือ", LetterKind),
    "speed": ("ชั้นความเร็ว", Speed),
    "secrecy": ("ชั้นความลับ", Secrecy),
}
DAYS = {
    "received_from": "รับตั้งแต่วันที่",
    "received_until": "รับถึงวันที่",
    "doc_from": "ลงวันที่ตั้งแต่",
    "doc_until": "ลงวันที่ถึง",
}
TEXTS = ("q", "book", "holder", "unit", "waiting")
_DAY = dt.timedelta(days=1)


class By(StrEnum):
    """By what a list stands; texts in the order of the dictionary."""

    SUBJECT = "subject"
    FROM = "from"
    NUMBER = "number"
    DOC_DATE = "doc_date"
    RECEIVED = "received_at"


@dataclass(frozen=True)
class Order:
    """``subject``, or ``-subject`` for the other way round."""

    by: By
    is_descending: bool = False

    @classmethod
    def of(cls, written: str) -> Self:
        """The order that ``written`` names.

        Raises:
            Problem: ``invalid`` (422).
        """
        try:
            return cls(By(written.removeprefix("-")), written.startswith("-"))
        except ValueError:
            known = ", ".join(by.value for by in By)
            raise invalid([FieldError("sort", "unknown", f"เรียงตาม: ต้องเป็นค่าใดค่าหนึ่งใน {known}")]) from None

    def __str__(self) -> str:
        return f"-{self.by}" if self.is_descending else self.by.value


@dataclass(frozen=True)
class Place:
    """Where a page of a sorted list ended: what the last row was sorted by then (it may have been put right since), and
    its id.
    """

    value: Any
    row_id: str

    @classmethod
    def of(cls, cursor: str, by: By) -> Self:
        """The place of :meth:`cursor_in`.

        Raises:
            Problem: ``invalid`` (422) for a cursor that is none of ours, or of a list in another order.
        """
        try:
            value, row_id = json.loads(base64.urlsafe_b64decode(cursor.encode()))
            return cls(_READERS[by](value), _words(row_id))
        except (ValueError, TypeError, binascii.Error):
            raise wrong_cursor() from None

    @property
    def cursor(self) -> str:
        value = self.value.isoformat() if isinstance(self.value, dt.date) else self.value
        written = json.dumps([value, self.row_id], ensure_ascii=False)
        return base64.urlsafe_b64encode(written.encode()).decode()


@dataclass(frozen=True)
class Named:
    """The people whose names stand in what was typed, and what is typed beside them."""

    person_ids: tuple[str, ...]
    rest: str

    @classmethod
    def of(cls, told: Mapping[str, Any] | None) -> Self | None:
        """As the gateway tells of them: ``{person_ids, rest}``."""
        return cls(tuple(told["person_ids"]), told["rest"]) if told else None


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to; None: not by that. ``received`` is a half-open span of instants, ``dated`` one of
    days (both ends count); ``assignees`` are people of whom one has a task in a letter: none of them, no letter.
    """

    q: str | None
    state: str | None
    kind: str | None
    speed: str | None
    secrecy: str | None
    book: str | None
    holder: str | None
    unit: str | None
    waiting: str | None
    received: tuple[dt.datetime | None, dt.datetime | None]
    dated: tuple[dt.date | None, dt.date | None]
    assignees: tuple[str, ...] | None


def read_wanted(values: Mapping[str, Any], assignees: Sequence[str] | None = None) -> Wanted:
    """What ``values`` ask for: names of closed lists, days in Thai or ISO form, words.

    Raises:
        Problem: ``invalid`` (422) naming every field that cannot be read.
    """
    errors: list[FieldError] = []
    chosen = {name: _choice(values, name, errors) for name in CLOSED_LISTS}
    days = {name: _day(values, name, errors) for name in DAYS}
    for first, last in (("received_from", "received_until"), ("doc_from", "doc_until")):
        since, until = days[first], days[last]
        if since and until and until < since:
            errors.append(FieldError(last, "order", f"{DAYS[last]}: ต้องไม่ก่อน{DAYS[first]}"))
    if errors:
        raise invalid(errors)
    received_until = days["received_until"]
    return Wanted(
        **chosen,
        **{name: _text(values, name) for name in TEXTS},
        received=(_begin(days["received_from"]), _begin(received_until + _DAY if received_until else None)),
        dated=(days["doc_from"], days["doc_until"]),
        assignees=None if assignees is None else tuple(assignees),
    )


def wrong_cursor() -> Exception:
    """What is said of a cursor that names no place."""
    return invalid([FieldError("cursor", "cursor", "ตำแหน่งหน้าถัดไปไม่ถูกต้อง")])


def _text(values: Mapping[str, Any], name: str) -> str | None:
    return str(values.get(name) or "").strip() or None


def _choice(values: Mapping[str, Any], name: str, errors: list[FieldError]) -> str | None:
    title, choices = CLOSED_LISTS[name]
    typed = _text(values, name)
    if typed is not None and typed not in list(choices):
        errors.append(FieldError(name, "unknown", f"{title}: ต้องเป็นค่าใดค่าหนึ่งใน {', '.join(choices)}"))
    return typed


def _day(values: Mapping[str, Any], name: str, errors: list[FieldError]) -> dt.date | None:
    typed = _text(values, name)
    try:
        return parse_date(typed).day if typed else None
    except DateFault:
        errors.append(FieldError(name, "date", f"{DAYS[name]}: ไม่ใช่วันที่ที่ถูกต้อง"))
        return None


def _begin(day: dt.date | None) -> dt.datetime | None:
    return dt.datetime.combine(day, dt.time(), BANGKOK) if day else None


def _words(value: Any) -> str:
    # what somebody made up must not reach the database, which would choke on it: no half of a letter, no NUL
    if not isinstance(value, str) or "\x00" in value.encode().decode():
        raise TypeError("texts are sorted by texts")
    return value


def _number(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 1 << 63:
        raise TypeError("numbers are sorted by numbers")
    return value


def _moment(value: Any) -> dt.datetime:
    moment = dt.datetime.fromisoformat(value)
    if moment.tzinfo is None or moment.year not in range(1400, 2200):
        raise ValueError("the cursor names no place")
    return moment.astimezone(dt.UTC)


_READERS: Mapping[By, Any] = {
    By.SUBJECT: _words,
    By.FROM: _words,
    By.NUMBER: _number,
    By.DOC_DATE: dt.date.fromisoformat,
    By.RECEIVED: _moment,
}
