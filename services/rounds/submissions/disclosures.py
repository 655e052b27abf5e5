"""Showing what is otherwise masked: one value of a finding, or the whole file. Each time is written down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from services.rounds import access
from services.rounds.adapters import PREFIX
from services.rounds.calendar.views import local
from services.rounds.pupils.limits import count_file, count_pupil
from services.rounds.submissions.queries import find_submission
from services.rounds.submissions.tables import Finding, Submission
from shared.audit.disclosure import checked_reason
from shared.db.unit import Unit
from shared.files.handing_out import handout
from shared.problems import Problem, conflict, not_found
from shared.security.access import require
from shared.security.identity import Identity
from shared.thai.dates import BANGKOK, format_short

# what the kinds of files are called on the wire; the bytes were looked at when the file was received
CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xls": "application/vnd.ms-excel",
    "csv": "text/csv; charset=utf-8",
    "html": "application/octet-stream",
}


def reveal_finding(
    app: Any, caller: Identity | None, submission_id: str, finding_id: str, reason: str | None = None
) -> dict[str, Any]:
    """The full value at the place of a finding. Outside the school it takes a reason.

    Raises:
        Problem: ``not_found``; ``forbidden``; ``invalid`` (422) without a reason where one is needed; ``finding.shown``
            (409) when nothing of the value was masked; ``submission.erased`` (410); ``reveal.limit`` (429): it counts
            as a pupil shown.
    """
    with app.write(caller) as unit:
        submission, text = allowed(unit, submission_id, reason)
        finding = unit.session.execute(
            select(Finding).filter_by(submission_id=submission.id, id=finding_id)
        ).scalar_one_or_none()
        if finding is None:
            raise not_found("ไม่พบรายการนี้ในผลการตรวจ")
        if finding.value is None:
            raise conflict("finding.shown", "รายการนี้ไม่มีส่วนที่ปิดบัง")
        count_pupil(unit)
        where = {"rule": finding.rule, "row": finding.row, "column": finding.column}
        audit_shown(unit, "reveal.value", submission, where, text)
        return {"id": finding.id, "value": finding.value, "row": finding.row, "column": finding.column}


def hand_out_file(
    app: Any, caller: Identity | None, submission_id: str, reason: str | None = None
) -> dict[str, Any]:
    """A reference with which the gateway streams the file as the school sent it; good for a minute.

    Raises:
        Problem: ``not_found``; ``forbidden``; ``invalid`` (422) without a reason where one is needed;
            ``submission.no_file`` (409) for a declaration that there are no pupils; ``submission.erased`` (410);
            ``download.limit`` (429).
    """
    with app.write(caller) as unit:
        submission, text = allowed(unit, submission_id, reason)
        if submission.sha256 is None:
            raise conflict("submission.no_file", "ฉบับนี้เป็นการแจ้งว่าไม่มีนักเรียน จึงไม่มีไฟล์")
        count_file(unit)
        audit_shown(unit, "reveal.file", submission, {"sha256": submission.sha256}, text)
        content_type = CONTENT_TYPES.get(submission.kind or "", "application/octet-stream")
        return handout(unit, PREFIX, submission.sha256, submission.filename, content_type)


def audit_shown(
    unit: Unit, action: str, submission: Submission, what: Mapping[str, Any], reason: str | None
) -> None:
    """Write down that the caller was shown a part of a version, so that it can be told whose data that was."""
    change = {**what, "version": submission.version, "submission": submission.id}
    unit.audit(action, f"school/{submission.smis}", submission.org_path, change, reason)


def allowed(unit: Unit, submission_id: str, reason: str | None) -> tuple[Submission, str | None]:
    """The version whose pupils the caller may see in full, and the reason as it is written down.

    Raises:
        Problem: ``not_found``; ``forbidden``; ``invalid`` (422) without a reason where one is needed;
            ``submission.erased`` (410) when there is nothing left to see.
    """
    submission = find_submission(unit, submission_id)
    require(unit.identity, access.REVEALS, submission.org_path)
    is_own = any(
        grant.role in access.OWN_SCHOOL and grant.scope == submission.org_path for grant in unit.identity.grants
    )
    text = checked_reason(reason, needed=not is_own)
    if submission.erased_at is not None:
        raise _erased(submission.erased_at)
    return submission, text


def _erased(at: dt.datetime) -> Problem:
    day = format_short(at.astimezone(BANGKOK).date())
    return Problem(
        "submission.erased",
        410,
        "ลบไฟล์แล้วตามกำหนดเก็บรักษา",
        f"ฉบับนี้มีฉบับใหม่แทนแล้ว ระบบลบไฟล์และข้อมูลนักเรียนในผลการตรวจเมื่อ {day} จำนวน ผู้ส่ง และประวัติยังดูได้",
        extra={"erased_at": local(at)},
    )
