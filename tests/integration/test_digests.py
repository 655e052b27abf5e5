"""The digests of a day go out once: on a real database, with two processes, and when one dies in the middle."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from services.notifications.bootstrap import DEFINITION
from services.notifications.database import TABLES
from services.notifications.digests import commands
from services.notifications.digests.projections import store_round, store_school_round
from services.notifications.inbox.tables import Message
from shared.bus.contracts import rounds as contracts
from shared.bus.envelope import Envelope
from shared.clock import BANGKOK
from shared.db.migrate import upgrade
from shared.runtime.application import Application
from shared.security import secrets
from shared.settings import Settings
from tests.contracts.examples import EXAMPLES
from tests.servers import PostgresServer, RabbitServer

AREA = "/obec/5704/"
D = dt.date(2026, 6, 10)
VERSIONS = itertools.count(1)


class Notifications:
    """Two processes of the service on one database."""

    def __init__(self, settings: Settings) -> None:
        self.apps = [Application(DEFINITION, settings), Application(DEFINITION, settings)]
        self._clock_file = Path(settings.clock_file)

    def at(self, day: dt.date, hour: int, minute: int = 0, second: int = 0) -> None:
        moment = dt.datetime.combine(day, dt.time(hour, minute, second), BANGKOK)
        self._clock_file.write_text(str(moment.timestamp() - dt.datetime.now(dt.UTC).timestamp()))

    def told(self, event: Any, **changed: Any) -> None:
        """An event of ``rounds`` arrives."""
        data = {**EXAMPLES[event.schema], **changed}
        envelope = Envelope(
            type=event.type, source="/services/rounds", subject="x", version=next(VERSIONS),
            time=dt.datetime.now(dt.UTC), data=data, org=data["org_path"],
        )  # fmt: skip
        store = store_round if event in contracts.ROUND_EVENTS else store_school_round
        with self.apps[0].write() as unit:
            store(unit, envelope)

    def school(self, number: int, state: str = "READY", round_id: str = "r1") -> None:
        smis = f"5704{number:04}"
        deadlines = dict.fromkeys(("school_deadline", "certify_deadline"), f"{D.isoformat()}T23:59:59+07:00")
        self.told(
            contracts.SCHOOL_CHECKED, round_id=round_id, smis=smis, org_path=f"{AREA}{smis}/", state=state,
            round_title=f"รอบ {round_id}", **deadlines,
        )  # fmt: skip

    def replayed(self) -> None:
        now = self.apps[0].clock.now()
        with self.apps[0].database.write() as session:
            session.add(TABLES.replays(owner="rounds", request_id="r", requested_at=now, completed_at=now))

    def sent(self) -> Counter[tuple[str, str]]:
        with self.apps[0].read() as unit:
            found = unit.session.execute(select(Message.role, Message.org_path)).all()
        return Counter((role, path) for role, path in found)

    def tick(self, process: int = 0) -> None:
        commands.send_due(self.apps[process])


@pytest.fixture(params=["sqlite", "postgres"])
def service(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Notifications]:
    settings = Settings(data=tmp_path, env="test", clock_file=str(tmp_path / "clock"))
    secrets.create(settings.secrets_root)
    if request.param == "postgres":
        found: tuple[RabbitServer, PostgresServer] = request.getfixturevalue("servers")
        name = f"digests_{tmp_path.name[-12:].replace('-', '_')}"
        url = found[1].create_database(name, name, "pw")
        in_services = {"mode": "services", "amqp_url": "amqp://127.0.0.1:1//", "database_url": url}
        settings = dataclasses.replace(settings, **in_services)
    upgrade("notifications", settings)
    made = Notifications(settings)
    made.told(contracts.ROUND_OPENED, round_id="r1", org_path=AREA, state="OPEN")
    yield made
    for app in made.apps:
        app.close()


def test_a_day_is_sent_once_by_two_processes_and_not_before_everything_is_known(service: Notifications) -> None:
    for number in range(1, 6):
        service.school(number, "CERTIFIED" if number == 5 else "READY")
    service.at(D, 8, 30)
    service.tick()
    assert not service.sent(), "before the first replay nobody knows who owes what"
    service.replayed()
    service.at(D, 8, 29, 50)
    service.tick()
    assert not service.sent()
    service.at(D, 8, 30)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(service.tick, [0, 1, 0, 1]))
    once = service.sent()
    assert set(once.values()) == {1}
    assert len([path for role, path in once if role == "data_officer"]) == 4
    assert ("officer", AREA) in once
    service.at(D, 23, 59)
    service.tick(1)
    assert service.sent() == once


def test_what_dies_in_the_middle_left_nothing_and_is_done_again(
    service: Notifications, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 4):
        service.school(number)
    service.replayed()
    service.at(D, 8, 30)
    insert, sent = commands.insert_once, itertools.count()

    def dying(session: Any, table: Any, **values: Any) -> bool:
        if table is Message and next(sent) == 2:
            raise SystemError("killed")
        return insert(session, table, **values)

    monkeypatch.setattr(commands, "insert_once", dying)
    with pytest.raises(SystemError):
        service.tick()
    assert not service.sent()
    monkeypatch.undo()
    service.tick(1)
    assert set(service.sent().values()) == {1}


def test_a_week_of_silence_is_not_made_up_for(service: Notifications) -> None:
    service.school(1)
    service.replayed()
    service.at(D - dt.timedelta(days=8), 12)
    service.tick()
    assert not service.sent()
    service.at(D - dt.timedelta(days=1), 14)  # nothing ran since D-8: D-7 and D-3 are over
    service.tick()
    assert service.sent()["data_officer", f"{AREA}57040001/"] == 1
