"""Statements that both databases understand but SQLAlchemy spells per dialect."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_once(session: Session, table: Any, **values: Any) -> bool:
    """Insert a row unless its key is there. True when it was inserted."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    result = session.execute(dialect.insert(table).values(**values).on_conflict_do_nothing())
    return bool(result.rowcount)  # type: ignore[attr-defined]


def upsert_newer(session: Session, table: Any, key: tuple[str, ...], values: dict[str, Any]) -> bool:
    """Store a projection row unless a row with the same key and an equal or higher ``version`` is there.

    ``values`` must hold the key and ``version``. True when the row was stored. This is what makes projections immune
    to order, duplicates and replay.
    """
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(**values)
    changed = {name: statement.excluded[name] for name in values if name not in key}
    statement = statement.on_conflict_do_update(
        index_elements=list(key), set_=changed, where=table.version < statement.excluded.version
    )
    return bool(session.execute(statement).rowcount)  # type: ignore[attr-defined]
