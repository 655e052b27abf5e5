"""Telling the other services of people, areas and groups.

A change counts ``revision`` (of a person) or ``version`` (of a unit) up in its own transaction; a moment later the
whole state is told and ``told`` catches up. One command changes a person several times (entered, granted, granted
again), and an installation from before these events existed has told of nobody: both are one event a person this way.
Decision 028.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update

from services.schools.access.tables import RoleGrant
from services.schools.organisations.rules import UnitKind
from services.schools.organisations.tables import OrgUnit
from services.schools.people.tables import Person
from shared.bus.contracts.schools import STAFF_RECORDED, UNIT_RECORDED
from shared.db.unit import Unit

AT_ONCE = 100
TOLD_OF = (UnitKind.AREA, UnitKind.GROUP)


def count_up(unit: Unit, person_id: str) -> None:
    """Others must hear of this person anew."""
    unit.session.execute(update(Person).where(Person.id == person_id).values(revision=Person.revision + 1))


def tell_next(app: Any) -> bool:
    """Tell of some of those who changed. True when there may be more."""
    units = select(OrgUnit).where(OrgUnit.told < OrgUnit.version, OrgUnit.kind.in_(TOLD_OF)).order_by(OrgUnit.org_path)
    people = select(Person).where(Person.told < Person.revision).order_by(Person.id)
    with app.read() as unit:
        if not any(unit.session.execute(waiting.limit(1)).first() for waiting in (units, people)):
            return False
    with app.write() as unit:
        for node in unit.session.execute(units.limit(AT_ONCE).with_for_update(skip_locked=True)).scalars().all():
            _tell_unit(unit, node)
        changed = unit.session.execute(people.limit(AT_ONCE).with_for_update(skip_locked=True)).scalars().all()
        _tell_people(unit, changed)
    return True


def _tell_unit(unit: Unit, node: OrgUnit) -> None:
    node.told = node.version
    state = {"code": node.code, "kind": node.kind, "name": node.name, "org_path": node.org_path, "state": node.state}
    unit.emit(UNIT_RECORDED, f"unit/{node.code}", node.version, state, node.org_path)


def _tell_people(unit: Unit, people: Sequence[Person]) -> None:
    ids, today = [person.id for person in people], unit.clock.today()
    homes = {
        node.id: node
        for node in unit.session.execute(
            select(OrgUnit).where(OrgUnit.id.in_({person.unit_id for person in people}))
        ).scalars()
    }
    held: dict[str, list[dict[str, Any]]] = {person_id: [] for person_id in ids}
    grants = unit.session.execute(
        select(RoleGrant, OrgUnit)
        .join(OrgUnit, OrgUnit.id == RoleGrant.unit_id)
        .where(RoleGrant.person_id.in_(ids))
        .order_by(RoleGrant.id)
    )
    for grant, scope in grants:
        if grant.is_open_on(today):
            held[grant.person_id].append(_grant_state(grant, scope))
    for person in people:
        person.told = person.revision
        home = homes[person.unit_id]
        state = {
            "staff_id": person.id,
            "unit": home.code,
            "org_path": home.org_path,
            "state": person.state,
            "grants": held[person.id],
        }
        unit.emit(STAFF_RECORDED, f"staff/{person.id}", person.revision, state, home.org_path)


def _grant_state(grant: RoleGrant, scope: OrgUnit) -> dict[str, Any]:
    return {
        "role": grant.role,
        "scope": scope.org_path,
        "organisation": scope.code,
        "acting": grant.acting,
        "valid_from": grant.valid_from.isoformat(),
        "valid_until": grant.valid_until.isoformat() if grant.valid_until else None,
        "order_no": grant.order_no,
    }
