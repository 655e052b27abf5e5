"""Reading and checking what waits: claimed with a lease, done in a child process, stored in one transaction."""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import insert, or_, select, update

from services.rounds.adapters import PREFIX
from services.rounds.calendar.tables import Round
from services.rounds.duplicates.book import lock_cases
from services.rounds.duplicates.finding import settle_in
from services.rounds.gates.commands import clear_signatures, find_school_round
from services.rounds.gates.publishing import Author, move, publish
from services.rounds.gates.rules import UPLOADABLE, Event, SchoolState
from services.rounds.gates.tables import SchoolRound
from services.rounds.pupils.commands import drop_from_index, index_pupils
from services.rounds.pupils.queries import earlier_of, previous_of
from services.rounds.retention.commands import keep_bytes
from services.rounds.rules.check import unreadable
from services.rounds.schools.queries import rooms_of
from services.rounds.schools.tables import School
from services.rounds.submissions.commands import open_severities, publish_submission
from services.rounds.submissions.reading import Claimed, read_in_child
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
from shared.db.unit import Unit
from shared.runtime.children import JobFailed, attempt

log = logging.getLogger(__name__)

LEASE = dt.timedelta(seconds=10)
RENEW_SECONDS = 3.0
ATTEMPTS = 3
COMPARED = ("rule", "severity", "state", "row", "header", "row_key", "value_hash")
STATEMENT_IDS = 500
FINDINGS_AT_ONCE = 500
RESOURCE_CAUSES = frozenset({"died", "timeout", "memory"})


def check_next(app: Any) -> bool:
    """Read and check one waiting version. True when there was one."""
    claimed = _claim(app)
    if claimed is None:
        return False
    attempt(
        lambda: _check(app, claimed),
        lambda failure: _failed(app, claimed, failure),
        f"checking {claimed.submission_id}",
    )
    return True


def _check(app: Any, claimed: Claimed) -> None:
    progress = Progress(app, claimed)
    with progress.renewing():
        result = read_in_child(app.adapters, claimed, progress)
    with app.write() as unit:
        store_result(unit, claimed, result)


