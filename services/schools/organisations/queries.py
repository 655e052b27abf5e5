"""Looking at schools and their profiles. The list of schools is public within an area, to whoever is logged in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from services.schools.organisations import rules
from services.schools.organisations.rules import Scheme, UnitKind, UnitState
from services.schools.organisations.tables import OrgCode, OrgUnit, School, SchoolProfile
from shared.db.unit import Unit
from shared.problems import FieldError, invalid, not_found
from shared.security.access import ROLES, scoped
from shared.security.identity import Identity

DEFAULT_LIMIT = 200
MOST = 500


@dataclass(frozen=True)
class SchoolRow:
    """A school as one row: its node, what is known of it, its area and its other codes."""

    unit: OrgUnit
    school: School
    area: OrgUnit
    ministry_code: str | None
    obec6_code: str | None


def list_schools(
    unit: Unit,
    *,
    limit: int | None = None,
    cursor: str | None = None,
    q: str | None = None,
    amphoe: str | None = None,
    state: str | None = None,
) -> dict[str, Any]:
    """The schools of the caller's area by SMIS code; open ones unless ``state`` is CLOSED.

    ``q`` looks in the name and at the beginning of the code; ``amphoe`` "ไม่ระบุอำเภอ" finds schools without one.

    Raises:
        Problem: ``invalid`` (422) for a limit outside 1–500 or an unknown state.
    """
    size = DEFAULT_LIMIT if limit is None else limit
    _check_list(size, state)
    statement = _visible(unit).where(OrgUnit.state == (state or UnitState.OPEN)).order_by(OrgUnit.code)
    if cursor:
        statement = statement.where(OrgUnit.code > cursor)
    if amphoe:
        statement = statement.where(School.amphoe == (None if amphoe == rules.UNKNOWN_AMPHOE else amphoe))
    if wanted := rules.search_text(q or ""):
        named = OrgUnit.name.contains(wanted, autoescape=True)
        statement = statement.where(or_(named, OrgUnit.code.startswith(wanted, autoescape=True)))
    found = [SchoolRow(*row) for row in unit.session.execute(statement.limit(size + 1))]
    return {
        "items": [school_view(row) for row in found[:size]],
        "next_cursor": found[size - 1].unit.code if len(found) > size else None,
    }


def get_school(unit: Unit, smis: str) -> dict[str, Any]:
    """One school, open or closed, with the grades it offers and the profile of its newest year (or null).

    Raises:
        Problem: ``not_found`` (404), also for a school of another area.
    """
    row = find_school(unit, smis)
    newest = unit.session.execute(
        select(SchoolProfile).filter_by(unit_id=row.unit.id).order_by(SchoolProfile.year_be.desc()).limit(1)
    ).scalar_one_or_none()
    return {
        **school_view(row),
        "area_name": row.area.name,
        "one_teacher": row.school.one_teacher,
        "grades": list(rules.grades_of(row.school.education_range)),
        "profile": profile_view(row.unit.code, newest) if newest else None,
        "etag": rules.profile_etag(newest.version) if newest else None,
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
    return profile_view(smis, profile)


def find_school(unit: Unit, smis: str) -> SchoolRow:
    """The school with a SMIS code in the caller's area.

    Raises:
        Problem: ``not_found`` (404).
    """
    smis_code = aliased(OrgCode)
    statement = _visible(unit).join(smis_code, _code_of_unit(smis_code, Scheme.SMIS8)).where(smis_code.code == smis)
    found = unit.session.execute(statement).one_or_none()
    if found is None:
        raise not_found(f"ไม่พบโรงเรียนรหัส {smis} ในเขตพื้นที่ของท่าน")
    return SchoolRow(*found)


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
    }


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


def _visible(unit: Unit) -> Any:
    """The schools of the areas in which the caller holds any role."""
    area, ministry, obec6 = aliased(OrgUnit), aliased(OrgCode), aliased(OrgCode)
    statement: Any = (
        select(OrgUnit, School, area, ministry.code, obec6.code)
        .join(School, School.unit_id == OrgUnit.id)
        .join(area, area.id == OrgUnit.parent_id)
        .outerjoin(ministry, _code_of_unit(ministry, Scheme.MOE10))
        .outerjoin(obec6, _code_of_unit(obec6, Scheme.PER6))
        .where(OrgUnit.kind == UnitKind.SCHOOL)
    )
    return scoped(statement, OrgUnit.org_path, _area_wide(unit.identity), ROLES)


def _code_of_unit(code: Any, scheme: Scheme) -> Any:
    return and_(code.org_unit_id == OrgUnit.id, code.scheme == scheme, code.valid_to.is_(None))


def _area_wide(identity: Identity) -> Identity:
    """The caller as one who may look around in the whole of each area where they hold a role."""
    return replace(
        identity, grants=tuple(replace(grant, scope=rules.area_of(grant.scope)) for grant in identity.grants)
    )


def _check_list(limit: int, state: str | None) -> None:
    errors = []
    if not 1 <= limit <= MOST:
        errors.append(FieldError("limit", "range", f"จำนวนต่อหน้าต้องอยู่ระหว่าง 1 ถึง {MOST}"))
    if state and state not in set(UnitState):
        errors.append(FieldError("state", "choice", "สถานะต้องเป็น OPEN หรือ CLOSED"))
    if errors:
        raise invalid(errors)
