"""A message has its effect exactly once, whatever happens to it on the way: on SQLite and on PostgreSQL."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import String, select
from sqlalchemy.event import listen
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.bus import inbox
from shared.bus.contracts.registry import ContractError
from shared.bus.contracts.schools import PROFILE_RECORDED
from shared.bus.envelope import Envelope
from shared.bus.handlers import dispatch, projects, reacts
from shared.bus.outbox import Relay
from shared.bus.publisher import Outgoing
from shared.db.plumbing import Plumbing
from shared.db.rows import upsert_newer
from shared.db.types import TYPE_MAP, new_metadata
from shared.runtime.application import Application, Definition
from shared.security import secrets
from shared.settings import Settings


class Base(DeclarativeBase):
    metadata = new_metadata()
    type_annotation_map = TYPE_MAP


TABLES = Plumbing(Base)
STATE = {"smis": "57040001", "org_path": "/obec/5704/57040001/", "year_be": 2569, "rooms_by_grade": {"ป.1": 2}}


class Effect(Base):
    """A trace that a handler leaves."""

    __tablename__ = "effect"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(String(36))


class Kept(Base):
    """A projection."""

    __tablename__ = "kept"

    smis: Mapped[str] = mapped_column(String(8), primary_key=True)
    version: Mapped[int]
    rooms: Mapped[dict[str, Any]]


class Trouble:
    """What the handler runs into, as long as it is set."""

    error: Exception | None = None
    subject = ""


def leave_trace(unit: Any, envelope: Envelope) -> None:
    unit.session.add(Effect(event_id=envelope.id))
    unit.session.flush()
    if Trouble.error and Trouble.subject in ("", envelope.subject):
        raise Trouble.error


def keep(unit: Any, envelope: Envelope) -> None:
    row = {"smis": envelope.data["smis"], "version": envelope.version, "rooms": envelope.data["rooms_by_grade"]}
    upsert_newer(unit.session, Kept, ("smis",), row)


DEFINITION = Definition(
    "sample", Base, TABLES, dispatch(reacts(PROFILE_RECORDED, leave_trace), projects(PROFILE_RECORDED, keep)), (Kept,)
)


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Application]:
    clock = str(tmp_path / "clock")
    options: dict[str, Any] = {"data": tmp_path, "env": "test", "retry_attempts": 3, "clock_file": clock}
    if request.param == "postgresql":
        _, postgres = request.getfixturevalue("servers")
        name = f"t_{uuid4().hex}"
        dsn = postgres.create_database(name, name, "pw")
        options |= {"mode": "services", "amqp_url": "amqp://nowhere", "database_url": dsn}
    settings = Settings(**options)
    secrets.create(settings.secrets_root)
    application = Application(DEFINITION, settings)
    Base.metadata.create_all(application.database.engine)
    Trouble.error, Trouble.subject = None, ""
    yield application
    application.close()


def event(version: int = 1, **changes: Any) -> Envelope:
    return Envelope(
        type=PROFILE_RECORDED.type, source="/services/schools", subject="profile/57040001/2569", version=version,
        time=dt.datetime.now(dt.UTC), data={**STATE, **changes},
    )  # fmt: skip


def effects(app: Application) -> int:
    with app.read() as unit:
        return len(unit.session.execute(select(Effect)).all())


def rooms(app: Application) -> Any:
    with app.read() as unit:
        return unit.session.get_one(Kept, "57040001").rooms


def deferred(app: Application) -> list[Any]:
    with app.read() as unit:
        rows = list(unit.session.execute(select(TABLES.deferred)).scalars())
        unit.session.expunge_all()
        return rows


def later(app: Application, seconds: float) -> None:
    Path(app.settings.clock_file).write_text(str(seconds))


def test_a_message_that_comes_twice_has_one_effect(app: Application) -> None:
    body = event().encode()
    app.inbox.consume(body)
    app.inbox.consume(body)
    assert effects(app) == 1


def many(how_many: int) -> list[Envelope]:
    return [replace(event(), subject=f"profile/{number}/2569") for number in range(how_many)]


def transactions(app: Application) -> list[str]:
    """The commits from now on."""
    seen: list[str] = []
    listen(app.database.engine, "commit", lambda _: seen.append("commit"))
    return seen


def test_a_group_shares_a_transaction_and_a_duplicate_in_it_has_no_second_effect(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "GROUP_SECONDS", 60)
    bodies = [one.encode() for one in many(20)]
    commits = transactions(app)
    app.inbox.consume_all([*bodies, *bodies[:5], event(2, rooms_by_grade={"ป.1": 9}).encode()])
    assert (effects(app), len(commits), rooms(app)) == (21, 1, {"ป.1": 9})


def test_a_group_that_takes_long_is_committed_in_between(app: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "GROUP_SECONDS", 0)
    commits = transactions(app)
    app.inbox.consume_all([one.encode() for one in many(3)])
    assert (effects(app), len(commits)) == (3, 3)


def test_poison_in_the_middle_of_a_group_takes_nobody_with_it(app: Application) -> None:
    sent = many(9)
    Trouble.error, Trouble.subject = RuntimeError("no such room"), sent[4].subject
    app.inbox.consume_all([*(one.encode() for one in sent), b"not an event"])
    assert effects(app) == 8
    waiting, parked = sorted(deferred(app), key=lambda row: row.state, reverse=True)
    assert (waiting.state, waiting.event_id, parked.state) == ("waiting", sent[4].id, "parked")
    Trouble.error = None
    later(app, 3600)
    assert (app.inbox.retry_due(), effects(app)) == (1, 9)


def test_a_group_that_is_delivered_again_after_its_commit_has_no_effect_again(app: Application) -> None:
    bodies = [one.encode() for one in many(9)]
    app.inbox.consume_all(bodies)
    app.inbox.consume_all(bodies)  # killed between commit and ack
    assert (effects(app), deferred(app)) == (9, [])


def test_what_one_event_of_a_group_has_read_is_not_what_the_next_one_reads(app: Application) -> None:
    read: list[Any] = []

    def look(unit: Any, _: Envelope) -> None:
        read.append(unit.session.get_one(Kept, "57040001").rooms)

    reader = replace(DEFINITION, handlers=dispatch(projects(PROFILE_RECORDED, keep), projects(PROFILE_RECORDED, look)))
    app.definition = reader
    app.inbox.consume_all([event(version, rooms_by_grade={"ป.1": version}).encode() for version in (1, 2, 3)])
    assert read == [{"ป.1": 1}, {"ป.1": 2}, {"ป.1": 3}]


def test_an_older_state_does_not_overwrite_a_newer_one(app: Application) -> None:
    app.inbox.consume(event(2, rooms_by_grade={"ป.1": 3}).encode())
    app.inbox.consume(event(1).encode())
    assert rooms(app) == {"ป.1": 3}


def test_a_replayed_event_is_stored_again_but_has_no_effect_again(app: Application) -> None:
    sent = event()
    app.inbox.consume(sent.encode())
    with app.write() as unit:
        unit.session.delete(unit.session.get_one(Kept, "57040001"))
    app.inbox.consume(Envelope(**{**vars(sent), "replay": True}).encode())
    assert (effects(app), rooms(app)) == (1, {"ป.1": 2})


def test_a_failing_message_is_tried_again_until_it_is_parked_and_can_be_replayed(app: Application) -> None:
    Trouble.error = RuntimeError("no such room")
    app.inbox.consume(event().encode())
    assert (effects(app), [row.state for row in deferred(app)]) == (0, ["waiting"])
    assert app.inbox.retry_due() == 0  # not due yet
    for hour in (1, 2):
        later(app, hour * 3600)
        assert app.inbox.retry_due() == 1
    (row,) = deferred(app)
    assert (row.state, row.attempt, row.error.partition("\n")[0]) == ("parked", 3, "RuntimeError: no such room")
    later(app, 9 * 3600)
    assert app.inbox.retry_due() == 0

    Trouble.error = None
    assert app.inbox.replay_parked(row.id)
    assert app.inbox.retry_due() == 1
    assert (effects(app), deferred(app)) == (1, [])


def test_what_cannot_be_read_is_parked_with_its_bytes_and_can_be_dropped(app: Application) -> None:
    app.inbox.consume(b"\xff not an event")
    (row,) = deferred(app)
    assert (row.state, row.type, row.body) == ("parked", "undecodable", b"\xff not an event")
    assert app.inbox.drop_parked(row.id) and not app.inbox.drop_parked(row.id)
    assert deferred(app) == []


def test_while_the_database_is_away_nothing_is_taken_and_the_service_says_so(app: Application) -> None:
    Trouble.error = OperationalError("SELECT 1", {}, Exception("server closed the connection"))
    bodies = [one.encode() for one in many(3)]
    taking = threading.Thread(target=app.inbox.consume_all, args=(bodies,))
    taking.start()
    while app.inbox.blocked_since is None:
        taking.join(0.01)
    assert not app.readiness()[0] and taking.is_alive()
    Trouble.error = None
    taking.join(10)
    assert not taking.is_alive() and effects(app) == 3 and deferred(app) == []


def test_data_that_break_the_contract_undo_the_whole_change(app: Application) -> None:
    def change() -> None:
        with app.write() as unit:
            unit.session.add(Effect(event_id="x"))
            unit.emit(PROFILE_RECORDED, "profile/57040001/2569", 1, {**STATE, "citizen_id": "1"}, "/obec/5704/")

    with pytest.raises(ContractError):
        change()
    assert effects(app) == 0 and app.relay.pending()[0] == 0


class Bus:
    """A bus that takes only what it is told to."""

    def __init__(self) -> None:
        self.taken: list[Outgoing] = []
        self.refuses = False

    def publish(self, batch: Any) -> set[str]:
        if self.refuses:
            raise OSError("the broker is away")
        self.taken += batch
        return {outgoing.id for outgoing in batch}

    def close(self) -> None:
        """Nothing to close."""


def test_an_event_leaves_the_outbox_only_when_the_bus_has_taken_it(app: Application) -> None:
    bus = Bus()
    relay = Relay(app, bus)
    with app.write() as unit:
        unit.emit(PROFILE_RECORDED, "profile/57040001/2569", 1, STATE, "/obec/5704/57040001/")
    bus.refuses = True
    with pytest.raises(OSError, match="away"):
        relay.publish_pending()
    assert relay.pending()[0] == 1
    bus.refuses = False
    assert relay.publish_pending() == 1
    assert (relay.pending()[0], relay.publish_pending()) == (0, 0)
    (sent,) = bus.taken
    assert (sent.exchange, sent.routing_key) == ("sample.events", PROFILE_RECORDED.type)
    assert Envelope.decode(sent.body).data == STATE
