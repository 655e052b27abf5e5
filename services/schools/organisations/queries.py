"""Looking at schools and their profiles. The list of schools is public within an area, to whoever is logged in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from services.schools.organisations import rules
from services.schools.organisations.clusters.tables import Cluster
from services.schools.organisations.details.rules import FIELDS
from services.schools.organisations.rules import Scheme, UnitKind, UnitState
from services.schools.organisations.tables import OrgCode, OrgUnit, School, SchoolProfile
from shared.db.unit import Unit
from shared.problems import FieldError, invalid, not_found
from shared.security.access import ROLES, scoped
from shared.security.identity import Identity

DEFAULT_LIMIT = 200
MOST = 500
ANY_STATE = "ALL"
NO_CLUSTER = "none"


@dataclass(frozen=True)
class SchoolRow:
    """A school as one row: its node, what is known of it, its area, its other codes, and what it belongs to."""

    unit: OrgUnit
    school: School
    area: OrgUnit
    ministry_code: str | None
    obec6_code: str | None
    cluster: Cluster | None = None
    main_school: OrgUnit | None = None
    successor: OrgUnit | None = None


def list_schools(
    unit: Unit,
    *,
    limit: int | None = None,
    cursor: str | None = None,
    q: str | None = None,
    amphoe: str | None = None,
    cluster: str | None = None,
    state: str | None = None,
    details: bool = False,
) -> dict[str, Any]:
    """The schools of the caller's area by SMIS code; open ones unless ``state`` is CLOSED or ALL.

    ``q`` looks in the name and at the beginning of every code, also of former ones; ``amphoe`` "ไม่ระบุอำเภอ" and
    ``cluster`` "none" find schools without one. With ``details`` each comes with its whole record.

    Raises:
        Problem: ``invalid`` (422) for a limit outside 1–500 or an unknown state.
    """
    size = DEFAULT_LIMIT if limit is None else limit
    _check_list(size, state)
    statement = visible_schools(unit).order_by(OrgUnit.code)
    if state != ANY_STATE:
        statement = statement.where(OrgUnit.state == (state or UnitState.OPEN))
    if cursor:
        statement = statement.where(OrgUnit.code > cursor)
    if amphoe:
        statement = statement.where(School.amphoe == (None if amphoe == rules.UNKNOWN_AMPHOE else amphoe))
    if cluster:
        statement = statement.where(School.cluster_id == (None if cluster == NO_CLUSTER else cluster))
    if wanted := rules.search_text(q or ""):
        coded = select(OrgCode.org_unit_id).where(OrgCode.code.startswith(wanted, autoescape=True))
        statement = statement.where(or_(OrgUnit.name.contains(wanted, autoescape=True), OrgUnit.id.in_(coded)))
    found = [SchoolRow(*row) for row in unit.session.execute(statement.limit(size + 1))]
    return {
        "items": [{**school_view(row), **(details_view(row) if details else {})} for row in found[:size]],
        "next_cursor": found[size - 1].unit.code if len(found) > size else None,
    }


def get_profile(unit: Unit, smis: str, year_be: int) -> dict[str, Any]:
    """The profile of a school in one academic year.

    Raises:
        Problem: ``not_found`` (404): no such school, or no profile of that year.
    """
    row = find_school(unit, smis)
    profile = find_profile(unit, row.unit.id, year_be)
    if profile is None:
        raise not_found(f"โรงเรียน{row.unit.name}ยังไม่ได้บันทึกข้อมูลพื้นฐานของปีการศึกษา {year_be}")
    return profile_view(row.unit.code, profile)


def list_profiles(unit: Unit, smis: str) -> dict[str, Any]:
    """The profiles of a school, the newest year first.

    Raises:
        Problem: ``not_found`` (404).
    """
    row = find_school(unit, smis)
    newest_first = select(SchoolProfile).filter_by(unit_id=row.unit.id).order_by(SchoolProfile.year_be.desc())
    profiles = unit.session.execute(newest_first).scalars()
    return {"items": [profile_view(row.unit.code, profile) for profile in profiles], "next_cursor": None}


def find_school(unit: Unit, smis: str) -> SchoolRow:
    """The school with a SMIS code in the caller's area; the code may be one it bore before.

    Raises:
        Problem: ``not_found`` (404).
    """
    bearers = select(OrgCode.org_unit_id).where(OrgCode.scheme == Scheme.SMIS8, OrgCode.code == smis)
    found = unit.session.execute(visible_schools(unit).where(OrgUnit.id.in_(bearers))).one_or_none()
    if found is None:
        raise not_found(f"ไม่พบโรงเรียนรหัส {smis} ในเขตพื้นที่ของท่าน")
    return SchoolRow(*found)


def row_of(unit: Unit, unit_id: str) -> SchoolRow:
    """A school as it stands now, whoever asks: for commands that have already decided who may."""
    unit.session.flush()
    found = _schools().where(OrgUnit.id == unit_id).execution_options(populate_existing=True)
    return SchoolRow(*unit.session.execute(found).one())


def find_profile(unit: Unit, unit_id: str, year_be: int) -> SchoolProfile | None:
    """The stored profile of one year."""
    statement = select(SchoolProfile).filter_by(unit_id=unit_id, year_be=year_be)
    return unit.session.execute(statement).scalar_one_or_none()


def school_view(row: SchoolRow) -> dict[str, Any]:
    """A school as lists show it."""
    return {
        "smis": row.unit.code,
        "ministry_code": row.ministry_code,
        "obec6_code": row.obec6_code,
        "name": row.unit.name,
        "education_range": row.school.education_range,
        "tambon": row.school.tambon,
        "amphoe": row.school.amphoe,
        "province": row.school.province,
        "area_code": row.area.code,
        "state": row.unit.state,
        "org_path": row.unit.org_path,
        "cluster_id": row.school.cluster_id,
        "cluster": row.cluster.name if row.cluster else None,
        "main_school": row.main_school.code if row.main_school else None,
        "successor": row.successor.code if row.successor else None,
    }


def details_view(row: SchoolRow) -> dict[str, Any]:
    """The record of a school."""
    values = {name: getattr(row.school, name) for name in FIELDS}
    return {**values, "founded_year_be": row.school.founded_year_be}


def profile_view(smis: str, profile: SchoolProfile) -> dict[str, Any]:
    """A profile with its entity tag."""
    return {
        "smis": smis,
        "year_be": profile.year_be,
        "rooms_by_grade": rules.in_grade_order(profile.rooms_by_grade),
        "teachers": profile.teachers,
        "version": profile.version,
        "updated_at": profile.updated_at.isoformat(),
        "etag": rules.profile_etag(profile.version),
    }


def visible_schools(unit: Unit) -> Any:
    """The schools of the areas in which the caller holds any role, as the columns of :class:`SchoolRow`."""
    return scoped(_schools(), OrgUnit.org_path, area_wide(unit.identity), ROLES)


def area_wide(identity: Identity) -> Identity:
    """The caller as one who may look around in the whole of each area where they hold a role."""
    return replace(
        identity, grants=tuple(replace(grant, scope=rules.area_of(grant.scope)) for grant in identity.grants)
    )


def _schools() -> Any:
    area, main_school, successor = aliased(OrgUnit), aliased(OrgUnit), aliased(OrgUnit)
    ministry, obec6 = aliased(OrgCode), aliased(OrgCode)
    return (
        select(OrgUnit, School, area, ministry.code, obec6.code, Cluster, main_school, successor)
        .join(School, School.unit_id == OrgUnit.id)
        .join(area, area.id == OrgUnit.parent_id)
        .outerjoin(ministry, _code_of_unit(ministry, Scheme.MOE10))
        .outerjoin(obec6, _code_of_unit(obec6, Scheme.PER6))
        .outerjoin(Cluster, Cluster.id == School.cluster_id)
        .outerjoin(main_school, main_school.id == School.main_school_id)
        .outerjoin(successor, successor.id == School.successor_id)
        .where(OrgUnit.kind == UnitKind.SCHOOL)
    )


def _code_of_unit(code: Any, scheme: Scheme) -> Any:
    return and_(code.org_unit_id == OrgUnit.id, code.scheme == scheme, code.valid_to.is_(None))


def _check_list(limit: int, state: str | None) -> None:
    errors = []
    if not 1 <= limit <= MOST:
        errors.append(FieldError("limit", "range", f"จำนวนต่อหน้าต้องอยู่ระหว่าง 1 ถึง {MOST}"))
    if state and state not in {*UnitState, ANY_STATE}:
        errors.append(FieldError("state", "choice", f"สถานะต้องเป็น OPEN, CLOSED หรือ {ANY_STATE}"))
    if errors:
        raise invalid(errors)
