"""Rebuilding projections: the asker sends a request to each owner, the owner answers into the asker's queue only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, func, select

from shared.bus.envelope import Envelope, UndecodableMessage, new_id
from shared.bus.publisher import Outgoing
from shared.bus.topology import event_queue_name
from shared.db.engine import Database

REQUESTED = "khet.replay_requested.v1"
COMPLETED = "khet.replay_completed.v1"
CONTROL_TYPES = frozenset({REQUESTED, COMPLETED})
PAGE = 500
ASK_AGAIN = dt.timedelta(seconds=15)


class ReplayNotTaken(Exception):
    """The bus did not take a page of a replay; the request will be answered again."""


def control(app: Any, envelope: Envelope) -> str:
    """Handle a control message: answer a request, or note that an answer is complete."""
    if envelope.type == REQUESTED:
        _answer(app, envelope)
        return "answered"
    _note_completed(app, envelope)
    return "completed"


def is_request(body: bytes) -> bool:
    """Whether a message asks for a replay: answering it may wait for the asker, and nothing may wait for the answer."""
    try:
        return Envelope.decode(body).type == REQUESTED
    except UndecodableMessage:
        return False


def ask_for_missing(app: Any) -> None:
    """Ask every owner whose replay this service has not stored yet; called once a second by the service's ticker."""
    now = app.clock.now()
    due: list[tuple[str, str]] = []
    replays = app.definition.tables.replays
    with app.database.write() as session:
        rows = {row.owner: row for row in session.execute(select(replays)).scalars()}
        for owner in app.definition.projected_owners:
            row = rows.get(owner)
            if row is None:
                row = replays(owner=owner, request_id=new_id(), requested_at=now - ASK_AGAIN)
                session.add(row)
            if row.completed_at is None and row.requested_at <= now - ASK_AGAIN:
                row.requested_at = now
                due.append((owner, row.request_id))
    for owner, request_id in due:
        _send(app, owner, _control(app, REQUESTED, {"asker": app.name, "request_id": request_id}))


def is_complete(app: Any) -> bool:
    """Whether this service has stored a full replay of every owner it projects."""
    replays = app.definition.tables.replays
    with app.database.read() as session:
        done = set(session.execute(select(replays.owner).where(replays.completed_at.is_not(None))).scalars())
    return set(app.definition.projected_owners) <= done


def forget_projections(app: Any) -> None:
    """Empty the projections and ask for everything anew."""
    with app.database.write() as session:
        for table in app.definition.projections:
            session.execute(delete(table))
        session.execute(delete(app.definition.tables.replays))


def _answer(app: Any, request: Envelope) -> None:
    asker = str(request.data["asker"])
    for page in last_events(app.database, app.definition.tables.outbox):
        batch = [
            _outgoing(asker, replace(Envelope.decode(body), replay=True))
            for body in page
        ]
        if len(app.replay_publisher.publish(batch)) < len(batch):
            raise ReplayNotTaken(asker)
    _send(app, asker, _control(app, COMPLETED, {"owner": app.name, "request_id": request.data["request_id"]}))


def last_events(database: Database, outbox: Any) -> Iterator[list[str]]:
    """The last event of each aggregate as it was written, page by page."""
    last = select(func.max(outbox.seq)).group_by(outbox.aggregate)
    after = 0
    while True:
        with database.read() as session:
            rows = session.execute(
                select(outbox.seq, outbox.envelope)
                .where(outbox.seq.in_(last), outbox.seq > after)
                .order_by(outbox.seq)
                .limit(PAGE)
            ).all()
        if not rows:
            return
        yield [envelope for _, envelope in rows]
        after = rows[-1][0]


def _note_completed(app: Any, envelope: Envelope) -> None:
    replays = app.definition.tables.replays
    with app.database.write() as session:
        row = session.get(replays, str(envelope.data["owner"]))
        if row is not None and row.request_id == envelope.data["request_id"] and row.completed_at is None:
            row.completed_at = app.clock.now()


def _control(app: Any, kind: str, data: dict[str, Any]) -> Envelope:
    return Envelope(
        type=kind, source=f"/services/{app.name}", subject=app.name, version=1, time=app.clock.now(), data=data
    )


def _outgoing(service: str, envelope: Envelope) -> Outgoing:
    # a replayed event keeps its id; the bus needs another one to tell the copies apart
    return Outgoing(new_id(), "", event_queue_name(service), envelope.encode())


def _send(app: Any, service: str, envelope: Envelope) -> None:
    if not app.replay_publisher.publish([_outgoing(service, envelope)]):
        raise ReplayNotTaken(service)
