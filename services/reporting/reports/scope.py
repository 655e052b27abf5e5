"""Which rounds and schools a caller may read about, and the tables that count for a school."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from services.reporting.projections.tables import (
    DuplicateFact,
    RoundFact,
    SchoolFact,
    SchoolRoundFact,
    SnapshotFact,
    SubmissionFact,
)
from services.reporting.reports.rules import NO_CLUSTER, SIGNED, UNKNOWN_AMPHOE, Duplicate, Standing, Version
from shared.clock import BANGKOK
from shared.db.unit import Unit
from shared.problems import forbidden, not_found
from shared.security.access import lineage, require, scoped

AREA_READERS = ("officer", "group_director", "deputy_director", "area_director", "auditor")
SCHOOL_READERS = ("data_officer", "school_director")
READERS = (*SCHOOL_READERS, *AREA_READERS)


@dataclass(frozen=True)
class Place:
    """The part of an area that is asked about; nothing named: everything within the caller's reach."""

    school: str | None = None
    amphoe: str | None = None
    cluster: str | None = None


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


def previous_round(unit: Unit, round_: RoundFact) -> RoundFact | None:
    """The round of the same register before this one in the same area."""
    rounds = unit.session.execute(select(RoundFact).filter_by(org_path=round_.org_path, system=round_.system)).scalars()
    earlier = [one for one in rounds if (one.year_be, one.round_no) < (round_.year_be, round_.round_no)]
    return max(earlier, key=lambda one: (one.year_be, one.round_no, one.round_id), default=None)


def schools_of(unit: Unit, round_id: str, school: str | None, amphoe: str | None) -> list[SchoolRoundFact]:
    """The schools of a round within the caller's reach, all or those of an amphoe, or one of them.

    Raises:
        Problem: ``not_found`` for a school that is not in the round and an amphoe without schools; ``forbidden``.
    """
    return schools_at(unit, round_id, Place(school, amphoe), {})


def schools_at(unit: Unit, round_id: str, place: Place, clusters: dict[str, str]) -> list[SchoolRoundFact]:
    """The schools of a round at a place, as far as the caller reaches; ``clusters`` by path of the school.

    Raises:
        Problem: ``not_found`` for a school that is not in the round and an amphoe or cluster without schools;
            ``forbidden``.
    """
    if place.school:
        _require_school(unit, round_id, place.school)
    rows = [row for row in _reached(unit, round_id) if _lies(row, place, clusters)]
    if (place.amphoe or place.cluster) and not rows:
        raise not_found("ไม่มีโรงเรียนของอำเภอหรือกลุ่มโรงเรียนนี้ในรอบนี้")
    return rows


def schools_before(
    unit: Unit, round_id: str, place: Place, clusters: dict[str, str], now: Sequence[SchoolRoundFact]
) -> list[SchoolRoundFact]:
    """The schools at the same place in an earlier round; a school is known by its path when its code has changed."""
    rows = _reached(unit, round_id)
    if place.school:
        paths = {row.org_path for row in now}
        return [row for row in rows if row.org_path in paths]
    return [row for row in rows if _lies(row, place, clusters)]


def clusters_of(unit: Unit) -> dict[str, str]:
    """The cluster to which each school within the caller's reach belongs now, by the school's path."""
    statement = select(SchoolFact.org_path, SchoolFact.cluster).where(SchoolFact.cluster.is_not(None))
    found = unit.session.execute(scoped(statement, SchoolFact.org_path, unit.identity, READERS))
    return {path: cluster for path, cluster in found if cluster}


def standing_of(unit: Unit, row: SchoolRoundFact) -> Standing:
    """How a school stands in a round, with the tables of the version that counts."""
    return standings_of(unit, [row], {})[0]


