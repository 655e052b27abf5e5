"""A form that was sent and did not go through: what was typed, and what is wrong with it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from gateway.web.language import N_, gettext
from gateway.web.thai import typed_date
from shared.http.request import ReceivedFile, Request
from shared.problems import FieldError, Problem, conflict, invalid
from shared.thai.dates import DateFault, DateProblem

DATE_FAULTS = {
    DateProblem.FORMAT: N_("อ่านวันที่ไม่ได้ พิมพ์เป็น วัน/เดือน/ปี พ.ศ. เช่น 10/06/2569"),
    DateProblem.IMPOSSIBLE: N_("ไม่มีวันที่นี้ในปฏิทิน"),
    DateProblem.TWO_DIGITS: N_("พิมพ์ปี พ.ศ. ให้ครบ 4 หลัก"),
    DateProblem.YEAR: N_("ปีไม่ถูกต้อง พิมพ์เป็น พ.ศ. เช่น 2569"),
    DateProblem.OLD_CALENDAR: N_("ปีไม่ถูกต้อง พิมพ์เป็น พ.ศ. เช่น 2569"),
}


@dataclass(frozen=True)
class Form:
    """The state of one of a page's forms. ``values`` is what the fields show, ``name`` tells the page's forms apart."""

    name: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    problem: Problem | None = None

    @classmethod
    def sent(cls, name: str, request: Request, problem: Problem) -> Form:
        """A form as it was sent, with the reason why it did not go through."""
        if problem.code == "idempotency.mismatch":
            problem = conflict("form.sent", "แบบนี้ส่งไปแล้วครั้งหนึ่งด้วยข้อความอื่น ถ้าต้องการรายการใหม่ ตรวจแล้วกดอีกครั้ง")
        return cls(name, request.posted, problem)

    def of(self, name: str) -> Form:
        """The form itself if it is the one called ``name``, else one that nobody has touched."""
        return self if self.name == name else EMPTY

    def key(self, name: str) -> str:
        """What makes the form called ``name`` one command, however often it is sent. One that did not go through keeps
        its key: perhaps it did, and only the answer was lost.
        """
        is_same = self.name == name and self.problem is not None and self.problem.code != "form.sent"
        return (is_same and self.value("idempotency_key")) or secrets.token_urlsafe(16)

    @property
    def status(self) -> int:
        """The status of the page that shows it."""
        return self.problem.status if self.problem else 200

    def value(self, name: str, default: Any = "") -> Any:
        """What a field shows."""
        return self.values.get(name, default)

    def choices(self, name: str) -> list[str]:
        """The chosen values of a field that may have several."""
        return self.values.getlist(name) if isinstance(self.values, MultiDict) else list(self.values.get(name, ()))

    def errors(self, *names: str) -> list[FieldError]:
        """What is wrong with the fields ``names``."""
        return [error for error in self._errors if error.pointer in names]

    def problem_of(self, name: str) -> Problem | None:
        """The problem, if the form called ``name`` is the one that was sent."""
        return self.problem if self.name == name else None

    @property
    def _errors(self) -> list[FieldError]:
        return list(self.problem.errors) if self.problem else []


EMPTY = Form()


def text(request: Request, name: str) -> str:
    """What was typed into a field, without the blanks around it."""
    return request.posted.get(name, "").strip()


def one_file(request: Request) -> ReceivedFile:
    """The file that was chosen.

    Raises:
        Problem: ``invalid`` (422) where none was, or several.
    """
    if len(request.files) != 1:
        raise invalid([FieldError("file", "required", "กรุณาเลือกไฟล์หนึ่งไฟล์")])
    return request.files[0]


def typed_dates(request: Request, names: Mapping[str, str]) -> dict[str, str | None]:
    """The days typed into the fields ``names`` (with what each is called) in ISO 8601; None for an empty field.

    Raises:
        Problem: ``invalid`` (422) naming every field that holds no day.
    """
    return days_of({name: text(request, name) for name in names}, names)


def days_of(typed: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str | None]:
    """The days in ``typed``, as :func:`typed_dates` reads them.

    Raises:
        Problem: ``invalid`` (422) naming every field that holds no day.
    """
    days, errors = {}, []
    for name, title in names.items():
        try:
            days[name] = typed_date(typed[name])
        except DateFault as fault:
            errors.append(FieldError(name, "date", f"{title}: {gettext(DATE_FAULTS[fault.problem])}"))
    if errors:
        raise invalid(errors)
    return days


def whole_number(request: Request, name: str) -> Any:
    """A number from a field; None when it is empty, the text itself when it is no number: the owner refuses it."""
    typed = text(request, name)
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else typed or None
