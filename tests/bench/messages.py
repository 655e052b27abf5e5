"""Messages a second: confirmed one by one and in a pipeline, applied one by one and in groups."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kombu import Connection, Queue
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.bus.consumer import GROUP
from shared.bus.contracts.schools import PROFILE_RECORDED
from shared.bus.envelope import Envelope, new_id
from shared.bus.handlers import dispatch, reacts
from shared.bus.publisher import Outgoing, RabbitPublisher
from shared.db.plumbing import Plumbing
from shared.db.types import TYPE_MAP, new_metadata
from shared.runtime.application import Application, Definition
from shared.security import secrets
from shared.settings import Settings
from tests.servers import PostgresServer, RabbitServer

SINGLE, MANY = 300, 2_000
QUEUE = "bench"


class Base(DeclarativeBase):
    metadata = new_metadata()
    type_annotation_map = TYPE_MAP


TABLES = Plumbing(Base)


class Effect(Base):
    """What an event does: one row."""

    __tablename__ = "effect"

    event_id: Mapped[str] = mapped_column(String(36), primary_key=True)


DEFINITION = Definition(
    "bench", Base, TABLES,
    dispatch(reacts(PROFILE_RECORDED, lambda unit, envelope: unit.session.add(Effect(event_id=envelope.id)))),
)  # fmt: skip


@dataclass(frozen=True)
class Rates:
    """Messages a second."""

    one_by_one: float
    together: float

    @property
    def ratio(self) -> float:
        return self.together / self.one_by_one


def confirms(rabbit: RabbitServer) -> Rates:
    """Publishing to a quorum queue with confirms."""
    url = rabbit.add_vhost("bench")
    with Connection(url) as connection, connection.channel() as channel:
        Queue(QUEUE, durable=True, queue_arguments={"x-queue-type": "quorum"})(channel).declare()
    publisher = RabbitPublisher(url, 30)
    body = _event().encode()

    def publish(how_many: int) -> None:
        batch = [Outgoing(new_id(), "", QUEUE, body) for _ in range(how_many)]
        assert len(publisher.publish(batch)) == how_many

    publish(1)
    rates = Rates(_rate(SINGLE, lambda: [publish(1) for _ in range(SINGLE)]), _rate(MANY, lambda: publish(MANY)))
    publisher.close()
    return rates


def inbox(settings: Settings) -> Rates:
    """Applying events, inbox row and effect each, in one transaction a message and in one a group."""
    secrets.create(settings.secrets_root)
    app = Application(DEFINITION, settings)
    Base.metadata.create_all(app.database.engine)
    few, many = ([_event().encode() for _ in range(how_many)] for how_many in (SINGLE, MANY))
    rates = Rates(
        _rate(SINGLE, lambda: [app.inbox.consume(body) for body in few]),
        _rate(MANY, lambda: [app.inbox.consume_all(many[at : at + GROUP]) for at in range(0, MANY, GROUP)]),
    )
    app.close()
    return rates


def inboxes(folder: Path, postgres: PostgresServer) -> dict[str, Rates]:
    """The rates on both databases."""
    dsn = postgres.create_database("bench", "bench", "pw")
    services = Settings(
        data=folder / "services", env="test", mode="services", amqp_url="amqp://nowhere", database_url=dsn
    )
    return {"sqlite": inbox(Settings(data=folder / "embedded", env="test")), "postgresql": inbox(services)}


def _event() -> Envelope:
    data = {"smis": "57040001", "org_path": "/obec/5704/57040001/", "year_be": 2569, "rooms_by_grade": {"ป.1": 2}}
    return Envelope(
        type=PROFILE_RECORDED.type, source="/services/schools", subject="profile/57040001/2569", version=1,
        time=dt.datetime.now(dt.UTC), data=data,
    )  # fmt: skip


def _rate(how_many: int, work: Any) -> float:
    started = time.perf_counter()
    work()
    return how_many / (time.perf_counter() - started)
