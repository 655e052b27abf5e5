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
from shared.security.access import require


def get_rule_change(unit: Unit, round_id: str) -> dict[str, Any]:
    """The newest trial or change of a round: how far it is, and who fails under it; ``NONE`` where there was none.

    Raises:
        Problem: ``not_found``, ``forbidden``.
    """
    round_ = find_round(unit, round_id)
    require(unit.identity, access.AREA_READERS, round_.org_path)
    change = unit.session.get(RuleChange, round_id)
    if change is None:
        return {
            "round_id": round_.id, "rule_set": round_.rule_set, "state": "NONE", "started_at": None,
            "applied_at": None, "total": 0, "done": 0, "failed": 0, "schools": [],
        }  # fmt: skip
    return change_view(unit, change)


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
