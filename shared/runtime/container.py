"""nameko's container, made to drain, and the dependency that puts a service's application into its workers."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

import eventlet
from nameko.containers import ServiceContainer
from nameko.extensions import DependencyProvider

from shared.audit.sealing import seal_pending
from shared.bus import replay
from shared.observability import metrics
from shared.runtime.application import Application, Ticker

log = logging.getLogger(__name__)

LAG_INTERVAL = 0.5


class Container(ServiceContainer):  # type: ignore[misc]
    """A container that stops in bounded time, with nothing lost and nothing run twice."""

    draining = False

    def stop(self) -> None:
        self.draining = True
        pool = self._worker_pool
        drain_seconds = self.config["SETTINGS"].drain_seconds

        def waitall() -> None:
            # GreenPool.waitall() may wait on an event that was replaced meanwhile
            deadline = time.monotonic() + drain_seconds
            while (pool.running() or pool.waiting()) and time.monotonic() < deadline:
                eventlet.sleep(0.02)

        pool.waitall = waitall
        super().stop()


class ApplicationProvider(DependencyProvider):  # type: ignore[misc]
    """Injects the :class:`Application` of the service class's ``definition`` and runs its background steps."""

    def setup(self) -> None:
        self.app = Application(self.container.service_cls.definition, self.container.config["SETTINGS"])
        self._stopping = False
        self._wake = eventlet.event.Event()
        self._threads: list[Any] = []

    def start(self) -> None:
        self.app.changed = self._wake_relay
        own = (
            Ticker("retry", 0.5, lambda app: app.inbox.retry_due()),
            Ticker("replays", 1.0, replay.ask_for_missing),
            Ticker("seal", 1.0, seal_pending),
            Ticker("reseal", 2.0, lambda app: app.resealing.step(app)),
            Ticker("metrics", 5.0, _measure),
        )
        self._threads = [eventlet.spawn(self._relay)]
        self._threads += [eventlet.spawn(self._tick, ticker) for ticker in (*own, *self.app.definition.tickers)]

    def get_dependency(self, worker_ctx: Any) -> Application:
        return self.app

    def stop(self) -> None:
        self._stopping = True
        self._wake_relay()
        self._safely("relay", self.app.relay.publish_pending)
        for thread in self._threads:
            thread.kill()
        self.app.close()

    def _wake_relay(self) -> None:
        event, self._wake = self._wake, eventlet.event.Event()
        event.send(None)

    def _relay(self) -> None:
        while not self._stopping:
            waiter = self._wake
            if not self._safely("relay", self.app.relay.publish_pending):
                with eventlet.Timeout(0.2, False):
                    waiter.wait()

    def _tick(self, ticker: Ticker) -> None:
        while not self._stopping:
            # with more to do it goes on at once, but lets the others have their turn
            eventlet.sleep(0 if self._safely(ticker.name, lambda: ticker.step(self.app)) else ticker.seconds)

    def _safely(self, name: str, step: Callable[[], Any]) -> Any:
        """Run a background step; a failure is logged and counted, and the step comes round again."""
        try:
            return step()
        except Exception:
            log.exception("%s failed", name)
            metrics.TICKS_FAILED.labels(self.app.name, name).inc()
            eventlet.sleep(1)
            return None


def _measure(app: Application) -> None:
    pending, age = app.relay.pending()
    metrics.OUTBOX_PENDING.labels(app.name).set(pending)
    metrics.OUTBOX_AGE.labels(app.name).set(age)
    started = time.monotonic()
    eventlet.sleep(LAG_INTERVAL)
    metrics.HUB_LAG.labels(app.name).set(max(0.0, time.monotonic() - started - LAG_INTERVAL))
