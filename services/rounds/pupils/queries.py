"""Looking pupils up: the schools' rolls of the rounds before."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import or_, select

from services.rounds.calendar.rules import RoundPhase
from services.rounds.calendar.tables import Round
from services.rounds.gates.rules import SIGNED, SchoolState, stands
from services.rounds.gates.tables import SchoolRound
from services.rounds.submissions.tables import Submission
from shared.db.unit import Unit


def rolls_of(unit: Unit, round_: Round | None, codes: Collection[str]) -> dict[str, dict[str, Any]]:
    """The versions of schools that count in a round, by school: {year_be, round_no, as_of_date, roll_sha256}.

    A school that did not confirm in it is left out; ``roll_sha256`` is None for one that had no pupils.
    """
    if round_ is None:
        return {}
    described = {
        "year_be": round_.year_be, "round_no": round_.round_no, "as_of_date": round_.as_of_date.isoformat(),
    }  # fmt: skip
    found = unit.session.execute(
        select(SchoolRound.smis, SchoolRound.state, SchoolRound.locked_from, Submission.roll_sha256)
        .outerjoin(Submission, Submission.id == SchoolRound.submission_id)
        .where(SchoolRound.round_id == round_.id, SchoolRound.smis.in_(codes))
    )
    return {
        smis: {**described, "roll_sha256": roll}
        for smis, state, locked_from, roll in found
        if stands(SchoolState(state), locked_from) in SIGNED
    }


def round_before(unit: Unit, round_: Round) -> Round | None:
    """The last announced round of the same area and register before this one."""
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
