"""Books, the forms of their numbers, what may become of a number, and whether a book adds up.

Sources: correspondence regulation 2526, clauses 37 to 43, forms 12 to 14, and annex 1 (how numbers are composed).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shared.problems import FieldError, Problem, conflict, invalid
from shared.thai.dates import BANGKOK, be_year

MAX_PURPOSE, MAX_REASON, MAX_PREFIX = 500, 1000, 40
MAX_BLOCK = 200
MAX_OPENING = 999_999
# what an office writes until it has entered its own code (annex 1: ศธ and the agency's number)
PLACEHOLDER_PREFIX = "ศธ 04xxx"
LONGEST_RESERVATION = dt.timedelta(days=60)  # to the end of the sixtieth day
# a reservation that ends within this time is pointed out
ENDS_SOON = dt.timedelta(days=3)
UNUSED = "จองแล้วไม่ใช้"


class OwnerKind(StrEnum):
    """Whose a book is."""

    OFFICE = "office"
    GROUP = "group"
    SCHOOL = "school"


class BookKind(StrEnum):
    """What is entered in a book; each has numbers of its own, from 1 in every calendar year (§1.3)."""

    RECEIVED = "received"
    SENT = "sent"
    CIRCULAR = "circular"
    ORDER = "order"
    ANNOUNCEMENT = "announcement"
    CERTIFICATE = "certificate"
    MERIT = "merit"
    MEMO = "memo"
    SECRET_RECEIVED = "secret_received"  # noqa: S105 a book, no password
    SECRET_SENT = "secret_sent"  # noqa: S105


class CircularPolicy(StrEnum):
    """Whether circulars (ว) have numbers of their own or share those of other sent letters (clause 32)."""

    SEPARATE = "separate"
    SHARED = "shared"


class EntryState(StrEnum):
    """What became of a number; it is never given again."""

    RESERVED = "reserved"
    ISSUED = "issued"
    VOID = "void"


class BlockState(StrEnum):
    """What became of numbers that were handed out to be written by hand."""

    OUT = "out"
    RECONCILED = "reconciled"


class RequestState(StrEnum):
    """What became of a request for a number."""

    PENDING = "pending"
    ISSUED = "issued"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


RECEIVED_KINDS = frozenset({BookKind.RECEIVED, BookKind.SECRET_RECEIVED})
SECRET_KINDS = frozenset({BookKind.SECRET_RECEIVED, BookKind.SECRET_SENT})
_PREFIXED = frozenset({BookKind.SENT, BookKind.MEMO, BookKind.SECRET_SENT})
_OF_THE_YEAR = frozenset({BookKind.ORDER, BookKind.ANNOUNCEMENT, BookKind.CERTIFICATE, BookKind.MERIT})
BOOKS_OF = {
    OwnerKind.OFFICE: tuple(BookKind),
    OwnerKind.GROUP: (BookKind.RECEIVED, BookKind.MEMO),
    OwnerKind.SCHOOL: tuple(BookKind),
}
TITLES = {
    BookKind.RECEIVED: "ทะเบียนหนังสือรับ",
    BookKind.SENT: "ทะเบียนหนังสือส่ง",
    BookKind.CIRCULAR: "ทะเบียนหนังสือเวียน",
    BookKind.ORDER: "ทะเบียนคำสั่ง",
    BookKind.ANNOUNCEMENT: "ทะเบียนประกาศ",
    BookKind.CERTIFICATE: "ทะเบียนหนังสือรับรอง",
    BookKind.MERIT: "ทะเบียนเกียรติบัตร",
    BookKind.MEMO: "ทะเบียนบันทึกข้อความ",
    BookKind.SECRET_RECEIVED: "ทะเบียนหนังสือรับ (ลับ)",
    BookKind.SECRET_SENT: "ทะเบียนหนังสือส่ง (ลับ)",
}


@dataclass(frozen=True)
class Numbering:
    """How the numbers of a book are written."""

    kind: BookKind
    prefix: str = PLACEHOLDER_PREFIX

    def written(self, year: int, no: int, suffix: str = "", *, circular: bool = False) -> str:
        """A number as it stands on the letter: ``7``, ``ศธ 04xxx/7``, ``ศธ 04xxx/ว 7``, ``7/2569``; inserted ``7.1``.

        No leading zeros, and no year behind the number of a letter (annex 1); orders, announcements and certificates
        bear it.
        """
        number = f"{no}.{suffix}" if suffix else str(no)
        if circular or self.kind is BookKind.CIRCULAR:
            return f"{self.prefix}/ว {number}"
        if self.kind in _PREFIXED:
            return f"{self.prefix}/{number}"
        return f"{number}/{year}" if self.kind in _OF_THE_YEAR else number


def register_year(instant: dt.datetime) -> int:
    """The year (BE) in whose register something is entered now: the calendar year of Bangkok, whatever the server's."""
    return be_year(instant.astimezone(BANGKOK).year)


