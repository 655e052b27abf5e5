"""Showing one pupil whole. Each time is counted and written down."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.rounds import access
from services.rounds.pupils.rolls import roll_columns
from services.rounds.pupils.rules import check_shown, hour_of
from services.rounds.pupils.tables import RevealCount
from services.rounds.rules.dmc.layout import COLUMNS
from services.rounds.submissions.queries import find_submission
from shared.audit.disclosure import checked_reason
from shared.db.rows import insert_once
from shared.db.unit import Unit
from shared.problems import not_found
from shared.security.access import require
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
        submission = find_submission(unit, submission_id)
        require(unit.identity, access.REVEALS, submission.org_path)
        is_own = any(
            grant.role in access.OWN_SCHOOL and grant.scope == submission.org_path for grant in unit.identity.grants
        )
        text = checked_reason(reason, needed=not is_own)
        _count(unit)
        if submission.roll_sha256 is None:
            raise _no_such_row()
        cells = roll_columns(unit.adapters, submission.roll_sha256, *(column.field for column in COLUMNS)).get(row)
        if cells is None:
            raise _no_such_row()
        where = {"row": row, "version": submission.version}
        unit.audit("reveal.pupil", f"school/{submission.smis}", submission.org_path, where, text)
        return {
            "submission_id": submission.id,
            "smis": submission.smis,
            "round_id": submission.round_id,
            "version": submission.version,
            "row": row,
            "cells": [
                {"field": column.field, "header": column.header, "value": value}
                for column, value in zip(COLUMNS, cells, strict=True)
                if value
            ],
        }


def _count(unit: Unit) -> None:
    person, hour = unit.identity.person_id, hour_of(unit.now())
    insert_once(unit.session, RevealCount, person_id=person, hour=hour, count=0)
    known = unit.session.execute(select(RevealCount).filter_by(person_id=person).with_for_update()).scalar_one()
    if known.hour != hour:
        known.hour, known.count = hour, 0
    check_shown(known.count, unit.now())
    known.count += 1


def _no_such_row() -> Any:
    return not_found("ไม่มีนักเรียนในแถวนี้ของฉบับนี้")
