"""Looking at a change of the rules: which schools would fail."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.rounds import access
from services.rounds.calendar.views import find_round, local
from services.rounds.gates.tables import SchoolRound
from services.rounds.rulechanges.rules import CheckPhase
from services.rounds.rulechanges.tables import RuleChange, RuleCheck
from shared.db.unit import Unit
from shared.problems import not_found
from shared.security.access import require


def find_change(unit: Unit, round_id: str) -> RuleChange:
    """The newest change of a round.

    Raises:
        Problem: ``not_found`` when its rules were never changed.
    """
    change = unit.session.get(RuleChange, round_id)
    if change is None:
        raise not_found("รอบนี้ยังไม่มีการทดลองชุดกฎใหม่")
    return change


def get_rule_change(unit: Unit, round_id: str) -> dict[str, Any]:
    """The newest trial or change of a round: how far it is, and the schools that fail under it.

    Raises:
        Problem: ``not_found``, ``forbidden``.
    """
    round_ = find_round(unit, round_id)
    require(unit.identity, access.AREA_READERS, round_.org_path)
    return change_view(unit, find_change(unit, round_id))


def change_view(unit: Unit, change: RuleChange) -> dict[str, Any]:
    """A change as the API shows it: ``schools`` have something new in their way, ``kept`` are those that had signed."""
    checks = unit.session.execute(
        select(RuleCheck, SchoolRound.name, SchoolRound.state)
        .join(SchoolRound, (SchoolRound.round_id == RuleCheck.round_id) & (SchoolRound.smis == RuleCheck.smis))
        .where(RuleCheck.round_id == change.round_id)
        .order_by(RuleCheck.smis)
    ).all()
    return {
        "round_id": change.round_id,
        "rule_set": change.rule_set,
        "state": change.state,
        "started_at": local(change.started_at),
        "applied_at": local(change.applied_at),
        "total": len(checks),
        "done": sum(check.state == CheckPhase.DONE for check, _, _ in checks),
        "failed": sum(check.state == CheckPhase.FAILED for check, _, _ in checks),
        "schools": [
            {
                "smis": check.smis,
                "name": name,
                "state": state,
                "submission_id": check.submission_id,
                "kept": check.kept,
                "fails": check.fails,
            }
            for check, name, state in checks
            if check.fails
        ],
    }
