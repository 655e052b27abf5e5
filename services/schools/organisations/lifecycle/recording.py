"""Recording a change of a school: judged against its history, applied at once or planned for its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from services.schools.organisations.lifecycle import rules
from services.schools.organisations.lifecycle.applying import apply, life_of
from services.schools.organisations.lifecycle.queries import event_view
from services.schools.organisations.lifecycle.rules import Change, EventKind, EventState, Order
from services.schools.organisations.lifecycle.tables import SchoolEvent
from services.schools.organisations.queries import SchoolRow, find_school, row_of
from services.schools.organisations.rules import Fault, Scheme
from services.schools.organisations.tables import OrgCode, OrgUnit, School
from shared.bus.envelope import new_id
from shared.db.unit import Unit
from shared.problems import FieldError, Problem, conflict, invalid
from shared.security.access import require

CHANGERS = ("officer", "area_admin")


@dataclass(frozen=True)
class Draft:
    """A change that somebody wants: what will stand afterwards, on whose order; ``scheme`` when it is about a code."""

    kind: EventKind
    after: Mapping[str, Any]
    order: Order
    other: SchoolRow | None = None
    scheme: str = ""

    @property
    def change(self) -> Change:
        return Change.of(self.kind, self.order.effective_on, self.scheme, self.other.unit.id if self.other else None)


def changeable(unit: Unit, smis: str, receiving: str | None = None) -> SchoolRow:
    """A school that the caller may change. Nobody else changes it, or the school ``receiving`` its pupils, until this
    unit of work ends.

    Raises:
        Problem: ``not_found`` (404), ``forbidden`` (403) to all but officers and administrators of the area.
    """
    row = find_school(unit, smis)
    require(unit.identity, CHANGERS, row.area.org_path)
    bearers = select(OrgCode.org_unit_id).where(OrgCode.scheme == Scheme.SMIS8, OrgCode.code.in_((smis, receiving)))
    # both in one order, so that two who merge them crosswise wait for each other and not for ever
    unit.session.execute(select(OrgUnit.id).where(OrgUnit.id.in_(bearers)).order_by(OrgUnit.id).with_for_update()).all()
    return row_of(unit, row.unit.id)


def receiver(
    unit: Unit, row: SchoolRow, smis: str | None, kind: EventKind, effective_on: dt.date | None
) -> tuple[SchoolRow | None, list[Fault]]:
    """The school to which another one's pupils go, or why it cannot be."""
    pointer = "successor"
    if not (smis or "").strip():
        return None, [Fault(pointer, "required", "ต้องระบุรหัส SMIS ของโรงเรียนที่รับ")]
    try:
        other = find_school(unit, (smis or "").strip())
    except Problem as problem:
        return None, [Fault(pointer, problem.code, problem.detail)]
    other = row_of(unit, other.unit.id)
    _, planned = history_of(unit, other.unit.id)
    days = [effective_on or unit.clock.today()]
    if kind is EventKind.CO_LOCATED:
        days.append(dt.date.max)  # the pupils stay: nothing may be planned that would leave them without a school
    is_self = other.unit.id == row.unit.id
    same_area = other.area.id == row.area.id
    for day in days:
        life = rules.life_on(day, life_of(other), planned)
        faults = rules.other_faults(pointer, kind, is_self=is_self, same_area=same_area, life=life)
        if faults:
            return None, faults
    return other, []


def record(unit: Unit, row: SchoolRow, draft: Draft) -> dict[str, Any]:
    """Record a change of a school.

    Raises:
        Problem: the refusals of :func:`history_refusal` (409), ``school.depended_on`` (409).
    """
    applied, planned = history_of(unit, row.unit.id)
    refused = rules.history_refusal(life_of(row), applied, planned, draft.change)
    if refused:
        raise conflict(refused.code, refused.message)
    if draft.kind in rules.ENDING or draft.kind is EventKind.CO_LOCATED:
        _require_free(unit, row)
    return _enter(unit, row.area, row.unit.code, row.unit.org_path, draft, row.unit.id)


