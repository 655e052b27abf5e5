"""Statements that both databases understand but SQLAlchemy spells per dialect."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, literal_column
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_once(session: Session, table: Any, **values: Any) -> bool:
    """Insert a row unless its key is there. True when it was inserted."""
    return _has_written(session, _once(session.get_bind().dialect.name, table, tuple(values)), values)


def upsert_newer(session: Session, table: Any, key: tuple[str, ...], values: dict[str, Any]) -> bool:
    """Store a projection row unless a row with the same key and an equal or higher ``version`` is there.

    ``values`` must hold the key and ``version``. True when the row was stored. This is what makes projections immune
    to order, duplicates and replay.
    """
    return _has_written(session, _newer(session.get_bind().dialect.name, table, key, tuple(values)), values)


# a statement is made once: making it, and finding what was compiled of it, takes longer than running it
@lru_cache(maxsize=256)
def _once(dialect: str, table: Any, names: tuple[str, ...]) -> Any:
    return _returning(_insert(dialect, table, names).on_conflict_do_nothing())


@lru_cache(maxsize=256)
def _newer(dialect: str, table: Any, key: tuple[str, ...], names: tuple[str, ...]) -> Any:
    statement = _insert(dialect, table, names)
    changed = {name: statement.excluded[name] for name in names if name not in key}
    return _returning(
        statement.on_conflict_do_update(
            index_elements=list(key), set_=changed, where=table.version < statement.excluded.version
        )
    )


def _insert(dialect: str, table: Any, names: tuple[str, ...]) -> Any:
    module = postgresql if dialect == "postgresql" else sqlite
    return module.insert(table.__table__).values({name: bindparam(name) for name in names})


def _returning(statement: Any) -> Any:
    # drivers disagree on the row count of a conflict (psycopg says -1); a returned row cannot be misread
    return statement.returning(literal_column("1"))


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


def _has_written(session: Session, statement: Any, values: dict[str, Any]) -> bool:
    return session.execute(statement, values).first() is not None
