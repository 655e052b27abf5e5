"""Entering codes: one at a time in the whole tree, so that no two units come by the same one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import select

from services.schools.organisations.codes import rules
from services.schools.organisations.codes.rules import SCHOOL_SCHEMES, Held, Validity
from services.schools.organisations.lifecycle.rules import EventState
from services.schools.organisations.lifecycle.tables import SchoolEvent
from services.schools.organisations.rules import Fault, Scheme, UnitKind
from services.schools.organisations.tables import OrgCode, OrgUnit
from shared.bus.envelope import new_id
from shared.db.unit import Unit

NEW_SCHOOL = ""


def taken_faults(unit: Unit, pointer: str, wanted: Held, *, but: str | None = None) -> list[Fault]:
    """Why a unit cannot have a code: another one has it at the same time, or it is promised to one by a plan.

    ``but`` is the planned event that is being applied. Whoever asks waits until those who asked before have committed.
    """
    _one_at_a_time(unit)
    name = SCHOOL_SCHEMES[Scheme(wanted.scheme)][0]
    if rules.clash(wanted, _held(unit, wanted)):
        return [Fault(pointer, "code.taken", f"{name} {wanted.code} เป็นของหน่วยงานอื่นหรือเคยใช้แล้ว")]
    if rules.clash(wanted, _promised(unit, but)):
        return [Fault(pointer, "code.planned", f"{name} {wanted.code} มีแผนให้โรงเรียนอื่นใช้แล้ว")]
    return []


def enter_code(unit: Unit, unit_id: str, scheme: str, code: str, since: dt.date | None) -> None:
    """Let a unit hold a code from a day on."""
    entry = OrgCode(id=new_id(), org_unit_id=unit_id, scheme=scheme, code=code, valid_from=since, valid_to=None)
    unit.session.add(entry)


def replace_code(unit: Unit, unit_id: str, scheme: str, code: str, since: dt.date) -> str | None:
    """Let a unit hold another code from a day on; the one it held, which ends the day before."""
    statement = select(OrgCode).filter_by(org_unit_id=unit_id, scheme=scheme, valid_to=None)
    held = unit.session.execute(statement).scalar_one_or_none()
    if held is not None:
        ended = rules.ended_before(Validity(held.valid_from, held.valid_to), since)
        if ended is None:
            unit.session.delete(held)  # replaced on the very day from which it was to count: it never did
        else:
            held.valid_to = ended.last
        unit.session.flush()  # the new one may only stand beside it when it has ended
    enter_code(unit, unit_id, scheme, code, since)
    return held.code if held else None


def _one_at_a_time(unit: Unit) -> None:
    roots = select(OrgUnit.id).where(OrgUnit.kind == UnitKind.OBEC).with_for_update()
    unit.session.execute(roots).all()


def _held(unit: Unit, wanted: Held) -> Iterator[Held]:
    same = select(OrgCode).filter_by(scheme=wanted.scheme, code=wanted.code)
    for entry in unit.session.execute(same).scalars():
        yield Held(entry.org_unit_id, entry.scheme, entry.code, Validity(entry.valid_from, entry.valid_to))


def _promised(unit: Unit, but: str | None) -> Iterator[Held]:
    planned = select(SchoolEvent).where(SchoolEvent.state == EventState.PLANNED, SchoolEvent.id != (but or ""))
    for event in unit.session.execute(planned).scalars():
        for scheme, code in (event.after.get("codes") or {}).items():
            yield Held(event.unit_id or NEW_SCHOOL, scheme, code, Validity(event.effective_on))
