"""Erasing what versions hold of pupils: in the database at once, their bytes as soon as nobody can want them.

Bytes are stored by their hash, so two versions may share them, also of two schools. A file is therefore put on a list
in the transaction that erases its version, and removed later by whoever holds its row of that list: a process that dies
in between leaves the row, and a version that takes the same bytes up meanwhile takes the row away.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from sqlalchemy import ColumnElement, exists, or_, select, update

from services.rounds.adapters import PREFIX
from services.rounds.batches.rules import BatchPhase
from services.rounds.batches.tables import Batch
from services.rounds.calendar.tables import Round
from services.rounds.duplicates.rules import CaseState
from services.rounds.duplicates.tables import DuplicateCase, DuplicateEvidence
from services.rounds.gates.publishing import record
from services.rounds.gates.rules import SchoolState
from services.rounds.gates.tables import SchoolRound
from services.rounds.retention.rules import ERASED_TEXT, Version, ended_at, is_over, to_erase
from services.rounds.retention.tables import FileErasure
from services.rounds.snapshots.tables import Snapshot
from services.rounds.submissions.rules import SubmissionPhase
from services.rounds.submissions.tables import Finding, Submission
from shared.db.rows import insert_once
from shared.db.unit import Unit

# longer than any transaction lasts: one that claimed the bytes before the row was there has ended by then
SETTLED = dt.timedelta(minutes=10)
UNSETTLED_CASES = (CaseState.OPEN.value, CaseState.CARRIED.value)


def erase_versions(unit: Unit, school_id: str, days: int) -> int:
    """Erase what a school's versions hold whose time is over. How many; whoever comes second finds none."""
    school = unit.session.execute(select(SchoolRound).filter_by(id=school_id).with_for_update()).scalar_one()
    round_ = unit.session.get_one(Round, school.round_id)
    is_locked = school.state in (SchoolState.LOCKED, SchoolState.EXEMPT)
    if not is_over(ended_at(round_.closed_at, school.extended_until, is_locked=is_locked), days, unit.now()):
        return 0
    found = {submission.id: submission for submission in _versions(unit, school)}
    chosen = [found[one] for one in to_erase(_as_rule_sees(unit, school, found))]
    for submission in chosen:
        _erase(unit, submission)
    if chosen:
        versions = [submission.version for submission in chosen]
        record(unit, school, "erase", SchoolState(school.state), detail={"versions": versions, "days": days})
    return len(chosen)


def keep_bytes(unit: Unit, *hashes: str) -> None:
    """Take files from the list of those to go: something refers to them (again). Waits for whoever is removing them."""
    going = select(FileErasure).where(FileErasure.sha256.in_(hashes)).order_by(FileErasure.sha256)
    for row in unit.session.execute(going.with_for_update()).scalars().all():
        unit.session.delete(row)
        unit.session.flush()


def keep_stored(unit: Unit, hashes: Iterable[str]) -> None:
    """The same for files that were stored before this transaction.

    Raises:
        Problem: ``not_found`` when one went in between: what made it is to be done again.
    """
    stored = list(hashes)
    keep_bytes(unit, *stored)
    for sha256 in stored:
        unit.adapters.files.size(PREFIX, sha256)


def let_go(unit: Unit, hashes: Iterable[str]) -> None:
    """Put files on the list: what made them needed is over. They go if nothing refers to them when they are due."""
    for sha256 in sorted(set(hashes)):
        insert_once(unit.session, FileErasure, sha256=sha256, due_at=unit.now() + SETTLED)


def remove_bytes(unit: Unit, sha256: str) -> bool:
    """Remove a file of the list unless something refers to it after all. Whether it went."""
    row = unit.session.execute(
        select(FileErasure).filter_by(sha256=sha256).with_for_update(skip_locked=True)
    ).scalar_one_or_none()
    if row is None:
        return False
    is_wanted = _has_owner(unit, sha256)
    if not is_wanted:
        # before the commit: done again after a crash it changes nothing, the other way round it would be forgotten
        unit.adapters.files.delete(PREFIX, sha256)
    unit.session.delete(row)
    return not is_wanted


def _versions(unit: Unit, school: SchoolRound) -> list[Submission]:
    statement = select(Submission).filter_by(round_id=school.round_id, smis=school.smis).order_by(Submission.version)
    return list(unit.session.execute(statement.with_for_update()).scalars())


def _as_rule_sees(unit: Unit, school: SchoolRound, found: Mapping[str, Submission]) -> list[Version]:
    referred = select(Submission.id).where(Submission.id.in_(found), is_referred())
    ids = set(unit.session.execute(referred).scalars())
    return [
        Version(
            submission.id,
            SubmissionPhase(submission.state),
            stands=submission.id == school.submission_id,
            is_referred=submission.id in ids,
            is_erased=submission.erased_at is not None,
        )
        for submission in found.values()
    ]


def is_referred() -> ColumnElement[bool]:
    """Whether a snapshot was taken of a version, or a case came up with it that is not settled."""
    snapshots = exists().where(Snapshot.submission_id == Submission.id)
    cases = exists().where(DuplicateCase.found_by == Submission.id, DuplicateCase.state.in_(UNSETTLED_CASES))
    return or_(snapshots, cases)


def _erase(unit: Unit, submission: Submission) -> None:
    submission.erased_at = unit.now()
    findings = update(Finding).filter_by(submission_id=submission.id)
    nothing = dict.fromkeys(("value", "value_masked", "row_key", "value_hash"))
    unit.session.execute(findings.values(message=ERASED_TEXT, **nothing))
    unit.session.execute(findings.where(Finding.reason.is_not(None)).values(reason=ERASED_TEXT))
    let_go(unit, [sha256 for sha256 in (submission.sha256, submission.roll_sha256) if sha256 is not None])
    change = {"version": submission.version, "state": submission.state, "sha256": submission.sha256}
    unit.audit("submission.erased", f"submission/{submission.id}", submission.org_path, change)


def _has_owner(unit: Unit, sha256: str) -> bool:
    versions = select(Submission.id).where(
        Submission.erased_at.is_(None), or_(Submission.sha256 == sha256, Submission.roll_sha256 == sha256)
    )
    documents = select(DuplicateEvidence.id).where(DuplicateEvidence.sha256 == sha256)
    batches = select(Batch.id).where(Batch.sha256 == sha256, Batch.state == BatchPhase.RECORDING.value)
    owners = or_(exists(versions), exists(documents), exists(batches))
    return bool(unit.session.execute(select(owners)).scalar_one())
