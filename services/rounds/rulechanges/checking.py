"""Checking what stands under a newer rule set: claimed with a lease and read in a child, like a file that has come."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, or_, select, update

from services.rounds.calendar.tables import Round
from services.rounds.gates.commands import find_school_round
from services.rounds.gates.publishing import publish, record
from services.rounds.gates.rules import SIGNED, WORKING, SchoolState
from services.rounds.gates.tables import SchoolRound
from services.rounds.rulechanges.rules import ChangePhase, CheckPhase, newly_failing
from services.rounds.rulechanges.tables import RuleChange, RuleCheck
from services.rounds.submissions.checking import (
    ATTEMPTS,
    LEASE,
    Progress,
    finding_rows,
    job_for,
    reasons_of,
)
from services.rounds.submissions.commands import open_severities, publish_submission
from services.rounds.submissions.reading import TASK, Claimed, paths_for
from services.rounds.submissions.rules import SubmissionPhase, carry_reasons, phase_after_check
from services.rounds.submissions.tables import Finding, Submission
from shared.bus.contracts import rounds as contracts
from shared.bus.envelope import new_id
from shared.db.unit import Unit
from shared.runtime.children import JobFailed, attempt
from shared.thai.dates import BANGKOK

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class InHand:
    """A check in hand: whose it is, and the version as a child reads it."""

    round_id: str
    smis: str
    claimed: Claimed


class Lease(Progress):
    """Renews the lease on a check; nobody watches its progress."""

    def __init__(self, app: Any, in_hand: InHand) -> None:
        super().__init__(app, in_hand.claimed)
        self._in_hand = in_hand

    def _write(self) -> None:
        with self._app.database.write() as session:
            session.execute(
                update(RuleCheck)
                .filter_by(round_id=self._in_hand.round_id, smis=self._in_hand.smis, lease=self._in_hand.claimed.lease)
                .values(lease_until=self._app.clock.now() + LEASE)
            )


def recheck_next(app: Any) -> bool:
    """Check one waiting version under the new set. True when there was one."""
    in_hand = _claim(app)
    if in_hand is None:
        return False
    attempt(
        lambda: _check(app, in_hand),
        lambda failure: _failed(app, in_hand, failure),
        f"checking {in_hand.claimed.submission_id} under new rules",
    )
    return True


def _check(app: Any, in_hand: InHand) -> None:
    lease = Lease(app, in_hand)
    with lease.renewing(), paths_for(app.adapters.files, in_hand.claimed) as paths:
        result = app.adapters.children.run(TASK, {**in_hand.claimed.job, **paths}, lambda *_: None)
    with app.write() as unit:
        _store(unit, in_hand, result)


def _claim(app: Any) -> InHand | None:
    now = app.clock.now()
    free = or_(RuleCheck.lease_until.is_(None), RuleCheck.lease_until < now)
    waiting = (
        select(RuleCheck)
        .where(RuleCheck.state == CheckPhase.WAITING.value, free)
        .order_by(RuleCheck.round_id, RuleCheck.smis)
        .limit(1)
    )
    with app.read() as unit:
        if unit.session.execute(waiting).first() is None:
            return None
    with app.write() as unit:
        check = unit.session.execute(waiting.with_for_update(skip_locked=True)).scalar_one_or_none()
        if check is None:
            return None
        check.lease, check.lease_until = new_id(), now + LEASE
        check.attempts += 1
        submission = unit.session.get_one(Submission, check.submission_id)
        change = unit.session.get_one(RuleChange, check.round_id)
        # the day it came, so that nothing but the rules differs
        today = submission.created_at.astimezone(BANGKOK).date().isoformat()
        job = {**job_for(unit, submission), "rule_set": change.rule_set, "today": today}
        claimed = Claimed(submission.id, check.lease, check.attempts, submission.sha256, job)
        return InHand(check.round_id, check.smis, claimed)


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
        unit.session.execute(insert(Finding.__table__), finding_rows(submission, findings))
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
