"""Where in the tree an import belongs, and who may have one there."""

from __future__ import annotations

from sqlalchemy import select

from services.schools.imports.kinds.model import Kind
from services.schools.organisations.queries import find_school
from services.schools.organisations.rules import UnitKind
from services.schools.organisations.tables import OrgUnit
from services.schools.organisations.tree.areas import area_for
from shared.db.unit import Unit
from shared.problems import FieldError, forbidden, invalid
from shared.security.access import ROLES, require


def scope_for(unit: Unit, kind: Kind, smis: str | None, area: str | None) -> OrgUnit:
    """The unit for which the caller imports: the school ``smis``, the area ``area``, or the one that is theirs.

    Raises:
        Problem: ``forbidden`` (403); ``not_found`` (404): no such school or area of the caller's; ``invalid`` (422):
            the caller has several, and says not which, or the list is one of the whole area.
    """
    if not unit.identity.roles & set(kind.roles):
        raise forbidden(f"นำเข้า{kind.title}ได้เฉพาะ {' หรือ '.join(ROLES[role] for role in kind.roles)}")
    if smis:
        return _school(unit, kind, smis)
    if area or unit.identity.scopes(kind.area_roles):
        return area_for(unit, kind.area_roles, area)
    return _own_school(unit, kind)


def _school(unit: Unit, kind: Kind, smis: str) -> OrgUnit:
    if not kind.school_roles:
        raise invalid([FieldError("smis", "unknown", f"นำเข้า{kind.title}ได้ทั้งเขตเท่านั้น ไม่ต้องระบุโรงเรียน")])
    school = find_school(unit, smis).unit
    require(unit.identity, kind.roles, school.org_path)
    return school


def _own_school(unit: Unit, kind: Kind) -> OrgUnit:
    paths = unit.identity.scopes(kind.school_roles)
    statement = select(OrgUnit).where(OrgUnit.org_path.in_(paths), OrgUnit.kind == UnitKind.SCHOOL)
    schools = list(unit.session.execute(statement).scalars())
    if len(schools) != 1:
        raise invalid([FieldError("smis", "required", "ท่านดูแลหลายโรงเรียน กรุณาระบุรหัส SMIS ของโรงเรียน")])
    return schools[0]
