"""How the area's file looks to the outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.rounds.batches.rules import DONE, BatchPhase, shown_state
from services.rounds.batches.tables import Batch, BatchSchool
from services.rounds.calendar.views import local
from services.rounds.submissions.rules import SubmissionPhase
from services.rounds.submissions.tables import Submission
from shared.thai.national_id import mask_within

Part = tuple[BatchSchool, Submission | None]


def batch_view(batch: Batch, parts: Sequence[Part]) -> dict[str, Any]:
    """An area's file with its schools, each with the state of its version."""
    received = [submission for _, submission in parts if submission is not None]
    waiting = sum(submission.state == SubmissionPhase.RECORDING for submission in received)
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
            "unmatched": batch.rows - sum(school.rows for school, _ in parts),
        },
        "findings": batch.findings,
        "schools": [_school_view(school, submission) for school, submission in parts],
    }


def _school_view(school: BatchSchool, submission: Submission | None) -> dict[str, Any]:
    return {
        "smis": school.smis,
        "name": school.name,
        "rows": school.rows,
        "first_row": school.first_row,
        "skipped": school.skipped,
        "submission_id": submission.id if submission else None,
        "version": submission.version if submission else None,
        "state": submission.state if submission else None,
        "counts": submission.counts if submission else None,
    }
