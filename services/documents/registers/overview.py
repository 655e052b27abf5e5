"""Looking over books: whose there are, how they stand this year, and what waits for those who keep them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select

from services.documents import access
from services.documents.clearances.standing import is_secret_registrar
from services.documents.directory.queries import find_unit, home_of
from services.documents.directory.tables import OfficeUnit
from services.documents.letters.rules import Secrecy
from services.documents.registers import rules
from services.documents.registers.allocation import numbered_in
from services.documents.registers.queries import KIND_ORDER, asked_books, find_asked_book
from services.documents.registers.rules import EntryState, OwnerKind, RequestState
from services.documents.registers.tables import NumberRequest, RegisterBook, RegisterCounter, RegisterEntry
from services.documents.registers.views import book_view, entry_view, request_view, title_of
from shared.clock import BANGKOK
from shared.db.unit import Unit

SHOWN = 5
OWNER_ORDER = {kind.value: place for place, kind in enumerate(OwnerKind)}


@dataclass(frozen=True)
class Reach:
    """What the caller may do with books, asked once for many of them."""

    unit: Unit
    kept: frozenset[str]
    secretly_kept: frozenset[str]

    @classmethod
    def of(cls, unit: Unit) -> Reach:
        kept = frozenset(access.units_acted_for(unit, access.KEEPS_BOOKS))
        secretly = frozenset(path for path in kept if is_secret_registrar(unit, path, Secrecy.SECRET))
        return cls(unit, kept, secretly)

    @property
    def is_kept(self) -> ColumnElement[bool]:
        """The condition behind :meth:`keeps`."""
        is_secret, org_path = RegisterBook.kind.in_(sorted(rules.SECRET_KINDS)), RegisterBook.org_path
        return or_(
            and_(org_path.in_(sorted(self.kept)), not_(is_secret)),
            and_(org_path.in_(sorted(self.secretly_kept)), is_secret),
        )

    def keeps(self, book: RegisterBook) -> bool:
        return book.org_path in (self.secretly_kept if book.kind in rules.SECRET_KINDS else self.kept)

    def reads(self, book: RegisterBook) -> bool:
        """Whether the lines are open to the caller; those of a secret book with a veil before what they say."""
        return self.unit.identity.holds(access.READS_BOOKS, book.org_path)

    def voids(self, book: RegisterBook) -> bool:
        directs = self.unit.identity.holds(access.DIRECTS, book.org_path)
        return self.keeps(book) or (directs and book.kind not in rules.SECRET_KINDS)


def list_books(unit: Unit, owner: str | None = None) -> dict[str, Any]:
    """The books of one unit (``office``, the code of a group or a school), by default of those that are the caller's:
    where a role is held and where they work.
    """
    statement = (
        select(RegisterBook, OfficeUnit.name)
        .join(OfficeUnit, OfficeUnit.code == RegisterBook.owner)
        .where(asked_books(unit))
        .order_by(RegisterBook.org_path)
    )
    if owner is None:
        own = {*unit.identity.scopes(access.ASKS_FOR_NUMBERS), home_of(unit, unit.identity.person_id)}
        statement = statement.where(RegisterBook.org_path.in_(own))
    elif owner == OwnerKind.OFFICE:
        statement = statement.where(RegisterBook.owner_kind == OwnerKind.OFFICE)
    else:
        statement = statement.where(RegisterBook.owner == owner)
    found = sorted(unit.session.execute(statement), key=lambda row: (row[0].org_path, KIND_ORDER[row[0].kind]))
    return {"items": _standing(unit, dict(found)), "next_cursor": None}


def get_book(unit: Unit, book_id: str) -> dict[str, Any]:
    """One book as :func:`list_books` tells of it, with the years (BE) in which something was entered, the newest first,
    and the book in which its numbers stand: another one where circulars share the numbers of sent letters.

    Raises:
        Problem: ``not_found``, ``forbidden``.
    """
    book = find_asked_book(unit, book_id)
    [view] = _standing(unit, {book: find_unit(unit, book.owner).name})
    years = set(unit.session.execute(select(RegisterCounter.be_year).filter_by(book_id=book.id)).scalars())
    return {
        **view,
        "years": sorted({*years, view["be_year"]}, reverse=True),
        "numbered_in": numbered_in(unit, book)[0].id,
    }


def list_owners(unit: Unit) -> dict[str, Any]:
    """Whose books the caller may look up with :func:`list_books`: offices, then groups, then schools."""
    statement = select(RegisterBook.owner, RegisterBook.owner_kind, OfficeUnit.name).distinct()
    statement = statement.join(OfficeUnit, OfficeUnit.code == RegisterBook.owner)
    rows = unit.session.execute(statement.where(asked_books(unit)))
    found = sorted(rows, key=lambda row: (OWNER_ORDER[row.owner_kind], row.owner))
    items = [
        {"owner": OwnerKind.OFFICE.value if row.owner_kind == OwnerKind.OFFICE else row.owner,
         "kind": row.owner_kind, "name": row.name}
        for row in found
    ]  # fmt: skip
    return {"items": items, "next_cursor": None}


def list_waiting(unit: Unit) -> dict[str, Any]:
    """What waits for the caller in the books that they keep: requests for numbers, the oldest first, and reservations
    that end today, the next one first; of each how many, and the first few.
    """
    is_kept = Reach.of(unit).is_kept
    asked = (
        select(NumberRequest, RegisterBook, OfficeUnit.name)
        .join(RegisterBook, RegisterBook.id == NumberRequest.book_id)
        .join(OfficeUnit, OfficeUnit.code == RegisterBook.owner)
        .where(is_kept, NumberRequest.state == RequestState.PENDING)
    )
    today = unit.now().astimezone(BANGKOK).date()
    tomorrow = dt.datetime.combine(today + dt.timedelta(days=1), dt.time(), BANGKOK)
    ending = (
        select(RegisterEntry, RegisterBook, OfficeUnit.name)
        .join(RegisterBook, RegisterBook.id == RegisterEntry.book_id)
        .join(OfficeUnit, OfficeUnit.code == RegisterBook.owner)
        .where(is_kept, RegisterEntry.state == EntryState.RESERVED, RegisterEntry.reserved_until < tomorrow)
    )
    requests = unit.session.execute(asked.order_by(NumberRequest.id).limit(SHOWN))
    reservations = unit.session.execute(ending.order_by(RegisterEntry.reserved_until).limit(SHOWN))
    return {
        "requests_total": _count(unit, asked),
        "requests": [{**request_view(one, None), "book_title": title_of(book, name)} for one, book, name in requests],
        "reservations_total": _count(unit, ending),
        "reservations": [{**entry_view(one), "book_title": title_of(book, name)} for one, book, name in reservations],
    }


def _count(unit: Unit, statement: Any) -> int:
    return int(unit.session.execute(statement.with_only_columns(func.count())).scalar_one())


def _standing(unit: Unit, names: Mapping[RegisterBook, str]) -> list[dict[str, Any]]:
    """Books with the names of their owners, as they stand this year for the caller."""
    reach, year = Reach.of(unit), rules.register_year(unit.now())
    kept = [book.id for book in names if reach.keeps(book)]
    last = _last_numbers(unit, [book.id for book in names if reach.reads(book)], year)
    waiting, ending = _pending(unit, [book.id for book in names], kept), _ending(unit, kept)
    return [
        {
            **book_view(book, name, may_issue=reach.keeps(book)),
            "may_read": reach.reads(book),
            "may_void": reach.voids(book),
            "be_year": year,
            "last_no": last.get(book.id, 0) if reach.reads(book) else None,
            "requests_waiting": waiting.get(book.id, 0),
            "reservations_ending": ending.get(book.id, 0),
        }
        for book, name in names.items()
    ]


def _last_numbers(unit: Unit, books: Iterable[str], year: int) -> dict[str, int]:
    statement = select(RegisterCounter.book_id, RegisterCounter.last_no)
    rows = unit.session.execute(statement.where(RegisterCounter.book_id.in_(books), RegisterCounter.be_year == year))
    return {row.book_id: row.last_no for row in rows}


def _pending(unit: Unit, books: Iterable[str], kept: Iterable[str]) -> dict[str, int]:
    """How many requests wait in each book: all of one that is kept, the caller's own of others."""
    mine = and_(NumberRequest.book_id.in_(books), NumberRequest.requester_id == unit.actor)
    statement = select(NumberRequest.book_id, func.count().label("waiting")).group_by(NumberRequest.book_id)
    statement = statement.where(NumberRequest.state == RequestState.PENDING)
    rows = unit.session.execute(statement.where(or_(NumberRequest.book_id.in_(kept), mine)))
    return {row.book_id: row.waiting for row in rows}


def _ending(unit: Unit, kept: Iterable[str]) -> dict[str, int]:
    """How many reservations of each book end soon."""
    statement = select(RegisterEntry.book_id, func.count().label("ending")).group_by(RegisterEntry.book_id)
    statement = statement.where(
        RegisterEntry.book_id.in_(kept),
        RegisterEntry.state == EntryState.RESERVED,
        RegisterEntry.reserved_until <= unit.now() + rules.ENDS_SOON,
    )
    return {row.book_id: row.ending for row in unit.session.execute(statement)}
