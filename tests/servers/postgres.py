"""A throw-away PostgreSQL cluster: TCP on 127.0.0.1 only, passwords checked, a database and role per service."""

import os
import pwd
import secrets
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

from tests.servers.debian import ensure, postgresql_folder
from tests.servers.server import Account, GuardedProcess, ServerFailedError, ThrowAwayServer

SUPERUSER = "postgres"
DRIVER = "postgresql+psycopg"


def plain_dsn(dsn: str) -> str:
    """The address as libpq (``psycopg.connect``, psql) wants it: without SQLAlchemy's driver name."""
    return dsn.replace(f"{DRIVER}://", "postgresql://", 1)


class PostgresServer(ThrowAwayServer):
    """A cluster of its own. ``fsync=True`` for benches: without it the numbers flatter.

    A crash (:meth:`kill`) is PostgreSQL's own immediate shutdown: like SIGKILL it loses what is not in the log and the
    next start recovers, but unlike SIGKILL it leaves no shared memory behind. Commits survive it even without fsync.
    """

    name = "postgresql"
    crash_signal = signal.SIGQUIT
    halt_signal = signal.SIGINT  # "fast": does not wait for clients to leave, as SIGTERM would

    def __init__(self, *, fsync: bool = False) -> None:
        super().__init__()
        self._fsync = fsync
        self._account: Account | None = None

    @property
    def admin_dsn(self) -> str:
        """The superuser's address, in the database ``postgres``."""
        return self._dsn(SUPERUSER, SUPERUSER, self._password)

    def create_database(self, name: str, role: str, password: str) -> str:
        """Make a database that only ``role`` may enter; return its address. A role that exists gets this password."""
        with self._administrator() as connection:
            _put_role(connection, role, password)
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(role))
            )
            # Everybody may connect to every database unless told otherwise; services must not see each other's.
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
        return self._dsn(name, role, password)

    def drop_database(self, name: str) -> None:
        """Remove a database, throwing out whoever is still connected; nothing happens when there is none."""
        with self._administrator() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _dsn(self, database: str, role: str, password: str) -> str:
        who = f"{quote(role, safe='')}:{quote(password, safe='')}"
        return f"{DRIVER}://{who}@127.0.0.1:{self.port}/{quote(database, safe='')}"

    @contextmanager
    def _administrator(self) -> Iterator[psycopg.Connection[Any]]:
        # Not a `with psycopg.connect(...)`: that opens a transaction, which CREATE DATABASE refuses.
        connection = psycopg.connect(plain_dsn(self.admin_dsn), autocommit=True, connect_timeout=5)
        try:
            yield connection
        finally:
            connection.close()

    def _prepare(self) -> None:
        self._programs = ensure(["postgresql"], postgresql_folder)
        self._account = _account()  # the package made the user
        self.port = self._lease_port()
        self._password = secrets.token_hex(16)
        self.log.touch()
        self._own(self.folder)
        self._initialise(self._password_file())

    def _password_file(self) -> Path:
        file = self.folder / "password"
        file.write_text(self._password)
        self._own(file)
        return file

    def _own(self, path: Path) -> None:
        """Give a path to the user the server runs as."""
        if self._account:
            os.chown(path, self._account.user, self._account.group)

    def _initialise(self, password_file: Path) -> None:
        """Make the cluster; C.UTF-8, because trigram search finds no Thai under plain C."""
        command = [
            str(self._programs / "initdb"),
            f"--pgdata={self._data}",
            f"--username={SUPERUSER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            *([] if self._fsync else ["--no-sync"]),
        ]
        self._process = self._guarded(command, signal.SIGTERM)
        code = self._process.wait()
        self._process = None
        if code != 0:
            raise ServerFailedError(f"initdb failed with {code}:\n{self._last_words()}")

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _environment(self) -> dict[str, str]:
        """No PG* variable of the caller's shell gets in."""
        return {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "HOME": str(self.folder), "TZ": "UTC"}

    def _run(self) -> GuardedProcess:
        """Run ``postgres`` itself rather than pg_ctl, which would put it in the background, out of our sight."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "200",
            "timezone": "UTC",
            # These guard against power cuts only. synchronous_commit stays on: without it a crash loses commits.
            **({} if self._fsync else {"fsync": "off", "full_page_writes": "off"}),
        }
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return self._guarded([str(self._programs / "postgres"), "-D", str(self._data), *options], self.crash_signal)

    def _guarded(self, command: Sequence[str], dying_signal: signal.Signals) -> GuardedProcess:
        return GuardedProcess(
            command,
            log=self.log,
            folder=self.folder,
            dying_signal=dying_signal,
            environment=self._environment(),
            account=self._account,
        )

    def _is_ready(self) -> bool:
        try:
            with self._administrator() as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True


def _account() -> Account | None:
    """The user PostgreSQL, which refuses root, runs as when we are root.

    The change of user is Popen's and not runuser's, which stays as a process between us and the server.
    """
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam(SUPERUSER)
    return Account(entry.pw_uid, entry.pw_gid)


def _put_role(connection: psycopg.Connection[Any], role: str, password: str) -> None:
    exists = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).fetchone() is not None
    statement = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}" if exists else "CREATE ROLE {} LOGIN PASSWORD {}")
    connection.execute(statement.format(sql.Identifier(role), sql.Literal(password)))
