"""The service ``schools`` as the gateway drives it, without a gateway: calls, their problems, what they left behind."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from services.schools.access import commands as access
from services.schools.access.tables import Account
from services.schools.bootstrap import DEFINITION
from services.schools.database import TABLES
from services.schools.organisations import commands as organisations
from services.schools.seed.load import load
from shared.db.migrate import upgrade
from shared.problems import Problem
from shared.runtime.application import Application
from shared.security import secrets
from shared.settings import Settings
from tests.servers import PostgresServer, running

PASSWORD = "khet-demo"
SMIS = "57040001"
ROOMS = {"อ.2": 1, "ป.1": 2}


class Office:
    """One running instance of the service, as the gateway drives it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.app = Application(DEFINITION, settings)
        self._clock_file = Path(settings.clock_file)

    def move_clock(self, **offset: float) -> None:
        self._clock_file.write_text(str(dt.timedelta(**offset).total_seconds()))

    def login(self, username: str, password: str = PASSWORD) -> dict[str, Any]:
        return self.procedure(access.login, username=username, password=password, remote="10.0.0.9")

    def refresh(self, token: str) -> dict[str, Any]:
        return self.procedure(access.refresh, refresh_token=token)

    def identify(self, tokens: dict[str, Any], **kind: bool) -> str:
        """The signed identity that would travel with a call."""
        answer = self.procedure(access.identify, access_token=tokens["access_token"], **kind)
        return str(answer["identity"])

    def who(self, username: str, password: str = PASSWORD) -> str:
        return self.identify(self.login(username, password))

    def procedure(self, function: Callable[..., Any], identity: str | None = None, **args: Any) -> Any:
        return opened(self.app.procedure(function, {"identity": identity, "args": args}))

    def query(self, function: Callable[..., Any], identity: str | None = None, **args: Any) -> Any:
        return opened(self.app.query(function, {"identity": identity, "args": args}))

    def command(self, function: Callable[..., Any], identity: str | None = None, **args: Any) -> Any:
        return opened(self.app.command(function, {"identity": identity, "args": args}))

    def put_profile(self, identity: str, smis: str = SMIS, year_be: int = 2569, **rest: Any) -> Any:
        rest.setdefault("body", {"year_be": year_be, "rooms_by_grade": ROOMS})
        return self.command(organisations.put_profile, identity, smis=smis, **rest)

    def events(self, aggregate: str) -> list[dict[str, Any]]:
        with self.app.database.read() as session:
            outbox = TABLES.outbox
            rows = session.execute(select(outbox.envelope).filter_by(aggregate=aggregate).order_by(outbox.seq))
            return [json.loads(row.envelope) for row in rows]

    def audited(self, subject: str) -> list[Any]:
        with self.app.database.read() as session:
            rows = session.execute(select(TABLES.audit).filter_by(subject=subject).order_by(TABLES.audit.seq))
            found = list(rows.scalars())
            session.expunge_all()
            return found

    def person_id(self, username: str) -> str:
        with self.app.database.read() as session:
            return str(session.execute(select(Account.person_id).filter_by(username=username)).scalar_one())

    def count(self, table: Any, **values: Any) -> int:
        with self.app.database.read() as session:
            return int(session.execute(select(func.count()).select_from(table).filter_by(**values)).scalar_one())


def opened(answer: dict[str, Any]) -> Any:
    """The result; a problem is raised as the gateway would raise it."""
    json.dumps(answer, allow_nan=False)  # it crosses RPC as plain JSON
    if "problem" in answer:
        raise Problem.from_dict(answer["problem"])
    return answer["result"]


def refused(code: str, status: int) -> Any:
    """Expect a problem with this code and status."""

    def is_expected(problem: Problem) -> bool:
        assert (problem.code, problem.status) == (code, status), problem.detail
        return True

    return pytest.raises(Problem, check=is_expected)


def open_offices(database: str, folder: Path) -> Iterator[Office]:
    """A migrated service with the demo office on ``sqlite`` or on a PostgreSQL of its own, closed in the end."""
    settings = Settings(data=folder, env="test", cheap_hashes=True, clock_file=str(folder / "clock"))
    secrets.create(settings.secrets_root)
    if database == "sqlite":
        yield from _open(settings)
        return
    server = PostgresServer()
    with running(server):
        url = server.create_database("khet_schools", "khet_schools", "s3cret")
        in_services = {"mode": "services", "amqp_url": "amqp://127.0.0.1:1//", "database_url": url}
        yield from _open(dataclasses.replace(settings, **in_services))


def _open(settings: Settings) -> Iterator[Office]:
    upgrade("schools", settings)
    load(settings)
    office = Office(settings)
    yield office
    office.app.close()


def together(times: int, step: Callable[[], Any]) -> list[Any]:
    """The answers of calls made at once; problems stand among them."""

    def answer() -> Any:
        try:
            return step()
        except Problem as problem:
            return problem

    with ThreadPoolExecutor(times) as pool:
        return [call.result() for call in [pool.submit(answer) for _ in range(times)]]
