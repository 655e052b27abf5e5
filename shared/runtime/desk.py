"""Work that somebody waits for: done in a child, its result a sealed file that lies on no disk before.

A service's adapters have ``desk``, a pool of children for this alone, and ``files``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.files.memory import memory_path
from shared.problems import Problem
from shared.runtime.children import ChildPool, JobFailed
from shared.settings import Settings

INCOMING = "incoming"
# of the time that the gateway waits for an answer: to get a child, and for its work
PATIENCE_SHARE, WORK_SHARE = 0.25, 0.65


def desk_pool(settings: Settings) -> ChildPool:
    """Children for what somebody waits for: work that nobody waits for does not stand before it."""
    return ChildPool(
        settings.children,
        settings.child_memory_mb,
        seconds=settings.rpc_timeout * WORK_SHARE,
        patience=settings.rpc_timeout * PATIENCE_SHARE,
    )


def run(adapters: Any, task: str, job: Mapping[str, Any]) -> dict[str, Any]:
    """The child's answer.

    Raises:
        Problem: ``desk.busy`` (503) when no child is free in time; ``desk.too_heavy`` (413) for a file whose work takes
            longer than somebody waits, or more memory than a child has.
        JobFailed: a defect of ours.
    """
    try:
        answer: dict[str, Any] = adapters.desk.run(task, job, _unseen)
    except JobFailed as failure:
        if failure.cause == "busy":
            raise Problem("desk.busy", 503, "มีผู้ใช้งานพร้อมกันมาก", "กรุณาลองใหม่อีกครั้งในอีกสักครู่") from failure
        if failure.cause == "raised":
            raise
        raise Problem(
            "desk.too_heavy", 413, "ไฟล์ใหญ่เกินกว่าจะทำให้ทันที", "กรุณาส่งไฟล์เพื่อตรวจตามปกติ หรือแบ่งเป็นไฟล์ที่เล็กลง"
        ) from failure
    return answer


def run_into_file(adapters: Any, task: str, job: Mapping[str, Any]) -> tuple[dict[str, Any], str, int]:
    """The child's answer, with hash and size of the file it wrote (empty and 0 when it wrote none).

    The file lies where uploads wait to be claimed, and is swept with them.

    Raises:
        Problem, JobFailed: as :func:`run`.
    """
    with memory_path() as out:
        answer = run(adapters, task, {**job, "out": str(out)})
        if not out.stat().st_size:
            return answer, "", 0
        sha256, size = adapters.files.keep(INCOMING, out)
    return answer, sha256, size


def _unseen(_stage: str, _done: int, _total: int) -> None:
    """Nobody is shown how far it is: it is done before a page could ask."""
