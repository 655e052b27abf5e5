"""The names behind person ids, for logs that keep ids alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import false, or_, select

from services.schools.organisations.rules import area_of
from services.schools.organisations.tables import OrgUnit
from services.schools.people.rules import people_meant
from services.schools.people.tables import Person
from shared.db.unit import Unit
from shared.security.access import ROLES, is_area, lineage

MOST_NAMES, MOST_TEXTS = 500, 50


def name_people(unit: Unit, person_ids: list[str]) -> dict[str, Any]:
    """The names of those of ``person_ids`` (at most 500) who work in an area where the caller holds a role.

    An area's own people may know each other's names; somebody of another area stays without one.
    """
    statement = (
        select(Person, OrgUnit.org_path)
        .join(OrgUnit, OrgUnit.id == Person.unit_id)
        .where(Person.id.in_(person_ids[:MOST_NAMES]))
    )
    areas = _own_areas(unit)
    found = unit.session.execute(statement).all()
    return {"names": {person.id: person.name for person, path in found if areas & set(lineage(path))}}


def find_named(unit: Unit, texts: list[str]) -> dict[str, Any]:
    """Whose names stand in each of ``texts`` (at most 50) that somebody typed: ``{person_ids, rest}`` of each, ``rest``
    being what is typed beside the names. People who have left are found too: what they did has not.

    As in :func:`name_people`, of the people of the caller's own areas. Names are sealed, so all of them are opened and
    looked at here: of an area's 1,500 in a twentieth of a second.
    """
    paths = [OrgUnit.org_path.startswith(area, autoescape=True) for area in _own_areas(unit) if is_area(area)]
    statement = (
        select(Person.id, Person.given_name, Person.family_name)
        .join(OrgUnit, OrgUnit.id == Person.unit_id)
        .where(or_(false(), *paths))
    )
    names = {row.id: f"{row.given_name} {row.family_name}" for row in unit.session.execute(statement)}
    meant = [people_meant(typed, names) for typed in texts[:MOST_TEXTS]]
    return {"found": [{"person_ids": people, "rest": rest} for people, rest in meant]}


def _own_areas(unit: Unit) -> set[str]:
    return {area_of(scope) for scope in unit.identity.scopes(ROLES)}
