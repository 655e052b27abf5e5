"""Starts processes from the process table and stops them: SIGTERM drains, a second one ends at once."""

from __future__ import annotations

import gc
import importlib
import json
import logging
import os
import signal
from collections.abc import Iterable
from typing import Any

import eventlet
from kombu import Connection, pools
from nameko.constants import AMQP_URI_CONFIG_KEY

from shared.bus.consumer import DrainingQueueConsumer
from shared.bus.rpc import SERIALIZER
from shared.bus.topology import declare_all
from shared.db.migrate import upgrade
from shared.files.store import FileStore
from shared.http.health import HealthServer
from shared.observability import logs
from shared.runtime import demo, readiness
from shared.runtime.container import ApplicationProvider, Container
from shared.runtime.green import assert_cooperative
from shared.runtime.lock import locked
from shared.runtime.processes import PROCESSES
from shared.security import secrets
from shared.security.vault import Vaults
from shared.settings import Settings, SettingsError, use

log = logging.getLogger(__name__)

EXTRA_STOP_SECONDS = 10
PUBLISHING_CONNECTIONS = 30
# a request makes thousands of objects; three generations of at most some tens of megabytes
GARBAGE_THRESHOLDS = (20_000, 20, 50)


class Runner:
    """The containers of one operating-system process."""

    def __init__(self, names: Iterable[str], settings: Settings) -> None:
        self._settings = settings
        config: dict[str, Any] = {
            AMQP_URI_CONFIG_KEY: settings.broker_url,
            "SETTINGS": settings,
            "serializer": SERIALIZER,
            "accept": [SERIALIZER],
            "max_workers": settings.workers,
        }
        config["HTTP"] = {
            "host": settings.host,
            "port": settings.port,
            "incoming": FileStore(settings.files_root, Vaults(settings.vault_root)),
            "drain_timeout": settings.drain_seconds,
            "https": settings.is_https,
        }
        self.containers = [Container(_service_class(name), config) for name in names]
        self._stop = eventlet.event.Event()
        self._signals = 0

    def start(self) -> None:
        """Start every container, and obey signals while starting."""
        signal.signal(signal.SIGTERM, self._on_signal)
        signal.signal(signal.SIGINT, self._on_signal)
        for container in self.containers:
            container.start()

    def readiness(self) -> tuple[bool, dict[str, Any]]:
        """Whether every container consumes and every application in them is ready."""
        parts: dict[str, Any] = {}
        ready = True
        for container in self.containers:
            consuming = all(e.is_consuming for e in container.subextensions if isinstance(e, DrainingQueueConsumer))
            applications = [e.app for e in container.dependencies if isinstance(e, ApplicationProvider)]
            details: dict[str, Any] = {"consuming": consuming}
            for application in applications:
                ok, more = application.readiness()
                details.update(more)
                ready = ready and ok
            ready = ready and consuming and not container.draining
            parts[container.service_name] = details
        return ready, parts

    def wait(self) -> int:
        """Block until told to stop or a container dies; then drain. Returns the exit code."""
        for container in self.containers:
            eventlet.spawn(self._watch, container)
        code: int = self._stop.wait()
        drained = self._drain()
        return code if drained else 1

    def _on_signal(self, _number: int, _frame: Any) -> None:
        self._signals += 1
        if self._signals > 1:
            os._exit(1)
        # a signal handler may run inside the hub itself, where waking waiters is not allowed
        eventlet.spawn_after(0, self._ask_to_stop, 0)

    def _ask_to_stop(self, code: int) -> None:
        if not self._stop.ready():
            self._stop.send(code)

    def _watch(self, container: Any) -> None:
        try:
            container.wait()
        except Exception:
            log.exception("%s died", container.service_name)
            self._ask_to_stop(1)

    def _drain(self) -> bool:
        """Stop the container that takes work from outside first, the others together; True when all did in time."""
        limit = self._settings.drain_seconds + EXTRA_STOP_SECONDS
        *services, last = self.containers
        try:
            with eventlet.Timeout(limit):
                last.stop()
                pool = eventlet.GreenPool()
                for container in services:
                    pool.spawn(container.stop)
                pool.waitall()
        except eventlet.Timeout:
            log.error("not drained within %s s; what was in hand will be delivered again", limit)
            return False
        return True


def _service_class(name: str) -> Any:
    module, attribute = PROCESSES[name].service.split(":")
    return getattr(importlib.import_module(module), attribute)


def run(name: str, settings: Settings) -> int:
    """Run one process of the table in services mode until it is told to stop."""
    if settings.mode != "services":
        raise SettingsError("khet run needs KHET_MODE=services; use khet up for one process with everything")
    _prepare(name, settings)
    return _serve([name], settings)


def up(settings: Settings, announce: str, areas: int = 1, *, history: bool = False) -> int:
    """Run everything in one process (embedded mode) with the demo office of so many ``areas``, and its ``history``.

    ``announce`` is printed once the office can work.
    """
    _prepare("khet", settings)
    with locked(settings.data):
        secrets.create(settings.secrets_root, settings.vault_root)
        for process in PROCESSES.values():
            if process.database:
                upgrade(process.name, settings)
        with Connection(settings.broker_url) as connection, connection.channel() as channel:
            declare_all(channel)
        if settings.env != "production":
            demo.load(settings, areas, history=history, say=_say)
        return _serve(list(PROCESSES), settings, announce)


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a person at the terminal waits for it


def _prepare(name: str, settings: Settings) -> None:
    use(settings)
    assert_cooperative()
    logs.configure(name, settings.log_level)
    pools.set_limit(PUBLISHING_CONNECTIONS)


def _serve(names: list[str], settings: Settings, announce: str = "") -> int:
    runner = Runner(names, settings)
    readiness.use(runner.readiness)
    port = settings.health_port
    health = HealthServer(settings.health_host, port, runner.readiness) if port else None
    try:
        if health:
            health.start()
        runner.start()
        _spare_the_collector()
        if announce:
            _announce(announce, settings)
        return runner.wait()
    except Exception:
        log.exception("could not start")
        return 1
    finally:
        if health:
            health.stop()


def _spare_the_collector() -> None:
    """What a started process holds it holds for ever: looking through it for garbage, again and again, was a seventh of
    its work. What requests leave behind is still found.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)


def _announce(announce: str, settings: Settings) -> None:
    """Say where the system answers: to the command line through a file, to the person at the terminal."""
    address = {"url": f"http://{settings.host}:{settings.port}", "pid": os.getpid()}
    (settings.data / "address.json").write_text(json.dumps(address))
    _say(announce)