class Progress:
    """Where the reading stands; written with the renewal of the lease, so that a page can show it."""

    def __init__(self, app: Any, claimed: Claimed) -> None:
        self._app = app
        self._claimed = claimed
        self._stage: dict[str, Any] = {"stage": "scan", "done": 0, "total": 0}
        self._stop = threading.Event()

    def __call__(self, stage: str, done: int, total: int) -> None:
        is_new = stage != self._stage["stage"]
        self._stage = {"stage": stage, "done": done, "total": total}
        if is_new:
            self._write()

    @contextmanager
    def renewing(self) -> Iterator[None]:
        """Keep the lease while the block runs."""
        thread = threading.Thread(target=self._renew, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    def _renew(self) -> None:
        while not self._stop.wait(RENEW_SECONDS):
            try:
                self._write()
            except Exception:
                # the lease runs out and another process takes over; the result is then stored once by whoever is first
                log.warning("lease on %s was not renewed", self._claimed.submission_id, exc_info=True)

    def _write(self) -> None:
        with self._app.database.write() as session:
            session.execute(
                update(Submission)
                .filter_by(id=self._claimed.submission_id, lease=self._claimed.lease)
                .values(lease_until=self._app.clock.now() + LEASE, progress=self._stage)
            )


def _claim(app: Any) -> Claimed | None:
    now = app.clock.now()
    free = or_(Submission.lease_until.is_(None), Submission.lease_until < now)
    waiting = (
        select(Submission)
        .where(Submission.state == SubmissionPhase.RECORDING.value, free)
        .order_by(Submission.created_at, Submission.id)
        .limit(1)
    )
    with app.read() as unit:
        if unit.session.execute(waiting).first() is None:
            return None
    with app.write() as unit:
        submission = unit.session.execute(waiting.with_for_update(skip_locked=True)).scalar_one_or_none()
        if submission is None:
            return None
        submission.lease, submission.lease_until = new_id(), now + LEASE
        submission.attempts += 1
        return Claimed(
            submission.id, submission.lease, submission.attempts, submission.sha256, job_for(unit, submission)
        )


def job_for(unit: Unit, submission: Submission) -> dict[str, Any]:
    """What a child is to know of a version, but for the paths."""
    return {
        **job_of(unit, unit.session.get_one(Round, submission.round_id), submission.smis, submission.created_at),
        "filename": submission.filename,
        "kind": submission.kind,
        "no_pupils": submission.no_pupils,
        "same_bytes_as_version": submission.same_bytes_as,
    }


def job_of(unit: Unit, round_: Round, smis: str, received_at: dt.datetime) -> dict[str, Any]:
    """What a child must know to check a file of a school: everything but the file itself."""
    school = find_school_round(unit, round_.id, smis)
    closed = unit.session.execute(
        select(School.smis).where(School.state == "CLOSED", School.org_path.startswith(round_.org_path))
    ).scalars()
    return {
        "register": round_.system,
        "year_be": round_.year_be,
        "round_no": round_.round_no,
        "as_of_date": round_.as_of_date.isoformat(),
        "school": {"smis": school.smis, "name": school.name, "education_range": school.education_range},
        "closed_smis": sorted(closed),
        "rule_set": round_.rule_set,
        "today": unit.clock.today().isoformat(),
        "row_key_secret": unit.adapters.row_key,
        "index_secret": unit.vault.blind("pupil_entry", "secret"),
        "opens_at": (round_.opened_at or round_.open_at).isoformat(),
        "received_at": received_at.isoformat(),
        "previous": previous_of(unit, round_, smis),
        "earlier": earlier_of(unit, round_, smis),
        "standing": _standing(unit, school),
        "rooms": rooms_of(unit, smis, round_.year_be),
    }


def _standing(unit: Unit, school: SchoolRound) -> dict[str, Any] | None:
    """The roll of the version that stands; None before the first, or when that one had no pupils."""
    statement = select(Submission.roll_sha256).filter_by(id=school.submission_id)
    roll = unit.session.execute(statement).scalar_one_or_none()
    return {"roll_sha256": roll} if roll else None


def store_result(unit: Unit, claimed: Claimed, result: dict[str, Any]) -> None:
    """Store what the child found; whoever comes second with the same version finds it done and leaves it."""
    submission = unit.session.execute(
        select(Submission).filter_by(id=claimed.submission_id).with_for_update()
    ).scalar_one()
    if submission.state != SubmissionPhase.RECORDING:
        return
    if result["rule_set"] != unit.session.get_one(Round, submission.round_id).rule_set:
        # the rules of the round were changed while it was being read: once more, by the new ones
        submission.lease = submission.lease_until = None
        return
    school = find_school_round(unit, submission.round_id, submission.smis, lock=True)
    findings = _with_first_version(result["findings"], submission.version)
    submission.counts, submission.not_evaluated = result["counts"], result["not_evaluated"]
    submission.checked_at, submission.lease, submission.lease_until = unit.now(), None, None
    submission.progress = {"stage": "done", "done": submission.counts["rows"], "total": submission.counts["rows"]}
    if not result["accepted"]:
        submission.state = SubmissionPhase.REJECTED.value
        _add_findings(unit, submission, findings)
        publish_submission(unit, submission, contracts.SUBMISSION_REJECTED)
        return
    submission.tables, submission.roll_sha256 = result["tables"], _kept_roll(unit, result)
    if school.submission_id is not None and not _is_stale(school, submission):
        findings = _compared(unit, school, submission, findings)
    _add_findings(unit, submission, carry_reasons(findings, reasons_of(unit, school)))
    _let_it_stand(unit, school, submission, result["entries"])


def _kept_roll(unit: Unit, result: dict[str, Any]) -> str | None:
    """The roll of the version, safe from the erasure of an older one with the same pupils.

    Raises:
        Problem: ``not_found`` when it went between being stored and now: the reading is done again.
    """
    sha256: str | None = result.get("roll_sha256")
    if sha256 is not None:
        keep_bytes(unit, sha256)
        unit.adapters.files.size(PREFIX, sha256)
    return sha256


def _let_it_stand(unit: Unit, school: SchoolRound, submission: Submission, entries: list[Any]) -> None:
    """Make an accepted version the one that stands, unless a newer one does or the school has moved on."""
    if _is_stale(school, submission):
        submission.state = SubmissionPhase.SUPERSEDED.value
        publish_submission(unit, submission, contracts.SUBMISSION_SUPERSEDED)
        return
    lock_cases(unit, school.round_id)
    submission.state = phase_after_check(open_severities(unit, submission)).value
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
        unit.session.execute(insert(Finding.__table__), rows[at : at + FINDINGS_AT_ONCE])
        # sealing is work of the processor: the others are answered in between
        time.sleep(0)


def finding_rows(submission: Submission, findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of findings in the order they are shown."""
    unexplained = dict.fromkeys(("reason", "kind", "reason_by", "reason_at", "since", "fixed_in"))
    return [
        {**unexplained, **finding, "id": new_id(), "submission_id": submission.id, "seq": number}
        for number, finding in enumerate(findings, 1)
    ]


def _failed(app: Any, claimed: Claimed, failure: JobFailed) -> None:
    """Our fault: tried again by itself, then left for a person. A file no child survives is the file's fault: F01."""
    log.error("checking %s failed (%s of %s): %s", claimed.submission_id, claimed.attempts, ATTEMPTS, failure)
    with app.write() as unit:
        submission = unit.session.execute(
            select(Submission).filter_by(id=claimed.submission_id).with_for_update()
        ).scalar_one()
        if submission.state != SubmissionPhase.RECORDING or submission.lease != claimed.lease:
            return
        if claimed.attempts < ATTEMPTS:
            submission.lease, submission.lease_until = None, unit.now() + dt.timedelta(seconds=2**claimed.attempts)
            return
        if failure.cause in RESOURCE_CAUSES:
            store_result(unit, claimed, unreadable(claimed.job["rule_set"]))
            return
        submission.state = SubmissionPhase.FAILED.value
        submission.lease = submission.lease_until = None
        submission.progress = {"stage": "failed", "done": 0, "total": 0}
        publish_submission(unit, submission, contracts.SUBMISSION_FAILED)
