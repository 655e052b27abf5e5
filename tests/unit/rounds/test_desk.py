"""Work that somebody waits for: what goes wrong with a child is said in words, a defect of ours is not hidden."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from services.rounds.workbooks import work
from shared.problems import Problem
from shared.runtime import desk
from shared.runtime.children import JobFailed


def adapters(cause: str) -> Any:
    def run(_task: str, _job: Any, _progress: Any) -> None:
        raise JobFailed(cause, "for the test")

    return SimpleNamespace(desk=SimpleNamespace(run=run))


@pytest.mark.parametrize(
    ("cause", "code", "status"),
    [
        ("busy", "desk.busy", 503),
        ("timeout", "desk.too_heavy", 413),
        ("memory", "desk.too_heavy", 413),
        ("died", "desk.too_heavy", 413),
    ],
)
def test_what_goes_wrong_is_said_in_words(cause: str, code: str, status: int) -> None:
    with pytest.raises(Problem) as refused:
        desk.run(adapters(cause), work.CHECK, {})
    assert (refused.value.code, refused.value.status) == (code, status)


def test_a_defect_is_a_defect() -> None:
    with pytest.raises(JobFailed):
        desk.run(adapters("raised"), work.CHECK, {})
