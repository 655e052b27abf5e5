"""Trying a newer rule set on an open round, and applying it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select

from services.rounds import access
from services.rounds.calendar.moving import publish_round
from services.rounds.calendar.rules import RoundPhase
from services.rounds.calendar.tables import Round
from services.rounds.calendar.views import find_round
from services.rounds.gates.rules import SchoolState
from services.rounds.gates.tables import SchoolRound
from services.rounds.rulechanges.queries import change_view
from services.rounds.rulechanges.rules import ChangePhase, CheckPhase, check_applicable, check_phase, check_set
from services.rounds.rulechanges.tables import RuleChange, RuleCheck
from services.rounds.rules.registry import load_rule_set
from shared.bus.contracts import rounds as contracts
from shared.db.unit import Unit
from shared.problems import conflict
from shared.security.access import require

OUT = (SchoolState.EXEMPT.value, SchoolState.LOCKED.value)


def try_rule_set(unit: Unit, round_id: str, rule_set: str) -> dict[str, Any]:
    """Check every version that stands under a newer set, without changing anything; a new trial replaces the last.

    Raises:
        Problem: ``forbidden``, ``not_found``; ``invalid`` (422) for a set that is not there or not newer;
            ``round.state`` (409) unless the round takes data; ``rule_change.running`` while another is being applied.
    """
    round_ = _changeable(unit, round_id)
    current = load_rule_set(round_.rule_set)
    try:
        found = load_rule_set(rule_set)
    except LookupError:
        found = None
    asked = (found.id, found.version, found.register) if found else None
    check_set(round_.system, (current.id, current.version), asked)
    change = unit.session.get(RuleChange, round_.id)
    if change is not None and change.state == ChangePhase.APPLYING:
        raise conflict("rule_change.running", "กำลังใช้ชุดกฎใหม่กับทุกโรงเรียนอยู่ กรุณารอให้เสร็จก่อน")
    unit.session.execute(delete(RuleCheck).filter_by(round_id=round_.id))
    unit.session.merge(
        RuleChange(round_id=round_.id, rule_set=rule_set, state=ChangePhase.TRIAL.value, started_at=unit.now(),
                   applied_at=None)
    )  # fmt: skip
    unit.session.flush()
    _wait(unit, round_)
    unit.audit("round.try_rule_set", f"round/{round_.id}", round_.org_path, {"rule_set": rule_set})
    return change_view(unit, unit.session.get_one(RuleChange, round_.id))


def apply_rule_set(unit: Unit, round_id: str) -> dict[str, Any]:
    """Let the tried set be the round's: new files are checked by it at once, those that stand one after the other.

    A school that has confirmed keeps its state and its findings; whether it would fail is told to the officer, who
    sends it back by hand or does not.

    Raises:
        Problem: ``forbidden``, ``not_found``; ``round.state``, ``rule_change.none`` without a trial,
            ``rule_change.running``, ``rule_change.failed``, ``rule_change.applied`` (409).
    """
    round_ = _changeable(unit, round_id)
    change = unit.session.get(RuleChange, round_.id)
    if change is None:
        raise conflict("rule_change.none", "กรุณาทดลองชุดกฎใหม่กับทุกโรงเรียนก่อน แล้วจึงใช้ชุดกฎนั้น")
    if change.state != ChangePhase.TRIAL:
        raise conflict("rule_change.applied", "ใช้ชุดกฎนี้กับรอบนี้แล้ว")
    statement = select(RuleCheck.state, func.count()).filter_by(round_id=round_.id).group_by(RuleCheck.state)
    counts = {str(state): int(count) for state, count in unit.session.execute(statement).all()}
    check_applicable(counts.get(CheckPhase.WAITING, 0), counts.get(CheckPhase.FAILED, 0))
    before, round_.rule_set = round_.rule_set, change.rule_set
    change.state, change.applied_at = ChangePhase.APPLYING.value, unit.now()
    unit.session.execute(delete(RuleCheck).filter_by(round_id=round_.id))
    _wait(unit, round_)
    change_made = {"from": before, "to": round_.rule_set}
    unit.audit("round.apply_rule_set", f"round/{round_.id}", round_.org_path, change_made)
    publish_round(unit, round_, contracts.ROUND_RULES_CHANGED)
    return change_view(unit, change)


def _changeable(unit: Unit, round_id: str) -> Round:
    round_ = find_round(unit, round_id, lock=True)
    require(unit.identity, access.RUNS_ROUNDS, round_.org_path)
    check_phase(RoundPhase(round_.state))
    return round_


def _wait(unit: Unit, round_: Round) -> None:
    """Put every version that stands in the queue."""
    standing = select(SchoolRound.smis, SchoolRound.submission_id).where(
        SchoolRound.round_id == round_.id, SchoolRound.submission_id.is_not(None), SchoolRound.state.not_in(OUT)
    )
    for smis, submission_id in unit.session.execute(standing).all():
        unit.session.add(
            RuleCheck(round_id=round_.id, smis=smis, submission_id=submission_id, state=CheckPhase.WAITING.value,
                      fails=[])
        )  # fmt: skip
    unit.session.flush()
