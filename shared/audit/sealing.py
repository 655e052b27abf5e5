"""The sealer: a background step that chains audit rows in batches."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select

from shared.audit import chain
from shared.audit.chain import Entry

BATCH = 500
# statements are cancelled after half a minute and idle transactions after a minute: what was sealed two minutes ago
# has no unfinished neighbour any more
SETTLED = dt.timedelta(minutes=2)


def seal_pending(app: Any) -> bool:
    """Chain the rows that are not yet; True when there may be more. Of several processes one seals at a time."""
    tables = app.definition.tables
    with app.database.read() as session:
        if not _pending(session, tables, session.get(tables.audit_head, 1).settled_seq, 1):
            return False
    with app.database.write() as session:
        head = session.execute(
            select(tables.audit_head).filter_by(id=1).with_for_update(skip_locked=True)
        ).scalar_one_or_none()
        if head is None:
            return False
        return _seal_batch(session, tables, head, app.vault, app.clock.now())


def entry_of(row: Any) -> Entry:
    """A stored audit row as plain values."""
    return Entry(
        row.id, row.at, row.actor, row.action, row.subject, row.org_path, row.reason, row.change, row.correlation_id
    )


def _seal_batch(session: Any, tables: Any, head: Any, vault: Any, now: dt.datetime) -> bool:
    previous = head.digest or vault.mac(chain.LINK_CONTEXT, chain.genesis(head.unkeyed_seq))
    rows = _pending(session, tables, head.settled_seq, BATCH)
    for row in rows:
        head.position += 1
        previous = vault.mac(
            chain.LINK_CONTEXT, chain.link(previous, head.position, row.seq, entry_of(row).canonical())
        )
        session.add(tables.audit_seal(position=head.position, audit_seq=row.seq, digest=previous, sealed_at=now))
    head.digest = previous
    settled = session.execute(
        select(tables.audit_seal.audit_seq)
        .where(tables.audit_seal.sealed_at < now - SETTLED)
        .order_by(tables.audit_seal.position.desc())
        .limit(1)
    ).scalar()
    head.settled_seq = max(head.settled_seq, settled or 0)
    return len(rows) == BATCH


def _pending(session: Any, tables: Any, settled_seq: int, limit: int) -> list[Any]:
    """Rows without a link. What lies behind ``settled_seq`` is not looked at: a row there was put in later."""
    audit, seal = tables.audit, tables.audit_seal
    statement = (
        select(audit)
        .outerjoin(seal, seal.audit_seq == audit.seq)
        .where(audit.seq > settled_seq, seal.position.is_(None))
        .order_by(audit.seq)
        .limit(limit)
    )
    return list(session.execute(statement).scalars())
