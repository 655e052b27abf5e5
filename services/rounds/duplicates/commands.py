"""What the area does with a duplicate: settle it, carry it, take that back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from services.rounds import access
from services.rounds.calendar.tables import Round
from services.rounds.calendar.views import find_round
from services.rounds.duplicates import rules
from services.rounds.duplicates.book import (
    check_workable,
    lock_cases,
    record_step,
    recount_schools,
    sides_of,
    standing_of,
)
from services.rounds.duplicates.queries import find_case, get_duplicate
from services.rounds.duplicates.rules import CaseState, Side, Standing
from services.rounds.duplicates.tables import DuplicateCase, DuplicateEvidence
from services.rounds.gates.publishing import Author
from services.rounds.gates.rules import need_reason
from shared.bus.contracts import rounds as contracts
from shared.bus.contracts.registry import EventType
from shared.db.unit import Unit
from shared.problems import FieldError, invalid
from shared.security.access import require


def decide(
    unit: Unit,
    round_id: str,
    case_id: str,
    keep: str,
    reason: str | None = None,
    evidence: list[str] | None = None,
) -> dict[str, Any]:
    """Settle a case: the pupil counts at the school ``keep``, or there are two pupils and an id is wrong (``both``).

    ``evidence`` names the documents of the case on which the decision rests. The head count of the school that loses
    the pupil is told anew at once; its confirmation stays.

    Raises:
        Problem: ``not_found``, ``forbidden``; ``invalid`` (422) without a reason, or for a choice or a document that is
            none of the case; 409 ``duplicate.state``, ``duplicate.contradicts``, ``round.not_open``, ``round.closed``.
    """
    round_, case = _judged(unit, round_id, case_id)
    text = need_reason(reason)
    schools = case.first_smis, case.second_smis
    chosen = rules.check_keep(keep, schools, _lost_elsewhere(unit, case))
    after = rules.settled(standing_of(case), chosen)
    _cite(unit, case, evidence or [])
    return _moved(unit, round_, case, after, contracts.DUPLICATE_SETTLED, text)


def carry(unit: Unit, round_id: str, case_id: str, reason: str | None = None) -> dict[str, Any]:
    """Leave a case for later, saying why: รับทราบ no longer waits for it, and both head counts stay as they are.

    Raises:
        Problem: as :func:`decide`.
    """
    round_, case = _judged(unit, round_id, case_id)
    text = need_reason(reason)
    return _moved(unit, round_, case, rules.carried(standing_of(case)), contracts.DUPLICATE_CARRIED, text)


def reopen(unit: Unit, round_id: str, case_id: str, reason: str | None = None) -> dict[str, Any]:
    """Take a decision back, saying why: both schools count the pupil again until there is a new one.

    Raises:
        Problem: as :func:`decide`.
    """
    round_, case = _judged(unit, round_id, case_id)
    text = need_reason(reason)
    return _moved(unit, round_, case, rules.reopened(standing_of(case)), contracts.DUPLICATE_REOPENED, text)


def _judged(unit: Unit, round_id: str, case_id: str) -> tuple[Round, DuplicateCase]:
    case = find_case(unit, round_id, case_id)
    round_ = find_round(unit, round_id)
    require(unit.identity, access.JUDGES, round_.org_path)
    # a close waits for this decision, and a decision for the close: snapshots hold all of it or nothing
    unit.session.refresh(round_, with_for_update={"read": True})
    check_workable(unit, round_, case)
    lock_cases(unit, round_id)
    unit.session.refresh(case)
    return round_, case


def _moved(
    unit: Unit, round_: Round, case: DuplicateCase, after: Standing, event: EventType, reason: str
) -> dict[str, Any]:
    author = Author(unit.identity.person_id, unit.identity.name)
    record_step(unit, round_, case, after, event, author=author, reason=reason)
    recount_schools(unit, round_, (case.first_smis, case.second_smis))
    unit.session.flush()
    return get_duplicate(unit, round_.id, case.id)


def _lost_elsewhere(unit: Unit, case: DuplicateCase) -> frozenset[str]:
    """The schools of the case that lost this very pupil in another one."""
    return frozenset(side.smis for side in sides_of(case) if _loses_in_another(unit, case, side))


def _loses_in_another(unit: Unit, case: DuplicateCase, side: Side) -> bool:
    is_first = (DuplicateCase.first_smis == side.smis) & (DuplicateCase.first_key == side.key)
    is_second = (DuplicateCase.second_smis == side.smis) & (DuplicateCase.second_key == side.key)
    others = unit.session.execute(
        select(DuplicateCase)
        .filter_by(round_id=case.round_id, state=CaseState.SETTLED.value)
        .where(or_(is_first, is_second), DuplicateCase.id != case.id)
    ).scalars()
    return any(rules.loser(standing_of(other), *sides_of(other)) == side for other in others)


def _cite(unit: Unit, case: DuplicateCase, evidence: list[str]) -> None:
    documents = unit.session.execute(
        select(DuplicateEvidence).where(DuplicateEvidence.case_id == case.id, DuplicateEvidence.id.in_(evidence))
    ).scalars().all()
    if len(documents) < len(set(evidence)):
        raise invalid([FieldError("evidence", "unknown", "เอกสารบางฉบับไม่อยู่ในรายการนี้")])
    for document in documents:
        document.is_cited = True
