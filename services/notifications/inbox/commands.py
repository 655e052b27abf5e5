"""Putting messages into inboxes, and marking them as read."""

from __future__ import annotations

from typing import Any

from services.notifications.inbox.queries import find_message
from services.notifications.inbox.rules import notices_of
from services.notifications.inbox.tables import Message, MessageRead
from shared.bus.envelope import Envelope, new_id
from shared.db.rows import insert_once
from shared.db.unit import Unit


def deliver(unit: Unit, envelope: Envelope) -> None:
    """Put what an event has to say into the inboxes it concerns, once for each state of its aggregate."""
    for notice in notices_of(envelope.type, envelope.data):
        about = notice.once or f"{envelope.subject}/{envelope.version}"
        place = f"/{notice.smis}" if notice.smis else ""
        insert_once(
            unit.session,
            Message,
            id=new_id(),
            dedupe_key=f"{about}/{notice.kind}/{notice.role}{place}",
            role=notice.role,
            org_path=notice.org_path or envelope.org,
            kind=notice.kind,
            title=notice.title,
            body=notice.body,
            round_id=envelope.data["round_id"],
            smis=notice.smis or envelope.data.get("smis"),
            # what is told late, or of the past, was said when it happened
            created_at=envelope.time,
        )


def mark_read(unit: Unit, message_id: str) -> dict[str, Any]:
    """Note that the caller has read a message; doing it again changes nothing.

    Raises:
        Problem: ``not_found`` for a message that is not the caller's.
    """
    message = find_message(unit, message_id)
    person = unit.identity.person_id
    if insert_once(unit.session, MessageRead, message_id=message.id, person_id=person, read_at=unit.now()):
        unit.audit("inbox.read", f"message/{message.id}", message.org_path, {})
    return {"id": message.id, "read": True}
