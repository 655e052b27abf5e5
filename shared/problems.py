"""The one kind of error a user may see: a stable code, Thai words, and the fields concerned.

Rules and commands raise :class:`Problem`; it crosses RPC as plain data and leaves the gateway as
``application/problem+json`` (RFC 9457). Anything else that is raised is a defect.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class FieldError:
    """One field that is wrong: ``pointer`` is its place in the body (``school_deadline``, ``rooms_by_grade.ป.1``)."""

    pointer: str
    code: str
    message: str


@dataclass
class Problem(Exception):
    """An answer that says no, in words a clerk understands.

    ``code`` is stable and in lower case with dots (``round.dates``), or the id of a rule (``F01.empty``);
    ``status`` is the HTTP status; ``title`` and ``detail`` are Thai; ``extra`` carries further members of the problem.
    """

    code: str
    status: int
    title: str
    detail: str = ""
    errors: Sequence[FieldError] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.code} ({self.status}): {self.title} {self.detail}".rstrip()

    def as_dict(self) -> dict[str, Any]:
        """The members of the problem document, JSON-ready."""
        document: dict[str, Any] = {
            **self.extra,
            "type": f"urn:khet:problem:{self.code}",
            "code": self.code,
            "status": self.status,
            "title": self.title,
        }
        if self.detail:
            document["detail"] = self.detail
        if self.errors:
            document["errors"] = [
                {"pointer": error.pointer, "code": error.code, "message": error.message} for error in self.errors
            ]
        return document

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Problem:
        """Rebuild a problem that crossed a process boundary as :meth:`as_dict` wrote it."""
        known = {"type", "code", "status", "title", "detail", "errors"}
        return cls(
            code=document["code"],
            status=int(document["status"]),
            title=document["title"],
            detail=document.get("detail", ""),
            errors=tuple(FieldError(**error) for error in document.get("errors", ())),
            extra={key: value for key, value in document.items() if key not in known},
        )


def invalid(errors: Sequence[FieldError], title: str = "ข้อมูลที่ส่งมาไม่ถูกต้อง") -> Problem:
    """A body or query that does not hold: 422 with every field named."""
    detail = "; ".join(error.message for error in errors)
    return Problem("invalid", 422, title, detail, errors=tuple(errors))


def forbidden(detail: str = "บัญชีของท่านไม่มีสิทธิ์ทำรายการนี้") -> Problem:
    """The caller is known but may not do this."""
    return Problem("forbidden", 403, "ไม่มีสิทธิ์", detail)


def not_found(detail: str = "ไม่พบข้อมูลที่ขอ") -> Problem:
    """Nothing there, or nothing the caller may know of."""
    return Problem("not_found", 404, "ไม่พบข้อมูล", detail)


def conflict(code: str, detail: str, **extra: Any) -> Problem:
    """The thing exists but is in a state that does not allow this."""
    return Problem(code, 409, "ทำรายการนี้ในสถานะปัจจุบันไม่ได้", detail, extra=extra)
