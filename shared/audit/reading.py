"""The audit log for those who may read it: newest first, narrowed to their part of the organisation tree."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import and_, or_, select

from shared.audit.disclosure import PREFIX
from shared.audit.places import SEPARATOR
from shared.clock import BANGKOK
from shared.db.unit import Unit
from shared.problems import FieldError, invalid
from shared.security.access import scoped

AUDITORS = ("auditor", "area_admin")
DISCLOSURE_READERS = (*AUDITORS, "school_director")
LIMIT = 200


def list_entries(
    unit: Unit,
    *,
    disclosures: bool = False,
    actor: str | None = None,
    action: str | None = None,
    subject: str | None = None,
    since: str | None = None,
    until: str | None = None,
    limit: int = 50,
    before: str | None = None,
) -> dict[str, Any]:
    """Rows of this service's log. ``disclosures`` narrows to who saw what, which directors read for their school.

    ``actor`` is a person's id, ``action`` the beginning of an action's name, ``subject`` of a subject, ``since`` and
    ``until`` instants in ISO 8601, ``before`` the place after which an earlier page ended.

    Raises:
        Problem: ``invalid`` (422) for an instant or a place that is none.
    """
    audit = unit.tables.audit
    readers = DISCLOSURE_READERS if disclosures else AUDITORS
    statement = scoped(select(audit), audit.org_path, unit.identity, readers).order_by(audit.at.desc(), audit.id.desc())
    if disclosures:
        statement = statement.where(audit.action.startswith(PREFIX, autoescape=True))
    if actor:
        statement = statement.where(audit.actor == actor)
    for column, beginning in ((audit.action, action), (audit.subject, subject)):
        if beginning:
            statement = statement.where(column.startswith(beginning, autoescape=True))
    if since:
        statement = statement.where(audit.at >= _instant("since", since))
    if until:
        statement = statement.where(audit.at < _instant("until", until))
    if before:
        at, _, entry_id = before.partition(SEPARATOR)
        earlier = _instant("cursor", at)
        statement = statement.where(or_(audit.at < earlier, and_(audit.at == earlier, audit.id < entry_id)))
    size = max(1, min(limit, LIMIT))
    rows = list(unit.session.execute(statement.limit(size + 1)).scalars())
    return {"items": [_view(unit.service, row) for row in rows[:size]], "more": len(rows) > size}


def _view(service: str, row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "service": service,
        "at": row.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "actor": row.actor,
        "action": row.action,
        "subject": row.subject,
        "org_path": row.org_path,
        "reason": row.reason,
        "change": row.change,
    }


def _instant(name: str, text: str) -> dt.datetime:
    try:
        # a plus sign in an address is easily read as a blank
        instant = dt.datetime.fromisoformat(text.replace(" ", "+"))
        return instant.astimezone(dt.UTC) if instant.tzinfo else instant.replace(tzinfo=BANGKOK)
    except (ValueError, OverflowError):
        raise invalid([FieldError(name, "instant", "วันเวลาไม่ถูกต้อง ตัวอย่าง 2026-06-10T00:00:00+07:00")]) from None
