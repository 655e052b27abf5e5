"""Books, entries and counters as commands take them in hand: found, allowed, locked, of a year that is open."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.documents import access
from services.documents.registers import rules
from services.documents.registers.queries import find_book, require_secret_registrar
from services.documents.registers.tables import RegisterBook, RegisterCounter, RegisterEntry
from shared.clock import BANGKOK
from shared.db.rows import insert_once
from shared.db.unit import Unit
from shared.problems import FieldError, invalid, not_found
from shared.thai.dates import read_instant


def kept_book(unit: Unit, book_id: str, what: str, *, lock: bool = False) -> RegisterBook:
    """A book that the caller keeps; a secret one was given to them by an appointment beside their role."""
    book = find_book(unit, book_id, lock=lock)
    access.require_at(unit, access.KEEPS_BOOKS, book.org_path, what)
    require_secret_registrar(unit, book)
    return book


def entry_of(unit: Unit, book: RegisterBook, be_year: int, no: int, suffix: str) -> RegisterEntry:
    """An entry of a year that is open, locked."""
    refuse_closed(unit, book, be_year)
    found = select(RegisterEntry).filter_by(book_id=book.id, be_year=be_year, no=no, suffix=suffix)
    entry = unit.session.execute(found.with_for_update()).scalar_one_or_none()
    if entry is None:
        raise not_found("ไม่พบเลขนี้ในทะเบียน")
    return entry


def refuse_closed(unit: Unit, book: RegisterBook, be_year: int) -> None:
    # shared: whoever closes the year waits for those who write in it, and they for whoever closes
    held = select(RegisterCounter).filter_by(book_id=book.id, be_year=be_year).with_for_update(read=True)
    counter = unit.session.execute(held).scalar_one_or_none()
    if counter is not None and counter.closed_at is not None:
        raise rules.year_closed(be_year)


def counter_of(unit: Unit, book: RegisterBook, be_year: int) -> RegisterCounter:
    """The counter of a year that is open, locked."""
    insert_once(unit.session, RegisterCounter, book_id=book.id, be_year=be_year, last_no=0, opening_no=0)
    found = select(RegisterCounter).filter_by(book_id=book.id, be_year=be_year).with_for_update()
    counter = unit.session.execute(found).scalar_one()
    if counter.closed_at is not None:
        raise rules.year_closed(be_year)
    return counter


def read_day(written: str, unit: Unit) -> Any:
    try:
        day = read_instant(written).astimezone(BANGKOK)
    except ValueError:
        raise invalid([FieldError("entry_date", "date", "วันที่ในทะเบียน: ไม่ใช่วันที่ที่ถูกต้อง")]) from None
    if day.date() > unit.clock.today():
        raise invalid([FieldError("entry_date", "future", "วันที่ในทะเบียน: ต้องไม่เป็นวันในอนาคต")])
    return day
