"""Letters found by what was typed, on both databases, and the rows they are found by.

How it stays quick, whatever is typed (decision 027): a page is looked for among the newest letters first, where common
words fill it at once; what is missing then is rare, and comes from the index.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Self

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    case,
    column,
    delete,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    table,
    text,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from services.documents.search.rules import Query, Rank, SearchText, reach_grams
from services.documents.search.schema import FTS
from services.documents.search.tables import LetterText, gram_word
from shared.db.ending import UnitSession
from shared.db.types import table_of
from shared.security.access import lineage

# As many letters are read through in a few milliseconds. Of what more than one in a hundred has, a page is among them;
# of the others the index brings so few that sorting them is as quick.
_NEWEST = 4000
_AT_ONCE = 500
_STORING = insert(table_of(LetterText))


@dataclass(frozen=True)
class Hit:
    """A letter that was found, and its place in the order: by rank, then the newest first."""

    letter_id: str
    rank: Rank
    at: dt.datetime
    seq: int

    @property
    def cursor(self) -> str:
        """What :func:`find` is told to go on after this letter."""
        return f"{self.rank}~{self.at.isoformat()}~{self.seq}"


@dataclass(frozen=True)
class Place:
    """Where a page goes on."""

    rank: Rank
    at: dt.datetime
    seq: int

    @classmethod
    def of(cls, cursor: str) -> Self:
        """The place of a :attr:`Hit.cursor`.

        Raises:
            ValueError: it is none.
        """
        rank, at, seq = cursor.split("~")
        moment, number = dt.datetime.fromisoformat(at), int(seq)
        # what somebody made up must not reach the database, which would choke on it
        if moment.tzinfo is None or moment.year not in range(1900, 2200) or not 0 <= number < 1 << 63:
            raise ValueError("the cursor names no place")
        return cls(Rank(int(rank)), moment.astimezone(dt.UTC), number)


def find(
    session: Session,
    statement: Select[Any],
    query: Query,
    reach: Sequence[str] = (),
    *,
    own: ColumnElement[bool] | None = None,
    limit: int = 50,
    after: Place | None = None,
) -> list[Hit]:
    """The first ``limit`` letters that ``query`` finds, an exact number first, then the phrase in the subject, then all
    words in the subject, then the rest; the newest first among equals.

    Args:
        session: of a read or write unit.
        statement: a select from :class:`LetterText`, narrowed to what the caller may see and wants to see (scope,
            filters; joins are welcome). What it selects and how it is ordered does not matter.
        query: of :func:`services.documents.search.rules.query_of`; one without terms finds every letter.
        reach: everything by which the caller may see letters: paths of units (for them and what lies below), ids of
            people. What has none of it is not looked at; what the statement leaves out is not found for having it.
            Empty it spares nothing.
        own: what the statement says of columns of :class:`LetterText` itself (a span of ``at``), so that the newest of
            those are looked through first.
        limit: letters to a page.
        after: where the page before ended.
    """
    search = _Search(session, statement, query, reach_grams(reach), true() if own is None else own)
    if after is None:
        return search.best(query.ranks, limit)
    found = search.best((after.rank,), limit, after)
    lower = tuple(rank for rank in query.ranks if rank < after.rank)
    return found + search.best(lower, limit - len(found)) if lower and len(found) < limit else found


def matching(statement: Select[Any], query: Query, reach: Sequence[str], dialect: str) -> Select[Any]:
    """``statement`` (a select from :class:`LetterText`) narrowed to the letters that ``query`` finds, unordered: to
    count them or to export them. ``reach`` as for :func:`find`; ``dialect`` is ``postgresql`` or ``sqlite``.
    """
    grams = _has_grams(query, Rank.ANYWHERE, reach_grams(reach), dialect)
    return statement.where(grams, stands(query, dialect))


class _Search:
    """One search: the same statements for every rank.

    What may be meant is always chosen from :class:`LetterText` alone, and what the caller's statement says of it is
    asked of that only. A planner that saw both together would read through whatever the statement joins.
    """

    def __init__(
        self, session: Session, statement: Select[Any], query: Query, reach: tuple[int, ...], own: ColumnElement[bool]
    ) -> None:
        self._session = session
        self._dialect = session.get_bind().dialect.name
        self._statement = statement.order_by(None)
        self._query = query
        self._reach = reach
        self._own = own

    def best(self, ranks: tuple[Rank, ...], limit: int, after: Place | None = None) -> list[Hit]:
        """The best letters of ``ranks``; of one rank after a place."""
        recent = self._among_newest(ranks, limit, after)
        found: list[Hit] = []
        for rank in ranks:
            missing = limit - len(found)
            of_rank = [hit for hit in recent if hit.rank is rank][:missing]
            if missing:
                found += of_rank if len(of_rank) == missing else self._by_index(rank, missing, after)
        return found

    def _among_newest(self, ranks: tuple[Rank, ...], limit: int, after: Place | None) -> list[Hit]:
        newest = (
            select(LetterText.at, LetterText.seq, LetterText.subject, LetterText.everything)
            .where(self._own, _is_after(after), _is_in(self._reach, self._dialect))
            .order_by(LetterText.at.desc(), LetterText.seq.desc())
            .limit(_NEWEST)
            .subquery("newest")
            .c
        )
        rank = _rank(self._query, self._dialect, newest.subject, newest.everything)
        is_found = stands(self._query, self._dialect, newest.everything)
        return self._visible(
            select(newest.at, newest.seq, rank.label("rank")).where(is_found, rank.in_(ranks)), limit
        )

    def _by_index(self, rank: Rank, limit: int, after: Place | None) -> list[Hit]:
        # a step of its own: a planner that saw order and limit might walk along the newest again, and far
        found = (
            select(LetterText.at, LetterText.seq)
            .where(
                self._own,
                _has_grams(self._query, rank, self._reach, self._dialect),
                stands(self._query, self._dialect),
                _rank(self._query, self._dialect) == rank,
                _is_after(after),
            )
            .cte("found")
            .prefix_with("MATERIALIZED")
            .c
        )
        return self._visible(select(found.at, found.seq, literal(rank, Integer).label("rank")), limit)

    def _visible(self, ranked: Select[Any], limit: int) -> list[Hit]:
        """The first of ``ranked`` that the caller's statement lets pass."""
        best = ranked.order_by(text("rank DESC"), text("at DESC"), text("seq DESC")).subquery("ranked").c
        statement = (
            self._statement.with_only_columns(LetterText.letter_id, best.at, best.seq, best.rank)
            .where(LetterText.seq == best.seq)
            .order_by(best.rank.desc(), best.at.desc(), best.seq.desc())
            .limit(limit)
        )
        return [Hit(row.letter_id, Rank(row.rank), row.at, row.seq) for row in self._session.execute(statement)]


