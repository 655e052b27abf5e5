"""The job of a child process that judges rows against what the register knows of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.schools.imports.judged import Row, rows_of
from services.schools.imports.kinds import KINDS
from services.schools.imports.kinds.model import Kind, Known
from services.schools.imports.rules import Verdict

Progress = Callable[[str, int, int], None]


def judge(job: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """What is to be said of each of the ``rows`` (as :mod:`reading` gave them) by ``known``, in their order."""
    kind = KINDS[job["kind"]]
    rows = rows_of(job["rows"], job["sheets"], kind.columns)
    progress("judge", 0, len(rows))
    judgements = judge_rows(kind, rows, job["known"])
    progress("judge", len(rows), len(rows))
    return {"judgements": judgements}


def judge_rows(kind: Kind, rows: Sequence[Row], known: Known) -> list[dict[str, Any]]:
    """One judgement a row, in their order; rows that are no data are none of the kind's concern."""
    told = iter(kind.judge([row for row in rows if row.skipped is None], known))
    return [next(told) if row.skipped is None else row.judgement(Verdict.SKIPPED) for row in rows]
