"""The next number of a book: one statement that counts, in the transaction of whatever bears the number.

The row of the counter stays locked until that transaction ends, so numbers come without gaps: if it fails, the counter
goes back with it. Whoever allocates does so last, that others wait as little as can be.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite

from services.documents.registers.opening import book_id
from services.documents.registers.rules import (
    BookKind,
    CircularPolicy,
    EntryState,
    register_year,
    year_closed,
)
from services.documents.registers.tables import RegisterBook, RegisterCounter, RegisterEntry
from shared.bus.envelope import new_id
from shared.clock import BANGKOK
from shared.db.unit import Unit


def allocate(unit: Unit, book: RegisterBook, year: int, count: int = 1) -> int:
    """The last of the next ``count`` numbers of a book in a year (BE); the first is ``count - 1`` before it.

    Raises:
        Problem: ``book.closed`` (409).
    """
    statement = _counting(unit.session.get_bind().dialect.name)
    last: int | None = unit.session.execute(
        statement, {"book_id": book.id, "be_year": year, "count": count}
    ).scalar_one_or_none()
    if last is None:
        raise year_closed(year)
    return last


@lru_cache(maxsize=2)
def _counting(dialect: str) -> Any:
    module: Any = postgresql if dialect == "postgresql" else sqlite
    count: Any = bindparam("count")
    first = {"book_id": bindparam("book_id"), "be_year": bindparam("be_year"), "last_no": count, "opening_no": 0}
    return (
        module.insert(RegisterCounter.__table__)
        .values(first)
        .on_conflict_do_update(
            index_elements=["book_id", "be_year"],
            set_={"last_no": RegisterCounter.last_no + count},
            where=RegisterCounter.closed_at.is_(None),
        )
        .returning(RegisterCounter.last_no)
    )


def numbered_in(unit: Unit, book: RegisterBook) -> tuple[RegisterBook, bool]:
    """The book that numbers what is entered in ``book``, and whether it does so for a circular: where circulars share
    the numbers of other sent letters (clause 32) they stand in the same book.
    """
    if book.kind != BookKind.CIRCULAR or book.circular_policy == CircularPolicy.SEPARATE:
        return book, False
    return unit.session.get_one(RegisterBook, book_id(book.owner, BookKind.SENT)), True


def enter(
    unit: Unit,
    book: RegisterBook,
    purpose: str,
    *,
    state: EntryState = EntryState.ISSUED,
    letter_id: str | None = None,
    reserved_until: dt.datetime | None = None,
    entry_date: dt.date | None = None,
) -> RegisterEntry:
    """Give the next number of this year and write it into the book.

    Raises:
        Problem: ``book.closed`` (409).
    """
    now = unit.now()
    year = register_year(now)
    book, circular = numbered_in(unit, book)
    no = allocate(unit, book, year)
    entry = RegisterEntry(
        id=new_id(),
        book_id=book.id,
        be_year=year,
        no=no,
        suffix="",
        display_no=book.numbering.written(year, no, circular=circular),
        circular=circular,
        state=state.value,
        purpose=purpose,
        letter_id=letter_id,
        entry_date=entry_date or now.astimezone(BANGKOK).date(),
        entered_at=now,
        entered_by=unit.actor,
        reserved_until=reserved_until,
    )
    unit.session.add(entry)
    return entry
