"""Looking into a book: what stands in it, whether it adds up, and the export that proves it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, select, tuple_

from services.documents import access
from services.documents.clearances.standing import is_secret_registrar, own_clearances
from services.documents.letters.rules import Secrecy
from services.documents.registers import rules
from services.documents.registers.rules import BookKind, EntryState, RequestState
from services.documents.registers.tables import (
    NumberRequest,
    OfflineBlock,
    RegisterBook,
    RegisterCounter,
    RegisterEntry,
)
from services.documents.registers.veil import Veil
from services.documents.registers.views import block_view, entry_view, owner_of, request_view
from shared.chained_lines import chained, head_of
from shared.clock import BANGKOK
from shared.db.unit import Unit
from shared.problems import forbidden, not_found
from shared.security.access import reached

KIND_ORDER = {kind.value: place for place, kind in enumerate(BookKind)}


def find_book(
    unit: Unit, book_id: str, roles: Iterable[str] = access.READS_BOOKS, *, lock: bool = False
) -> RegisterBook:
    """A book within the caller's reach.

    Raises:
        Problem: ``forbidden`` for a book of the own area that others keep, ``not_found`` for one of another area: even
            that there is one is not the caller's to know.
    """
    book = unit.session.get(RegisterBook, book_id, with_for_update=lock or None)
    if book is None or not access.is_of_own_area(unit.identity, book.org_path):
        raise not_found("ไม่พบทะเบียนนี้")
    if not unit.identity.holds(roles, book.org_path):
        raise forbidden("ทะเบียนนี้เป็นของหน่วยงานอื่น")
    return book


def find_asked_book(unit: Unit, book_id: str) -> RegisterBook:
    """A book that the caller may ask for a number, whether or not they may look into it.

    Raises:
        Problem: as :func:`find_book`.
    """
    book = unit.session.get(RegisterBook, book_id)
    if book is not None and book.org_path in access.offices_asked(unit.identity):
        return book
    return find_book(unit, book_id, access.ASKS_FOR_NUMBERS)


def asked_books(unit: Unit) -> ColumnElement[bool]:
    """The condition on books behind :func:`find_asked_book`."""
    reach = reached(RegisterBook.org_path, unit.identity, access.ASKS_FOR_NUMBERS)
    return reach | RegisterBook.org_path.in_(access.offices_asked(unit.identity))


def list_entries(
    unit: Unit, book_id: str, be_year: int | None = None, limit: int = 50, cursor: str | None = None
) -> dict[str, Any]:
    """The lines of a book of one year (this one), the newest first.

    Raises:
        Problem: ``not_found``, ``forbidden``.
    """
    book = readable_book(unit, book_id)
    year = be_year or rules.register_year(unit.now())
    statement = select(RegisterEntry).filter_by(book_id=book.id, be_year=year)
    place = tuple_(RegisterEntry.no, RegisterEntry.suffix)
    if cursor is not None:
        no, _, suffix = cursor.partition(".")
        if not no.isdecimal():
            raise not_found("ไม่พบหน้านี้ของทะเบียน")
        statement = statement.where(place < (int(no), suffix))
    statement = statement.order_by(RegisterEntry.no.desc(), RegisterEntry.suffix.desc()).limit(limit + 1)
    rows = unit.session.execute(statement).scalars().all()
    shown = rows[:limit]
    more = f"{shown[-1].no}.{shown[-1].suffix}" if len(rows) > limit else None
    veil = Veil.of(unit, book, shown)
    return {**read_year(unit, book, year), "items": [veil.shown(entry) for entry in shown], "next_cursor": more}


def get_entry(unit: Unit, book_id: str, no: int, be_year: int, suffix: str = "") -> dict[str, Any]:
    """One line of a book.

    Raises:
        Problem: ``not_found``, ``forbidden``.
    """
    book = readable_book(unit, book_id)
    found = select(RegisterEntry).filter_by(book_id=book.id, be_year=be_year, no=no, suffix=suffix)
    entry = unit.session.execute(found).scalar_one_or_none()
    if entry is None:
        raise not_found("ไม่พบเลขนี้ในทะเบียน")
    return Veil.of(unit, book, [entry]).shown(entry)


def check_integrity(unit: Unit, book_id: str, be_year: int | None = None) -> dict[str, Any]:
    """Whether a book adds up (§1.3 rule 12): what is missing, doubled, void, still reserved.

    Raises:
        Problem: ``not_found``, ``forbidden``.
    """
    book = readable_book(unit, book_id)
    year = be_year or rules.register_year(unit.now())
    report = integrity_of(unit, book, year)
    if not Veil.of(unit, book, []).is_lifted:
        unsaid = {what: [{**line, "reason": None} for line in report[what]] for what in ("void", "reserved")}
        report |= unsaid
    return {**read_year(unit, book, year), **report}


def export_book(unit: Unit, book_id: str, be_year: int | None = None) -> dict[str, Any]:
    """Every line of a book's year with a chain of digests over them, and the last digest as it was at the closing.

    Raises:
        Problem: ``not_found``, ``forbidden``.
    """
    book = whole_book(unit, book_id)
    year = be_year or rules.register_year(unit.now())
    lines = list(chained(register_lines(unit, book, year)))
    return {**read_year(unit, book, year), "lines": lines, "computed_head": head_of(lines)}


def list_requests(unit: Unit, book_id: str) -> dict[str, Any]:
    """The requests for numbers of a book: all for who keeps it, the own ones for others.

    Raises:
        Problem: ``not_found``.
    """
    book = asked_book(unit, book_id)
    statement = (
        select(NumberRequest, RegisterEntry)
        .outerjoin(RegisterEntry, RegisterEntry.id == NumberRequest.entry_id)
        .where(NumberRequest.book_id == book.id)
        .order_by(NumberRequest.state != RequestState.PENDING, NumberRequest.id.desc())
        .limit(200)
    )
    if not access.acts_at(unit, access.KEEPS_BOOKS, book.org_path):
        statement = statement.where(NumberRequest.requester_id == unit.actor)
    items = [request_view(request, entry) for request, entry in unit.session.execute(statement)]
    return {"items": items, "next_cursor": None}


def list_blocks(unit: Unit, book_id: str) -> dict[str, Any]:
    """The blocks of numbers that were handed out for paper, the newest first.

    Raises:
        Problem: ``not_found``, ``forbidden``.
    """
    book = whole_book(unit, book_id)
    statement = select(OfflineBlock).filter_by(book_id=book.id).order_by(OfflineBlock.id.desc()).limit(200)
    return {"items": [block_view(block) for block in unit.session.execute(statement).scalars()], "next_cursor": None}


def get_block(unit: Unit, book_id: str, block_id: str) -> dict[str, Any]:
    """One block with the lines of its numbers, in their order.

    Raises:
        Problem: ``not_found``, ``forbidden``.
    """
    book = whole_book(unit, book_id)
    block = unit.session.execute(select(OfflineBlock).filter_by(id=block_id, book_id=book.id)).scalar_one_or_none()
    if block is None:
        raise not_found("ไม่พบชุดเลขนี้")
    lines = unit.session.execute(select(RegisterEntry).filter_by(block_id=block.id).order_by(RegisterEntry.no))
    return {**block_view(block), "lines": [entry_view(entry) for entry in lines.scalars()]}


def read_year(unit: Unit, book: RegisterBook, year: int) -> dict[str, Any]:
    """How a book stands in a year: last number, opening number, whether it is closed and with which digest."""
    counter = unit.session.get(RegisterCounter, (book.id, year))
    closed_at = counter.closed_at if counter else None
    return {
        "book_id": book.id,
        "kind": book.kind,
        "owner": owner_of(book),
        "be_year": year,
        "last_no": counter.last_no if counter else 0,
        "opening_no": counter.opening_no if counter else 0,
        "closed_at": closed_at.astimezone(BANGKOK).isoformat() if closed_at else None,
        "head": counter.head if counter else None,
    }


def integrity_of(unit: Unit, book: RegisterBook, year: int) -> dict[str, Any]:
    """The account of a book's year (:func:`rules.integrity`)."""
    counter = unit.session.get(RegisterCounter, (book.id, year))
    entries = [
        rules.Entry(entry.no, entry.suffix, entry.display_no, EntryState(entry.state), entry.void_reason)
        for entry in _entries(unit, book, year)
    ]
    opening, last = (counter.opening_no, counter.last_no) if counter else (0, 0)
    return rules.integrity(entries, opening, last)


