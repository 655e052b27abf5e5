"""Who works in a unit, for those who give out work there."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from services.schools.organisations.rules import UnitKind, area_of
from services.schools.organisations.tables import OrgUnit
from services.schools.people.rules import PersonState
from services.schools.people.tables import Person
from shared.db.unit import Unit
from shared.problems import forbidden, not_found
from shared.security.access import ROLES, is_area
from shared.thai.collation import sort_key

DIRECTS = ("deputy_director", "area_director")
HEADS = ("group_director", "school_director")


def list_members(unit: Unit, organisation: str) -> dict[str, Any]:
    """The active people of the unit with the code ``organisation`` by name in Thai order, of an area office those of
    its groups too: ``{"person_id", "name", "position", "unit", "unit_name"}``, the unit's own first.

    For its director, or a director of the area; a command, since it is written down who looked.

    Raises:
        Problem: ``not_found`` (404) for a unit of another area, ``forbidden`` (403).
    """
    place = unit.session.execute(select(OrgUnit).filter_by(code=organisation)).scalar_one_or_none()
    areas = tuple(area_of(scope) for scope in unit.identity.scopes(ROLES))
    if place is None or not place.org_path.startswith(areas):
        raise not_found(f"ไม่พบหน่วยงานรหัส {organisation}")
    if not _decides(unit, place.org_path):
        raise forbidden("รายชื่อบุคลากรเพื่อมอบหมายงานเปิดได้เฉพาะผู้อำนวยการของหน่วยงานนั้น หรือผู้บริหารเขต")
    within = OrgUnit.id == place.id
    if place.kind == UnitKind.AREA:
        within = or_(within, (OrgUnit.parent_id == place.id) & (OrgUnit.kind == UnitKind.GROUP))
    statement = select(Person, OrgUnit).join(OrgUnit, OrgUnit.id == Person.unit_id)
    rows = unit.session.execute(statement.where(within, Person.state == PersonState.ACTIVE)).all()
    found = sorted(rows, key=lambda row: (row[1].id != place.id, row[1].name, *_order(row[0])))
    unit.audit("person.listed", f"{place.kind.lower()}/{place.code}", place.org_path, {"people": len(found)})
    items = [
        {
            "person_id": person.id,
            "name": person.name,
            "position": person.position,
            "unit": home.code,
            "unit_name": home.name,
        }
        for person, home in found
    ]
    return {"items": items, "next_cursor": None}


def _decides(unit: Unit, org_path: str) -> bool:
    """Whether the caller directs the office above a unit, or heads this one: a head who holds the role at the area
    heads the group in which they work.
    """
    if unit.identity.holds(DIRECTS, org_path):
        return True
    above = [scope for scope in unit.identity.scopes(HEADS) if org_path.startswith(scope)]
    if org_path in above and not is_area(org_path):
        return True
    home = (
        select(OrgUnit.org_path).join(Person, Person.unit_id == OrgUnit.id).where(Person.id == unit.identity.person_id)
    )
    return bool(above) and unit.session.execute(home).scalar_one_or_none() == org_path


def _order(person: Person) -> tuple[Any, ...]:
    return sort_key(person.given_name), sort_key(person.family_name), person.id