def stands(query: Query, dialect: str, everything: Any = LetterText.everything) -> ColumnElement[bool]:
    """Every term stands somewhere in the letter; ``dialect`` is ``postgresql`` or ``sqlite``."""
    return and_(true(), *(_contains_any(dialect, everything, term.spellings) for term in query.terms))


def _rank(
    query: Query, dialect: str, subject: Any = LetterText.subject, everything: Any = LetterText.everything
) -> ColumnElement[int]:
    """The rank of a letter in which every term stands."""
    conditions: dict[Rank, list[Any]] = {
        Rank.EXACT_NUMBER: [_contains_any(dialect, everything, each) for each in query.exact_spellings()],
        Rank.PHRASE_IN_SUBJECT: [_contains_any(dialect, subject, (query.phrase,))],
        Rank.WORDS_IN_SUBJECT: [_contains_any(dialect, subject, term.spellings) for term in query.terms],
        Rank.ANYWHERE: [true()],
    }
    return case(*((and_(*conditions[rank]), literal(rank, Integer)) for rank in query.ranks))


def _contains_any(dialect: str, texts: Any, spellings: tuple[str, ...]) -> ColumnElement[bool]:
    """One of ``spellings`` stands in ``texts``, letter by letter: no sign in it means anything."""
    position = func.strpos if dialect == "postgresql" else func.instr
    return or_(*(position(texts, spelling) > 0 for spelling in spellings))


