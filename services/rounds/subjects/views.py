"""How what is held about one pupil looks to the outside. Here nothing of the pupil is masked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from services.rounds.calendar.tables import Round
from services.rounds.calendar.views import local
from services.rounds.pupils.views import filled
from services.rounds.subjects.queries import Place
from services.rounds.submissions.tables import Finding, Submission
from services.rounds.submissions.views import finding_view


def place_view(
    place: Place, cells: Sequence[str], findings: Iterable[Finding], older: list[int], disclosures: Iterable[Any]
) -> dict[str, Any]:
    """A row of a file with all that is known of it."""
    submission = place.submission
    return {
        **version_view(submission, place.round),
        "school": place.school.name,
        "row": place.row,
        "sent_at": local(submission.created_at),
        "sent_by": submission.uploaded_by_name,
        "older_versions": older,
        "cells": filled(cells),
        "findings": [whole_finding(finding) for finding in findings],
        "disclosures": [
            {"at": local(row.at), "actor": row.actor, "action": row.action, "reason": row.reason}
            for row in disclosures
        ],
    }


def version_view(submission: Submission, round_: Round) -> dict[str, Any]:
    """Which version of which school in which round."""
    return {
        "round_id": round_.id,
        "round_title": round_.title,
        "as_of_date": round_.as_of_date.isoformat(),
        "smis": submission.smis,
        "submission_id": submission.id,
        "version": submission.version,
    }


def whole_finding(finding: Finding) -> dict[str, Any]:
    """A finding with its value in full."""
    return {**finding_view(finding), "value": finding.value or finding.value_masked}
