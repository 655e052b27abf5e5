"""Letters narrowed and sorted, on both databases alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, cast, exists, false, func, literal, or_, select

from services.documents.letters.finding import reach_of, visible
from services.documents.letters.tables import Letter, LetterPlace
from services.documents.letters.waiting import Waiting, conditions
from services.documents.listing.rules import By, Named, Order, Place, Wanted
from services.documents.registers.tables import RegisterBook, RegisterEntry
from services.documents.search.finding import matching
from services.documents.search.rules import query_of
from services.documents.search.tables import LetterText
from services.documents.tasks.rules import TaskState
from services.documents.tasks.tables import Task
from shared.db.unit import Unit
from shared.thai.collation import THAI

# a year and a number as one: no book gives ten million numbers in a year
_NUMBERS_OF_A_YEAR = 10_000_000
COUNTED = 1000


def narrowed(unit: Unit, wanted: Wanted) -> list[ColumnElement[bool]]:
    """The conditions on letters: what the caller may see, and of that what is wanted; all but the words typed."""
    chosen: list[ColumnElement[bool]] = [visible(unit)]
    columns = {"state": Letter.state, "kind": Letter.kind, "speed": Letter.speed, "secrecy": Letter.secrecy}
    for name, column in {**columns, "holder": Letter.holder}.items():
        if getattr(wanted, name) is not None:
            chosen.append(column == getattr(wanted, name))
    if wanted.book is not None:
        chosen.append(exists().where(RegisterEntry.letter_id == Letter.id, RegisterEntry.book_id == wanted.book))
    if wanted.unit is not None:
        chosen.append(exists().where(LetterPlace.letter_id == Letter.id, LetterPlace.unit == wanted.unit))
    if wanted.assignees is not None:
        chosen.append(assigned_to(wanted.assignees))
    if wanted.waiting is not None:
        chosen.append(conditions(unit)[Waiting(wanted.waiting)])
    return [*chosen, *_spans(wanted)]


def assigned_to(person_ids: Sequence[str]) -> ColumnElement[bool]:
    """One of them has a task in the letter, or had one that was not taken away."""
    if not person_ids:
        return false()
    is_theirs = Task.assignee_id.in_(sorted(person_ids)), Task.state != TaskState.CANCELLED
    return exists().where(Task.letter_id == Letter.id, *is_theirs)


def answers(unit: Unit, typed: str, named: Named | None) -> ColumnElement[bool]:
    """The letter answers what was typed: by its text, or by somebody named there who has a task in it."""
    ways = [_says(unit, typed, reach_of(unit))]
    if named:
        ways.append(assigned_to(named.person_ids) & _says(unit, named.rest, named.person_ids))
    return or_(*ways)


def count_of(unit: Unit, wanted: Wanted, named: Named | None) -> int:
    """How many letters a list has, one more than :data:`COUNTED` at most: nobody waits for more to be counted."""
    found = select(literal(1)).select_from(Letter).where(*narrowed(unit, wanted))
    if wanted.q is not None:
        found = found.where(answers(unit, wanted.q, named))
    counted = select(func.count()).select_from(found.limit(COUNTED + 1).subquery())
    return int(unit.session.execute(counted).scalar_one())


def page_in_order(
    unit: Unit, chosen: Sequence[ColumnElement[bool]], order: Order, book: str | None, limit: int, cursor: str | None
) -> tuple[list[Letter], str | None]:
    """A page of the letters that are ``chosen``, and where the next one goes on. Letters that are sorted by the same
    stand in the order of their ids, so that every letter is on one page exactly, whatever comes meanwhile.
    """
    value = _VALUES[order.by](book)
    statement = select(Letter, value.label("value")).where(*chosen)
    if cursor is not None:
        after = Place.of(cursor, order.by)
        further = value < after.value if order.is_descending else value > after.value
        older = Letter.id < after.row_id if order.is_descending else Letter.id > after.row_id
        statement = statement.where(or_(further, and_(value == after.value, older)))
    columns = [value, Letter.id]
    statement = statement.order_by(*(column.desc() for column in columns) if order.is_descending else columns)
    rows = unit.session.execute(statement.limit(limit + 1)).all()
    shown = rows[:limit]
    following = Place(shown[-1].value, shown[-1][0].id).cursor if len(rows) > limit else None
    return [letter for letter, _ in shown], following


def _says(unit: Unit, typed: str, reach: Sequence[str]) -> ColumnElement[bool]:
    dialect = unit.session.get_bind().dialect.name
    found = matching(select(LetterText), query_of(typed), reach, dialect)
    return Letter.id.in_(found.with_only_columns(LetterText.letter_id))


def _spans(wanted: Wanted) -> list[ColumnElement[bool]]:
    since, until = wanted.received
    first, last = wanted.dated
    spans: Mapping[Any, Any] = {
        "received_from": since and Letter.received_at >= since.astimezone(dt.UTC),
        "received_until": until and Letter.received_at < until.astimezone(dt.UTC),
        "doc_from": first and Letter.doc_date >= first,
        "doc_until": last and Letter.doc_date <= last,
    }
    return [condition for condition in spans.values() if condition is not None]


def _number(book: str | None) -> Any:
    """The number that a letter bears in ``book``, else in the books of the registry it came to; 0: none yet."""
    number = func.max(cast(RegisterEntry.be_year, BigInteger) * _NUMBERS_OF_A_YEAR + RegisterEntry.no)
    found = select(func.coalesce(number, 0)).where(RegisterEntry.letter_id == Letter.id)
    if book is not None:
        found = found.where(RegisterEntry.book_id == book)
    else:
        found = found.join(RegisterBook, RegisterBook.id == RegisterEntry.book_id)
        found = found.where(RegisterBook.owner == Letter.owner)
    return found.correlate(Letter).scalar_subquery()


_VALUES: Mapping[By, Any] = {
    By.SUBJECT: lambda _book: Letter.subject.collate(THAI),
    By.FROM: lambda _book: Letter.sender.collate(THAI),
    By.NUMBER: _number,
    By.DOC_DATE: lambda _book: Letter.doc_date,
    By.RECEIVED: lambda _book: Letter.received_at,
}
