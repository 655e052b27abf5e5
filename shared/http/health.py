"""Health and metrics: routes for the gateway, and a small server of their own for every other process."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

import eventlet
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from shared.http.answers import Answer, json_answer
from shared.http.application import Application
from shared.http.listener import Listener
from shared.http.request import Request
from shared.http.routes import PUBLIC, Routes
from shared.http.routing import Router
from shared.http.settings import HttpSettings

Readiness = Callable[[], tuple[bool, Mapping[str, Any]]]

_log = logging.getLogger("khet.http")


def health_routes(ready: Readiness) -> Routes:
    """``/health/live`` (the process turns), ``/health/ready`` (``ready()`` says so) and ``/metrics``."""
    routes = Routes(tag="health")

    @routes.get("/health/live", access=PUBLIC, worker=False)
    def live(_request: Request, _office: Any) -> Answer:
        """Whether the process is alive; asks nobody else, or a broken database would restart every process."""
        return json_answer({"ok": True})

    @routes.get("/health/ready", access=PUBLIC, worker=False)
    def is_ready(_request: Request, _office: Any) -> Answer:
        """Whether the process can do its work now, and what is missing."""
        try:
            ok, details = ready()
        except Exception as error:
            _log.exception("the readiness check failed")
            ok, details = False, {"error": type(error).__name__}
        return json_answer({"ok": ok, **details}, 200 if ok else 503)

    @routes.get("/metrics", access=PUBLIC, worker=False, produces="text/plain")
    def metrics(_request: Request, _office: Any) -> Answer:
        """Prometheus metrics."""
        return Answer(200, generate_latest(), CONTENT_TYPE_LATEST)

    return routes


class HealthServer:
    """Serves :func:`health_routes` on a port of its own; it goes on answering while the process drains."""

    def __init__(self, host: str, port: int, ready: Readiness) -> None:
        settings = HttpSettings(host=host, port=port, keepalive=10, socket_timeout=5, connections=32, drain_timeout=1)
        router = Router([health_routes(ready)])
        self._listener = Listener(
            Application(router, settings, router.answer, draining=lambda: False), settings, eventlet.spawn
        )

    @property
    def address(self) -> tuple[str, int] | None:
        """Where the server listens, once it does."""
        return self._listener.address

    def start(self) -> None:
        """Bind and serve in green threads; returns at once."""
        self._listener.start()

    def stop(self) -> None:
        """Close."""
        self._listener.stop()
