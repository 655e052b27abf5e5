"""Receiving files and explaining warnings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from services.rounds import access
from services.rounds.adapters import INCOMING, PREFIX
from services.rounds.calendar.tables import Round
from services.rounds.calendar.views import find_round
from services.rounds.gates.commands import find_school_round
from services.rounds.gates.publishing import move, publish, record
from services.rounds.gates.rules import Event, SchoolState, after, check_open, need_reason
from services.rounds.gates.tables import SchoolRound
from services.rounds.gates.views import window_of
from services.rounds.retention.commands import keep_bytes
from services.rounds.submissions.queries import find_submission
from services.rounds.submissions.rules import (
    NO_COUNTS,
    Earlier,
    SubmissionPhase,
    check_kind,
    check_same_bytes,
    phase_after_check,
)
from services.rounds.submissions.tables import Finding, Submission
from services.rounds.submissions.views import counted, counted_tables, submission_view
from shared.bus.contracts import rounds as contracts
from shared.bus.contracts.registry import EventType
from shared.bus.envelope import new_id
from shared.db.unit import Unit
from shared.problems import FieldError, conflict, invalid
from shared.security.access import require
from shared.workbooks.claiming import claim_workbook


def receive(
    unit: Unit, round_id: str, smis: str, file: dict[str, Any] | None = None, no_pupils: bool = False
) -> dict[str, Any]:
    """Take a school's file (or its declaration that it has no pupils) as the next version; it is read afterwards.

    ``file`` is {sha256, filename, size} of a file in the store's ``incoming``.

    Raises:
        Problem: ``forbidden``, ``not_found``; ``F01.<cause>`` (4xx) for a file that is no readable container;
            ``round.not_open``, ``round.closed``, ``school_round.state``, ``submission.same_file`` (409).
    """
    school = school_that_sends(unit, round_id, smis, access.UPLOADS)
    if file is None and not no_pupils:
        raise invalid([FieldError("file", "required", "กรุณาแนบไฟล์ หรือแจ้งว่าไม่มีนักเรียน")])
    kind = None
    if file is not None:
        keep_bytes(unit, file["sha256"])
        kind = claim_workbook(unit.adapters.files, INCOMING, PREFIX, file)
    submission = new_version(unit, school, file, kind, caller_as_sender(unit, school))
    submission.no_pupils = no_pupils
    return submission_view(submission)


def school_that_sends(unit: Unit, round_id: str, smis: str, roles: tuple[str, ...]) -> SchoolRound:
    """The school, locked, if it may get a new version now and the caller holds one of ``roles`` there.

    Raises:
        Problem: ``forbidden``, ``not_found``; ``round.not_open``, ``round.closed``, ``school_round.state`` (409).
    """
    round_ = find_round(unit, round_id)
    school = find_school_round(unit, round_id, smis, lock=True)
    require(unit.identity, roles, school.org_path)
    check_open(window_of(round_, school), unit.now())
    after(SchoolState(school.state), Event.UPLOAD)
    return school


def explain(
    unit: Unit,
    submission_id: str,
    reason: str | None = None,
    rule: str | None = None,
    finding_ids: list[str] | None = None,
    kind: str | None = None,
) -> dict[str, Any]:
    """Give warnings a reason: all of one ``rule``, or those of ``finding_ids``. READY when no other stands in the way.

    ``kind`` says what happened to pupils who came or left (R01-R03), and is needed for them.

    Raises:
        Problem: ``not_found``, ``forbidden``; ``invalid`` (422) without a reason or a choice, or for a finding that is
            not a warning of this file, or without a kind where it is needed; ``submission.state`` (409) when it is not
            the version that stands.
    """
    submission = find_submission(unit, submission_id)
    require(unit.identity, access.CONFIRMS, submission.org_path)
    text = need_reason(reason)
    round_ = find_round(unit, submission.round_id)
    # the school first, as whoever lets another version stand: the other way round the two could wait for each other
    school = find_school_round(unit, submission.round_id, submission.smis, lock=True)
    _check_explainable(unit, round_, school, submission)
    unit.session.refresh(submission, with_for_update=True)
    chosen = _chosen_warnings(unit, submission, rule, finding_ids)
    check_kind({finding.rule for finding in chosen}, kind)
    for finding in chosen:
        finding.state, finding.reason, finding.kind = "acknowledged", text, kind
        finding.reason_by, finding.reason_at = unit.identity.name, unit.now()
    unit.session.flush()
    detail = {"rule": rule, "findings": len(chosen), "kind": kind}
    _settle_after_explaining(unit, round_, school, submission, text, detail)
    return submission_view(submission)


def publish_submission(unit: Unit, submission: Submission, event: EventType) -> None:
    """Tell the others how a version stands now (counts and tables, never a pupil), and the audit log."""
    submission.revision += 1
    subject = f"submission/{submission.id}"
    change = {"state": submission.state, "version": submission.version, "sha256": submission.sha256}
    unit.audit(event.name, subject, submission.org_path, change)
    data = {
        "submission_id": submission.id,
        "round_id": submission.round_id,
        "smis": submission.smis,
        "org_path": submission.org_path,
        "version": submission.version,
        "state": submission.state,
        "counts": counted(submission),
        "tables": counted_tables(submission),
    }
    unit.emit(event, subject, submission.revision, data, submission.org_path)


def open_severities(unit: Unit, submission: Submission) -> set[str]:
    """The severities of the findings that still stand in the way or are shown."""
    statement = select(Finding.severity).filter_by(submission_id=submission.id, state="open").distinct()
    return set(unit.session.execute(statement).scalars())


def _check_same_bytes(unit: Unit, school: SchoolRound, file: dict[str, Any] | None) -> int | None:
    if file is None:
        return None
    rows = unit.session.execute(
        select(Submission.version, Submission.state).filter_by(
            round_id=school.round_id, smis=school.smis, sha256=file["sha256"]
        )
    ).all()
    same = [Earlier(version, SubmissionPhase(state)) for version, state in rows]
    current = next((earlier for earlier in same if earlier.version == school.version), None)
    return check_same_bytes(current, same, returned=school.state == SchoolState.RETURNED)


@dataclass(frozen=True)
class Sender:
    """Who hands a version in: the school itself, or the area ``on_behalf`` of it."""

    id: str
    name: str
    on_behalf: bool


def caller_as_sender(unit: Unit, school: SchoolRound) -> Sender:
    """The caller as who hands a version of the school in."""
    caller = unit.identity
    return Sender(caller.person_id, caller.name, on_behalf=not caller.holds(access.CONFIRMS, school.org_path))


def new_version(
    unit: Unit,
    school: SchoolRound,
    file: dict[str, Any] | None,
    kind: str | None,
    sender: Sender,
    corrected_from: int | None = None,
) -> Submission:
    """The next version of a school, to be read and checked; its file lies in the service's own prefix.

    Raises:
        Problem: ``submission.same_file`` (409).
    """
    same = _check_same_bytes(unit, school, file)
    school.last_version += 1
    submission = Submission(
        id=new_id(),
        round_id=school.round_id,
        smis=school.smis,
        org_path=school.org_path,
        version=school.last_version,
        revision=0,
        state=SubmissionPhase.RECORDING.value,
        filename=file["filename"] if file else "",
        kind=kind,
        sha256=file["sha256"] if file else None,
        size=file["size"] if file else 0,
        no_pupils=False,
        same_bytes_as=same,
        corrected_from=corrected_from,
        uploaded_by=sender.id,
        uploaded_by_name=sender.name,
        on_behalf=sender.on_behalf,
        created_at=unit.now(),
        counts=dict(NO_COUNTS),
        excluded=[],
        not_evaluated=[],
        progress={"stage": "waiting", "done": 0, "total": 0},
    )
    unit.session.add(submission)
    publish_submission(unit, submission, contracts.SUBMISSION_RECEIVED)
    return submission


def _check_explainable(unit: Unit, round_: Round, school: SchoolRound, submission: Submission) -> None:
    check_open(window_of(round_, school), unit.now())
    if submission.id != school.submission_id or submission.state not in ("HAS_ERRORS", "READY"):
        raise conflict("submission.state", "ชี้แจงได้เฉพาะฉบับปัจจุบันที่ตรวจแล้ว", state=submission.state)
    after(SchoolState(school.state), Event.EXPLAIN)


def _chosen_warnings(
    unit: Unit, submission: Submission, rule: str | None, finding_ids: list[str] | None
) -> list[Finding]:
    if (rule is None) == (not finding_ids):
        raise invalid([FieldError("rule", "choice", "กรุณาเลือกกฎหนึ่งข้อ หรือรายการที่จะชี้แจง อย่างใดอย่างหนึ่ง")])
    statement = select(Finding).filter_by(submission_id=submission.id)
    if rule is not None:
        # a rule may speak in several severities (C03): only its warnings can be explained
        warnings = list(unit.session.execute(statement.filter_by(rule=rule, severity="WARN")).scalars())
        if not warnings:
            raise invalid([FieldError("rule", "no_warning", f"ฉบับนี้ไม่มีคำเตือนของกฎ {rule} ให้ชี้แจง")])
        return warnings
    chosen = list(unit.session.execute(statement.where(Finding.id.in_(finding_ids or []))).scalars())
    if len(chosen) < len(set(finding_ids or [])):
        raise invalid([FieldError("finding_ids", "unknown", "บางรายการไม่อยู่ในฉบับนี้")])
    if any(finding.severity != "WARN" for finding in chosen):
        raise invalid([FieldError("finding_ids", "not_warning", "ชี้แจงได้เฉพาะคำเตือน ข้อผิดพลาดต้องแก้ไขในไฟล์")])
    return chosen


def _settle_after_explaining(
    unit: Unit, round_: Round, school: SchoolRound, submission: Submission, reason: str, detail: dict[str, Any]
) -> None:
    submission.state = phase_after_check(open_severities(unit, submission)).value
    publish_submission(unit, submission, contracts.SUBMISSION_EXPLAINED)
    if school.state == SchoolState.RETURNED:
        # a returned school leaves its state by confirming again or by a new file, not by explaining
        record(unit, school, Event.EXPLAIN, SchoolState.RETURNED, reason=reason, detail=detail)
        return
    move(unit, school, Event.EXPLAIN, outcome=SchoolState(submission.state), reason=reason, detail=detail)
    publish(unit, round_, school, contracts.SCHOOL_CHECKED)
