"""Whom a code names, and which codes a school bears, bore and will bear."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select

from services.schools.organisations.codes.rules import SCHOOL_SCHEMES, Validity
from services.schools.organisations.lifecycle.rules import EventKind, EventState
from services.schools.organisations.lifecycle.tables import SchoolEvent
from services.schools.organisations.places import register
from services.schools.organisations.queries import area_wide, find_school
from services.schools.organisations.rules import Scheme
from services.schools.organisations.tables import OrgCode, OrgUnit
from shared.db.unit import Unit
from shared.security.access import ROLES, scoped
from shared.thai.digits import to_arabic
from shared.thai.fold import fold_text


def find_by_code(unit: Unit, code: str) -> dict[str, Any]:
    """Everything in the caller's part of the tree, and every place, that the digits name; each says in which scheme.

    5704 is an area and an amphoe (rounds.md §0.7); a code that is no longer valid still finds its unit.
    """
    wanted = to_arabic(fold_text(code))
    statement = select(OrgCode, OrgUnit).join(OrgUnit, OrgUnit.id == OrgCode.org_unit_id).where(OrgCode.code == wanted)
    statement = scoped(statement, OrgUnit.org_path, area_wide(unit.identity), ROLES)
    rows = unit.session.execute(statement.order_by(OrgCode.scheme, OrgUnit.code)).all()
    units = [
        {**_period(held), "kind": node.kind, "name": node.name, "unit": node.code, "state": node.state}
        for held, node in rows
    ]
    places = [
        {
            "scheme": place.scheme,
            "code": place.code,
            "valid_from": None,
            "valid_to": None,
            "kind": "AMPHOE" if place.scheme == Scheme.AMPHOE4 else "TAMBON",
            "name": place.full_name,
            "unit": None,
            "state": None,
        }
        for place in register.with_code(wanted)
    ]
    return {"items": [*units, *places], "next_cursor": None}


def list_codes(unit: Unit, smis: str) -> dict[str, Any]:
    """The codes of a school by scheme, the newest of each first, and the changes that are planned.

    Raises:
        Problem: ``not_found`` (404).
    """
    row = find_school(unit, smis)
    today = unit.clock.today()
    held = [
        {**_period(entry), "current": Validity(entry.valid_from, entry.valid_to).covers(today), "planned": False}
        for entry in codes_of(unit, row.unit.id)
    ]
    return {"items": [*_planned(unit, row.unit.id), *held], "next_cursor": None}


def codes_of(unit: Unit, unit_id: str) -> list[OrgCode]:
    """The codes of a unit in the order in which pages name the schemes, the newest of each first."""
    found = unit.session.execute(select(OrgCode).filter_by(org_unit_id=unit_id)).scalars()
    order = {scheme: place for place, scheme in enumerate(SCHOOL_SCHEMES)}
    return sorted(
        found,
        key=lambda entry: (order.get(Scheme(entry.scheme), len(order)), -(entry.valid_to or dt.date.max).toordinal()),
    )


def codes_on(unit: Unit, unit_id: str, day: dt.date) -> dict[str, str]:
    """The codes that a unit bore on a day, by scheme."""
    return {
        entry.scheme: entry.code
        for entry in codes_of(unit, unit_id)
        if Validity(entry.valid_from, entry.valid_to).covers(day)
    }


def _planned(unit: Unit, unit_id: str) -> list[dict[str, Any]]:
    statement = select(SchoolEvent).filter_by(unit_id=unit_id, state=EventState.PLANNED, kind=EventKind.CODE_CHANGED)
    return [
        {
            "scheme": scheme,
            "code": code,
            "valid_from": event.effective_on.isoformat(),
            "valid_to": None,
            "current": False,
            "planned": True,
        }
        for event in unit.session.execute(statement.order_by(SchoolEvent.effective_on)).scalars()
        for scheme, code in event.after["codes"].items()
    ]


def _period(entry: OrgCode) -> dict[str, Any]:
    return {
        "scheme": entry.scheme,
        "code": entry.code,
        "valid_from": entry.valid_from.isoformat() if entry.valid_from else None,
        "valid_to": entry.valid_to.isoformat() if entry.valid_to else None,
    }
