"""The areas in which somebody looks around, and the one in which they act."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from services.schools.organisations.queries import area_wide
from services.schools.organisations.rules import UnitKind
from services.schools.organisations.tables import OrgUnit
from shared.db.unit import Unit
from shared.problems import FieldError, forbidden, invalid, not_found
from shared.security.access import ROLES, scoped


def area_for(unit: Unit, roles: Iterable[str], code: str | None = None) -> OrgUnit:
    """The area where the caller holds one of ``roles``; who holds them in several says in which.

    Raises:
        Problem: ``forbidden`` (403), ``not_found`` (404) for an area of others, ``invalid`` (422) when none is named.
    """
    wanted = tuple(roles)
    statement = select(OrgUnit).where(OrgUnit.kind == UnitKind.AREA).order_by(OrgUnit.code)
    areas = unit.session.execute(scoped(statement, OrgUnit.org_path, unit.identity, wanted)).scalars().all()
    if not areas:
        raise forbidden(f"รายการนี้ทำได้เฉพาะ {' หรือ '.join(ROLES[role] for role in wanted)} ของเขต")
    if code is None and len(areas) > 1:
        raise invalid([FieldError("area", "required", "ท่านมีสิทธิ์ในหลายเขต ต้องระบุรหัสเขตพื้นที่")])
    found = next((area for area in areas if code in (None, area.code)), None)
    if found is None:
        raise not_found(f"ไม่พบเขตพื้นที่รหัส {code}")
    return found


def visible_areas(unit: Unit) -> list[OrgUnit]:
    """The areas in which the caller holds any role."""
    statement = select(OrgUnit).where(OrgUnit.kind == UnitKind.AREA).order_by(OrgUnit.code)
    return list(unit.session.execute(scoped(statement, OrgUnit.org_path, area_wide(unit.identity), ROLES)).scalars())
