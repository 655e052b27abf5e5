"""Looking at the area's files."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.rounds import access
from services.rounds.batches.tables import Batch, BatchSchool
from services.rounds.batches.views import Part, batch_view
from services.rounds.calendar.views import find_round
from services.rounds.submissions.tables import Submission
from shared.db.unit import Unit
from shared.problems import not_found
from shared.security.access import require, scoped

NEWEST = 20


def get_batch(unit: Unit, batch_id: str) -> dict[str, Any]:
    """An area's file: how far it is, what is wrong with it, and what became of each school in it.

    Raises:
        Problem: ``not_found``.
    """
    statement = scoped(select(Batch).filter_by(id=batch_id), Batch.org_path, unit.identity, access.AREA_READERS)
    batch = unit.session.execute(statement).scalar_one_or_none()
    if batch is None:
        raise not_found("ไม่พบไฟล์รวมนี้")
    return _with_schools(unit, batch)


def list_batches(unit: Unit, round_id: str) -> dict[str, Any]:
    """The newest of the area's files of a round, the last first.

    Raises:
        Problem: ``forbidden``, ``not_found``.
    """
    round_ = find_round(unit, round_id)
    require(unit.identity, access.AREA_READERS, round_.org_path)
    newest = select(Batch).filter_by(round_id=round_.id).order_by(Batch.created_at.desc(), Batch.id.desc())
    batches = unit.session.execute(newest.limit(NEWEST)).scalars()
    return {"items": [_with_schools(unit, batch) for batch in batches], "next_cursor": None}


def _with_schools(unit: Unit, batch: Batch) -> dict[str, Any]:
    parts = unit.session.execute(
        select(BatchSchool, Submission.id, Submission.version, Submission.state, Submission.counts)
        .outerjoin(Submission, Submission.id == BatchSchool.submission_id)
        .where(BatchSchool.batch_id == batch.id)
        .order_by(BatchSchool.first_row)
    )
    return batch_view(batch, [Part(*part) for part in parts])
