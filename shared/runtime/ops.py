"""What ops may ask of every service: how its queues stand, its parked messages, the rebuild of its projections."""

from __future__ import annotations

import json
from typing import Any

from kombu import Connection
from sqlalchemy import func, select

from shared.bus import replay
from shared.bus.inbox import PARKED
from shared.bus.topology import dead_queue_name, event_queue_name
from shared.db.resealing import is_done
from shared.problems import forbidden, not_found
from shared.security.identity import Identity

BODY_CHARACTERS = 4000


def status(app: Any, caller: Identity | None) -> dict[str, Any]:
    """Queues, outbox, deferred and parked messages, replays of one service."""
    _require_ops(caller)
    pending, age = app.relay.pending()
    deferred = app.definition.tables.deferred
    with app.database.read() as session:
        counts = dict(session.execute(select(deferred.state, func.count()).group_by(deferred.state)).all())
    ready, details = app.readiness()
    return {
        "service": app.name,
        "ready": ready,
        "details": details,
        "queues": _depths(app),
        "outbox_pending": pending,
        "outbox_oldest_seconds": round(age, 1),
        "deferred": counts.get("waiting", 0),
        "parked": counts.get(PARKED, 0),
        "keys": _keys(app),
    }


def parked(app: Any, caller: Identity | None) -> list[dict[str, Any]]:
    """The parked messages, oldest first."""
    _require_ops(caller)
    deferred = app.definition.tables.deferred
    with app.database.read() as session:
        rows = session.execute(select(deferred).filter_by(state=PARKED).order_by(deferred.id).limit(500)).scalars()
        return [_parked_view(app.name, row) for row in rows]


def replay_parked(app: Any, caller: Identity | None, id: str) -> dict[str, Any]:  # noqa: A002 - the API's name
    """Try a parked message again.

    Raises:
        Problem: ``not_found``.
    """
    identity = _require_ops(caller)
    if not app.inbox.replay_parked(id):
        raise not_found("ไม่พบข้อความที่พักไว้")
    _audit(app, identity, "parked.replay", id)
    return {"id": f"{app.name}.{id}", "state": "waiting"}


def drop_parked(app: Any, caller: Identity | None, id: str) -> dict[str, Any]:  # noqa: A002 - the API's name
    """Forget a parked message for good.

    Raises:
        Problem: ``not_found``.
    """
    identity = _require_ops(caller)
    if not app.inbox.drop_parked(id):
        raise not_found("ไม่พบข้อความที่พักไว้")
    _audit(app, identity, "parked.drop", id)
    return {"id": f"{app.name}.{id}", "state": "dropped"}


def rebuild(app: Any, caller: Identity | None) -> dict[str, Any]:
    """Empty this service's projections and ask their owners for a full replay."""
    identity = _require_ops(caller)
    replay.forget_projections(app)
    _audit(app, identity, "projections.rebuild", app.name)
    return {"service": app.name, "owners": list(app.definition.projected_owners)}


def _require_ops(caller: Identity | None) -> Identity:
    if caller is None or not caller.roles & {"ops"}:
        raise forbidden("รายการนี้สำหรับผู้ดูแลระบบปฏิบัติการเท่านั้น")
    return caller


def _audit(app: Any, identity: Identity, action: str, subject: str) -> None:
    with app.write(identity) as unit:
        unit.audit(action, subject, "/", {})


def _keys(app: Any) -> dict[str, Any]:
    """Which key seals, which others are still there, and whether they are needed."""
    ring = app.vault.ring
    return {"active": ring.active, "others": sorted(set(ring.keys) - {ring.active}), "resealed": is_done(app)}


def _depths(app: Any) -> list[dict[str, Any]]:
    depths = []
    with Connection(app.settings.broker_url, connect_timeout=3) as connection, connection.channel() as channel:
        for name in (event_queue_name(app.name), dead_queue_name(app.name)):
            declared = channel.queue_declare(queue=name, passive=True)
            depths.append(
                {"queue": name, "messages": declared.message_count, "consumers": max(declared.consumer_count, 0)}
            )
    return depths


def _parked_view(service: str, row: Any) -> dict[str, Any]:
    return {
        "id": f"{service}.{row.id}",
        "service": service,
        "type": row.type,
        "event_id": row.event_id,
        "attempts": row.attempt,
        "error": row.error.partition("\n")[0],
        "trace": row.error,
        "body": _readable(row.body),
        "first_failed_at": row.first_failed_at.isoformat(),
        "last_failed_at": row.last_failed_at.isoformat(),
    }


def _readable(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode(errors="replace")[:BODY_CHARACTERS]
