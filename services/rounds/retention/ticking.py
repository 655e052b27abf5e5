"""Erasing by the service's own clock. What is due is looked for without a lock, then taken in a transaction of its own
that looks again: processes may do it side by side.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Select, func, or_, select

from services.rounds.calendar.tables import Round
from services.rounds.gates.rules import SchoolState
from services.rounds.gates.tables import SchoolRound
from services.rounds.retention.commands import erase_versions, is_referred, remove_bytes
from services.rounds.retention.rules import REPLACED
from services.rounds.retention.tables import FileErasure
from services.rounds.submissions.tables import Submission

AT_ONCE = 50


def erase_by_the_clock(app: Any) -> bool:
    """Erase the versions of schools whose time is over, and remove files that were erased a while ago.

    True when there may be more.
    """
    now, days = app.clock.now(), app.settings.retention_days
    erased = 0
    for school_id in _ids(app, _schools(now - dt.timedelta(days=days))):
        with app.write() as unit:
            erased += erase_versions(unit, school_id, days)
    removed = 0
    for sha256 in _ids(app, select(FileErasure.sha256).where(FileErasure.due_at <= now).limit(AT_ONCE)):
        with app.write() as unit:
            removed += remove_bytes(unit, sha256)
    return bool(erased or removed)


def _ids(app: Any, statement: Select[Any]) -> list[str]:
    with app.read() as unit:
        return list(unit.session.execute(statement).scalars())


def _schools(ended_before: dt.datetime) -> Select[str]:
    """Schools that ended before then and have versions that were replaced and still hold something."""
    return (
        select(SchoolRound.id)
        .join(Round, Round.id == SchoolRound.round_id)
        .join(Submission, (Submission.round_id == SchoolRound.round_id) & (Submission.smis == SchoolRound.smis))
        .where(
            Submission.erased_at.is_(None),
            Submission.state.in_([phase.value for phase in REPLACED]),
            or_(SchoolRound.submission_id.is_(None), Submission.id != SchoolRound.submission_id),
            ~is_referred(),
            SchoolRound.state.in_((SchoolState.LOCKED.value, SchoolState.EXEMPT.value)),
            Round.closed_at <= ended_before,
            func.coalesce(SchoolRound.extended_until, Round.closed_at) <= ended_before,
        )
        .distinct()
        .limit(AT_ONCE)
    )
