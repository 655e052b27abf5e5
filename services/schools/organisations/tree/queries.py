"""The caller's part of the tree: areas with their groups, clusters, and how many schools there are."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import func, select

from services.schools.organisations import rules
from services.schools.organisations.clusters.queries import cluster_views
from services.schools.organisations.lifecycle.rules import EventKind, EventState
from services.schools.organisations.lifecycle.tables import SchoolEvent
from services.schools.organisations.rules import UnitKind, UnitState, unit_etag
from services.schools.organisations.tables import OrgUnit, School
from services.schools.organisations.tree.areas import visible_areas
from services.schools.people.rules import PersonState
from services.schools.people.tables import Person
from shared.db.unit import Unit


def list_organisations(unit: Unit) -> dict[str, Any]:
    """The areas in which the caller holds any role, each with its groups, its clusters and how many schools it has."""
    return {"items": [_area_view(unit, area) for area in visible_areas(unit)], "next_cursor": None}


def group_view(node: OrgUnit, people: int) -> dict[str, Any]:
    """A group with the number of people who work in it."""
    return {
        "code": node.code,
        "name": node.name,
        "state": node.state,
        "people": people,
        "etag": unit_etag(node.version),
    }


def people_at(unit: Unit, node_id: str) -> int:
    """How many people work in a unit."""
    return _people(unit, [node_id])[node_id]


def _area_view(unit: Unit, area: OrgUnit) -> dict[str, Any]:
    groups = select(OrgUnit).filter_by(parent_id=area.id, kind=UnitKind.GROUP).order_by(OrgUnit.code)
    nodes = list(unit.session.execute(groups).scalars())
    people = _people(unit, [node.id for node in nodes])
    schools = list(
        unit.session.execute(
            select(OrgUnit.state, School.amphoe)
            .join(School, School.unit_id == OrgUnit.id)
            .where(OrgUnit.parent_id == area.id)
        )
    )
    states = Counter(state for state, _amphoe in schools)
    amphoes = Counter(amphoe or rules.UNKNOWN_AMPHOE for state, amphoe in schools if state == UnitState.OPEN)
    return {
        "code": area.code,
        "name": area.name,
        "state": area.state,
        "org_path": area.org_path,
        "groups": [group_view(node, people[node.id]) for node in nodes],
        "clusters": cluster_views(unit, area),
        "schools": {
            "open": states[UnitState.OPEN],
            "closed": states[UnitState.CLOSED],
            "opening": _opening(unit, area),
        },
        "amphoes": [{"name": name, "schools": count} for name, count in sorted(amphoes.items())],
    }


def _people(unit: Unit, node_ids: list[str]) -> Counter[str]:
    statement = select(Person.unit_id, func.count()).where(
        Person.unit_id.in_(node_ids), Person.state == PersonState.ACTIVE
    )
    return Counter(dict(unit.session.execute(statement.group_by(Person.unit_id)).all()))


def _opening(unit: Unit, area: OrgUnit) -> int:
    """How many schools are planned to be opened."""
    statement = select(func.count()).select_from(SchoolEvent)
    planned = statement.filter_by(area_id=area.id, kind=EventKind.OPENED, state=EventState.PLANNED)
    return int(unit.session.execute(planned).scalar_one())
