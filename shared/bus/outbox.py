"""The relay: takes events out of the outbox and onto the bus, in batches, until the bus has confirmed them."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from sqlalchemy import func, select, update

from shared.bus.publisher import Outgoing, Publisher

log = logging.getLogger(__name__)

BATCH = 200
LEASE = dt.timedelta(seconds=10)


class Relay:
    """Publishes the pending outbox rows of one service. Several processes may do it side by side."""

    def __init__(self, app: Any, publisher: Publisher) -> None:
        self._app = app
        self._outbox = app.definition.tables.outbox
        self._publisher = publisher

    def publish_pending(self) -> int:
        """Publish one batch. Returns how many events were confirmed; what was not is published again later."""
        batch = self._claim()
        if not batch:
            return 0
        confirmed: set[str] = set()
        try:
            confirmed = self._publisher.publish(batch)
        finally:
            self._settle(batch, confirmed)
        return len(confirmed)

    def _claim(self) -> list[Outgoing]:
        now = self._app.clock.now()
        outbox = self._outbox
        free = outbox.claimed_until.is_(None) | (outbox.claimed_until < now)
        with self._app.database.read() as session:
            if session.execute(select(outbox.seq).where(outbox.published_at.is_(None), free).limit(1)).first() is None:
                return []
        with self._app.database.write() as session:
            rows = session.execute(
                select(outbox.seq, outbox.id, outbox.type, outbox.envelope)
                .where(outbox.published_at.is_(None), free)
                .order_by(outbox.seq)
                .limit(BATCH)
                .with_for_update(skip_locked=True)
            ).all()
            session.execute(
                update(outbox).where(outbox.seq.in_([row.seq for row in rows])).values(claimed_until=now + LEASE)
            )
        exchange = f"{self._app.name}.events"
        return [Outgoing(row.id, exchange, row.type, row.envelope.encode()) for row in rows]

    def _settle(self, batch: list[Outgoing], confirmed: set[str]) -> None:
        outbox = self._outbox
        left = [outgoing.id for outgoing in batch if outgoing.id not in confirmed]
        with self._app.database.write() as session:
            if confirmed:
                now = self._app.clock.now()
                session.execute(update(outbox).where(outbox.id.in_(confirmed)).values(published_at=now))
            if left:
                log.warning("%s events were not confirmed and will be published again", len(left))
                session.execute(update(outbox).where(outbox.id.in_(left)).values(claimed_until=None))

    def pending(self) -> tuple[int, float]:
        """How many events wait, and the age of the oldest in seconds."""
        with self._app.database.read() as session:
            count, oldest = session.execute(
                select(func.count(), func.min(self._outbox.created_at)).where(self._outbox.published_at.is_(None))
            ).one()
        return count, (self._app.clock.now() - oldest).total_seconds() if oldest else 0.0

    def close(self) -> None:
        self._publisher.close()
