"""Letters to be found, on either database, and what a reader without an index would find."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Select, select

from services.documents.search import finding, schema
from services.documents.search.finding import Entry, Hit, Place, find, rebuild
from services.documents.search.rules import Query, Rank, query_of
from services.documents.search.tables import LetterText
from shared.db.engine import Database
from tests.servers import PostgresServer

EVERYWHERE = "/obec/"


class Shelf:
    """A database that holds nothing but what letters are found by."""

    def __init__(self, url: str) -> None:
        self.database = Database(url, 2)
        self.dialect = self.database.engine.dialect.name
        with self.database.write() as session:
            LetterText.__table__.create(session.connection())
            operations = Operations(MigrationContext.configure(session.connection()))
            (schema.upgrade_sqlite if self.database.is_sqlite else schema.upgrade_postgresql)(operations)

    def fill(self, entries: Iterable[Entry]) -> None:
        with self.database.write() as session:
            rebuild(session, entries)

    def find(
        self,
        typed: str,
        *,
        limit: int = 50,
        after: Place | None = None,
        reach: Sequence[str] = (EVERYWHERE,),
        statement: Select[Any] | None = None,
        newest: int = 4000,
    ) -> list[Hit]:
        """With ``newest=1`` nearly everything has to come from the index."""
        letters = select(LetterText) if statement is None else statement
        with self.database.read() as session, patch.object(finding, "_NEWEST", newest):
            return find(session, letters, query_of(typed), reach, limit=limit, after=after)

    def found(self, typed: str, **how: Any) -> list[str]:
        return [hit.letter_id for hit in self.find(typed, **how)]


def open_shelf(folder: Path, postgres: PostgresServer | None) -> Iterator[Shelf]:
    """A shelf on SQLite, or on ``postgres``; a generator for fixtures."""
    name = f"shelf_{uuid.uuid4().hex}"
    url = postgres.create_database(name, name, "pw") if postgres else f"sqlite:///{folder / 'shelf.sqlite'}"
    shelf = Shelf(url)
    yield shelf
    shelf.database.close()
    if postgres:
        postgres.drop_database(name)


def read_through(entries: Sequence[Entry], typed: str) -> list[tuple[str, Rank]]:
    """What is found by reading every letter, best first; of equal ones the later entry."""
    query = query_of(typed)
    ranked = [(_rank(entry, query), entry.at, place) for place, entry in enumerate(entries)]
    in_order = sorted((each for each in ranked if each[0] is not None), reverse=True)
    return [(entries[place].letter_id, rank) for rank, _at, place in in_order if rank is not None]


def _rank(entry: Entry, query: Query) -> Rank | None:
    def all_in(text: str, wanted: Iterable[tuple[str, ...]]) -> bool:
        return all(any(spelling in text for spelling in spellings) for spellings in wanted)

    spellings = [term.spellings for term in query.terms]
    if not all_in(entry.text.everything, spellings):
        return None
    if query.has_number and all_in(entry.text.everything, query.exact_spellings()):
        return Rank.EXACT_NUMBER
    if query.terms and query.phrase in entry.text.subject:
        return Rank.PHRASE_IN_SUBJECT
    return Rank.WORDS_IN_SUBJECT if query.terms and all_in(entry.text.subject, spellings) else Rank.ANYWHERE


def moment(minutes: int) -> dt.datetime:
    return dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=minutes)
