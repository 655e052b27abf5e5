"""Work that waits in a table: claimed with a lease, kept while it is done, taken over when its process dies.

A table of such work has ``lease``, ``lease_until`` and ``attempts``; one that people watch has ``progress`` too.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Select, Update, or_

from shared.bus.envelope import new_id
from shared.db.unit import Unit

log = logging.getLogger(__name__)

Claimed = TypeVar("Claimed")

LEASE = dt.timedelta(seconds=10)
RENEW_SECONDS = 3.0
ATTEMPTS = 3


def claim(
    app: Any,
    waiting: Select[Any],
    describe: Callable[[Unit, Sequence[Any]], list[Claimed]],
    *,
    looked_at: int = 1,
    share: Callable[[Sequence[Any]], int] = len,
) -> list[Claimed]:
    """Claim the first of the rows that ``waiting`` selects and nobody holds; what ``describe`` says of them.

    ``share`` tells of the first ``looked_at`` rows how many to take. All that is taken at once bears one lease. Empty
    when nothing waits, or others were faster.
    """
    table = waiting.column_descriptions[0]["entity"]
    now = app.clock.now()
    free = waiting.where(or_(table.lease_until.is_(None), table.lease_until < now))
    with app.read() as unit:
        most = share(unit.session.execute(free.limit(looked_at)).scalars().all())
    if not most:
        return []
    lease = new_id()
    with app.write() as unit:
        rows = unit.session.execute(free.limit(most).with_for_update(skip_locked=True)).scalars().all()
        for row in rows:
            row.lease, row.lease_until = lease, now + LEASE
            row.attempts += 1
        return describe(unit, rows) if rows else []


def put_back(row: Any, now: dt.datetime) -> None:
    """Let a claimed row be tried again, later after each attempt."""
    row.lease, row.lease_until = None, now + dt.timedelta(seconds=2**row.attempts)


class Holding:
    """Keeps what was claimed while the work goes on, and writes down how far it is, where somebody may watch.

    ``held`` is the update of the claimed rows by their lease. Called with (stage, done, total): a new stage is written
    at once, the rest with the next renewal.
    """

    def __init__(self, app: Any, held: Update) -> None:
        self._app = app
        self._held = held
        self._is_watched = hasattr(held.entity_description["entity"], "progress")
        self._progress: dict[str, Any] = {"stage": "scan", "done": 0, "total": 0}
        self._stop = threading.Event()

    def __call__(self, stage: str, done: int, total: int) -> None:
        is_new = stage != self._progress["stage"]
        self._progress = {"stage": stage, "done": done, "total": total}
        if is_new and self._is_watched:
            self._write()

    @contextmanager
    def renewing(self) -> Iterator[None]:
        """Keep the lease while the block runs."""
        thread = threading.Thread(target=self._renew, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    def _renew(self) -> None:
        while not self._stop.wait(RENEW_SECONDS):
            try:
                self._write()
            except Exception:
                # the lease runs out and another process takes over; the result is then stored once by whoever is first
                log.warning("a lease was not renewed", exc_info=True)

    def _write(self) -> None:
        shown = {"progress": self._progress} if self._is_watched else {}
        with self._app.database.write() as session:
            session.execute(self._held.values(lease_until=self._app.clock.now() + LEASE, **shown))
