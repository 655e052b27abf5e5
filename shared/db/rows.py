"""Statements that both databases understand but SQLAlchemy spells per dialect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import literal_column
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_once(session: Session, table: Any, **values: Any) -> bool:
    """Insert a row unless its key is there. True when it was inserted."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table.__table__).values(**values).on_conflict_do_nothing()
    return _has_written(session, statement)


def upsert_newer(session: Session, table: Any, key: tuple[str, ...], values: dict[str, Any]) -> bool:
    """Store a projection row unless a row with the same key and an equal or higher ``version`` is there.

    ``values`` must hold the key and ``version``. True when the row was stored. This is what makes projections immune
    to order, duplicates and replay.
    """
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table.__table__).values(**values)
    changed = {name: statement.excluded[name] for name in values if name not in key}
    statement = statement.on_conflict_do_update(
        index_elements=list(key), set_=changed, where=table.version < statement.excluded.version
    )
    return _has_written(session, statement)


def insert_plain(session: Session, table: Any, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert many rows by the shortest way that the database has.

    The values go to the driver as they are: for columns whose type does nothing to them (texts, numbers, bytes). Rows
    that these refer to must have been flushed.
    """
    if not rows:
        return
    connection = session.connection()
    into = f"{table.__tablename__} ({', '.join(columns)})"
    if connection.dialect.name == "postgresql":
        with connection.connection.cursor().copy(f"COPY {into} FROM STDIN") as stream:
            for row in rows:
                stream.write_row(row)
    else:
        marks = ", ".join("?" * len(columns))
        connection.exec_driver_sql(f"INSERT INTO {into} VALUES ({marks})", list(rows))  # noqa: S608 - our own names


def _has_written(session: Session, statement: Any) -> bool:
    # drivers disagree on the row count of a conflict (psycopg says -1); a returned row cannot be misread
    return session.execute(statement.returning(literal_column("1"))).first() is not None
