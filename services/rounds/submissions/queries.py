"""Looking at files and findings."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from services.rounds import access
from services.rounds.submissions.tables import Finding, Submission
from services.rounds.submissions.views import finding_view, submission_view
from shared.db.unit import Unit
from shared.problems import FieldError, invalid, not_found
from shared.security.access import scoped

LIMIT = 1000


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
    """One version of a school's file, with a count of its findings by rule.

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
        "tables": submission.tables,
        "by_rule": [
            {"rule": rule, "severity": severity, "state": state, "count": count}
            for rule, severity, state, count in by_rule
        ],
    }


def list_findings(
    unit: Unit,
    submission_id: str,
    rule: str | None = None,
    severity: str | None = None,
    state: str | None = None,
    limit: int = 500,
    cursor: str | None = None,
) -> dict[str, Any]:
    """The findings of a version in sheet order.

    Raises:
        Problem: ``not_found``; ``invalid`` (422) for a cursor that is none of ours.
    """
    submission = find_submission(unit, submission_id)
    statement = select(Finding).filter_by(submission_id=submission.id).order_by(Finding.seq)
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
