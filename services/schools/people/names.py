"""The names behind person ids, for logs that keep ids alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.schools.organisations.rules import area_of
from services.schools.organisations.tables import OrgUnit
from services.schools.people.tables import Person
from shared.db.unit import Unit
from shared.security.access import ROLES, lineage

MOST_NAMES = 500


def name_people(unit: Unit, person_ids: list[str]) -> dict[str, Any]:
    """The names of those of ``person_ids`` (at most 500) who work in an area where the caller holds a role.

    An area's own people may know each other's names; somebody of another area stays without one.
    """
    areas = {area_of(scope) for scope in unit.identity.scopes(ROLES)}
    statement = (
        select(Person, OrgUnit.org_path)
        .join(OrgUnit, OrgUnit.id == Person.unit_id)
        .where(Person.id.in_(person_ids[:MOST_NAMES]))
    )
    found = unit.session.execute(statement).all()
    return {"names": {person.id: person.name for person, path in found if areas & set(lineage(path))}}
