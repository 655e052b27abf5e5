"""How files and findings look to the outside."""

from __future__ import annotations

from typing import Any

from services.rounds.calendar.views import local
from services.rounds.submissions.tables import Finding, Submission
from shared.thai.national_id import mask_within


def submission_view(submission: Submission) -> dict[str, Any]:
    """One version of a school's file."""
    return {
        "id": submission.id,
        "round_id": submission.round_id,
        "smis": submission.smis,
        "version": submission.version,
        "state": submission.state,
        "filename": mask_within(submission.filename),
        "sha256": submission.sha256,
        "size": submission.size,
        "no_pupils": submission.no_pupils,
        "corrected_from": submission.corrected_from,
        "compared_with": submission.compared_with,
        "uploaded_by": submission.uploaded_by_name,
        "on_behalf": submission.on_behalf,
        "created_at": local(submission.created_at),
        "checked_at": local(submission.checked_at),
        "erased_at": local(submission.erased_at),
        "counts": submission.counts,
        "excluded": len(submission.excluded),
        "progress": submission.progress,
        "not_evaluated": submission.not_evaluated,
    }


def counted_tables(submission: Submission) -> dict[str, Any] | None:
    """The tables that count: those of the file without the pupils who count at another school."""
    return submission.adjusted if submission.excluded else submission.tables


def counted(submission: Submission) -> dict[str, Any]:
    """The counts that count; ``excluded`` says how many pupils of the file count at another school."""
    if not submission.excluded:
        return submission.counts
    excluded = len(submission.excluded)
    return {**submission.counts, "pupils": submission.counts["pupils"] - excluded, "excluded": excluded}


def finding_view(finding: Finding) -> dict[str, Any]:
    """One finding, its place named as Excel shows it."""
    return {
        "id": finding.id,
        "rule": finding.rule,
        "code": finding.code,
        "severity": finding.severity,
        "sheet": finding.sheet,
        "row": finding.row,
        "column": finding.column,
        "header": finding.header,
        "value_masked": finding.value_masked,
        "is_masked": finding.value is not None,
        "message": finding.message,
        "suggestion": finding.suggestion,
        "menu": finding.menu,
        "state": finding.state,
        "reason": finding.reason,
        "kind": finding.kind,
        "reason_by": finding.reason_by,
        "reason_at": local(finding.reason_at),
        "first_version": finding.first_version,
        "since": finding.since,
    }
