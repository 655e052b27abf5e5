"""Khet running: embedded in one process, or every process by itself on RabbitMQ and PostgreSQL."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import requests

from shared.runtime.processes import PROCESSES
from tests.running.waiting import until
from tests.servers import PostgresServer, RabbitServer
from tests.servers.ports import PortLease

KHET = str(Path(sys.executable).parent / "khet")
START_SECONDS = 60


class Process:
    """One operating-system process of Khet, in a group of its own."""

    def __init__(self, arguments: list[str], environment: Mapping[str, str], log: Path, ready_url: str) -> None:
        self._arguments = arguments
        self._environment = {**os.environ, **environment}
        self._log = log
        self._ready_url = ready_url
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._child = subprocess.Popen(
                [KHET, *self._arguments], env=self._environment, stdout=log, stderr=log, start_new_session=True
            )

    def wait_ready(self) -> None:
        until(self._is_ready, START_SECONDS, f"khet {' '.join(self._arguments)}, see {self._log}")

    def _is_ready(self) -> bool:
        assert self._child is not None and self._child.poll() is None, self._log.read_text()[-3000:]
        with contextlib.suppress(requests.ConnectionError, requests.Timeout):
            return requests.get(self._ready_url, timeout=5).status_code == 200
        return False

    @property
    def is_running(self) -> bool:
        return self._child is not None and self._child.poll() is None

    @property
    def pid(self) -> int:
        assert self._child is not None
        return self._child.pid

    def kill(self) -> None:
        """kill -9, of this process alone: its children must notice by themselves."""
        assert self._child is not None
        self._child.kill()
        self._child.wait()

    def stop(self) -> int:
        """SIGTERM, and the exit code once it has drained."""
        if self._child is None:
            return 0
        if self._child.poll() is None:
            self._child.send_signal(signal.SIGTERM)
            try:
                self._child.wait(60)
            except subprocess.TimeoutExpired:
                self._child.kill()
        return self._child.wait()


class System:
    """What both modes have in common: an address, processes by name, a clock that can be moved.

    ``areas`` are those of the demo office; ``settings`` are further ones, by the names of their variables.
    """

    mode = ""

    def __init__(self, folder: Path, areas: int = 1, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.areas = areas
        self._more_settings = dict(settings or {})
        self.port = PortLease()
        self.url = f"http://127.0.0.1:{self.port.port}"
        self.clock_file = folder / "clock"
        self.processes: dict[str, Process] = {}

    def environment(self) -> dict[str, str]:
        return {
            "KHET_ENV": "test",
            "KHET_CHEAP_HASHES": "1",
            "KHET_CLOCK_FILE": str(self.clock_file),
            "KHET_DATA": str(self.folder / "data"),
            "KHET_RETRY_BASE": "0.2",
            "KHET_RETRY_ATTEMPTS": "3",
            **self._more_settings,
        }

    def move_clock(self, seconds: float) -> None:
        """Let every process believe that it is ``seconds`` later than it is."""
        unfinished = self.clock_file.with_suffix(".new")
        unfinished.write_text(str(seconds))
        unfinished.replace(self.clock_file)

    def start(self) -> None:
        for process in self.processes.values():
            process.start()
        for process in self.processes.values():
            process.wait_ready()

    def restart(self, name: str) -> None:
        """Start a process again that was stopped or killed."""
        self.processes[name].start()
        self.processes[name].wait_ready()

    def stop(self) -> None:
        for process in reversed(self.processes.values()):
            process.stop()
        self.port.release()

    def process_of(self, service: str) -> Process:
        """The process in which ``service`` runs."""
        raise NotImplementedError

    def khet(self, *arguments: str, timeout: float = 120) -> str:
        """Run a command of the command line against this system, for ``timeout`` seconds at most."""
        environment = {**os.environ, **self.environment(), "KHET_URL": self.url}
        try:
            return subprocess.run(
                [KHET, *arguments], env=environment, check=True, capture_output=True, text=True, timeout=timeout
            ).stdout
        except subprocess.CalledProcessError as error:
            error.add_note(error.stderr)
            raise


class EmbeddedSystem(System):
    """``khet up``."""

    mode = "embedded"

    def __init__(
        self, folder: Path, areas: int = 1, settings: Mapping[str, str] | None = None, *, history: bool = False
    ) -> None:
        super().__init__(folder, areas, settings)
        arguments = ["up", "--port", str(self.port.port), "--data", str(folder / "data"), "--areas", str(areas)]
        arguments += ["--history"] if history else []
        self.processes["khet"] = Process(
            arguments, self.environment(), folder / "khet.log", f"{self.url}/health/ready"
        )

    def process_of(self, service: str) -> Process:
        return self.processes["khet"]

    def drop_database(self, service: str) -> None:
        """Throw a service's database away; the system must be stopped."""
        for file in (self.folder / "data" / "db").glob(f"{service}.sqlite*"):
            file.unlink()


