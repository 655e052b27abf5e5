"""After a rotation: everything of a service sealed anew with the active key, a few rows at a time, under load.

What was stored before its column was sealed is sealed by the same walk.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Table, literal, select, tuple_, type_coerce, update
from sqlalchemy.sql import ColumnElement
from sqlalchemy.types import Text

from shared.db.sealed import Sealed, SealedDocument
from shared.security.vault import SEALED, SETTLE_SECONDS, Vault

log = logging.getLogger(__name__)

ROWS_AT_ONCE = 200


class Resealing:
    """One walk at a time over the sealed columns and the files of a service; it goes on where it stood."""

    def __init__(self) -> None:
        self._walk: Iterator[int] | None = None

    def step(self, app: Any) -> bool:
        """A few rows; True while there is more to do."""
        ring = app.vault.ring
        if is_done(app) or (app.clock.now() - ring.active_key.created_at).total_seconds() < SETTLE_SECONDS:
            return False
        if self._walk is None:
            self._walk = _walk(app)
        try:
            next(self._walk)
        except StopIteration:
            self._walk = None
            self._finish(app, ring.active)
            return False
        except BaseException:
            self._walk = None
            raise
        return True

    def _finish(self, app: Any, key_id: str) -> None:
        if key_id != app.vault.ring.active:
            return  # rotated again meanwhile: begin anew
        resealed = app.definition.tables.resealed
        with app.database.write() as session:
            if session.get(resealed, key_id) is None:
                session.add(resealed(key_id=key_id, completed_at=app.clock.now()))
        log.info("everything of %s is sealed with key %s", app.name, key_id)


def is_done(app: Any) -> bool:
    """Whether nothing is sealed with an older key any more."""
    with app.database.read() as session:
        return session.get(app.definition.tables.resealed, app.vault.ring.active) is not None


def _walk(app: Any) -> Iterator[int]:
    for table in app.definition.base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Sealed | SealedDocument):
                yield from _reseal_column(app, table, column.name, column.type.context)
    if app.definition.files:
        yield from (int(done) for done in app.adapters.files.reseal(app.definition.files))


def _reseal_column(app: Any, table: Table, name: str, context: str) -> Iterator[int]:
    keys = list(table.primary_key.columns)
    stored = _as_stored(table, name)
    last: tuple[Any, ...] | None = None
    while True:
        with app.database.write() as session:
            behind = tuple_(*keys) > last if last else None
            rows = session.execute(_outdated(stored, keys, behind, app.vault)).all()
            for *key, old in rows:
                fresh = app.vault.seal_text(context, app.vault.unseal_text(context, old))
                same_row = [column == value for column, value in zip(keys, key, strict=True)]
                session.execute(
                    update(table).where(*same_row, stored == old).values({name: _raw(fresh)})
                )
        if not rows:
            return
        last = tuple(rows[-1][:-1])
        yield len(rows)


def _outdated(stored: Any, keys: list[Any], behind: Any, vault: Vault) -> Any:
    current = f"{SEALED}{vault.ring.active}."
    statement = select(*keys, stored).where(stored.is_not(None), ~stored.startswith(current, autoescape=True))
    if behind is not None:
        statement = statement.where(behind)
    return statement.order_by(*keys).limit(ROWS_AT_ONCE)


def _as_stored(table: Table, name: str) -> ColumnElement[str]:
    """The column as the database has it, without the type that opens it."""
    return type_coerce(table.c[name], Text())


def _raw(text: str) -> ColumnElement[str]:
    return literal(text, Text())
