"""Showing one pupil whole. Each time is counted and written down."""

from __future__ import annotations

from typing import Any

from services.rounds.pupils.limits import count_pupil
from services.rounds.pupils.rolls import roll_columns
from services.rounds.pupils.views import filled
from services.rounds.rules.dmc.layout import COLUMNS
from services.rounds.submissions.disclosures import allowed, audit_shown
from shared.problems import not_found
from shared.security.identity import Identity


def reveal_pupil(
    app: Any, caller: Identity | None, submission_id: str, row: int, reason: str | None = None
) -> dict[str, Any]:
    """A pupil of a version as its file has them, column by column. Outside the school it takes a reason.

    Raises:
        Problem: ``not_found``, ``forbidden``; ``invalid`` (422) without a reason where one is needed; ``reveal.limit``
            (429) past the number of pupils that one person may have shown within an hour.
    """
    with app.write(caller) as unit:
        submission, text = allowed(unit, submission_id, reason)
        count_pupil(unit)
        if submission.roll_sha256 is None:
            raise _no_such_row()
        cells = roll_columns(unit.adapters, submission.roll_sha256, *(column.field for column in COLUMNS)).get(row)
        if cells is None:
            raise _no_such_row()
        audit_shown(unit, "reveal.pupil", submission, {"row": row}, text)
        return {
            "submission_id": submission.id,
            "smis": submission.smis,
            "round_id": submission.round_id,
            "version": submission.version,
            "row": row,
            "cells": filled(cells),
        }


def _no_such_row() -> Any:
    return not_found("ไม่มีนักเรียนในแถวนี้ของฉบับนี้")
