"""Issuing, reserving, using, inserting and voiding numbers.

What is to be checked is checked before the number is taken (:mod:`allocation`): nobody waits for it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.documents import access
from services.documents.registers import rules
from services.documents.registers.allocation import enter
from services.documents.registers.finding import entry_of, kept_book, read_day
from services.documents.registers.queries import find_book, require_secret_registrar
from services.documents.registers.recording import record
from services.documents.registers.rules import BookKind, EntryState, register_year
from services.documents.registers.tables import RegisterBook, RegisterEntry
from services.documents.registers.views import entry_view, number_view
from shared.bus.envelope import new_id
from shared.db.together import Steps
from shared.db.unit import Unit
from shared.problems import FieldError, conflict, forbidden, invalid
from shared.thai.dates import read_instant

EXPIRED_AT_ONCE = 100


def issue_number(
    unit: Unit, book_id: str, purpose: str, reserve_until: str | None = None
) -> Steps[dict[str, Any]]:
    """Take the next number of a book, or reserve it until an instant.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422), ``book.received``, ``book.closed`` (409).
    """
    book = kept_book(unit, book_id, "ออกเลข")
    rules.check_issuable(BookKind(book.kind))
    wanted = rules.check_purpose(purpose)
    until = None
    if reserve_until is not None:
        try:
            until = read_instant(reserve_until)
        except ValueError:
            raise invalid([FieldError("reserve_until", "date", "จองถึง: ไม่ใช่วันที่ที่ถูกต้อง")]) from None
        rules.check_reservation(until, unit.now())
    state, action = (EntryState.RESERVED, "entry.reserve") if until else (EntryState.ISSUED, "entry.issue")
    entry = yield from enter(unit, book, wanted, state=state, reserved_until=until)
    record(unit, book, entry, action)
    return number_view(entry)


def use_reserved(unit: Unit, book_id: str, no: int, be_year: int, purpose: str | None = None) -> dict[str, Any]:
    """What was reserved is used: the number stands from now on.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422), ``entry.not_reserved``, ``book.closed`` (409).
    """
    book = kept_book(unit, book_id, "ใช้เลขที่จองไว้")
    entry = entry_of(unit, book, be_year, no, "")
    if entry.state != EntryState.RESERVED:
        raise conflict("entry.not_reserved", "เลขนี้ไม่ได้จองไว้ หรือใช้ไปแล้ว")
    if purpose is not None:
        entry.purpose = rules.check_purpose(purpose)
    entry.state, entry.reserved_until = EntryState.ISSUED.value, None
    record(unit, book, entry, "entry.use")
    return number_view(entry)


def insert_entry(
    unit: Unit, book_id: str, after_no: int, be_year: int, purpose: str, entry_date: str, reason: str
) -> dict[str, Any]:
    """Enter something late behind a number that stands, with a suffix: nothing is numbered anew.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422), ``book.closed`` (409).
    """
    book = kept_book(unit, book_id, "แทรกเลขย้อนหลัง")
    wanted, why = rules.check_purpose(purpose), rules.check_reason(reason)
    day = read_day(entry_date, unit)
    if register_year(day) != be_year:
        raise invalid([FieldError("entry_date", "year", f"วันที่ในทะเบียน: ต้องอยู่ในปี {be_year}")])
    standing = entry_of(unit, book, be_year, after_no, "")
    others = select(RegisterEntry.suffix).filter_by(book_id=book.id, be_year=be_year, no=after_no)
    suffix = rules.next_suffix(unit.session.execute(others).scalars())
    entry = RegisterEntry(
        id=new_id(),
        book_id=book.id,
        be_year=be_year,
        no=after_no,
        suffix=suffix,
        display_no=book.numbering.written(be_year, after_no, suffix, circular=standing.circular),
        circular=standing.circular,
        state=EntryState.ISSUED.value,
        purpose=wanted,
        entry_date=day.date(),
        entered_at=unit.now(),
        entered_by=unit.actor,
    )
    unit.session.add(entry)
    record(unit, book, entry, "entry.insert", why)
    return number_view(entry)


def void_entry(unit: Unit, book_id: str, no: int, be_year: int, reason: str, suffix: str = "") -> dict[str, Any]:
    """Take a number back: it stays in the book, struck through, and is never given again.

    Raises:
        Problem: ``not_found``, ``forbidden``, ``invalid`` (422), ``entry.void``, ``entry.letter``,
            ``book.closed`` (409).
    """
    book = find_book(unit, book_id)
    if not access.acts_at(unit, access.KEEPS_BOOKS, book.org_path) and not _directs(unit, book):
        raise forbidden("ยกเลิกเลขทำได้เฉพาะสารบรรณของหน่วยงานนั้น หรือผู้บริหาร")
    require_secret_registrar(unit, book)
    why = rules.check_reason(reason)
    entry = entry_of(unit, book, be_year, no, suffix)
    rules.check_voidable(EntryState(entry.state))
    if entry.letter_id is not None:
        raise conflict("entry.letter", "เลขนี้มีหนังสืออยู่ ให้ยกเลิกที่หนังสือ", letter_id=entry.letter_id)
    void(unit, book, entry, why)
    return entry_view(entry)


def void(unit: Unit, book: RegisterBook, entry: RegisterEntry, reason: str, action: str = "entry.void") -> None:
    """Strike an entry through; the caller has decided that it may be."""
    entry.state, entry.void_reason, entry.reserved_until = EntryState.VOID.value, reason, None
    entry.voided_at, entry.voided_by = unit.now(), unit.actor
    record(unit, book, entry, action, reason)


def expire_reservations(app: Any) -> bool:
    """What was reserved and not used in time is void. True when there may be more."""
    with app.read() as unit:
        overdue = (
            select(RegisterEntry)
            .where(RegisterEntry.state == EntryState.RESERVED, RegisterEntry.reserved_until <= unit.now())
            .order_by(RegisterEntry.reserved_until)
        )
        if unit.session.execute(overdue.limit(1)).first() is None:
            return False
    with app.write() as unit:
        rows = overdue.limit(EXPIRED_AT_ONCE).with_for_update(skip_locked=True)
        for entry in unit.session.execute(rows).scalars().all():
            void(unit, unit.session.get_one(RegisterBook, entry.book_id), entry, rules.UNUSED, "entry.expire")
    return True


def _directs(unit: Unit, book: RegisterBook) -> bool:
    return unit.identity.holds(access.DIRECTS, book.org_path)
