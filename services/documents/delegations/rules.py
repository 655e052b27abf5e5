"""Standing in for somebody: for a time, by an order, in a capacity that is printed (correspondence.md §3.4)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from shared.problems import FieldError, invalid

MAX_ORDER, MAX_REASON = 100, 500
LONGEST = dt.timedelta(days=366)


class Capacity(StrEnum):
    """As what somebody acts: in the place of who is away (รักษาราชการแทน), or for who is there (ปฏิบัติราชการแทน)."""

    ACTING = "acting"
    ON_BEHALF = "on_behalf"


PRINTED = {Capacity.ACTING: "รักษาราชการแทน", Capacity.ON_BEHALF: "ปฏิบัติราชการแทน"}


@dataclass(frozen=True)
class Term:
    """The days of a delegation, both included."""

    first: dt.date
    last: dt.date

    def covers(self, day: dt.date) -> bool:
        return self.first <= day <= self.last

    def meets(self, other: Term) -> bool:
        return self.first <= other.last and other.first <= self.last


def check_delegation(from_person: str, to_person: str, term: Term, order_no: str, today: dt.date) -> None:
    """A delegation names two people, an order, and days that are not over.

    Raises:
        Problem: ``invalid`` (422), naming every field that is wrong.
    """
    errors = []
    if from_person == to_person:
        errors.append(FieldError("to", "same", "ผู้รับมอบ: ต้องเป็นคนละคนกับผู้มอบ"))
    errors += order_errors(term, order_no, today)
    if term.last - term.first > LONGEST:
        errors.append(FieldError("until", "long", "ถึงวันที่: มอบได้ครั้งละไม่เกินหนึ่งปี"))
    if errors:
        raise invalid(errors)


def order_errors(term: Term, order_no: str, today: dt.date) -> list[FieldError]:
    """What is wrong with an order and with the days for which it lets somebody act."""
    errors = []
    if not order_no.strip():
        errors.append(FieldError("order_no", "required", "คำสั่งที่: ต้องกรอก"))
    elif len(order_no) > MAX_ORDER:
        errors.append(FieldError("order_no", "length", f"คำสั่งที่: ยาวเกิน {MAX_ORDER} ตัวอักษร"))
    if term.last < term.first:
        errors.append(FieldError("until", "order", "ถึงวันที่: ต้องไม่ก่อนวันเริ่ม"))
    elif term.last < today:
        errors.append(FieldError("until", "past", "ถึงวันที่: ผ่านไปแล้ว"))
    return errors
