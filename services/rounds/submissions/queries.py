"""Looking at files and findings."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select

from services.rounds import access
from services.rounds.submissions.rules import Since
from services.rounds.submissions.tables import Finding, Submission
from services.rounds.submissions.views import finding_view, submission_view
from shared.db.unit import Unit
from shared.problems import FieldError, invalid, not_found
from shared.security.access import scoped

LIMIT = 1000
FIXED = "fixed"


def find_submission(unit: Unit, submission_id: str, *, lock: bool = False) -> Submission:
    """The version, if the caller may see that school's data.

    Raises:
        Problem: ``not_found`` where even its existence is not the caller's to know.
    """
    statement = select(Submission).filter_by(id=submission_id)
    if unit.caller is not None:
        statement = scoped(statement, Submission.org_path, unit.caller, access.READS_SCHOOL)
    submission = unit.session.execute(statement.with_for_update() if lock else statement).scalar_one_or_none()
    if submission is None:
        raise not_found("ไม่พบไฟล์ฉบับนี้")
    return submission


def get_submission(unit: Unit, submission_id: str) -> dict[str, Any]:
    """One version of a school's file, with counts of its findings: by rule, and beside the version before.

    Raises:
        Problem: ``not_found``.
    """
    submission = find_submission(unit, submission_id)
    by_rule = unit.session.execute(
        select(Finding.rule, Finding.severity, Finding.state, func.count())
        .filter_by(submission_id=submission.id)
        .group_by(Finding.rule, Finding.severity, Finding.state)
        .order_by(Finding.rule, Finding.severity)
    ).all()
    return {
        **submission_view(submission),
        "etag": etag_of(submission),
        "tables": submission.tables,
        **_compared(unit, submission),
        "by_rule": [
            {"rule": rule, "severity": severity, "state": state, "count": count}
            for rule, severity, state, count in by_rule
        ],
    }


def etag_of(submission: Submission) -> str:
    """The version, and how often its state was told since: a reason given changes what is shown, not the file."""
    return f"{submission.version}.{submission.revision}"


def _compared(unit: Unit, submission: Submission) -> dict[str, int]:
    """How many findings are fixed, still open and new; all zero for a first version."""
    counts = unit.session.execute(
        select(Finding.since, func.count())
        .where(Finding.submission_id == submission.id, Finding.state == "open", Finding.since.is_not(None))
        .group_by(Finding.since)
    )
    since: dict[str | None, int] = dict(counts.tuples().all())
    fixed = unit.session.execute(select(func.count()).select_from(_fixed(submission).subquery())).scalar_one()
    return {"fixed": fixed, "still_open": since.get(Since.OPEN, 0), "new": since.get(Since.NEW, 0)}


def _fixed(submission: Submission) -> Select[Finding]:
    """The findings of the version before that this one no longer has."""
    before = select(Submission.id).filter_by(
        round_id=submission.round_id, smis=submission.smis, version=submission.compared_with
    )
    return select(Finding).where(
        Finding.submission_id == before.scalar_subquery(), Finding.fixed_in == submission.version
    )


def list_findings(
    unit: Unit,
    submission_id: str,
    rule: str | None = None,
    severity: str | None = None,
    state: str | None = None,
    since: str | None = None,
    limit: int = 500,
    cursor: str | None = None,
) -> dict[str, Any]:
    """The findings of a version in sheet order.

    ``since`` narrows them to the open ones that are ``new``, or were there before too (``open``); ``fixed`` gives
    those of the version before that this one no longer has.

    Raises:
        Problem: ``not_found``; ``invalid`` (422) for a cursor that is none of ours.
    """
    submission = find_submission(unit, submission_id)
    if since == FIXED:
        statement = _fixed(submission)
    else:
        statement = select(Finding).filter_by(submission_id=submission.id)
        if since:
            statement = statement.filter_by(since=since, state="open")
    statement = statement.order_by(Finding.seq)
    for name, value in (("rule", rule), ("severity", severity), ("state", state)):
        if value:
            statement = statement.filter_by(**{name: value})
    if cursor:
        statement = statement.where(Finding.seq > _sequence(cursor))
    size = min(limit, LIMIT)
    rows = list(unit.session.execute(statement.limit(size + 1)).scalars())
    return {
        "items": [finding_view(row) for row in rows[:size]],
        "next_cursor": str(rows[size - 1].seq) if len(rows) > size else None,
    }


def _sequence(cursor: str) -> int:
    if not cursor.isdecimal() or len(cursor) > 9:
        raise invalid([FieldError("cursor", "unknown", "ตัวชี้หน้าถัดไปไม่ถูกต้อง")])
    return int(cursor)
