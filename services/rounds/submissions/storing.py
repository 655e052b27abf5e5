"""Storing what the check of a file found: the version comes to stand, or is refused, in one transaction."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select, tuple_, update

from services.rounds.calendar.tables import Round
from services.rounds.duplicates.book import lock_cases
from services.rounds.duplicates.finding import settle_in
from services.rounds.gates.commands import clear_signatures
from services.rounds.gates.publishing import Author, move, publish
from services.rounds.gates.rules import UPLOADABLE, Event, SchoolState
from services.rounds.gates.tables import SchoolRound
from services.rounds.pupils.commands import drop_from_index, index_pupils
from services.rounds.retention.commands import keep_stored
from services.rounds.submissions.commands import publish_submission
from services.rounds.submissions.jobs import Claimed
from services.rounds.submissions.rules import (
    Reason,
    SubmissionPhase,
    carry_reasons,
    compare,
    phase_after_check,
    reason_key,
)
from services.rounds.submissions.tables import Finding, Submission
from shared.bus.contracts import rounds as contracts
from shared.bus.envelope import new_id
from shared.db.types import table_of
from shared.db.unit import Unit

COMPARED = ("rule", "severity", "state", "row", "header", "row_key", "value_hash")
STATEMENT_IDS = 500
FINDINGS_AT_ONCE = 500


def store_results(unit: Unit, checked: Sequence[tuple[Claimed, dict[str, Any]]]) -> None:
    """Store what the child found in each version; whoever comes second with one finds it done and leaves it."""
    submissions, schools = _locked(unit, [claimed.submission_id for claimed, _ in checked])
    # an older version with the same pupils may just be erased
    keep_stored(unit, [result["roll_sha256"] for _, result in checked if result.get("roll_sha256")])
    # everything is flushed at the end, in as few statements as it has kinds of rows
    with unit.session.no_autoflush:
        for claimed, result in checked:
            submission = submissions[claimed.submission_id]
            if submission.state == SubmissionPhase.RECORDING:
                _store(unit, submission, schools[submission.round_id, submission.smis], result)
            # the others are answered in between
            time.sleep(0)


def _locked(
    unit: Unit, ids: Sequence[str]
) -> tuple[dict[str, Submission], dict[tuple[str, str], SchoolRound]]:
    """The versions, and their schools in an order that all keep to, so that nobody waits for each other."""
    versions = select(Submission).where(Submission.id.in_(ids)).order_by(Submission.id).with_for_update()
    submissions = {submission.id: submission for submission in unit.session.execute(versions).scalars()}
    places = {(submission.round_id, submission.smis) for submission in submissions.values()}
    chosen = tuple_(SchoolRound.round_id, SchoolRound.smis).in_(sorted(places))
    standing = select(SchoolRound).where(chosen).order_by(SchoolRound.round_id, SchoolRound.smis).with_for_update()
    schools = {(school.round_id, school.smis): school for school in unit.session.execute(standing).scalars()}
    for round_id in sorted({round_id for round_id, _ in places}):
        lock_cases(unit, round_id)
    return submissions, schools


def _store(unit: Unit, submission: Submission, school: SchoolRound, result: dict[str, Any]) -> None:
    if result["rule_set"] != unit.session.get_one(Round, submission.round_id).rule_set:
        # the rules of the round were changed while it was being read: once more, by the new ones
        submission.lease = submission.lease_until = None
        return
    findings = _with_first_version(result["findings"], submission.version)
    submission.counts, submission.not_evaluated = result["counts"], result["not_evaluated"]
    submission.checked_at, submission.lease, submission.lease_until = unit.now(), None, None
    submission.progress = {"stage": "done", "done": submission.counts["rows"], "total": submission.counts["rows"]}
    if not result["accepted"]:
        submission.state = SubmissionPhase.REJECTED.value
        _add_findings(unit, submission, findings)
        publish_submission(unit, submission, contracts.SUBMISSION_REJECTED)
        return
    submission.tables, submission.roll_sha256 = result["tables"], result.get("roll_sha256")
    if school.submission_id is not None and not _is_stale(school, submission):
        findings = _compared(unit, school, submission, findings)
    findings = carry_reasons(findings, reasons_of(unit, school))
    _add_findings(unit, submission, findings)
    if _is_stale(school, submission):
        # a newer one stands, or the school has moved on
        submission.state = SubmissionPhase.SUPERSEDED.value
        publish_submission(unit, submission, contracts.SUBMISSION_SUPERSEDED)
        return
    severities = {finding["severity"] for finding in findings if finding["state"] == "open"}
    submission.state = phase_after_check(severities).value
    _let_it_stand(unit, school, submission, result["entries"])


def _let_it_stand(unit: Unit, school: SchoolRound, submission: Submission, entries: list[Any]) -> None:
    _supersede(unit, school)
    index_pupils(unit, submission, entries)
    school.submission_id, school.version = submission.id, submission.version
    clear_signatures(school)
    school.reason = school.due = None
    uploader = Author(submission.uploaded_by, submission.uploaded_by_name)
    move(unit, school, Event.UPLOAD, sha256=submission.sha256, author=uploader)
    move(
        unit, school, Event.VALIDATE, outcome=SchoolState(submission.state), sha256=submission.sha256,
        detail={"counts": submission.counts},
    )
    round_ = unit.session.get_one(Round, school.round_id)
    settle_in(unit, round_, submission)
    publish_submission(unit, submission, contracts.SUBMISSION_CHECKED)
    publish(unit, round_, school, contracts.SCHOOL_CHECKED)


def _is_stale(school: SchoolRound, submission: Submission) -> bool:
    return submission.version < school.version or SchoolState(school.state) not in UPLOADABLE


def _compared(
    unit: Unit, school: SchoolRound, submission: Submission, findings: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The findings with what the version that stands says of each; what it had and this one has not is marked there."""
    earlier = standing_findings(unit, school)
    compared = compare(earlier, findings)
    submission.compared_with = school.version
    fixed = [earlier[place]["id"] for place in compared.fixed]
    for start in range(0, len(fixed), STATEMENT_IDS):
        some = Finding.id.in_(fixed[start : start + STATEMENT_IDS])
        unit.session.execute(update(Finding).where(some).values(fixed_in=submission.version))
    return [{**finding, "since": since} for finding, since in zip(findings, compared.since, strict=True)]


