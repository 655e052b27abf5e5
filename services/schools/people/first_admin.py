"""The first administrator of a real installation, who enters everybody else; and the area they administer."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from services.schools.access import rules as access_rules
from services.schools.access.commands import give_grant, judged, open_account
from services.schools.access.rules import AccountState, GrantState, Period
from services.schools.access.tables import Account, RoleGrant
from services.schools.database import TABLES
from services.schools.faults import refuse
from services.schools.organisations.codes.holding import enter_code
from services.schools.organisations.codes.rules import area_scheme
from services.schools.organisations.rules import Fault, UnitKind, UnitState
from services.schools.organisations.tables import OrgUnit
from services.schools.people.commands import create_person
from services.schools.people.rules import person_faults
from shared.bus.envelope import new_id
from shared.clock import clock_for
from shared.db.engine import Database, database_for
from shared.db.unit import Trace, Unit
from shared.problems import conflict
from shared.security.passwords import Passwords
from shared.security.vault import Vaults
from shared.settings import Settings

OBEC_CODE, OBEC_NAME = "obec", "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน"
ROLES_GIVEN = ("area_admin", "ops")

# asks a person for a password; it is handed what says why one may not be taken (None: it may)
Ask = Callable[[Callable[[str], str | None]], str]


@dataclass(frozen=True)
class FirstAdmin:
    """Who shall administer which area. ``another`` allows it where somebody does already."""

    area_code: str
    area_name: str | None
    title: str
    given_name: str
    family_name: str
    username: str
    another: bool = False

    @property
    def fields(self) -> dict[str, str]:
        return {"title": self.title, "given_name": self.given_name, "family_name": self.family_name}

    def faults(self) -> list[Fault]:
        """What is wrong with it."""
        is_code = self.area_code.isascii() and self.area_code.isdigit() and len(self.area_code) in (4, 6)
        wrong_code = Fault("area_code", "area_code", "รหัสเขตพื้นที่: เป็นตัวเลข 4 หลัก (ประถมศึกษา) หรือ 6 หลัก (มัธยมศึกษา)")
        return [
            *([] if is_code else [wrong_code]),
            *person_faults(self.fields),
            *access_rules.username_faults(self.username),
        ]


def create_admin(settings: Settings, wanted: FirstAdmin, ask: Ask | None = None) -> str | None:
    """Create the administrator in a migrated database, with OBEC and the area where they are missing.

    Without ``ask`` the account gets a temporary password, which is returned this once.

    Raises:
        Problem: ``invalid`` (422), ``area_admin.exists``, ``account.username_taken`` (409).
    """
    refuse(wanted.faults())
    passwords = Passwords(cheap=settings.cheap_hashes)
    database = database_for("schools", settings)
    try:
        with database.read() as session:
            _refuse(_unit(settings, database, session), wanted)
        names = (wanted.given_name, wanted.family_name)
        chosen = ask(lambda typed: judged(passwords, wanted.username, names, "", typed)) if ask else None
        temporary = None if chosen else access_rules.temporary_password(secrets.choice)
        hashed = passwords.hash(chosen or temporary or "")
        with database.write() as session:
            unit = _unit(settings, database, session)
            _refuse(unit, wanted)
            _enter(unit, wanted, hashed, is_temporary=chosen is None)
    finally:
        database.close()
    return temporary


def _unit(settings: Settings, database: Database, session: Any) -> Unit:
    vault = database.vault or Vaults(settings.vault_root).of("schools")
    return Unit("schools", session, clock_for(settings.clock_file), TABLES, None, Trace(), vault)


def _refuse(unit: Unit, wanted: FirstAdmin) -> None:
    area = _find(unit, wanted.area_code)
    if area is None and not wanted.area_name:
        refuse([Fault("area_name", "required", f"ยังไม่มีเขตรหัส {wanted.area_code} ต้องระบุชื่อเขตพื้นที่")])
    if area is not None and area.kind != UnitKind.AREA:
        refuse([Fault("area_code", "area_code", f"รหัส {wanted.area_code} ไม่ใช่เขตพื้นที่")])
    if area is not None and not wanted.another and _has_admin(unit, area):
        raise conflict("area_admin.exists", f"{area.name} มีผู้ดูแลบัญชีอยู่แล้ว หากต้องการเพิ่มอีกคนให้ใช้ --another")


def _has_admin(unit: Unit, area: OrgUnit) -> bool:
    held = unit.session.execute(
        select(RoleGrant)
        .join(Account, Account.person_id == RoleGrant.person_id)
        .where(RoleGrant.role == "area_admin", RoleGrant.unit_id == area.id, Account.state == AccountState.ACTIVE)
    ).scalars()
    return any(grant.state_on(unit.clock.today()) is GrantState.CURRENT for grant in held)


def _enter(unit: Unit, wanted: FirstAdmin, hashed: str, *, is_temporary: bool) -> None:
    area = _find(unit, wanted.area_code) or _enter_area(unit, wanted)
    person = create_person(unit, area, wanted.fields)
    account = open_account(unit, person.id, wanted.username, hashed, must_change_password=is_temporary)
    account.password_changed_at = unit.now()
    unit.audit("account.open", f"person/{person.id}", area.org_path, {"first_admin": not wanted.another})
    for role in ROLES_GIVEN:
        give_grant(unit, person.id, role, area, Period(unit.clock.today()))


def _enter_area(unit: Unit, wanted: FirstAdmin) -> OrgUnit:
    obec = _find(unit, OBEC_CODE) or _enter_unit(unit, None, OBEC_CODE, UnitKind.OBEC, OBEC_NAME)
    area = _enter_unit(unit, obec, wanted.area_code, UnitKind.AREA, wanted.area_name or "")
    enter_code(unit, area.id, area_scheme(area.code), area.code, None)
    unit.audit("area.create", f"area/{area.code}", area.org_path, {"name": area.name})
    return area


def _enter_unit(unit: Unit, parent: OrgUnit | None, code: str, kind: UnitKind, name: str) -> OrgUnit:
    node = OrgUnit(
        id=new_id(),
        kind=kind,
        code=code,
        name=name,
        parent_id=parent.id if parent else None,
        org_path=f"{parent.org_path if parent else '/'}{code}/",
        state=UnitState.OPEN,
        version=1,
    )
    unit.session.add(node)
    unit.session.flush()  # what follows refers to it
    return node


def _find(unit: Unit, code: str) -> OrgUnit | None:
    return unit.session.execute(select(OrgUnit).filter_by(code=code)).scalar_one_or_none()