def register_lines(unit: Unit, book: RegisterBook, year: int) -> Iterator[dict[str, Any]]:
    """The lines of a book's year in the order of their numbers, as they go into an export."""
    for entry in _entries(unit, book, year):
        yield {
            "no": entry.no,
            "suffix": entry.suffix,
            "display_no": entry.display_no,
            "state": entry.state,
            "for": entry.purpose,
            "entry_date": entry.entry_date.isoformat(),
            "entered_at": entry.entered_at.isoformat(),
            "entered_by": entry.entered_by,
            "letter_id": entry.letter_id,
            "void_reason": entry.void_reason,
        }


def _entries(unit: Unit, book: RegisterBook, year: int) -> list[RegisterEntry]:
    statement = select(RegisterEntry).filter_by(book_id=book.id, be_year=year)
    ordered = statement.order_by(RegisterEntry.no, RegisterEntry.suffix)
    return list(unit.session.execute(ordered).scalars())


def readable_book(unit: Unit, book_id: str) -> RegisterBook:
    """A book into which the caller may look: who keeps it, who directs its unit, who audits; what a secret one says is
    behind a veil (:class:`Veil`).
    """
    return find_book(unit, book_id)


def whole_book(unit: Unit, book_id: str) -> RegisterBook:
    """A book into which the caller may look as it is: a secret one only who was appointed to keep it.

    Raises:
        Problem: ``not_found``, ``forbidden``.
    """
    book = find_book(unit, book_id)
    require_secret_registrar(unit, book)
    return book


def asked_book(unit: Unit, book_id: str) -> RegisterBook:
    """A book from which the caller may ask for a number; from a secret one only who is cleared there.

    Raises:
        Problem: as :func:`find_book`.
    """
    book = find_asked_book(unit, book_id)
    if book.kind in rules.SECRET_KINDS and not any(one.org_path == book.org_path for one in own_clearances(unit)):
        raise forbidden("ขอเลขจากทะเบียนลับได้เฉพาะผู้ที่ได้รับแต่งตั้งให้เข้าถึงข้อมูลข่าวสารลับ")
    return book


def require_secret_registrar(unit: Unit, book: RegisterBook) -> None:
    """Let pass who was appointed to keep a secret book; anybody for another.

    Raises:
        Problem: ``forbidden``.
    """
    if book.kind in rules.SECRET_KINDS and not is_secret_registrar(unit, book.org_path, Secrecy.SECRET):
        raise forbidden("ทะเบียนลับเป็นหน้าที่ของนายทะเบียนข้อมูลข่าวสารลับที่ได้รับแต่งตั้ง")
