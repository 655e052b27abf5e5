"""Checking what stands under a newer rule set: claimed with a lease and read in a child, like a file that has come."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy import delete, insert, select, update

from services.rounds.calendar.tables import Round
from services.rounds.gates.commands import find_school_round
from services.rounds.gates.publishing import publish, record
from services.rounds.gates.rules import SIGNED, WORKING, SchoolState
from services.rounds.gates.tables import SchoolRound
from services.rounds.rulechanges.rules import ChangePhase, CheckPhase, newly_failing
from services.rounds.rulechanges.tables import RuleChange, RuleCheck
from services.rounds.submissions.commands import open_severities, publish_submission
from services.rounds.submissions.jobs import Claimed, claimed_of, paths_for
from services.rounds.submissions.rules import SubmissionPhase, carry_reasons, phase_after_check
from services.rounds.submissions.storing import finding_rows, reasons_of
from services.rounds.submissions.tables import Finding, Submission
from shared.bus.contracts import rounds as contracts
from shared.db.types import table_of
from shared.db.unit import Unit
from shared.runtime.children import JobFailed, attempt
from shared.runtime.leases import ATTEMPTS, Holding, claim
from shared.thai.dates import BANGKOK

log = logging.getLogger(__name__)

TASK = "services.rounds.rules.check:check"


@dataclass(frozen=True)
class InHand:
    """A check in hand: whose it is, and the version as a child reads it."""

    round_id: str
    smis: str
    claimed: Claimed


def recheck_next(app: Any) -> bool:
    """Check one waiting version under the new set. True when there was one."""
    in_hand = claim_next(app)
    if in_hand is None:
        return False
    attempt(
        lambda: _check(app, in_hand),
        partial(_failed, app, in_hand),
        f"checking {in_hand.claimed.submission_id} under new rules",
    )
    return True


def claim_next(app: Any) -> InHand | None:
    """The check whose turn it is, now in hand; None when none waits."""
    waiting = select(RuleCheck).where(RuleCheck.state == CheckPhase.WAITING.value)
    return next(iter(claim(app, waiting.order_by(RuleCheck.round_id, RuleCheck.smis), _all_in_hand)), None)


def _all_in_hand(unit: Unit, checks: Sequence[RuleCheck]) -> list[InHand]:
    return [_in_hand(unit, check) for check in checks]


def _in_hand(unit: Unit, check: RuleCheck) -> InHand:
    submission = unit.session.get_one(Submission, check.submission_id)
    (claimed,) = claimed_of(unit, [submission])
    change = unit.session.get_one(RuleChange, check.round_id)
    # the day it came, so that nothing but the rules differs
    today = submission.created_at.astimezone(BANGKOK).date().isoformat()
    job = {**claimed.job, "rule_set": change.rule_set, "today": today}
    held = replace(claimed, lease=check.lease or "", attempts=check.attempts, job=job)
    return InHand(check.round_id, check.smis, held)


def _check(app: Any, in_hand: InHand) -> None:
    held = update(RuleCheck).filter_by(round_id=in_hand.round_id, smis=in_hand.smis, lease=in_hand.claimed.lease)
    holding = Holding(app, held)
    with holding.renewing(), paths_for(app, in_hand.claimed) as paths:
        result = app.adapters.children.run(TASK, {**in_hand.claimed.job, **paths}, holding)
    with app.write() as unit:
        _store(unit, in_hand, result)


def _store(unit: Unit, in_hand: InHand, result: dict[str, Any]) -> None:
    """Keep what is new in the school's way; once the set is applied, these become an unsigned school's findings."""
    school = find_school_round(unit, in_hand.round_id, in_hand.smis, lock=True)
    check = _still_ours(unit, in_hand)
    if check is None:
        return
    check.state, check.lease, check.lease_until = CheckPhase.DONE.value, None, None
    change = unit.session.get_one(RuleChange, check.round_id)
    if school.submission_id == check.submission_id:
        submission = unit.session.get_one(Submission, check.submission_id)
        before = [
            {"rule": rule, "severity": severity, "state": state}
            for rule, severity, state in unit.session.execute(
                select(Finding.rule, Finding.severity, Finding.state).filter_by(submission_id=submission.id)
            )
        ]
        fresh = [{"state": "open", "first_version": submission.version, **one} for one in result["findings"]]
        findings = carry_reasons(fresh, reasons_of(unit, school))
        check.fails = newly_failing(before, findings)
        if change.state == ChangePhase.APPLYING:
            _apply(unit, check, school, submission, findings, result)
    _finish(unit, change)


def _apply(
    unit: Unit,
    check: RuleCheck,
    school: SchoolRound,
    submission: Submission,
    findings: list[dict[str, Any]],
    result: dict[str, Any],
) -> None:
    if SchoolState(school.state) in SIGNED:
        # what people have signed is for people to take back
        check.kept = True
        return
    unit.session.execute(delete(Finding).filter_by(submission_id=submission.id))
    if findings:
        unit.session.execute(insert(table_of(Finding)), finding_rows(submission, findings))
    submission.counts, submission.not_evaluated = result["counts"], result["not_evaluated"]
    phase = phase_after_check(open_severities(unit, submission))
    submission.state = (phase if result["accepted"] else SubmissionPhase.HAS_ERRORS).value
    origin = SchoolState(school.state)
    if origin in WORKING:
        school.state = submission.state
    record(unit, school, "rules_changed", origin, detail={"counts": submission.counts})
    publish_submission(unit, submission, contracts.SUBMISSION_CHECKED)
    publish(unit, unit.session.get_one(Round, school.round_id), school, contracts.SCHOOL_CHECKED)


def _finish(unit: Unit, change: RuleChange) -> None:
    unit.session.flush()
    waiting = select(RuleCheck.smis).filter_by(round_id=change.round_id, state=CheckPhase.WAITING.value).limit(1)
    if change.state == ChangePhase.APPLYING and unit.session.execute(waiting).first() is None:
        change.state = ChangePhase.APPLIED.value


def _failed(app: Any, in_hand: InHand, failure: JobFailed) -> None:
    """Tried again by itself, then shown as failed: a trial with a hole in it is not applied."""
    log.error("check under new rules of %s failed: %s", in_hand.claimed.submission_id, failure)
    with app.write() as unit:
        check = _still_ours(unit, in_hand)
        if check is None:
            return
        check.lease = check.lease_until = None
        if in_hand.claimed.attempts >= ATTEMPTS:
            check.state = CheckPhase.FAILED.value
            _finish(unit, unit.session.get_one(RuleChange, check.round_id))


def _still_ours(unit: Unit, in_hand: InHand) -> RuleCheck | None:
    """The check if our lease on it still holds; a newer trial may have replaced it."""
    statement = select(RuleCheck).filter_by(round_id=in_hand.round_id, smis=in_hand.smis, lease=in_hand.claimed.lease)
    found: RuleCheck | None = unit.session.execute(statement.with_for_update()).scalar_one_or_none()
    return found
