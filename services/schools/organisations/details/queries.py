"""One school with everything that is kept of it, now or as it was on a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select

from services.schools.organisations import rules
from services.schools.organisations.codes.queries import codes_on
from services.schools.organisations.details.rules import doubts
from services.schools.organisations.details.surroundings import surroundings_of
from services.schools.organisations.lifecycle.recording import change_of
from services.schools.organisations.lifecycle.rules import EventState, rewound
from services.schools.organisations.lifecycle.tables import SchoolEvent
from services.schools.organisations.queries import SchoolRow, details_view, find_school, profile_view, school_view
from services.schools.organisations.rules import Scheme
from services.schools.organisations.tables import OrgUnit, School, SchoolProfile
from shared.db.unit import Unit
from shared.problems import FieldError, invalid, not_found


def get_school(unit: Unit, smis: str, on: str | None = None) -> dict[str, Any]:
    """One school, open or closed, with its record, the grades it offers and the profile of its newest year (or null).

    ``on`` (a day) shows its name, codes, grades and state as they were on that day; the record is today's.

    Raises:
        Problem: ``not_found`` (404), also for a school of another area and on a day before it was opened; ``invalid``
            (422) for what is no day.
    """
    row = find_school(unit, smis)
    return school_page(unit, row, _day(on) if on else None)


def school_page(unit: Unit, row: SchoolRow, on: dt.date | None = None) -> dict[str, Any]:
    """Everything that is kept of a school.

    Raises:
        Problem: ``not_found`` (404) on a day before it was opened.
    """
    newest = unit.session.execute(
        select(SchoolProfile).filter_by(unit_id=row.unit.id).order_by(SchoolProfile.year_be.desc()).limit(1)
    ).scalar_one_or_none()
    view = school_view(row)
    if on is not None:
        view |= _as_it_was(unit, row, view, on)
    around = [node for node in (row.main_school, row.successor) if node]
    return {
        **view,
        "on": on.isoformat() if on else None,
        "area_name": row.area.name,
        "one_teacher": row.school.one_teacher,
        "grades": list(rules.grades_of(view["education_range"])),
        "details": details_view(row),
        "details_at": row.school.details_at.isoformat() if row.school.details_at else None,
        "warnings": [doubt.view() for doubt in doubts(details_view(row), surroundings_of(unit, row))],
        "names": {node.code: node.name for node in [*around, *_guests(unit, row)]},
        "guests": [node.code for node in _guests(unit, row)],
        "profile": profile_view(row.unit.code, newest) if newest else None,
        "etag": rules.unit_etag(row.unit.version),
    }


def _as_it_was(unit: Unit, row: SchoolRow, now: dict[str, Any], on: dt.date) -> dict[str, Any]:
    statement = select(SchoolEvent).filter_by(unit_id=row.unit.id, state=EventState.APPLIED)
    events = unit.session.execute(statement.order_by(SchoolEvent.id.desc())).scalars()
    kept = {name: now[name] for name in ("name", "education_range", "state", "main_school")}
    then = rewound(kept, [(change_of(event), event.before) for event in events], on)
    if then["state"] is None:
        raise not_found(f"โรงเรียน{row.unit.name}ยังไม่ได้จัดตั้งในวันนั้น")
    codes = codes_on(unit, row.unit.id, on)
    return {
        **then,
        "smis": codes.get(Scheme.SMIS8, row.unit.code),
        "ministry_code": codes.get(Scheme.MOE10),
        "obec6_code": codes.get(Scheme.PER6),
        "successor": now["successor"] if then["state"] == now["state"] else None,
    }


def _guests(unit: Unit, row: SchoolRow) -> list[OrgUnit]:
    """The schools whose pupils are taught here (เรียนรวม)."""
    from_others = select(OrgUnit).join(School, School.unit_id == OrgUnit.id).where(School.main_school_id == row.unit.id)
    return list(unit.session.execute(from_others.order_by(OrgUnit.code)).scalars())


def _day(written: str) -> dt.date:
    try:
        return dt.date.fromisoformat(written)
    except ValueError:
        raise invalid([FieldError("on", "date", "on: ต้องเป็นวันที่ เช่น 2026-06-10")]) from None
