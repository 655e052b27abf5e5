"""Grants: given, ended, and never changed once they are over."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select

from services.schools.access import rules
from services.schools.access.rules import AccountState, GrantState, Period
from services.schools.access.tables import Account, RoleGrant
from services.schools.faults import refuse
from services.schools.organisations.rules import Fault
from services.schools.organisations.tables import OrgUnit
from services.schools.people.dossier import (
    Dossier,
    find_dossier,
    find_unit,
    reach_of,
    require_manager,
    require_somebody_else,
)
from services.schools.people.rules import PersonState
from services.schools.people.tables import Person
from services.schools.people.views import grant_view
from services.schools.telling import count_up
from shared.bus.envelope import new_id
from shared.db.unit import Unit
from shared.problems import conflict, forbidden, not_found
from shared.security.access import ROLES
from shared.thai.national_id import mask_within


def give_grant(
    unit: Unit,
    person_id: str,
    role: str,
    scope: OrgUnit,
    period: Period,
    *,
    acting: bool = False,
    order_no: str | None = None,
    order_date: dt.date | None = None,
) -> RoleGrant:
    """Let a person hold a role at a unit of the tree for a time.

    Who calls this has asked :func:`rules.grant_faults`, and holds the row of the person where others may give too.

    Raises:
        ValueError: no such role, or none of a unit of this kind.
        Problem: ``grant.overlap`` (409): the person holds the same role at the same unit on some of the days.
    """
    if scope.kind not in rules.PLACES.get(role, ()):
        raise ValueError(f"no role {role} at a unit of the kind {scope.kind}")
    equal = select(RoleGrant).filter_by(person_id=person_id, role=role, unit_id=scope.id, withdrawn=False)
    if any(held.period.meets(period) for held in unit.session.execute(equal).scalars()):
        raise conflict("grant.overlap", f"บุคคลนี้มีสิทธิ์{ROLES[role]}ที่{scope.name}ในช่วงเวลานี้อยู่แล้ว")
    grant = RoleGrant(
        id=new_id(),
        person_id=person_id,
        unit_id=scope.id,
        role=role,
        acting=acting,
        valid_from=period.first,
        valid_until=period.last,
        order_no=order_no,
        order_date=order_date,
        withdrawn=False,
    )
    unit.session.add(grant)
    count_up(unit, person_id)
    change = {
        "grant_id": grant.id,
        "role": role,
        "acting": acting,
        "from": period.first.isoformat(),
        "until": period.last.isoformat() if period.last else None,
        "order_no": order_no,
    }
    unit.audit("grant.give", f"person/{person_id}", scope.org_path, change)
    return grant


def add_grant(
    unit: Unit,
    person_id: str,
    organisation: str,
    role: str,
    valid_from: str | None = None,
    valid_until: str | None = None,
    acting: bool = False,
    order_no: str | None = None,
    order_date: str | None = None,
) -> dict[str, Any]:
    """Give somebody a role at the unit with the code ``organisation``, from a day (today) until a day (further notice).

    An area admin gives every role of the area, a director those of their own school (:class:`rules.Reach`).

    Raises:
        Problem: ``not_found`` (404): person or unit, ``forbidden`` (403), ``invalid`` (422), ``account.self``,
            ``person.retired``, ``unit.closed``, ``grant.overlap`` (409).
    """
    dossier = find_dossier(unit, person_id, lock=True)
    scope = find_unit(unit, organisation)
    faults: list[Fault] = []
    today, number = unit.clock.today(), (order_no or "").strip()
    first = rules.read_day("from", "ตั้งแต่วันที่", valid_from, faults) or today
    last = rules.read_day("until", "ถึงวันที่", valid_until, faults)
    ordered = rules.read_day("order_date", "วันที่ของคำสั่ง", order_date, faults)
    misread = {fault.pointer for fault in faults}
    given = rules.grant_faults(
        role, scope.kind, first, last, today, acting=acting, order_no=number, order_date=ordered
    )
    refuse([*faults, *(fault for fault in given if fault.pointer not in misread)])
    if not reach_of(unit.identity).governs(role, scope.org_path):
        raise forbidden(f"ท่านให้สิทธิ์{ROLES[role]}ที่{scope.name}ไม่ได้")
    require_somebody_else(unit, dossier)
    if dossier.person.state == PersonState.RETIRED:
        raise conflict("person.retired", "บุคคลนี้พ้นจากราชการแล้ว ให้สิทธิ์ไม่ได้")
    grant = give_grant(
        unit, person_id, role, scope, Period(first, last),
        acting=acting, order_no=number or None, order_date=ordered,
    )  # fmt: skip
    return grant_view(grant, scope, today, may_end=True)


def end_grant(unit: Unit, grant_id: str, last_day: str | None = None, reason: str | None = None) -> dict[str, Any]:
    """Set the last day of a grant (today, unless told): yesterday ends it at once, a later day plans its end. One that
    would end before it began is withdrawn.

    Raises:
        Problem: ``not_found`` (404), also for a grant at a unit of others, ``forbidden`` (403), ``invalid`` (422),
            ``grant.over``, ``area_admin.last`` (409).
    """
    reach = require_manager(unit)
    found = unit.session.execute(
        select(RoleGrant.person_id, OrgUnit.org_path)
        .join(OrgUnit, OrgUnit.id == RoleGrant.unit_id)
        .where(RoleGrant.id == grant_id)
    ).one_or_none()
    if found is None or not reach.covers(found.org_path):
        raise not_found("ไม่พบสิทธิ์นี้ในหน่วยงานที่ท่านดูแล")
    dossier = find_dossier(unit, found.person_id, lock=True)
    grant, scope = next(pair for pair in dossier.grants if pair[0].id == grant_id)
    if not reach.governs(grant.role, scope.org_path):
        raise forbidden(f"ท่านสิ้นสุดสิทธิ์{ROLES[grant.role]}ที่{scope.name}ไม่ได้")
    today = unit.clock.today()
    if not grant.is_open_on(today):
        raise conflict("grant.over", "สิทธิ์นี้สิ้นสุดไปแล้ว แก้ไขย้อนหลังไม่ได้")
    faults: list[Fault] = []
    day = rules.read_day("last_day", "วันสุดท้าย", last_day, faults) or today
    refuse([*faults, *rules.ending_faults(grant.period, day, today), *rules.reason_faults(reason)])
    if grant.role == "area_admin":
        keep_an_admin(unit, dossier, max(today, day + dt.timedelta(days=1)))
    _end(unit, grant, scope, day, reason or "")
    return grant_view(grant, scope, today, may_end=True)


def end_grants_at(unit: Unit, org_unit_id: str, last_day: dt.date, reason: str) -> int:
    """End whatever grants are held at a unit that closes; how many. Those that end before stay as they are, and what
    was done by them stays covered: a closure recorded late ends them yesterday.

    The caller decides that the unit closes and has checked who may; nobody is asked here.
    """
    last_day = max(last_day, unit.clock.today() - dt.timedelta(days=1))
    held = unit.session.execute(
        select(RoleGrant, OrgUnit)
        .join(OrgUnit, OrgUnit.id == RoleGrant.unit_id)
        .where(RoleGrant.unit_id == org_unit_id)
        .order_by(RoleGrant.id)
    )
    return _end_all(unit, [(grant, scope) for grant, scope in held], last_day, reason)


def end_open_grants(unit: Unit, dossier: Dossier, reason: str) -> int:
    """End today whatever a person who leaves still holds; how many."""
    return _end_all(unit, dossier.open_grants(unit.clock.today()), unit.clock.today(), reason)


def keep_an_admin(unit: Unit, dossier: Dossier, day: dt.date) -> None:
    """Refuse to take the area admin away from whom nobody would be left to give grants on ``day``.

    Raises:
        Problem: ``area_admin.last`` (409).
    """
    today = unit.clock.today()
    if dossier.account is None or dossier.account.state != AccountState.ACTIVE:
        return
    for grant, scope in dossier.grants:
        if grant.role != "area_admin" or grant.state_on(today) is not GrantState.CURRENT:
            continue
        # of two admins who take each other away at once one waits here, and then sees that they are the last
        unit.session.execute(select(OrgUnit.id).filter_by(id=scope.id).with_for_update())
        others = unit.session.execute(
            select(RoleGrant.valid_from, RoleGrant.valid_until)
            .join(Person, Person.id == RoleGrant.person_id)
            .join(Account, Account.person_id == Person.id)
            .where(RoleGrant.role == "area_admin", RoleGrant.unit_id == scope.id, RoleGrant.withdrawn.is_(False))
            .where(RoleGrant.person_id != dossier.person.id, Person.state == PersonState.ACTIVE)
            .where(Account.state == AccountState.ACTIVE)
        )
        if rules.leaves_nobody([Period(first, last) for first, last in others], day):
            words = f"เป็นผู้ดูแลบัญชีคนสุดท้ายของ{scope.name} ให้สิทธิ์นี้แก่ผู้อื่นก่อน"
            raise conflict("area_admin.last", words)


def _end_all(unit: Unit, held: list[tuple[RoleGrant, OrgUnit]], last_day: dt.date, reason: str) -> int:
    today = unit.clock.today()
    ending = [
        (grant, scope)
        for grant, scope in held
        if grant.is_open_on(today) and (grant.valid_until is None or grant.valid_until > last_day)
    ]
    for grant, scope in ending:
        _end(unit, grant, scope, last_day, reason)
    return len(ending)


def _end(unit: Unit, grant: RoleGrant, scope: OrgUnit, last_day: dt.date, reason: str) -> None:
    before = grant.valid_until.isoformat() if grant.valid_until else None
    grant.end_reason = mask_within(reason)
    if last_day < grant.valid_from:
        grant.withdrawn = True
    else:
        grant.valid_until = last_day
    count_up(unit, grant.person_id)
    change = {"grant_id": grant.id, "role": grant.role, "until": last_day.isoformat(), "until_before": before}
    unit.audit("grant.end", f"person/{grant.person_id}", scope.org_path, change, grant.end_reason)
