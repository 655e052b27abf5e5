"""Doing what an event says, on its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from services.schools.access.commands import end_grants_at
from services.schools.organisations.codes.holding import enter_code, replace_code, taken_faults
from services.schools.organisations.codes.rules import Held, Validity
from services.schools.organisations.commands import announce_renumbered, announce_school
from services.schools.organisations.lifecycle import rules
from services.schools.organisations.lifecycle.rules import EventKind, EventState, Life
from services.schools.organisations.lifecycle.tables import SchoolEvent
from services.schools.organisations.queries import SchoolRow, row_of
from services.schools.organisations.rules import Scheme, UnitKind, UnitState
from services.schools.organisations.tables import OrgUnit, School
from shared.bus.envelope import new_id
from shared.db.unit import Unit


def apply_due(app: Any) -> None:
    """Apply the planned events whose day has come, one a transaction, in the order of their days."""
    today = app.clock.today()
    with app.read() as unit:
        due = select(SchoolEvent.id).where(SchoolEvent.state == EventState.PLANNED, SchoolEvent.effective_on <= today)
        ids = unit.session.execute(due.order_by(SchoolEvent.effective_on, SchoolEvent.id)).scalars().all()
    for event_id in ids:
        with app.write() as unit:
            event = unit.session.get_one(SchoolEvent, event_id, with_for_update=True)
            if event.state == EventState.PLANNED:  # another process, or whoever withdrew it, may have been faster
                _apply_or_fail(unit, event)


def apply(unit: Unit, event: SchoolEvent) -> SchoolRow:
    """Do what an event says and tell everybody; the school as it stands then. Whether it may be is decided before."""
    event.unit_id = event.unit_id or _enter_school(unit, event)
    unit.session.execute(select(OrgUnit.id).filter_by(id=event.unit_id).with_for_update())
    row = row_of(unit, event.unit_id)
    bore = row.unit.code
    event.before = _take_effect(unit, row, event)
    event.state = EventState.APPLIED
    settle(unit, event)
    if event.kind != EventKind.OPENED:
        row.unit.version += 1
    unit.session.flush()
    row = row_of(unit, event.unit_id)
    announce_school(unit, row)
    if row.unit.code != bore:
        announce_renumbered(unit, row, bore)
    change = {
        "event": event.id,
        "before": event.before,
        "after": event.after,
        "effective_on": event.effective_on.isoformat(),
        "order_no": event.order_no,
    }
    unit.audit(f"school.{event.kind.lower()}", f"school/{row.unit.code}", row.unit.org_path, change, event.note)
    return row


def settle(unit: Unit, event: SchoolEvent, note: str | None = None) -> None:
    """Note who brought an event to its end, and why it came to nothing if it did."""
    event.settled_at = unit.now()
    event.settled_by = unit.actor
    event.settled_note = note


def life_of(row: SchoolRow) -> Life:
    """How a school lives now."""
    return Life(is_open=row.unit.state == UnitState.OPEN, taught_at=row.school.main_school_id)


def _apply_or_fail(unit: Unit, event: SchoolEvent) -> None:
    obstacle = _obstacle(unit, event)
    if obstacle is None:
        apply(unit, event)
        return
    event.state = EventState.FAILED
    settle(unit, event, obstacle)
    unit.audit("school.plan_failed", f"school/{event.smis}", event.org_path, {"event": event.id}, obstacle)


def _obstacle(unit: Unit, event: SchoolEvent) -> str | None:
    """What has made a planned event impossible since it was recorded."""
    kind = EventKind(event.kind)
    row = row_of(unit, event.unit_id) if event.unit_id else None
    refused = rules.refusal(life_of(row) if row else None, kind)
    if refused:
        return refused.message
    for scheme, code in (event.after.get("codes") or {}).items():
        wanted = Held(event.unit_id or "", scheme, code, Validity(event.effective_on))
        for fault in taken_faults(unit, scheme, wanted, but=event.id):
            return fault.message
    if event.successor_id:
        other = row_of(unit, event.successor_id)
        for fault in rules.other_faults("", kind, is_self=False, same_area=True, life=life_of(other)):
            return fault.message
    return None


def _enter_school(unit: Unit, event: SchoolEvent) -> str:
    """The node of a new school, and what is known of it; its id."""
    known = event.after
    node = OrgUnit(
        id=new_id(),
        kind=UnitKind.SCHOOL,
        code=event.smis,
        name=known["name"],
        parent_id=event.area_id,
        org_path=event.org_path,
        state=UnitState.OPEN,
        version=1,
    )
    unit.session.add(node)
    unit.session.flush()  # what follows refers to the node, and the tables are not tied by relationships
    names = ("education_range", "tambon", "amphoe", "province")
    unit.session.add(School(unit_id=node.id, one_teacher=False, **{name: known[name] for name in names}))
    for scheme, code in known["codes"].items():
        enter_code(unit, node.id, scheme, code, event.effective_on)
    return node.id


def _take_effect(unit: Unit, row: SchoolRow, event: SchoolEvent) -> dict[str, Any]:
    """Change what the event changes; what stood there before."""
    main_school = {"main_school": row.main_school.code if row.main_school else None}
    match EventKind(event.kind):
        case EventKind.OPENED:
            return {"state": None}
        case EventKind.CODE_CHANGED:
            return {"codes": _change_codes(unit, row, event)}
        case EventKind.RENAMED | EventKind.RANGE_CHANGED | EventKind.CORRECTED:
            return _replace(row, event.after)
        case EventKind.CO_LOCATED | EventKind.SEPARATED:
            row.school.main_school_id = event.successor_id
            return main_school
        case EventKind.MERGED | EventKind.CLOSED:
            row.unit.state = UnitState.CLOSED
            row.school.main_school_id = None
            row.school.successor_id = event.successor_id
            _end_grants(unit, row, event)
            return {"state": UnitState.OPEN, **main_school}
        case EventKind.REOPENED:
            row.unit.state = UnitState.OPEN
            row.school.successor_id = None
            return {"state": UnitState.CLOSED}


def _replace(row: SchoolRow, values: Mapping[str, Any]) -> dict[str, Any]:
    before = {}
    for name, value in values.items():
        holder: Any = row.unit if name == "name" else row.school
        before[name] = getattr(holder, name)
        setattr(holder, name, value)
    return before


def _change_codes(unit: Unit, row: SchoolRow, event: SchoolEvent) -> dict[str, str | None]:
    before = {}
    for scheme, code in event.after["codes"].items():
        before[scheme] = replace_code(unit, row.unit.id, scheme, code, event.effective_on)
        if scheme == Scheme.SMIS8:
            # the others call it by its new code from now on; its place in the tree, and so everybody's grants, stay
            row.unit.code = code
    return before


def _end_grants(unit: Unit, row: SchoolRow, event: SchoolEvent) -> None:
    """What was done by a grant until today stays covered by it, also when the order came late."""
    last_day = max(event.effective_on, unit.clock.today()) - dt.timedelta(days=1)
    end_grants_at(unit, row.unit.id, last_day, f"{rules.TITLES[EventKind(event.kind)]}โรงเรียน {event.order_no}")
