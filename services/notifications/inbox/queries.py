"""Looking into the inbox."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, or_, select

from services.notifications.inbox.tables import Message, MessageRead
from shared.clock import BANGKOK
from shared.db.unit import Unit
from shared.problems import not_found
from shared.security.identity import Identity

LIMIT = 200


def list_messages(unit: Unit, limit: int = 50, cursor: str | None = None, unread: bool = False) -> dict[str, Any]:
    """The messages to the caller and to the roles that they hold now, newest first; ``unread``: only those not read."""
    read = select(MessageRead.message_id).filter_by(person_id=unit.identity.person_id)
    mine = select(Message).where(_addressed_to(unit.identity))
    if unread:
        mine = mine.where(Message.id.not_in(read))
    page = mine.order_by(Message.id.desc())
    if cursor:
        page = page.where(Message.id < cursor)
    size = min(limit, LIMIT)
    rows = list(unit.session.execute(page.limit(size + 1)).scalars())
    seen = set(unit.session.execute(read.where(MessageRead.message_id.in_([row.id for row in rows]))).scalars())
    return {
        "items": [_view(row, row.id in seen) for row in rows[:size]],
        "next_cursor": rows[size - 1].id if len(rows) > size else None,
    }


def find_message(unit: Unit, message_id: str) -> Message:
    """A message to a role that the caller holds.

    Raises:
        Problem: ``not_found``.
    """
    statement = select(Message).where(Message.id == message_id, _addressed_to(unit.identity))
    message = unit.session.execute(statement).scalar_one_or_none()
    if message is None:
        raise not_found("ไม่พบข้อความนี้")
    return message


def _addressed_to(identity: Identity) -> Any:
    """A message is for whoever holds its role at exactly its organisation, or for one person."""
    return or_(
        Message.person_id == identity.person_id,
        *(and_(Message.role == grant.role, Message.org_path == grant.scope) for grant in identity.grants),
    )


def _view(message: Message, is_read: bool) -> dict[str, Any]:
    return {
        "id": message.id,
        "kind": message.kind,
        "title": message.title,
        "body": message.body,
        "round_id": message.round_id,
        "smis": message.smis,
        "read": is_read,
        "created_at": message.created_at.astimezone(BANGKOK).isoformat(),
    }
