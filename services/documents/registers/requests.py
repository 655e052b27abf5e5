"""Numbers for who may not issue them: asked for, given, refused, taken back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, select

from services.documents.registers import rules
from services.documents.registers.allocation import enter
from services.documents.registers.finding import kept_book
from services.documents.registers.queries import asked_book
from services.documents.registers.recording import record
from services.documents.registers.rules import SECRET_KINDS, BookKind, RequestState
from services.documents.registers.tables import NumberRequest, RegisterBook
from services.documents.registers.views import request_view
from shared.bus.envelope import new_id
from shared.db.together import alone
from shared.db.unit import Unit
from shared.problems import conflict, not_found


def request_number(unit: Unit, book_id: str, purpose: str) -> dict[str, Any]:
    """Ask who keeps a book for a number: a group asks its office for one of the office's books.

    Raises:
        Problem: ``not_found``, ``invalid`` (422), ``book.received`` (409).
    """
    book = asked_book(unit, book_id)
    rules.check_issuable(BookKind(book.kind))
    request = NumberRequest(
        id=new_id(),
        book_id=book.id,
        requester_id=unit.actor,
        requester_name=unit.identity.name,
        purpose=rules.check_purpose(purpose),
        state=RequestState.PENDING.value,
        created_at=unit.now(),
    )
    unit.session.add(request)
    unit.audit("number.request", f"request/{request.id}", book.org_path, {"book": book.id})
    return request_view(request, None)


def grant_request(unit: Unit, book_id: str, request_id: str) -> dict[str, Any]:
    """Give the number that was asked for: the request ends and the entry begins in one.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``request.ended``, ``book.closed`` (409).
    """
    book = kept_book(unit, book_id, "ออกเลขตามคำขอ")
    request = _pending(unit, book, request_id)
    entry = alone(unit.session, enter(unit, book, request.purpose))
    unit.session.flush()
    request.entry_id = entry.id
    _decide(unit, book, request, RequestState.ISSUED)
    record(unit, book, entry, "entry.issue")
    return request_view(request, entry)


def reject_request(unit: Unit, book_id: str, request_id: str, reason: str) -> dict[str, Any]:
    """Refuse it, saying why.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422), ``request.ended`` (409).
    """
    book = kept_book(unit, book_id, "ปฏิเสธคำขอเลข")
    request = _pending(unit, book, request_id)
    request.reason = rules.check_reason(reason)
    _decide(unit, book, request, RequestState.REJECTED, request.reason)
    return request_view(request, None)


def withdraw_request(unit: Unit, book_id: str, request_id: str) -> dict[str, Any]:
    """Take the own request back.

    Raises:
        Problem: ``not_found``, ``request.ended`` (409).
    """
    book = asked_book(unit, book_id)
    request = _pending(unit, book, request_id, unit.actor)
    _decide(unit, book, request, RequestState.WITHDRAWN)
    return request_view(request, None)


def asked_for_numbers(person_id: Any) -> ColumnElement[bool]:
    """The condition under which somebody waits for numbers that others may know of: not those of secret books."""
    return exists().where(_waiting_of(person_id))


def give_requests(unit: Unit, leaving: str, taking: str) -> int:
    """Let somebody else wait for the numbers that somebody asked for (:func:`asked_for_numbers`); how many they are.
    Each goes on saying who asked.
    """
    found = select(NumberRequest, RegisterBook).where(_waiting_of(leaving)).with_for_update(of=NumberRequest)
    rows = unit.session.execute(found.order_by(NumberRequest.id)).all()
    for request, book in rows:
        request.requester_id = taking
        change = {"from": leaving, "to": taking}
        unit.audit("number.hand_over", f"request/{request.id}", book.org_path, change)
    return len(rows)


def _waiting_of(person_id: Any) -> ColumnElement[bool]:
    return and_(
        NumberRequest.requester_id == person_id,
        NumberRequest.state == RequestState.PENDING,
        RegisterBook.id == NumberRequest.book_id,
        RegisterBook.kind.not_in(sorted(SECRET_KINDS)),
    )


def _pending(unit: Unit, book: RegisterBook, request_id: str, requester: str | None = None) -> NumberRequest:
    found = select(NumberRequest).filter_by(id=request_id, book_id=book.id).with_for_update()
    request = unit.session.execute(found).scalar_one_or_none()
    if request is None or requester not in (None, request.requester_id):
        raise not_found("ไม่พบคำขอนี้")
    if request.state != RequestState.PENDING:
        raise conflict("request.ended", "คำขอนี้สิ้นสุดไปแล้ว")
    return request


def _decide(
    unit: Unit, book: RegisterBook, request: NumberRequest, state: RequestState, reason: str | None = None
) -> None:
    request.state, request.decided_at, request.decided_by = state.value, unit.now(), unit.actor
    unit.audit(f"number.{state.value}", f"request/{request.id}", book.org_path, {"entry": request.entry_id}, reason)
