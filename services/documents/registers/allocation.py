"""The next number of a book: one statement that counts, in the transaction of whatever bears the number.

The row of the counter stays locked until that transaction ends, so numbers come without gaps: if it fails, the counter
goes back with it. Whoever allocates does so last, that others wait as little as can be; and those who do so at the same
moment do it in one transaction (:mod:`shared.db.together`).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

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
from shared.db.ending import UnitSession
from shared.db.together import Steps
from shared.db.types import table_of
from shared.db.unit import Unit


@dataclass(frozen=True)
class NextNumber:
    """Wished for: the next number of a book in a year (BE). None is given when the year is closed."""

    book_id: str
    be_year: int

    @classmethod
    def grant(cls, session: UnitSession, wishes: Sequence[NextNumber]) -> list[int | None]:
        """The numbers of each book follow each other in the order of the wishes."""
        following = _count(session, Counter((wish.book_id, wish.be_year) for wish in wishes))
        numbers: list[int | None] = []
        for wish in reversed(wishes):
            book = (wish.book_id, wish.be_year)
            last = following.get(book)
            numbers.append(last)
            if last is not None:
                following[book] = last - 1
        return numbers[::-1]


def allocate(unit: Unit, book: RegisterBook, year: int, count: int) -> int:
    """The last of the next ``count`` numbers of a book in a year (BE); the first is ``count - 1`` before it.

    Raises:
        Problem: ``book.closed`` (409).
    """
    last = _count(unit.session, {(book.id, year): count}).get((book.id, year))
    if last is None:
        raise year_closed(year)
    return last


def _count(session: UnitSession, wanted: Mapping[tuple[str, int], int]) -> dict[tuple[str, int], int]:
    """The last number of every book and year after so many more; one that is closed is not among them."""
    # always in one order: two processes that count in the same books must not wait for each other
    rows = [{"book_id": book, "be_year": year, "last_no": wanted[book, year]} for book, year in sorted(wanted)]
    counted = session.execute(_counting(session.get_bind().dialect.name), rows)
    return {(row.book_id, row.be_year): row.last_no for row in counted}


@lru_cache(maxsize=2)
def _counting(dialect: str) -> Any:
    module: Any = postgresql if dialect == "postgresql" else sqlite
    counter = table_of(RegisterCounter)
    statement = module.insert(counter)
    return statement.on_conflict_do_update(
        index_elements=["book_id", "be_year"],
        set_={"last_no": counter.c.last_no + statement.excluded.last_no},
        where=counter.c.closed_at.is_(None),
    ).returning(counter.c.book_id, counter.c.be_year, counter.c.last_no)


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
) -> Steps[RegisterEntry]:
    """Give the next number of this year and write it into the book.

    Raises:
        Problem: ``book.closed`` (409).
    """
    now = unit.now()
    year = register_year(now)
    book, circular = numbered_in(unit, book)
    no: int | None = yield NextNumber(book.id, year)
    if no is None:
        raise year_closed(year)
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