def _supersede(unit: Unit, school: SchoolRound) -> None:
    if school.submission_id is None:
        return
    previous = unit.session.get_one(Submission, school.submission_id)
    previous.state = SubmissionPhase.SUPERSEDED.value
    drop_from_index(unit, previous.id)
    publish_submission(unit, previous, contracts.SUBMISSION_SUPERSEDED)


def standing_findings(unit: Unit, school: SchoolRound) -> list[dict[str, Any]]:
    """What the version that stands has to settle, as far as a comparison looks at it."""
    columns = (Finding.id, *(getattr(Finding, name) for name in COMPARED))
    statement = select(*columns).filter_by(submission_id=school.submission_id).order_by(Finding.seq)
    return [dict(row) for row in unit.session.execute(statement).mappings()]


def reasons_of(unit: Unit, school: SchoolRound) -> dict[tuple[Any, ...], Reason]:
    if school.submission_id is None:
        return {}
    explained = unit.session.execute(
        select(Finding).filter_by(submission_id=school.submission_id, state="acknowledged")
    ).scalars()
    return {
        reason_key({"rule": row.rule, "row_key": row.row_key, "value_hash": row.value_hash}): Reason(
            row.reason or "", row.kind, row.reason_by or "", row.reason_at, row.first_version
        )
        for row in explained
    }


def _with_first_version(findings: list[dict[str, Any]], version: int) -> list[dict[str, Any]]:
    return [{"state": "open", "first_version": version, **finding} for finding in findings]


def _add_findings(unit: Unit, submission: Submission, findings: list[dict[str, Any]]) -> None:
    # one statement on the table itself: the ORM takes six times as long, and nobody else is answered meanwhile
    rows = finding_rows(submission, findings)
    for at in range(0, len(rows), FINDINGS_AT_ONCE):
        unit.session.execute(insert(table_of(Finding)), rows[at : at + FINDINGS_AT_ONCE])
        # sealing is work of the processor: the others are answered in between
        time.sleep(0)


def finding_rows(submission: Submission, findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of findings in the order they are shown."""
    unexplained = dict.fromkeys(("reason", "kind", "reason_by", "reason_at", "since", "fixed_in"))
    return [
        {**unexplained, **finding, "id": new_id(), "submission_id": submission.id, "seq": number}
        for number, finding in enumerate(findings, 1)
    ]
