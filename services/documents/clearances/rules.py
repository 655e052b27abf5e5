"""Clearances: who may know of letters with a class of secrecy (correspondence.md §1.2, §3.4, §3.5 rules 7 and 8).

Nobody is cleared by an office that they hold: people are appointed by name, for one office or school, by an order, for
a time. What is not said to be allowed is not: an unknown class is covered by no level.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum

from services.documents.delegations.rules import Term, order_errors
from services.documents.letters.rules import Secrecy
from shared.problems import FieldError, Problem, conflict, invalid

# how long an opening lasts: a letter is read and acted on with one reason, not left open over lunch
OPEN_FOR = dt.timedelta(minutes=15)


class Level(StrEnum):
    """Up to which class somebody is cleared. The highest is not among them: of such a letter nothing is kept here but
    the line of the register.
    """

    SECRET = "secret"  # noqa: S105 - a class of secrecy, no password
    VERY_SECRET = "very_secret"  # noqa: S105


class Post(StrEnum):
    """As what somebody is appointed: นายทะเบียนข้อมูลข่าวสารลับ, or to read what they are given."""

    REGISTRAR = "registrar"
    READER = "reader"


# a stub says no more than its register, which who is cleared for ลับมาก keeps
COVERED: Mapping[Level, frozenset[Secrecy]] = {
    Level.SECRET: frozenset({Secrecy.SECRET}),
    Level.VERY_SECRET: frozenset({Secrecy.SECRET, Secrecy.VERY_SECRET, Secrecy.TOP_SECRET}),
}
# to these a list of people by name belongs, and a reason for every opening
PERSONAL = frozenset({Secrecy.VERY_SECRET, Secrecy.TOP_SECRET})


def covering(secrecy: Secrecy) -> frozenset[Level]:
    """The levels that are enough for a class of secrecy."""
    return frozenset(level for level, covered in COVERED.items() if secrecy in covered)


def check_appointment(term: Term, order_no: str, order_date: dt.date, today: dt.date) -> None:
    """An appointment rests on an order that was made, and its days are not over.

    Raises:
        Problem: ``invalid`` (422), naming every field that is wrong.
    """
    errors = order_errors(term, order_no, today)
    if order_date > today:
        errors.append(FieldError("order_date", "future", "คำสั่งลงวันที่: ต้องไม่เป็นวันในอนาคต"))
    if errors:
        raise invalid(errors)


def uncleared(field: str, title: str) -> Problem:
    """Somebody may not be given a letter. Only who may know the letter is told so."""
    return invalid([FieldError(field, "uncleared", f"{title}: ยังไม่ได้รับแต่งตั้งให้เข้าถึงชั้นความลับของหนังสือนี้")])


def reason_needed() -> Problem:
    """Who may open a letter has not said why, or said it too long ago."""
    return Problem(
        "letter.reason", 428, "ต้องระบุเหตุผลก่อนเปิดหนังสือ", "หนังสือฉบับนี้ต้องระบุเหตุผลทุกครั้งที่เปิด ระบบบันทึกชื่อผู้เปิดและเหตุผล"
    )


def not_a_secret_registrar() -> Problem:
    """Letters with a class of secrecy are keyed in and registered by who was appointed for it alone (§1.3)."""
    return conflict("letter.secret", "ลงรับหนังสือที่มีชั้นความลับได้เฉพาะนายทะเบียนข้อมูลข่าวสารลับที่ได้รับแต่งตั้งสำหรับชั้นความลับนั้น")
