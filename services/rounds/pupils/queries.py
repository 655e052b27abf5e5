"""Looking pupils up: the school's rolls of the rounds before."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from services.rounds.calendar.rules import RoundPhase
from services.rounds.calendar.tables import Round
from services.rounds.gates.rules import SIGNED, SchoolState, stands
from services.rounds.gates.tables import SchoolRound
from services.rounds.submissions.tables import Submission
from shared.db.unit import Unit


def previous_of(unit: Unit, round_: Round, smis: str) -> dict[str, Any] | None:
    """The version of the school that counts in the round before: {year_be, round_no, as_of_date, roll_sha256}.

    None when there was no such round, or the school did not confirm in it. ``roll_sha256`` is None for a school that
    had no pupils.
    """
    before = _round_before(unit, round_)
    if before is None:
        return None
    school = unit.session.execute(
        select(SchoolRound).filter_by(round_id=before.id, smis=smis)
    ).scalar_one_or_none()
    if school is None or stands(SchoolState(school.state), school.locked_from) not in SIGNED:
        return None
    roll = unit.session.execute(select(Submission.roll_sha256).filter_by(id=school.submission_id)).scalar_one_or_none()
    return {
        "year_be": before.year_be,
        "round_no": before.round_no,
        "as_of_date": before.as_of_date.isoformat(),
        "roll_sha256": roll,
    }


def earlier_of(unit: Unit, round_: Round, smis: str) -> dict[str, Any] | None:
    """The same for the round before the round before."""
    before = _round_before(unit, round_)
    return previous_of(unit, before, smis) if before else None


def _round_before(unit: Unit, round_: Round) -> Round | None:
    earlier = or_(
        Round.year_be < round_.year_be, (Round.year_be == round_.year_be) & (Round.round_no < round_.round_no)
    )
    return unit.session.execute(
        select(Round)
        .filter_by(org_path=round_.org_path, system=round_.system)
        .where(earlier, Round.state != RoundPhase.DRAFT.value)
        .order_by(Round.year_be.desc(), Round.round_no.desc())
        .limit(1)
    ).scalar_one_or_none()
