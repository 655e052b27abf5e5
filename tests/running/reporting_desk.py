"""The service ``reporting`` as the gateway asks it, without a gateway: it knows what it is told, and nothing else."""

from __future__ import annotations

import dataclasses
import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from services.reporting.bootstrap import DEFINITION
from shared.bus.replay import forget_projections
from shared.db.migrate import upgrade
from shared.runtime.application import Application
from shared.security import secrets
from shared.security.identity import Identity
from shared.settings import Settings
from tests.servers import PostgresServer


class ReportingDesk:
    """One running instance of the service."""

    def __init__(self, settings: Settings) -> None:
        self.app = Application(DEFINITION, settings)

    def hear(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Take events as they lie in somebody's outbox."""
        self.app.inbox.consume_all([json.dumps(event).encode() for event in events])

    def hear_again(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Throw all projections away and build them of the last event of each aggregate, the newest first."""
        forget_projections(self.app)
        last = {event["subject"]: {**event, "replay": True} for event in events}
        self.hear(list(last.values())[::-1])

    def query(self, who: Identity, function: Callable[..., Any], **args: Any) -> Any:
        with self.app.read(who) as unit:
            return json.loads(json.dumps(function(unit, **args)))


def open_reporting(folder: Path, server: PostgresServer | None, clock_file: str) -> Iterator[ReportingDesk]:
    """A migrated service that has heard nothing yet, on SQLite or on the given PostgreSQL."""
    settings = Settings(data=folder, env="test", clock_file=clock_file)
    secrets.create(settings.secrets_root)
    if server is not None:
        name = f"khet_{uuid.uuid4().hex[:12]}"
        url = server.create_database(name, name, "pw")
        in_services = {"mode": "services", "amqp_url": "amqp://127.0.0.1:1//", "database_url": url}
        settings = dataclasses.replace(settings, **in_services)
    upgrade("reporting", settings)
    desk = ReportingDesk(settings)
    yield desk
    desk.app.close()
