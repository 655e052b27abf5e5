"""A service's database: short read and write units, the same calls on SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.db.ending import UnitSession
from shared.db.sealed import give_vault
from shared.security.vault import Vault, Vaults
from shared.settings import Settings
from shared.thai.collation import THAI, compare

BUSY_SECONDS = 30
STATEMENT_MILLISECONDS = 30_000


class Database:
    """Opens the units in which a service reads and writes.

    On SQLite one greenlet lock goes around every write unit and the unit begins with ``BEGIN IMMEDIATE``: a greenlet
    that yielded inside an open write transaction would otherwise freeze the hub for the busy timeout of the next one.
    ``vault`` opens the sealed columns; without one they cannot be read or written.
    """

    def __init__(self, url: str, pool_size: int, vault: Vault | None = None) -> None:
        self.engine = _sqlite(url, pool_size) if url.startswith("sqlite") else _postgres(url, pool_size)
        give_vault(self.engine.dialect, vault)
        self.vault = vault
        self._write_lock: Any = threading.Lock() if self.is_sqlite else nullcontext()

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def write(self) -> Iterator[UnitSession]:
        """A transaction that commits when the block ends and rolls back when it raises."""
        with (
            self._write_lock,
            self.engine.connect().execution_options(khet_write=True) as connection,
            UnitSession(connection, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def read(self) -> Iterator[UnitSession]:
        """A consistent view; nothing written in it is kept."""
        with self.engine.connect() as connection, UnitSession(connection, expire_on_commit=False) as session:
            try:
                yield session
            finally:
                session.rollback()

    def ping(self) -> None:
        """Ask the database for one row.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: it does not answer.
        """
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        self.engine.dispose()


def database_for(service: str, settings: Settings) -> Database:
    """The database of ``service`` with its own keys."""
    return Database(settings.database_of(service), settings.workers, Vaults(settings.vault_root).of(service))


def is_unavailable(error: BaseException) -> bool:
    """Whether ``error`` says that the database is away, rather than that a statement is wrong."""
    if isinstance(error, PoolTimeout):
        return True
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    if isinstance(error, (OperationalError, InterfaceError)):
        state = getattr(error.orig, "sqlstate", None)
        # 57014 is a statement cancelled for its own slowness, 55P03 a lock not available: not an outage
        return state is None or (state[:2] in {"08", "53", "57"} and state != "57014")
    return False


def is_deadlock(error: DBAPIError) -> bool:
    """Whether PostgreSQL ended a transaction because it and another waited for each other: the other goes on."""
    return getattr(error.orig, "sqlstate", None) == "40P01"


def _sqlite(url: str, pool_size: int) -> Engine:
    Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url, pool_size=pool_size, max_overflow=5, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # this module says BEGIN itself
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        connection.create_collation(THAI, compare)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("khet_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def _postgres(url: str, pool_size: int) -> Engine:
    options = f"-c statement_timeout={STATEMENT_MILLISECONDS} -c idle_in_transaction_session_timeout=60000"
    return create_engine(
        url,
        # a worker holds one connection; the relay, the retrier and the ticker of the process one each
        pool_size=pool_size + 4,
        max_overflow=0,
        pool_timeout=5,
        pool_pre_ping=True,
        # what is written may name people, and errors end in logs
        hide_parameters=True,
        connect_args={"options": options, "connect_timeout": 5},
    )
