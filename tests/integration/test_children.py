"""Child processes: limits on memory and time; one that dies is replaced and the service lives on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

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


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
