"""Reading a version in a child: what the child is handed, and the roll that it leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.rounds.adapters import PREFIX, Adapters
from shared.files.memory import memory_path
from shared.files.store import FileStore

TASK = "services.rounds.rules.check:check"
COMPARED_ROLLS = ("previous", "earlier", "standing")


@dataclass(frozen=True)
class Claimed:
    """A version in hand: its id, our lease on it, how often it was tried, and the job for the child."""

    submission_id: str
    lease: str
    attempts: int
    sha256: str | None
    job: dict[str, Any]


def read_in_child(
    adapters: Adapters, claimed: Claimed, progress: Callable[[str, int, int], None]
) -> dict[str, Any]:
    """What a child finds in a version; the roll of one that it accepts is kept under ``roll_sha256``.

    Raises:
        JobFailed: no result.
    """
    with paths_for(adapters.files, claimed) as paths:
        result: dict[str, Any] = adapters.children.run(TASK, {**claimed.job, **paths}, progress)
        if result.get("roll"):
            result["roll_sha256"], _ = adapters.files.keep(PREFIX, Path(paths["roll_path"]))
    return result


@contextmanager
def paths_for(files: FileStore, claimed: Claimed) -> Iterator[dict[str, Any]]:
    """Where the child finds the file and the rolls it is compared with, and where it leaves the roll of this one."""
    with (
        _readable(files, claimed.sha256) as path,
        memory_path() as roll,
        rolls_opened(files, claimed.job) as rolls,
    ):
        yield {"path": path, "roll_path": str(roll), **rolls}


@contextmanager
def rolls_opened(files: FileStore, job: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The rolls of ``job`` each with the ``path`` under which the child reads it while the context is open."""
    with ExitStack() as opened:
        rolls = {name: job[name] for name in COMPARED_ROLLS}
        paths = {
            name: opened.enter_context(_readable(files, roll and roll["roll_sha256"])) for name, roll in rolls.items()
        }
        yield {name: roll and {**roll, "path": paths[name]} for name, roll in rolls.items()}


@contextmanager
def _readable(files: FileStore, sha256: str | None) -> Iterator[str | None]:
    if sha256 is None:
        yield None
        return
    with files.path_for_reading(PREFIX, sha256) as path:
        yield str(path)
