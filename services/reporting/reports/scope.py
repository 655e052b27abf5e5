"""Which rounds and schools a caller may read about, and the tables that count for a school."""

from __future__ import annotations

from sqlalchemy import select

from services.reporting.projections.tables import RoundFact, SchoolRoundFact, SnapshotFact, SubmissionFact
from services.reporting.reports.rules import SIGNED, Standing
from shared.db.unit import Unit
from shared.problems import forbidden, not_found
from shared.security.access import lineage, require, scoped

AREA_READERS = ("officer", "group_director", "deputy_director", "area_director", "auditor")
READERS = ("data_officer", "school_director", *AREA_READERS)
UNKNOWN_AMPHOE = "ไม่ระบุอำเภอ"


def require_reader(unit: Unit) -> None:
    """Let pass only who has to do with the data rounds somewhere.

    Raises:
        Problem: ``forbidden``.
    """
    if not unit.identity.roles & set(READERS):
        raise forbidden("รายงานนี้แสดงเฉพาะผู้เกี่ยวข้องกับงานข้อมูล")


def find_round(unit: Unit, round_id: str) -> RoundFact:
    """A round of an area that the caller reaches.

    Raises:
        Problem: ``not_found``.
    """
    round_ = unit.session.get(RoundFact, round_id)
    if round_ is None or round_.org_path not in reachable_areas(unit):
        raise not_found("ไม่พบรายงานของรอบนี้")
    return round_


def newest_round(unit: Unit) -> RoundFact:
    """The newest round of the areas that the caller reaches.

    Raises:
        Problem: ``not_found`` before the first.
    """
    statement = select(RoundFact).where(RoundFact.org_path.in_(reachable_areas(unit)))
    round_ = unit.session.execute(statement.order_by(RoundFact.round_id.desc()).limit(1)).scalar_one_or_none()
    if round_ is None:
        raise not_found("ยังไม่มีรอบที่มีรายงาน")
    return round_


def schools_of(unit: Unit, round_id: str, school: str | None, amphoe: str | None) -> list[SchoolRoundFact]:
    """The schools of a round within the caller's reach, all or those of an amphoe, or one of them.

    Raises:
        Problem: ``not_found`` for a school that is not in the round and an amphoe without schools; ``forbidden``.
    """
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


def standing_of(unit: Unit, row: SchoolRoundFact) -> Standing:
    """How a school stands in a round, with the tables of the version that counts.

    What was signed when the school was locked counts until it is locked anew: also while it corrects its numbers in an
    extension after the close, and then by its newest snapshot.
    """
    state = row.locked_from if row.state == "LOCKED" and row.locked_from else row.state
    if row.locked_from in SIGNED and row.state != "EXEMPT":
        snapshot = unit.session.get(SnapshotFact, (row.round_id, row.smis))
        if snapshot is not None:
            return Standing(row.smis, row.locked_from, snapshot.tables)
    submission = unit.session.get(SubmissionFact, row.submission_id) if row.submission_id else None
    return Standing(row.smis, state, submission.tables if submission else None)


def amphoes_of(rows: list[SchoolRoundFact]) -> list[str]:
    """The amphoe in which schools lie."""
    return sorted({row.amphoe or UNKNOWN_AMPHOE for row in rows})


def reachable_areas(unit: Unit) -> set[str]:
    """The paths of the areas about which the caller reads."""
    return {path for scope in unit.identity.scopes(READERS) for path in lineage(scope)}


def _require_school(unit: Unit, round_id: str, smis: str) -> None:
    row = unit.session.get(SchoolRoundFact, (round_id, smis))
    if row is None:
        raise not_found("โรงเรียนนี้ไม่อยู่ในรอบ")
    require(unit.identity, READERS, row.org_path)
