"""The office server as a process of its own, and the plain clients that talk to it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[2]


@dataclass
class Reply:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


@dataclass
class Office:
    """A running server."""

    process: subprocess.Popen
    port: int
    health: int

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)

    def socket(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def ask(self, method, path, body=None, connection=None, **headers) -> Reply:
        own = connection or self.connect()
        own.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = own.getresponse()
        reply = Reply(answer.status, answer.headers, answer.read())
        if connection is None:
            own.close()
        return reply

    def send_json(self, method, path, value, **headers) -> Reply:
        raw = value if isinstance(value, bytes) else json.dumps(value).encode()
        return self.ask(method, path, raw, content_type="application/json", **headers)

    def until(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 10
        while not holds():
            assert time.monotonic() < deadline, "the condition did not come true"
            time.sleep(0.01)

    def drain(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)


class Starter:
    """Starts servers in folders of their own and ends them all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes: list[subprocess.Popen] = []

    def __call__(self, **settings) -> Office:
        folder = self._folder / f"store{len(self._processes)}"
        folder.mkdir()
        log = folder.with_suffix(".log")
        with log.open("wb") as errors:
            process = subprocess.Popen(
                [
                    sys.executable,
                    str(HERE / "http_office_for_tests.py"),
                    json.dumps({"folder": str(folder), **settings}),
                ],
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )
        self._processes.append(process)
        line = process.stdout.readline()
        assert line, log.read_text()
        return Office(process, **json.loads(line))

    def end(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()
            process.stdout.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Starter]:
    """Start a server with settings of one's own."""
    starter = Starter(tmp_path)
    yield starter
    starter.end()


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One server for all tests that leave it as it was."""
    starter = Starter(tmp_path_factory.mktemp("office"))
    yield starter()
    starter.end()


@pytest.fixture
def leaving(start: Starter) -> Office:
    """A server that the test may drain or stop."""
    return start()
