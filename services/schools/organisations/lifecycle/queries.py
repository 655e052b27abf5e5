"""What has happened to a school and what is planned for the schools of an area."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from services.schools.organisations.lifecycle.rules import EventState
from services.schools.organisations.lifecycle.tables import SchoolEvent
from services.schools.organisations.queries import area_wide, find_school
from services.schools.organisations.tables import OrgUnit
from services.schools.people.names import name_people
from shared.db.unit import SYSTEM, Unit
from shared.security.access import ROLES, scoped


def history(unit: Unit, smis: str) -> dict[str, Any]:
    """Everything recorded of a school, what is planned and what came last first; withdrawn and failed plans too.

    Raises:
        Problem: ``not_found`` (404).
    """
    row = find_school(unit, smis)
    statement = select(SchoolEvent).filter_by(unit_id=row.unit.id)
    newest_first = statement.order_by(SchoolEvent.effective_on.desc(), SchoolEvent.id.desc())
    return {"items": _views(unit, unit.session.execute(newest_first).scalars().all()), "next_cursor": None}


def list_plans(unit: Unit) -> dict[str, Any]:
    """What is planned for the schools of the caller's areas, by its day, also schools that do not exist yet."""
    statement = select(SchoolEvent).filter_by(state=EventState.PLANNED)
    statement = scoped(statement, SchoolEvent.org_path, area_wide(unit.identity), ROLES)
    by_day = statement.order_by(SchoolEvent.effective_on, SchoolEvent.id)
    return {"items": _views(unit, unit.session.execute(by_day).scalars().all()), "next_cursor": None}


def event_view(unit: Unit, event: SchoolEvent) -> dict[str, Any]:
    """One event as the API shows it; people of another area stay without their names."""
    return _views(unit, [event])[0]


def _views(unit: Unit, events: Sequence[SchoolEvent]) -> list[dict[str, Any]]:
    concerned = {person for event in events for person in (event.recorded_by, event.settled_by) if person}
    people = {SYSTEM: SYSTEM, **name_people(unit, sorted(concerned))["names"]}
    schools = _schools(unit, {id_ for event in events for id_ in (event.unit_id, event.successor_id) if id_})
    return [_view(event, people, schools) for event in events]


def _view(event: SchoolEvent, people: dict[str, str], schools: dict[str, dict[str, str]]) -> dict[str, Any]:
    unborn = {"smis": event.smis, "name": event.after.get("name", "")}
    return {
        "id": event.id,
        "kind": event.kind,
        "state": event.state,
        "school": schools.get(event.unit_id or "", unborn),
        "other": schools.get(event.successor_id or ""),
        "order_no": event.order_no,
        "order_date": _iso(event.order_date),
        "effective_on": event.effective_on.isoformat(),
        "effective_year_be": event.effective_year_be,
        "before": event.before,
        "after": event.after,
        "note": event.note,
        "recorded_at": event.recorded_at.isoformat(),
        "recorded_by": people.get(event.recorded_by),
        "settled_at": event.settled_at.isoformat() if event.settled_at else None,
        "settled_by": people.get(event.settled_by or ""),
        "settled_note": event.settled_note,
    }


def _schools(unit: Unit, ids: Iterable[str]) -> dict[str, dict[str, str]]:
    found = unit.session.execute(select(OrgUnit).where(OrgUnit.id.in_(set(ids)))).scalars()
    return {node.id: {"smis": node.code, "name": node.name} for node in found}


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