def standings_of(unit: Unit, rows: Sequence[SchoolRoundFact], clusters: dict[str, str]) -> list[Standing]:
    """How the schools of one round stand, each with the tables of the version that counts.

    What was signed when a school was locked counts until it is locked anew: also while it corrects its numbers in an
    extension after the close, and then by its newest snapshot. Of the others the file that stands counts.
    """
    if not rows:
        return []
    of_round, codes = {"round_id": rows[0].round_id}, [row.smis for row in rows]
    locked = [row.smis for row in rows if row.locked_from in SIGNED and row.state != "EXEMPT"]
    taken = select(SnapshotFact).filter_by(**of_round).where(SnapshotFact.smis.in_(locked))
    snapshots = {one.smis: one.tables for one in unit.session.execute(taken).scalars()}
    standing = [row.submission_id for row in rows if row.submission_id and row.smis not in snapshots]
    accepted = select(SubmissionFact).where(SubmissionFact.submission_id.in_(standing))
    tables = {one.smis: one.tables for one in unit.session.execute(accepted).scalars()} | snapshots
    # the tables of the other versions are of no interest, and large
    counted = select(SubmissionFact.smis, SubmissionFact.number, SubmissionFact.counts).filter_by(**of_round)
    versions = defaultdict(list)
    for smis, number, counts in unit.session.execute(counted.where(SubmissionFact.smis.in_(codes))):
        versions[smis].append(Version(number, counts))
    duplicates = _duplicates(unit, rows[0].round_id)
    return [
        replace(
            _standing(row, _state(row, row.smis in snapshots), clusters),
            tables=tables.get(row.smis),
            versions=tuple(sorted(versions[row.smis], key=lambda version: version.number)),
            duplicates=tuple(duplicates[row.smis]),
        )
        for row in rows
    ]


def is_outside_the_office(unit: Unit, rows: Iterable[SchoolRoundFact]) -> bool:
    """Whether the caller reads here of a school that is neither theirs nor below their area office."""
    own = set(unit.identity.scopes(SCHOOL_READERS))
    return any(row.org_path not in own and not unit.identity.holds(AREA_READERS, row.org_path) for row in rows)


def amphoes_of(rows: Iterable[SchoolRoundFact]) -> list[str]:
    """The amphoe in which schools lie."""
    return sorted({row.amphoe or UNKNOWN_AMPHOE for row in rows})


def reachable_areas(unit: Unit) -> set[str]:
    """The paths of the areas about which the caller reads."""
    return {path for scope in unit.identity.scopes(READERS) for path in lineage(scope)}


def _reached(unit: Unit, round_id: str) -> list[SchoolRoundFact]:
    statement = select(SchoolRoundFact).filter_by(round_id=round_id).order_by(SchoolRoundFact.smis)
    return list(unit.session.execute(scoped(statement, SchoolRoundFact.org_path, unit.identity, READERS)).scalars())


def _lies(row: SchoolRoundFact, place: Place, clusters: dict[str, str]) -> bool:
    return (
        place.school in (None, "", row.smis)
        and place.amphoe in (None, "", row.amphoe or UNKNOWN_AMPHOE)
        and place.cluster in (None, "", clusters.get(row.org_path, NO_CLUSTER))
    )


def _duplicates(unit: Unit, round_id: str) -> dict[str, list[Duplicate]]:
    """The cases of a round by school: each with both of its schools."""
    cases: dict[str, list[Duplicate]] = defaultdict(list)
    statement = select(DuplicateFact).filter_by(round_id=round_id).order_by(DuplicateFact.case_id)
    for row in unit.session.execute(statement).scalars():
        both = row.first_smis, row.second_smis
        found_on = dt.datetime.fromisoformat(row.found_at).astimezone(BANGKOK).date()
        for smis in both:
            cases[smis].append(Duplicate(row.case_id, row.kind, row.state, row.keep, both, found_on))
    return cases


def _state(row: SchoolRoundFact, is_by_snapshot: bool) -> str:
    """The state that counts: the one a school was locked from, as long as its snapshot counts."""
    return row.locked_from if row.locked_from and (is_by_snapshot or row.state == "LOCKED") else row.state


def _standing(row: SchoolRoundFact, state: str, clusters: dict[str, str]) -> Standing:
    """How a school stands, without what it sent."""
    return Standing(
        row.smis,
        state,
        None,
        name=row.name,
        amphoe=row.amphoe,
        cluster=clusters.get(row.org_path),
        place=row.org_path,
        deadline=_instant(row.school_deadline),
        confirmed_at=_instant(row.confirmed_at),
        returns=row.returns,
    )


def _instant(written: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(written) if written else None


def _require_school(unit: Unit, round_id: str, smis: str) -> None:
    row = unit.session.get(SchoolRoundFact, (round_id, smis))
    if row is None:
        raise not_found("โรงเรียนนี้ไม่อยู่ในรอบ")
    require(unit.identity, READERS, row.org_path)
