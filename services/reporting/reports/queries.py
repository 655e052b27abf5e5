"""Making reports from the projections."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.reporting.projections.tables import RoundFact, SchoolRoundFact, SnapshotFact, SubmissionFact
from services.reporting.reports.rules import COLUMNS, Standing, count, lines
from shared.clock import BANGKOK
from shared.db.unit import Unit
from shared.problems import forbidden, not_found
from shared.security.access import lineage, require, scoped

AREA_READERS = ("officer", "group_director", "deputy_director", "area_director", "auditor")
READERS = ("data_officer", "school_director", *AREA_READERS)
UNKNOWN_AMPHOE = "ไม่ระบุอำเภอ"

REPORTS = (
    {
        "name": "headcount",
        "title": "จำนวนนักเรียนรายชั้น แยกเพศ และห้องเรียน",
        "formats": ["json", "xlsx"],
        "parameters": ["round_id", "school", "amphoe"],
    },
)


def list_reports(unit: Unit) -> dict[str, Any]:
    """The reports that exist, and the rounds for which there are numbers.

    Raises:
        Problem: ``forbidden``.
    """
    _require_reader(unit)
    rounds = unit.session.execute(
        select(RoundFact).where(RoundFact.org_path.in_(_reachable_areas(unit))).order_by(RoundFact.round_id.desc())
    ).scalars()
    return {
        "items": [dict(report) for report in REPORTS],
        "rounds": [{"id": row.round_id, "title": row.title, "state": row.state} for row in rounds],
        "next_cursor": None,
    }


def headcount(unit: Unit, round_id: str, school: str | None = None, amphoe: str | None = None) -> dict[str, Any]:
    """Pupils by grade and sex, and rooms, of a school, an amphoe or everything within the caller's reach.

    Raises:
        Problem: ``forbidden``; ``not_found`` for a round, school or amphoe without numbers.
    """
    _require_reader(unit)
    round_ = unit.session.get(RoundFact, round_id)
    if round_ is None or round_.org_path not in _reachable_areas(unit):
        raise not_found("ไม่พบรายงานของรอบนี้")
    schools = _schools(unit, round_id, school, amphoe)
    head_count = count(_standing(unit, row) for row in schools)
    rows, total = lines(head_count)
    return {
        "report": "headcount",
        "round_id": round_id,
        "round_title": round_.title,
        "school": school,
        "amphoe": amphoe,
        "columns": [dict(column) for column in COLUMNS],
        "rows": rows,
        "total": total,
        "as_of": round_.as_of_date,
        "provisional": bool(head_count.provisional),
        "provisional_schools": head_count.provisional,
        "missing_schools": head_count.missing,
        "schools": len(schools),
        "amphoes": sorted({row.amphoe or UNKNOWN_AMPHOE for row in _schools(unit, round_id, None, None)}),
        "created_at": unit.now().astimezone(BANGKOK).isoformat(),
    }


def _schools(unit: Unit, round_id: str, school: str | None, amphoe: str | None) -> list[SchoolRoundFact]:
    statement = select(SchoolRoundFact).filter_by(round_id=round_id).order_by(SchoolRoundFact.smis)
    if school:
        _require_school(unit, round_id, school)
        statement = statement.filter_by(smis=school)
    if amphoe:
        statement = statement.filter_by(amphoe=None if amphoe == UNKNOWN_AMPHOE else amphoe)
    statement = scoped(statement, SchoolRoundFact.org_path, unit.identity, READERS)
    rows = list(unit.session.execute(statement).scalars())
    if amphoe and not rows:
        raise not_found("ไม่มีโรงเรียนของอำเภอนี้ในรอบนี้")
    return rows


def _require_school(unit: Unit, round_id: str, smis: str) -> None:
    row = unit.session.get(SchoolRoundFact, (round_id, smis))
    if row is None:
        raise not_found("โรงเรียนนี้ไม่อยู่ในรอบ")
    require(unit.identity, READERS, row.org_path)


def _standing(unit: Unit, row: SchoolRoundFact) -> Standing:
    state = row.locked_from if row.state == "LOCKED" and row.locked_from else row.state
    snapshot = unit.session.get(SnapshotFact, (row.round_id, row.smis)) if row.state == "LOCKED" else None
    if snapshot is not None:
        return Standing(row.smis, state, snapshot.tables)
    submission = unit.session.get(SubmissionFact, row.submission_id) if row.submission_id else None
    return Standing(row.smis, state, submission.tables if submission else None)


def _require_reader(unit: Unit) -> None:
    if not unit.identity.roles & set(READERS):
        raise forbidden("รายงานนี้แสดงเฉพาะผู้เกี่ยวข้องกับงานข้อมูล")


def _reachable_areas(unit: Unit) -> set[str]:
    return {path for scope in unit.identity.scopes(READERS) for path in lineage(scope)}

