"""What officers and administrators of an area do with its schools, each on an order with number and date.

A change that takes effect today or took effect before is applied at once, a later one is planned until its day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from services.schools.access.rules import reason_faults
from services.schools.organisations.codes.holding import NEW_SCHOOL, taken_faults
from services.schools.organisations.codes.rules import (
    SCHOOL_SCHEMES,
    Held,
    Validity,
    code_faults,
    pair_faults,
    province_of,
)
from services.schools.organisations.lifecycle import rules
from services.schools.organisations.lifecycle.applying import settle
from services.schools.organisations.lifecycle.queries import event_view
from services.schools.organisations.lifecycle.recording import (
    CHANGERS,
    Draft,
    changeable,
    receiver,
    record,
    record_opening,
    refusal,
    require_withdrawable,
)
from services.schools.organisations.lifecycle.rules import EventKind, EventState, Order
from services.schools.organisations.lifecycle.tables import SchoolEvent
from services.schools.organisations.places.checks import place_faults
from services.schools.organisations.queries import SchoolRow, area_wide
from services.schools.organisations.rules import RANGES, Fault, Scheme
from services.schools.organisations.tables import OrgUnit
from services.schools.organisations.tree.areas import area_for
from shared.db.unit import Unit
from shared.problems import conflict, not_found
from shared.security.access import ROLES, require, scoped
from shared.thai.dates import academic_year
from shared.thai.fold import fold_text, is_missing

CODES = {"smis": Scheme.SMIS8, "ministry_code": Scheme.MOE10, "obec6_code": Scheme.PER6}
PLACES = ("tambon", "amphoe", "province")
CORRECTABLE = ("name", "education_range", *PLACES)


def open_school(unit: Unit, **fields: Any) -> dict[str, Any]:
    """Open a school in the caller's area (จัดตั้ง): name, codes, grades, place. Of the codes only SMIS must be known.

    Raises:
        Problem: ``forbidden`` (403), ``invalid`` (422): EM01, EM02, EM04, ``code.taken`` and the order among others.
    """
    area = area_for(unit, CHANGERS, fields.get("area"))
    given = _texts(fields, ("name", "education_range", *PLACES, *CODES))
    faults = [
        *rules.name_faults("name", given["name"]),
        *_range_faults(given["education_range"]),
        *place_faults(given["tambon"], given["amphoe"], given["province"]),
        *_new_code_faults(area, given),
    ]
    order = _ordered(unit, fields, faults)
    codes = {CODES[name].value: given[name] for name in _given(CODES, given)}
    _refuse(_taken_faults(unit, given, order))
    after = {name: given[name] for name in ("name", "education_range", *PLACES)} | {"codes": codes}
    return record_opening(unit, area, given["smis"] or "", Draft(EventKind.OPENED, after, order))


def rename_school(unit: Unit, smis: str, name: Any = None, **fields: Any) -> dict[str, Any]:
    """Give a school another name (เปลี่ยนชื่อ).

    Raises:
        Problem: ``not_found`` (404), ``forbidden`` (403), ``invalid`` (422), ``school.closed`` (409),
            ``school.earlier`` (409) before a change in force, ``school.planned`` (409) when it breaks a plan.
    """
    row = changeable(unit, smis)
    wanted = fold_text(name) if isinstance(name, str) else name
    faults = list(rules.name_faults("name", wanted))
    if wanted == row.unit.name:
        faults.append(Fault("name", "same", "ชื่อใหม่เหมือนชื่อเดิม"))
    order = _ordered(unit, fields, faults)
    return record(unit, row, Draft(EventKind.RENAMED, {"name": wanted}, order))


def change_range(unit: Unit, smis: str, education_range: Any = None, **fields: Any) -> dict[str, Any]:
    """Let a school offer other grades (ขยายโอกาส and back).

    Raises:
        Problem: as :func:`rename_school`.
    """
    row = changeable(unit, smis)
    faults = _range_faults(education_range)
    if education_range == row.school.education_range:
        faults.append(Fault("education_range", "same", "ระดับที่เปิดสอนเหมือนเดิม"))
    order = _ordered(unit, fields, faults)
    return record(unit, row, Draft(EventKind.RANGE_CHANGED, {"education_range": education_range}, order))


def change_code(unit: Unit, smis: str, scheme: Any = None, code: Any = None, **fields: Any) -> dict[str, Any]:
    """Give a school another code of one scheme, or one that it lacked, from a day on. The former keeps finding it.

    Raises:
        Problem: as :func:`rename_school`; ``invalid`` also for ``code.taken`` and ``code.planned``.
    """
    row = changeable(unit, smis)
    wanted = fold_text(code) if isinstance(code, str) else ""
    faults = _changed_code_faults(row, scheme, wanted)
    order = _ordered(unit, fields, faults)
    _refuse(taken_faults(unit, "code", Held(row.unit.id, scheme, wanted, Validity(order.effective_on))))
    return record(unit, row, Draft(EventKind.CODE_CHANGED, {"codes": {scheme: wanted}}, order, scheme=scheme))


def merge_school(unit: Unit, smis: str, successor: str | None = None, **fields: Any) -> dict[str, Any]:
    """Merge a school into another one of the area (ควบรวม): it is closed, and who served there no longer does.

    Raises:
        Problem: as :func:`rename_school`; ``school.depended_on`` (409) while others are taught there or about to be.
    """
    return _lead_to(unit, smis, EventKind.MERGED, successor, fields)


def co_locate_school(unit: Unit, smis: str, successor: str | None = None, **fields: Any) -> dict[str, Any]:
    """Have the pupils of a school taught at a main school (เรียนรวม); the school keeps its code and its people.

    Raises:
        Problem: as :func:`merge_school`.
    """
    return _lead_to(unit, smis, EventKind.CO_LOCATED, successor, fields)


def close_school(unit: Unit, smis: str, successor: str | None = None, **fields: Any) -> dict[str, Any]:
    """Close a school (ยุบเลิก), with or without one to which its pupils go.

    Raises:
        Problem: as :func:`merge_school`.
    """
    return _lead_to(unit, smis, EventKind.CLOSED, successor, fields)


def separate_school(unit: Unit, smis: str, **fields: Any) -> dict[str, Any]:
    """Have the pupils of a co-located school taught at their own again.

    Raises:
        Problem: as :func:`rename_school`.
    """
    row = changeable(unit, smis)
    return record(unit, row, Draft(EventKind.SEPARATED, {"main_school": None}, _ordered(unit, fields)))


def reopen_school(unit: Unit, smis: str, **fields: Any) -> dict[str, Any]:
    """Open a closed school again: the order was revoked, or the clerk took the wrong school. Grants are given anew.

    Raises:
        Problem: as :func:`rename_school`.
    """
    row = changeable(unit, smis)
    return record(unit, row, Draft(EventKind.REOPENED, {"state": "OPEN"}, _ordered(unit, fields)))


def correct_school(unit: Unit, smis: str, reason: str | None = None, **fields: Any) -> dict[str, Any]:
    """Put right what was typed wrong, of a closed school too. It needs no order but a reason, and counts for the past.

    Raises:
        Problem: ``not_found`` (404), ``forbidden`` (403), ``invalid`` (422).
    """
    row = changeable(unit, smis)
    given = {name: value for name, value in _texts(fields, CORRECTABLE).items() if name in fields}
    now = {name: getattr(row.unit if name == "name" else row.school, name) for name in CORRECTABLE}
    after = {name: value for name, value in given.items() if value != now[name]}
    _refuse(_correction_faults(after, {**now, **after}, reason))
    today = unit.clock.today()
    order = Order("", None, today, academic_year(today), (reason or "").strip())
    return record(unit, row, Draft(EventKind.CORRECTED, after, order))


def withdraw_plan(unit: Unit, event_id: str, reason: str | None = None) -> dict[str, Any]:
    """Take back a change that is still planned; it stays in the history as withdrawn.

    Raises:
        Problem: ``not_found`` (404), ``forbidden`` (403), ``invalid`` (422) without a reason, ``plan.settled`` (409),
            ``school.planned`` (409) while another plan builds on it.
    """
    statement = select(SchoolEvent).filter_by(id=event_id).with_for_update()
    statement = scoped(statement, SchoolEvent.org_path, area_wide(unit.identity), ROLES)
    event = unit.session.execute(statement).scalar_one_or_none()
    if event is None:
        raise not_found("ไม่พบแผนนี้")
    require(unit.identity, CHANGERS, unit.session.get_one(OrgUnit, event.area_id).org_path)
    _refuse(reason_faults(reason))
    if event.state != EventState.PLANNED:
        raise conflict("plan.settled", "แผนนี้มีผลหรือถูกถอนไปแล้ว", state=event.state)
    require_withdrawable(unit, event)
    event.state = EventState.WITHDRAWN
    settle(unit, event, (reason or "").strip())
    unit.audit("school.plan_withdrawn", f"school/{event.smis}", event.org_path, {"event": event.id}, event.settled_note)
    return event_view(unit, event)


def _lead_to(
    unit: Unit, smis: str, kind: EventKind, successor: str | None, fields: Mapping[str, Any]
) -> dict[str, Any]:
    """Record a change after which the pupils of a school go to another one."""
    row = changeable(unit, smis, receiving=successor)
    read = rules.read_order(fields, unit.clock.today())
    day = read.effective_on if isinstance(read, Order) else None
    other, faults = receiver(unit, row, successor, kind, day) if successor or kind in rules.WITH_ANOTHER else (None, [])
    order = _ordered(unit, fields, faults)
    code = other.unit.code if other else None
    after = {"main_school": code} if kind is EventKind.CO_LOCATED else {"state": "CLOSED", "successor": code}
    return record(unit, row, Draft(kind, after, order, other))


def _ordered(unit: Unit, fields: Mapping[str, Any], faults: Sequence[Fault] = ()) -> Order:
    """The order behind a change; what is wrong with it is told together with the other ``faults``."""
    order = rules.read_order(fields, unit.clock.today())
    if isinstance(order, list):
        raise refusal([*faults, *order])
    _refuse(faults)
    return order


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise refusal(faults)


def _texts(fields: Mapping[str, Any], names: Iterable[str]) -> dict[str, str | None]:
    """The fields ``names`` as careful typists write them; None for what is empty or no text."""
    given = {name: fields.get(name) for name in names}
    return {
        name: fold_text(value) if isinstance(value, str) and not is_missing(value) else None
        for name, value in given.items()
    }


def _given(names: Iterable[str], values: Mapping[str, Any]) -> list[str]:
    return [name for name in names if values[name]]


def _new_code_faults(area: OrgUnit, given: Mapping[str, str | None]) -> list[Fault]:
    faults = [] if given["smis"] else [Fault("smis", "required", "ต้องระบุรหัส SMIS 8 หลัก")]
    for name in _given(CODES, given):
        faults += code_faults(name, CODES[name], given[name] or "", province_of(area.code))
    return faults or pair_faults("ministry_code", given["ministry_code"], given["obec6_code"])


def _taken_faults(unit: Unit, given: Mapping[str, str | None], order: Order) -> list[Fault]:
    return [
        fault
        for name in _given(CODES, given)
        for fault in taken_faults(
            unit, name, Held(NEW_SCHOOL, CODES[name], given[name] or "", Validity(order.effective_on))
        )
    ]


def _changed_code_faults(row: SchoolRow, scheme: Any, code: str) -> list[Fault]:
    if not isinstance(scheme, str) or scheme not in SCHOOL_SCHEMES:
        return [Fault("scheme", "choice", f"ระบบรหัสต้องเป็น {' '.join(SCHOOL_SCHEMES)}")]
    borne = {Scheme.SMIS8: row.unit.code, Scheme.MOE10: row.ministry_code, Scheme.PER6: row.obec6_code}
    if code == borne[Scheme(scheme)]:
        return [Fault("code", "same", "รหัสใหม่เหมือนรหัสเดิม")]
    return code_faults("code", Scheme(scheme), code, province_of(row.area.code))


def _range_faults(education_range: Any) -> list[Fault]:
    if education_range in RANGES:
        return []
    return [Fault("education_range", "choice", "ต้องระบุระดับที่เปิดสอน เช่น อนุบาล-ประถมศึกษา")]


def _correction_faults(after: Mapping[str, Any], whole: Mapping[str, Any], reason: str | None) -> list[Fault]:
    faults = reason_faults(reason)
    if not after:
        faults.append(Fault("", "same", "ไม่มีข้อมูลที่ต่างจากเดิม"))
    if "name" in after:
        faults += rules.name_faults("name", after["name"])
    if "education_range" in after:
        faults += _range_faults(after["education_range"])
    if set(after) & set(PLACES):
        faults += place_faults(whole["tambon"], whole["amphoe"], whole["province"])
    return faults