def check_purpose(text: str) -> str:
    """What a number is for, as it is written into the book.

    Raises:
        Problem: ``invalid`` (422).
    """
    return _checked("for", "ใช้สำหรับ", text, MAX_PURPOSE)


def check_reason(text: str) -> str:
    """Why something is taken back.

    Raises:
        Problem: ``invalid`` (422).
    """
    return _checked("reason", "เหตุผล", text, MAX_REASON)


def _checked(field: str, title: str, text: str, most: int) -> str:
    cleaned = " ".join(text.split())
    if not cleaned:
        raise invalid([FieldError(field, "required", f"{title}: ต้องกรอก")])
    if len(cleaned) > most:
        raise invalid([FieldError(field, "length", f"{title}: ยาวเกิน {most:,} ตัวอักษร")])
    return cleaned


def check_reservation(until: dt.datetime, now: dt.datetime) -> None:
    """A reservation has an end, and one that can be waited for.

    Raises:
        Problem: ``invalid`` (422).
    """
    if until <= now:
        raise invalid([FieldError("reserve_until", "past", "จองถึง: ต้องเป็นเวลาที่ยังมาไม่ถึง")])
    last_day = now.astimezone(BANGKOK).date() + LONGEST_RESERVATION
    if until.astimezone(BANGKOK).date() > last_day:
        most = LONGEST_RESERVATION.days
        raise invalid([FieldError("reserve_until", "too_late", f"จองถึง: จองได้ไม่เกิน {most} วัน")])


def check_issuable(kind: BookKind) -> None:
    """Numbers of received letters come with the letter alone.

    Raises:
        Problem: ``book.received`` (409).
    """
    if kind in RECEIVED_KINDS:
        raise conflict("book.received", "เลขรับออกเมื่อลงทะเบียนรับหนังสือ ออกเลขเปล่าจากทะเบียนรับไม่ได้")


def check_voidable(state: EntryState) -> None:
    """A number is void once.

    Raises:
        Problem: ``entry.void`` (409).
    """
    if state is EntryState.VOID:
        raise conflict("entry.void", "เลขนี้ยกเลิกไปแล้ว")


def year_closed(year: int) -> Problem:
    """Nothing more is entered in a book of that year."""
    return conflict("book.closed", f"ปิดทะเบียนปี {year} แล้ว แก้ไขหรือออกเลขเพิ่มไม่ได้")


def check_opening(opening: int, last_no: int) -> None:
    """The last number used on paper is entered before the first one is issued here, once.

    Raises:
        Problem: ``invalid`` (422), ``book.in_use`` (409).
    """
    if not 0 <= opening <= MAX_OPENING:
        raise invalid([FieldError("last_no", "range", f"เลขสุดท้ายที่ใช้แล้ว: ต้องอยู่ระหว่าง 0 ถึง {MAX_OPENING:,}")])
    if last_no:
        raise conflict("book.in_use", "ปีนี้ออกเลขจากทะเบียนนี้แล้ว ตั้งเลขเริ่มต้นใหม่ไม่ได้")


def next_suffix(used: Iterable[str]) -> str:
    """The suffix of a number that is inserted behind one that stands: 1, 2, …"""
    return str(max((int(suffix) for suffix in used if suffix), default=0) + 1)


@dataclass(frozen=True)
class Entry:
    """A line of a book as far as accounts are made of it."""

    no: int
    suffix: str
    display_no: str
    state: EntryState
    reason: str | None = None


def integrity(entries: Sequence[Entry], opening: int, last_no: int) -> dict[str, Any]:
    """Whether a book of one year adds up: every number from behind the opening one to the last stands in it once.

    A void number is not missing. Gaps are told as ranges, first and last.
    """
    held = {entry.no for entry in entries if not entry.suffix}
    missing = [number for number in range(opening + 1, last_no + 1) if number not in held]
    outside = [entry.display_no for entry in entries if not opening < entry.no <= last_no]
    written: dict[str, int] = {}
    for entry in entries:
        written[entry.display_no] = written.get(entry.display_no, 0) + 1
    duplicates = sorted(number for number, times in written.items() if times > 1)
    return {
        "opening_no": opening,
        "last_no": last_no,
        "issued": sum(entry.state is EntryState.ISSUED for entry in entries),
        "void": [_told(entry) for entry in entries if entry.state is EntryState.VOID],
        "reserved": [_told(entry) for entry in entries if entry.state is EntryState.RESERVED],
        "missing": [{"first": first, "last": last} for first, last in ranges(missing)],
        "duplicates": duplicates,
        "outside": outside,
        "is_sound": not (missing or duplicates or outside),
    }


def _told(entry: Entry) -> dict[str, Any]:
    return {"no": entry.no, "display_no": entry.display_no, "reason": entry.reason}


def ranges(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Numbers in order as (first, last) of those that follow each other."""
    first = last = None
    for number in numbers:
        if last is not None and number == last + 1:
            last = number
            continue
        if first is not None and last is not None:
            yield first, last
        first = last = number
    if first is not None and last is not None:
        yield first, last
