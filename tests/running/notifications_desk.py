"""The service ``notifications`` without a bus: two processes on one database, events put in by hand."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select

from services.notifications.bootstrap import DEFINITION
from services.notifications.database import TABLES
from services.notifications.digests import commands
from services.notifications.digests.projections import store_circulation, store_round, store_school_round, store_task
from services.notifications.inbox.tables import Message
from shared.bus.contracts import rounds as contracts
from shared.bus.contracts.documents import CIRCULATION_RECORDED, TASK_MOVED
from shared.bus.envelope import Envelope
from shared.clock import BANGKOK
from shared.db.migrate import upgrade
from shared.runtime.application import Application
from shared.security import secrets
from shared.settings import Settings
from tests.contracts.examples import EXAMPLES
from tests.servers import PostgresServer

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
        """An event of ``rounds`` or ``documents`` arrives."""
        data = {**EXAMPLES[event.schema], **changed}
        envelope = Envelope(
            type=event.type, source="/services/rounds", subject="x", version=next(VERSIONS),
            time=dt.datetime.now(dt.UTC), data=data, org=data["org_path"],
        )  # fmt: skip
        store = store_round if event in contracts.ROUND_EVENTS else store_school_round
        store = {TASK_MOVED: store_task, CIRCULATION_RECORDED: store_circulation}.get(event, store)
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
            for owner in DEFINITION.projected_owners:
                session.add(TABLES.replays(owner=owner, request_id=owner, requested_at=now, completed_at=now))

    def sent(self) -> Counter[tuple[str, str]]:
        with self.apps[0].read() as unit:
            found = unit.session.execute(select(Message.role, Message.org_path)).all()
        return Counter((role, path) for role, path in found)

    def tick(self, process: int = 0) -> None:
        commands.send_due(self.apps[process])


def open_notifications(database: str, folder: Path, server: Callable[[], PostgresServer]) -> Iterator[Notifications]:
    """The service on ``sqlite``, or on a database of its own on a server."""
    settings = Settings(data=folder, env="test", clock_file=str(folder / "clock"))
    secrets.create(settings.secrets_root)
    if database == "postgres":
        name = f"digests_{folder.name[-12:].replace('-', '_')}"
        url = server().create_database(name, name, "pw")
        in_services = {"mode": "services", "amqp_url": "amqp://127.0.0.1:1//", "database_url": url}
        settings = dataclasses.replace(settings, **in_services)
    upgrade("notifications", settings)
    made = Notifications(settings)
    yield made
    for app in made.apps:
        app.close()
