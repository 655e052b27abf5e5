"""Child processes: limits on memory and time; one that dies is replaced and the service lives on."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from shared.files import memory
from shared.runtime.children import ChildPool, JobFailed
from tests.running.waiting import until

TASKS = "tests.integration.child_tasks"


@pytest.fixture
def pool() -> Iterator[ChildPool]:
    made = ChildPool(1, memory_mb=512, seconds=3)
    yield made
    made.close()


def quietly(*_: Any) -> None:
    """Progress that nobody looks at."""


def test_a_job_gives_its_result_and_its_progress(pool: ChildPool) -> None:
    seen: list[tuple[Any, ...]] = []
    assert pool.run(f"{TASKS}:double", {"number": 21}, lambda *step: seen.append(step)) == {"number": 42}
    assert seen == [("read", 1, 2), ("read", 2, 2)]


@pytest.mark.parametrize(
    ("task", "cause"), [("raise_error", "raised"), ("die", "died"), ("eat_memory", "memory"), ("sleep_long", "timeout")]
)
def test_a_job_that_fails_says_how_and_the_next_one_works(pool: ChildPool, task: str, cause: str) -> None:
    with pytest.raises(JobFailed) as failure:
        pool.run(f"{TASKS}:{task}", {}, quietly)
    assert failure.value.cause == cause
    assert pool.run(f"{TASKS}:double", {"number": 1}, quietly) == {"number": 2}


def test_who_is_in_a_hurry_does_not_wait_for_a_busy_child() -> None:
    hurried = ChildPool(0, memory_mb=512, seconds=3, patience=0.05)
    with pytest.raises(JobFailed) as failure:
        hurried.run(f"{TASKS}:double", {"number": 1}, quietly)
    assert failure.value.cause == "busy"


def test_children_end_with_their_parent_even_when_it_is_killed() -> None:
    program = (
        "import warnings; warnings.simplefilter('ignore')\n"
        "from shared.runtime.children import ChildPool\n"
        f"pid = ChildPool(1, 512, 9).run('{TASKS}:tell_pid', {{}}, lambda *_: None)\n"
        "import json, os, signal; print(json.dumps(pid), flush=True); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False)
    child = json.loads(done.stdout)["pid"]
    until(lambda: not _is_alive(child), 5, "the end of the child")


MARK = f"nobody-{uuid4().hex}"
BEGAN = time.time()


def test_what_a_child_wrote_when_its_time_was_up_is_gone() -> None:
    pool = ChildPool(1, memory_mb=512, seconds=12)
    written: list[Path] = []

    def look(folder: str, _pid: int, _total: int) -> None:
        written.extend(marked(Path(folder)))

    try:
        with pytest.raises(JobFailed) as failure:
            pool.run(f"{TASKS}:write_workbook", {"mark": MARK}, look)
        assert failure.value.cause == "timeout"
        assert written, "the child does write what was in its job"
        assert left_behind() == []
    finally:
        pool.close()


def test_what_a_child_of_a_killed_process_wrote_is_gone_when_the_next_one_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a place of its own: every process that begins beside this test clears the usual one
    monkeypatch.setattr(memory, "_SHARED_MEMORY", tmp_path)
    program = (
        "import warnings; warnings.simplefilter('ignore')\n"
        "import json, os, pathlib, signal, sys\n"
        "from shared.files import memory\n"
        f"memory._SHARED_MEMORY = pathlib.Path({str(tmp_path)!r})\n"
        "from shared.runtime.children import ChildPool\n"
        "def die(*step):\n"
        "    print(json.dumps(step), flush=True); os.kill(os.getpid(), signal.SIGKILL)\n"
        f"ChildPool(1, 512, 30).run('{TASKS}:write_workbook', {{'mark': '{MARK}'}}, die)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    folder, child, _ = json.loads(done.stdout)
    until(lambda: not _is_alive(child), 5, "the end of the child")
    assert marked(Path(folder)), "nobody was left to clear it away"
    ChildPool(1, memory_mb=512, seconds=9).close()
    assert marked(tmp_path) == left_behind() == []


def left_behind() -> list[Path]:
    """The files of children, wherever they may write for a while, that hold the mark."""
    temporary = filter(is_of_this_run, Path(tempfile.gettempdir()).iterdir())
    return [path for place in (*Path("/dev/shm").glob("khet-scratch-*"), *temporary) for path in marked(place)]


def marked(place: Path) -> list[Path]:
    """The files at or below a place that hold the mark; what others take away meanwhile holds none."""
    found = []
    # unlike a glob this walk goes on when a folder is taken away while it looks
    below = (Path(folder, name) for folder, _, names in os.walk(place) for name in names)
    for path in filter(is_of_this_run, (place, *below)):
        with contextlib.suppress(OSError):
            if path.is_file() and MARK.encode() in path.read_bytes():
                found.append(path)
    return found


def is_of_this_run(path: Path) -> bool:
    """Whether a file or folder has changed since this run began."""
    with contextlib.suppress(OSError):
        return path.lstat().st_mtime > BEGAN - 1
    return False


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