def record_opening(unit: Unit, area: OrgUnit, smis: str, draft: Draft) -> dict[str, Any]:
    """Record that a school is opened in an area."""
    return _enter(unit, area, smis, f"{area.org_path}{smis}/", draft, None)


def require_withdrawable(unit: Unit, event: SchoolEvent) -> None:
    """Refuse to withdraw a plan on which another one of the same school builds.

    Raises:
        Problem: ``school.planned`` (409).
    """
    if event.unit_id is None:
        return  # a school that does not exist yet has no other plans
    unit.session.execute(select(OrgUnit.id).filter_by(id=event.unit_id).with_for_update())
    _, planned = history_of(unit, event.unit_id, but=event.id)
    refused = rules.withdrawal_refusal(life_of(row_of(unit, event.unit_id)), planned)
    if refused:
        raise conflict(refused.code, refused.message)


def history_of(unit: Unit, unit_id: str, but: str = "") -> tuple[list[Change], list[Change]]:
    """What has happened to a school, and what is planned for it; without the event ``but``."""
    standing = (EventState.APPLIED, EventState.PLANNED)
    statement = select(SchoolEvent).where(SchoolEvent.unit_id == unit_id, SchoolEvent.state.in_(standing))
    statement = statement.where(SchoolEvent.id != but)
    events = list(unit.session.execute(statement.order_by(SchoolEvent.id)).scalars())
    applied = [change_of(event) for event in events if event.state == EventState.APPLIED]
    return applied, [change_of(event) for event in events if event.state == EventState.PLANNED]


def change_of(event: SchoolEvent) -> Change:
    """A stored event as the rules see it."""
    scheme = next(iter(event.after.get("codes") or ()), "")
    return Change.of(EventKind(event.kind), event.effective_on, scheme, event.successor_id)


def refusal(faults: Iterable[Fault]) -> Problem:
    """The refusal of a command with everything that is wrong with it."""
    return invalid([FieldError(fault.pointer, fault.code, fault.message) for fault in faults])


def _require_free(unit: Unit, row: SchoolRow) -> None:
    """Nobody's pupils may be taught at a school that ends, or be about to come there."""
    guests = select(OrgUnit.name).join(School, School.unit_id == OrgUnit.id).where(School.main_school_id == row.unit.id)
    plans = (
        select(OrgUnit.name)
        .join(SchoolEvent, SchoolEvent.unit_id == OrgUnit.id)
        .where(SchoolEvent.successor_id == row.unit.id, SchoolEvent.state == EventState.PLANNED)
    )
    names = {*unit.session.execute(guests).scalars(), *unit.session.execute(plans).scalars()}
    if names:
        detail = f"ยังมีโรงเรียนที่มาเรียนรวมหรือมีแผนมารวม: {', '.join(sorted(names))} ต้องย้ายหรือถอนแผนก่อน"
        raise conflict("school.depended_on", detail)


def _enter(unit: Unit, area: OrgUnit, smis: str, org_path: str, draft: Draft, unit_id: str | None) -> dict[str, Any]:
    order = draft.order
    event = SchoolEvent(
        id=new_id(),
        area_id=area.id,
        unit_id=unit_id,
        successor_id=draft.other.unit.id if draft.other else None,
        smis=smis,
        org_path=org_path,
        kind=draft.kind,
        state=EventState.PLANNED,
        order_no=order.order_no or None,
        order_date=order.order_date,
        effective_on=order.effective_on,
        effective_year_be=order.effective_year_be,
        before=None,
        after=dict(draft.after),
        note=order.note,
        recorded_at=unit.now(),
        recorded_by=unit.actor,
    )
    unit.session.add(event)
    unit.session.flush()
    if order.effective_on <= unit.clock.today():
        apply(unit, event)
    else:
        change: dict[str, Any] = {"event": event.id, "kind": event.kind, "after": event.after}
        change |= {"effective_on": order.effective_on.isoformat(), "order_no": event.order_no}
        unit.audit("school.plan", f"school/{smis}", org_path, change, event.note)
    return event_view(unit, event)
