"""The area's file, 40,000 rows × 39: how long a running system takes, how much memory, and who waits meanwhile."""

from __future__ import annotations

import os
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.bench.alone import alone, begin, result
from tests.bench.big_file import SCHOOLS
from tests.running.api import Api
from tests.running.rounds import open_round
from tests.running.system import System

SAMPLE_SECONDS = 0.05
PAUSE_SECONDS = 0.02
# whoever looks costs the system something too
LOOK_SECONDS = 0.2


@dataclass(frozen=True)
class InTheSystem:
    """Seconds from the answer to the upload to stored findings, peak memory in MB, the 99th of 100 other requests.

    ``calamine_seconds`` is what calamine took before and after, in the mean: the machine may be busy with other things.
    """

    seconds: float
    calamine_seconds: float
    peak_mb: float
    others_p99: float
    others: int


def reading(path: Path) -> dict[str, float]:
    """The check beside calamine, each in a process of its own; then two checks at once."""
    pairs = [(alone("calamine", path), alone("check", path)) for _ in range(2)]
    bare = statistics.median(one.processor for one, _ in pairs)
    whole = statistics.median(one.processor for _, one in pairs)
    started = time.perf_counter()
    both = [begin("check", path) for _ in range(2)]
    checks = [result(process) for process in both]
    return {
        "calamine_processor_seconds": bare,
        "check_processor_seconds": whole,
        "check_to_calamine": whole / bare,
        "two_checks_at_once_seconds": time.perf_counter() - started,
        "check_seconds": statistics.median(one.seconds for _, one in pairs),
        "calamine_seconds": statistics.median(one.seconds for one, _ in pairs),
        "child_peak_mb": max(one.peak_mb for one in checks),
    }


def in_the_system(system: System, process: str, path: Path) -> InTheSystem:
    """Hand the file in; ``process`` is the one whose memory counts, with its children."""
    officer = Api(system.url, "officer")
    round_id = open_round(officer)
    pid = system.processes[process].pid
    before = alone("calamine", path).seconds
    with asking(system, round_id) as waited, weighing(pid) as weights:
        batch_id = officer.upload_area_file(round_id, path)
        started = time.perf_counter()
        batch = officer.split(batch_id, 180, LOOK_SECONDS)
        seconds = time.perf_counter() - started
    assert {school["state"] for school in batch["schools"]} <= {"READY", "HAS_ERRORS"}
    assert batch["counts"]["received"] == len(SCHOOLS)
    p99 = statistics.quantiles(waited, n=100)[98]
    calamine = (before + alone("calamine", path).seconds) / 2
    return InTheSystem(seconds, calamine, max(weights), p99, len(waited))


@contextmanager
def asking(system: System, round_id: str) -> Iterator[list[float]]:
    """Somebody who looks at health and at the board all the time; the seconds of each answer."""
    waited: list[float] = []
    done = threading.Event()
    director = Api(system.url, "areadirector")

    def health() -> None:
        assert requests.get(f"{system.url}/health/ready", timeout=30).status_code == 200

    def ask() -> None:
        while not done.is_set():
            for look in (health, lambda: director.get(f"/rounds/{round_id}/progress")):
                started = time.perf_counter()
                look()
                waited.append(time.perf_counter() - started)
                done.wait(PAUSE_SECONDS)

    with _thread(ask, done):
        yield waited


@contextmanager
def weighing(pid: int) -> Iterator[list[float]]:
    """The memory of a process and its children all the time, in MB; what they share counts once."""
    weights: list[float] = []
    done = threading.Event()

    def weigh() -> None:
        while not done.is_set():
            weights.append(sum(_megabytes(member) for member in _members(pid)))
            done.wait(SAMPLE_SECONDS)

    with _thread(weigh, done):
        yield weights


@contextmanager
def _thread(work, done: threading.Event) -> Iterator[None]:  # type: ignore[no-untyped-def]
    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _members(session: int) -> list[int]:
    """The processes of a session: a process of Khet begins one of its own."""
    members = []
    for place in Path("/proc").iterdir():
        if place.name.isdecimal():
            try:
                if os.getsid(int(place.name)) == session:
                    members.append(int(place.name))
            except ProcessLookupError:
                continue
    return members


def _megabytes(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)