class ServicesSystem(System):
    """``khet run <process>`` for each, on RabbitMQ and PostgreSQL."""

    mode = "services"

    def __init__(self, folder: Path, rabbit: RabbitServer, postgres: PostgresServer, areas: int = 1) -> None:
        super().__init__(folder, areas)
        self._postgres = postgres
        self._rabbit = rabbit
        self._vhost = f"khet{self.port.port}"
        self.amqp_url = rabbit.add_vhost(self._vhost)
        self._databases = [name for name, process in PROCESSES.items() if process.database]
        self._leases: dict[str, PortLease] = {}

    def environment(self) -> dict[str, str]:
        return {
            **super().environment(),
            "KHET_MODE": "services",
            "KHET_AMQP_URL": self.amqp_url,
            "KHET_DATABASE_URL": self.database_url("{service}"),
            "KHET_PORT": str(self.port.port),
        }

    def database_url(self, service: str) -> str:
        """The SQLAlchemy URL of a service's database."""
        host = self._postgres.admin_dsn.split("@", 1)[1].split("/", 1)[0]
        name = self._database(service)
        return f"postgresql+psycopg://{name}:pw@{host}/{name}"

    def _database(self, service: str) -> str:
        return f"{self._vhost}_{service}"

    def prepare(self) -> None:
        """Databases, keys, queues, demo office: what an operator does once."""
        for service in self._databases:
            self._postgres.create_database(self._database(service), self._database(service), "pw")
        self.khet("secrets", str(self.folder / "data" / "secrets"))
        self.khet("migrate")
        self.khet("broker", "declare")
        self.khet("seed", "demo", "--areas", str(self.areas))

    def start(self) -> None:
        self.prepare()
        for name in PROCESSES:
            self._add_process(name, name)
        super().start()

    def start_another(self, service: str) -> str:
        """Start one more process of a service beside the first; its name among ``processes``."""
        name = f"{service}-{len(self.processes)}"
        self._add_process(service, name)
        self.restart(name)
        return name

    def _add_process(self, service: str, name: str) -> None:
        lease = self._leases[name] = PortLease()
        environment = {**self.environment(), "KHET_HEALTH_PORT": str(lease.port)}
        ready = f"http://127.0.0.1:{lease.port}/health/ready"
        self.processes[name] = Process(["run", service], environment, self.folder / f"{name}.log", ready)

    def stop(self) -> None:
        super().stop()
        for lease in self._leases.values():
            lease.release()
        self._rabbit.drop_vhost(self._vhost)
        for service in self._databases:
            self._postgres.drop_database(self._database(service))

    def process_of(self, service: str) -> Process:
        return self.processes[service]

    def drop_database(self, service: str) -> None:
        """Throw a service's database away and make an empty one; its process must be stopped."""
        name = self._database(service)
        self._postgres.drop_database(name)
        self._postgres.create_database(name, name, "pw")
        self.khet("migrate", "--service", service)


@contextlib.contextmanager
def running(system: System) -> Iterator[Any]:
    """Start ``system`` for the block, and end every process of it."""
    try:
        system.start()
        yield system
    finally:
        system.stop()
