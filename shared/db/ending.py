"""The end of a transaction: what is derived from all that it changed, and rows that nobody in it looks at again.

The log, the outbox and the like are only added to. Such rows go to the database together when the transaction ends,
those of a table in one statement: as objects, each by itself, they were what a command spent most of its time on.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import event, insert
from sqlalchemy.orm import DeclarativeBase, Session

from shared.db.types import table_of

# a table, and the columns that rows of it name
_Kind = tuple[type[DeclarativeBase], tuple[str, ...]]


class UnitSession(Session):
    """A session of a unit of work, with what waits for its end."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._works: dict[Hashable, Callable[[], None]] = {}
        self._rows: dict[_Kind, list[dict[str, Any]]] = {}

    def at_end(self, key: Hashable, work: Callable[[], None]) -> None:
        """Do ``work`` once before the transaction, or the savepoint it is in, is committed. Of several with one ``key``
        the last one is done.
        """
        self._works[key] = work

    def append(self, model: type[DeclarativeBase], **values: Any) -> None:
        """Write a row before the transaction, or the savepoint it is in, is committed, and after all that it may refer
        to. Statements in between do not find it.
        """
        self._rows.setdefault((model, tuple(values)), []).append(values)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part of the transaction that is kept or undone by itself, with what it left for the end."""
        works, rows = dict(self._works), {kind: list(rows) for kind, rows in self._rows.items()}
        self.flush()
        try:
            with self.begin_nested():
                yield
        except BaseException:
            self._works, self._rows = works, rows
            raise

    def finish(self) -> None:
        """Do what waits for this moment. A savepoint is one, too: behind it more may be asked for."""
        works, self._works = self._works, {}
        for work in works.values():
            work()
        if self._rows:
            self.flush()
            rows, self._rows = self._rows, {}
            for (model, _), together in rows.items():
                self.connection().execute(_insert(model), together)


@event.listens_for(UnitSession, "before_commit")
def _finish(session: UnitSession) -> None:
    session.finish()


@lru_cache(maxsize=64)
def _insert(model: type[DeclarativeBase]) -> Any:
    return insert(table_of(model))
