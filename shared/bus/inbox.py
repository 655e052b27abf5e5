"""Applying events exactly once: inbox row, effect and outgoing events in one transaction, shared where it can be."""

from __future__ import annotations

import datetime as dt
import json
import logging
import random
import time
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import delete, select

from shared.bus import replay
from shared.bus.envelope import Envelope, UndecodableMessage, new_id
from shared.db.engine import Database, is_unavailable
from shared.db.rows import insert_once
from shared.db.unit import Trace, Unit
from shared.observability import metrics

log = logging.getLogger(__name__)

WAITING, PARKED = "waiting", "parked"
MAX_DELAY_SECONDS = 3600
ERROR_CHARACTERS = 4000
# A transaction takes no further event after this long: on SQLite nobody else is answered meanwhile.
GROUP_SECONDS = 0.05

Received = tuple[Envelope, bytes]
Result = TypeVar("Result")


class Inbox:
    """Consumes messages of one service: applies them once, defers what fails, parks what keeps failing."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._tables = app.definition.tables
        self._database: Database = app.database
        self.blocked_since: float | None = None

    def consume(self, body: bytes) -> None:
        """Take one message from the queue, as :meth:`consume_all` does."""
        self.consume_all([body])

    def consume_all(self, bodies: Sequence[bytes]) -> None:
        """Take messages from the queue. Returns when each is applied, deferred or parked; then they may be acked.

        Events share a transaction as long as none of them fails; then each is taken by itself, and only the one that
        fails is deferred. While the database is away this does not return, so the process stops consuming and says so.
        """
        pending: deque[Received] = deque()
        for body in bodies:
            try:
                pending.append((Envelope.decode(body), body))
            except UndecodableMessage as error:
                self.park(body, f"อ่านข้อความไม่ได้: {error}")
        while pending:
            together = self._until_available(partial(self._take_together, pending))
            for _ in range(together):
                pending.popleft()
            if not together:
                singly = 1 if pending[0][0].type in replay.CONTROL_TYPES else len(pending)
                for _ in range(singly):
                    self._until_available(partial(self._take, *pending.popleft()))

    def park(self, body: bytes, error: str) -> None:
        """File a message for a person to look at."""
        self._until_available(lambda: self._file_parked(body, error))

    def _take_together(self, pending: Sequence[Received]) -> int:
        """How many of the first messages were applied in one transaction; 0 when they must be taken one by one."""
        if len(pending) == 1 or pending[0][0].type in replay.CONTROL_TYPES:
            return 0
        outcomes: list[tuple[str, str]] = []
        try:
            with self._database.write() as session:
                started = time.monotonic()
                for envelope, _ in pending:
                    if envelope.type in replay.CONTROL_TYPES:
                        break
                    outcomes.append((envelope.type, self._apply_in(session, envelope)))
                    # what one event has read may be changed below the session by the next
                    session.flush()
                    session.expunge_all()
                    if time.monotonic() - started >= GROUP_SECONDS:
                        break
        except Exception as error:
            if is_unavailable(error):
                raise
            log.info("%s events are taken one by one, because of %s", len(pending), type(error).__name__)
            return 0
        seconds = (time.monotonic() - started) / len(outcomes)
        for kind, outcome in outcomes:
            metrics.EVENTS.labels(self._app.name, kind, outcome).observe(seconds)
        return len(outcomes)

    def _take(self, envelope: Envelope, body: bytes) -> None:
        started = time.monotonic()
        try:
            outcome = self._apply(envelope, None)
        except Exception as error:
            if is_unavailable(error):
                raise
            log.exception("event %s failed", envelope.type, extra={"event_id": envelope.id})
            self._defer(envelope, body, error)
            outcome = "deferred"
        metrics.EVENTS.labels(self._app.name, envelope.type, outcome).observe(time.monotonic() - started)

    def _apply(self, envelope: Envelope, deferred_id: str | None) -> str:
        if envelope.type in replay.CONTROL_TYPES:
            outcome = replay.control(self._app, envelope)
            if deferred_id is not None:
                self._forget(deferred_id)
            return outcome
        with self._database.write() as session:
            if deferred_id is not None:
                # gone when another process has retried it meanwhile
                row = session.execute(
                    select(self._tables.deferred).filter_by(id=deferred_id).with_for_update(skip_locked=True)
                ).scalar_one_or_none()
                if row is None:
                    return "duplicate"
                session.delete(row)
            return self._apply_in(session, envelope)

    def _apply_in(self, session: Any, envelope: Envelope) -> str:
        handlers = self._app.definition.handlers.get(envelope.type, ())
        if envelope.replay:
            handlers = tuple(handler for handler in handlers if handler.projects)
        elif not insert_once(session, self._tables.inbox, event_id=envelope.id, processed_at=self._app.clock.now()):
            return "duplicate"
        unit = self._unit(session, envelope)
        for handler in handlers:
            handler.function(unit, envelope)
        return "applied" if handlers else "ignored"

    def _unit(self, session: Any, envelope: Envelope) -> Unit:
        trace = Trace(envelope.correlation_id, envelope.id, envelope.traceparent)
        unit: Unit = self._app.unit(session, None, trace)
        return unit

    def _until_available(self, step: Callable[[], Result]) -> Result:
        while True:
            try:
                result = step()
            except Exception as error:
                if not is_unavailable(error):
                    raise
                log.warning("database away, not consuming: %s", error)
                self.blocked_since = self.blocked_since or time.monotonic()
                time.sleep(1)
            else:
                self.blocked_since = None
                return result

    def _defer(self, envelope: Envelope, body: bytes, error: Exception) -> None:
        now = self._app.clock.now()
        with self._database.write() as session:
            session.add(
                self._tables.deferred(
                    id=new_id(),
                    event_id=envelope.id,
                    type=envelope.type,
                    body=body,
                    state=WAITING,
                    attempt=1,
                    not_before=now + self._delay(1),
                    error=_describe(error),
                    first_failed_at=now,
                    last_failed_at=now,
                )
            )

    def _file_parked(self, body: bytes, error: str) -> None:
        now = self._app.clock.now()
        with self._database.write() as session:
            session.add(
                self._tables.deferred(
                    id=new_id(),
                    event_id=None,
                    type=_type_of(body),
                    body=body,
                    state=PARKED,
                    attempt=1,
                    not_before=now,
                    error=error[:ERROR_CHARACTERS],
                    first_failed_at=now,
                    last_failed_at=now,
                )
            )

    def retry_due(self) -> int:
        """Try again what is due. Returns how many messages were tried."""
        with self._database.read() as session:
            due = session.execute(
                select(self._tables.deferred.id, self._tables.deferred.body)
                .filter_by(state=WAITING)
                .where(self._tables.deferred.not_before <= self._app.clock.now())
                .order_by(self._tables.deferred.id)
                .limit(50)
            ).all()
        for row_id, body in due:
            try:
                self._apply(Envelope.decode(body), row_id)
            except Exception as error:
                if is_unavailable(error):
                    raise
                self._failed_again(row_id, error)
        return len(due)

    def _forget(self, row_id: str) -> None:
        with self._database.write() as session:
            session.execute(delete(self._tables.deferred).filter_by(id=row_id))

    def _failed_again(self, row_id: str, error: Exception) -> None:
        with self._database.write() as session:
            row = session.get(self._tables.deferred, row_id)
            if row is None:
                return
            now = self._app.clock.now()
            row.attempt += 1
            row.error = _describe(error)
            row.last_failed_at = now
            row.not_before = now + self._delay(row.attempt)
            if row.attempt >= self._app.settings.retry_attempts:
                row.state = PARKED
                log.error("event %s parked after %s attempts", row.type, row.attempt, extra={"event_id": row.event_id})

    def _delay(self, attempt: int) -> dt.timedelta:
        base: float = self._app.settings.retry_base
        seconds = min(base * 2 ** (attempt - 1), MAX_DELAY_SECONDS)
        return dt.timedelta(seconds=seconds * random.uniform(0.8, 1.2))

    def replay_parked(self, row_id: str) -> bool:
        """Give a parked message another round of attempts, from now. False when there is none such."""
        with self._database.write() as session:
            row = session.get(self._tables.deferred, row_id)
            if row is None:
                return False
            row.state, row.attempt, row.not_before = WAITING, 0, self._app.clock.now()
        return True

    def drop_parked(self, row_id: str) -> bool:
        """Forget a parked message. False when there is none such."""
        with self._database.write() as session:
            row = session.get(self._tables.deferred, row_id)
            if row is None or row.state != PARKED:
                return False
            session.delete(row)
        return True


def _describe(error: Exception) -> str:
    """The error in one line, then the end of its traceback."""
    message = (str(error).strip() or "-").splitlines()[0]
    trace = "".join(traceback.format_exception(error))
    return f"{type(error).__name__}: {message}\n\n{trace[-ERROR_CHARACTERS:]}"


def _type_of(body: bytes) -> str:
    try:
        return str(json.loads(body)["type"])[:100]
    except (ValueError, KeyError, TypeError):
        return "undecodable"