def _is_in(reach: tuple[int, ...], dialect: str) -> ColumnElement[bool]:
    """The letter is seen from somewhere in ``reach``, as a condition on the way along the newest."""
    if not reach:
        return true()
    if dialect == "postgresql":
        return _overlaps(LetterText.reach, reach)
    # the sign keeps SQLite on that way: else it fetches all that are in reach, and sorts them
    return literal_column("+letter_text.seq").in_(_matched(" OR ".join(map(gram_word, reach))))


def _has_grams(query: Query, rank: Rank, reach: tuple[int, ...], dialect: str) -> ColumnElement[bool]:
    """What an index can tell of the letters of ``rank`` in ``reach``; all of them have it, and some others."""
    if not query.terms:
        return _is_in(reach, dialect)
    wanted = query.grams_of(rank)
    if dialect == "postgresql":
        in_reach = [_overlaps(LetterText.grams, reach)] if reach else []
        return and_(true(), *(or_(*(_has_all(each) for each in item)) for item in wanted), *in_reach)
    items = [*(tuple(map(_words, item)) for item in wanted), *([tuple(map(gram_word, reach))] if reach else [])]
    return LetterText.seq.in_(_matched(" AND ".join(f"({' OR '.join(item)})" for item in items)))


def _has_all(grams: tuple[int, ...]) -> ColumnElement[bool]:
    return LetterText.grams.op("@>")(literal(list(grams), ARRAY(Integer)))


def _overlaps(stored: Any, grams: tuple[int, ...]) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = stored.op("&&")(literal(list(grams), ARRAY(Integer)))
    return condition


def _matched(words: str) -> Select[Any]:
    return select(column("rowid")).select_from(table(FTS)).where(literal_column(FTS).op("MATCH")(words))


def _words(grams: tuple[int, ...]) -> str:
    return f"({' '.join(map(gram_word, grams))})"


def _is_after(place: Place | None) -> ColumnElement[bool]:
    """Older than ``place``."""
    if place is None:
        return true()
    return tuple_(LetterText.at, LetterText.seq) < tuple_(place.at, place.seq)


@dataclass(frozen=True)
class Entry:
    """What a letter is found by, where it belongs, when it came. ``reach`` is all by which somebody may see it: paths
    of the units that have it, ids of people who have to do with it.
    """

    letter_id: str
    org_path: str
    at: dt.datetime
    text: SearchText
    reach: tuple[str, ...]

    def row(self) -> dict[str, Any]:
        """The columns of :class:`LetterText`."""
        marks = (mark for each in self.reach for mark in (lineage(each) if each.startswith("/") else [each]))
        reach = reach_grams(marks)
        return {
            "letter_id": self.letter_id,
            "org_path": self.org_path,
            "at": self.at,
            "subject": self.text.subject,
            "everything": self.text.everything,
            "reach": reach,
            "grams": tuple(sorted({*self.text.grams, *reach})),
        }


def store(session: Session, entry: Entry) -> None:
    """Have a letter found by ``entry``, and by nothing that it was found by before. Most moves of a letter change none
    of it, and then its indexes, the most expensive part of a move, are left alone.
    """
    row = entry.row()
    told = (LetterText.org_path, LetterText.at, LetterText.subject, LetterText.everything, LetterText.reach)
    kept = session.execute(select(*told).filter_by(letter_id=entry.letter_id)).one_or_none()
    if kept is not None and all(value == row[name] for name, value in kept._mapping.items()):
        return
    remove(session, entry.letter_id)
    session.execute(_STORING, row)


def store_new(session: UnitSession, entry: Entry) -> None:
    """Have a letter found of which nothing is stored yet, from the end of the transaction on."""
    session.append(LetterText, **entry.row())


def remove(session: Session, letter_id: str) -> None:
    """Have a letter found no more; nothing happens when it was not."""
    session.execute(delete(LetterText).where(LetterText.letter_id == letter_id))


def rebuild(session: Session, entries: Iterable[Entry]) -> int:
    """Have exactly ``entries`` found, in one transaction; how many they were. Needed when folding or grams change."""
    session.execute(delete(LetterText))
    rows = (entry.row() for entry in entries)
    stored = 0
    while some := list(islice(rows, _AT_ONCE)):
        session.execute(_STORING, some)
        stored += len(some)
    return stored
