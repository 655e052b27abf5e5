"""How the area's file looks to the outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.rounds.batches.rules import DONE, BatchPhase, shown_state
from services.rounds.batches.tables import Batch, BatchSchool
from services.rounds.calendar.views import local
from services.rounds.submissions.rules import SubmissionPhase
from shared.thai.national_id import mask_within


@dataclass(frozen=True)
class Part:
    """A school in the file, and its version: id, number, state and counts; None when it was passed over."""

    school: BatchSchool
    submission_id: str | None
    version: int | None
    state: str | None
    counts: dict[str, Any] | None


def batch_view(batch: Batch, parts: Sequence[Part]) -> dict[str, Any]:
    """An area's file with its schools, each with the state of its version."""
    received = [part for part in parts if part.submission_id is not None]
    waiting = sum(part.state == SubmissionPhase.RECORDING for part in received)
    phase = BatchPhase(batch.state)
    state = shown_state(phase, waiting)
    checked = {"stage": "done" if state == DONE else "check", "done": len(received) - waiting, "total": len(received)}
    return {
        "id": batch.id,
        "round_id": batch.round_id,
        "state": state,
        "filename": mask_within(batch.filename),
        "size": batch.size,
        "include_confirmed": batch.include_confirmed,
        "uploaded_by": batch.uploaded_by_name,
        "created_at": local(batch.created_at),
        "progress": checked if phase is BatchPhase.SPLIT else batch.progress,
        "counts": {
            "rows": batch.rows,
            "schools": len(parts),
            "received": len(received),
            "skipped": len(parts) - len(received),
            "unmatched": batch.rows - sum(part.school.rows for part in parts),
        },
        "findings": batch.findings,
        "schools": [_school_view(part) for part in parts],
    }


def _school_view(part: Part) -> dict[str, Any]:
    return {
        "smis": part.school.smis,
        "name": part.school.name,
        "rows": part.school.rows,
        "first_row": part.school.first_row,
        "skipped": part.school.skipped,
        "submission_id": part.submission_id,
        "version": part.version,
        "state": part.state,
        "counts": part.counts,
    }
