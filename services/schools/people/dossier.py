"""One person with everything that decides what a caller may do about them, and the caller's part of the tree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from services.schools.access.rules import Reach
from services.schools.access.tables import Account, RoleGrant
from services.schools.organisations.rules import UnitState, area_of
from services.schools.organisations.tables import OrgUnit
from services.schools.people.tables import Person
from shared.db.unit import Unit
from shared.problems import conflict, forbidden, not_found
from shared.security.access import ROLES
from shared.security.identity import Identity

MANAGERS = ("area_admin", "school_director")


@dataclass(frozen=True)
class Dossier:
    """What is known of one person: where they work, their account, all their grants with the unit of each."""

    person: Person
    home: OrgUnit
    account: Account | None
    grants: Sequence[tuple[RoleGrant, OrgUnit]]

    def open_grants(self, today: dt.date) -> list[tuple[RoleGrant, OrgUnit]]:
        """The grants in force or still to come."""
        return [(grant, scope) for grant, scope in self.grants if grant.is_open_on(today)]


def reach_of(identity: Identity) -> Reach:
    """The part of the tree that the caller administers."""
    return Reach(
        areas=identity.scopes(("area_admin",)),
        schools=identity.scopes(("school_director",)),
        runs_system="ops" in identity.roles,
    )


def require_manager(unit: Unit) -> Reach:
    """What the caller administers.

    Raises:
        Problem: ``forbidden`` (403) when that is nothing.
    """
    reach = reach_of(unit.identity)
    if not reach.scopes:
        raise forbidden(f"รายการนี้ทำได้เฉพาะ {' หรือ '.join(ROLES[role] for role in MANAGERS)}")
    return reach


def find_dossier(unit: Unit, person_id: str, *, lock: bool = False) -> Dossier:
    """A person whom the caller looks after. With ``lock`` whoever changes the same person waits.

    Raises:
        Problem: ``forbidden`` (403), ``not_found`` (404): nobody, or nobody of the caller's.
    """
    reach = require_manager(unit)
    dossier = _dossier(unit, person_id, lock=lock)
    if dossier is None or not is_visible(dossier, reach, unit.clock.today()):
        raise not_found("ไม่พบบุคคลนี้ในหน่วยงานที่ท่านดูแล")
    return dossier


def is_visible(dossier: Dossier, reach: Reach, today: dt.date) -> bool:
    """Whether a person works in the caller's part of the tree or holds a grant there, now or soon."""
    return reach.covers(dossier.home.org_path) or any(
        reach.covers(scope.org_path) for _grant, scope in dossier.open_grants(today)
    )


def find_by_citizen_id(unit: Unit, citizen_id: str) -> Dossier | None:
    """Whoever has this citizen id (thirteen digits), anywhere in the country: for commands, never for an answer."""
    found = select(Person.id).filter_by(citizen_id_index=citizen_id_index(unit, citizen_id))
    person_id = unit.session.execute(found).scalar_one_or_none()
    return _dossier(unit, person_id) if person_id else None


def citizen_id_index(unit: Unit, citizen_id: str) -> str:
    """Under which a citizen id is found again without being readable."""
    return unit.vault.blind("person.citizen_id", citizen_id)


def find_unit(unit: Unit, code: str) -> OrgUnit:
    """The unit in which the caller wants somebody to work or to hold a role.

    Raises:
        Problem: ``not_found`` (404): no such unit in the caller's area, ``forbidden`` (403): not the caller's,
            ``unit.closed`` (409).
    """
    reach = require_manager(unit)
    found = unit.session.execute(select(OrgUnit).filter_by(code=code)).scalar_one_or_none()
    if found is None or not found.org_path.startswith(tuple(area_of(scope) for scope in reach.scopes)):
        raise not_found(f"ไม่พบหน่วยงานรหัส {code} ในเขตพื้นที่ของท่าน")
    if not reach.covers(found.org_path):
        raise forbidden(f"ท่านไม่ได้ดูแลบุคลากรของ{found.name}")
    if found.state == UnitState.CLOSED:
        raise conflict("unit.closed", f"{found.name} ยุบหรือเลิกแล้ว")
    return found


def governs_account(dossier: Dossier, reach: Reach, today: dt.date) -> bool:
    """Whether the account of a person is the caller's to manage: where they work, and every grant that they hold or
    will hold, or else a director could become an officer of the area by printing the officer's slip.
    """
    return reach.covers(dossier.home.org_path) and all(
        reach.governs(grant.role, scope.org_path) for grant, scope in dossier.open_grants(today)
    )


def require_record(unit: Unit, dossier: Dossier) -> None:
    """Let pass only who looks after the unit in which the person works: their data are kept there.

    Raises:
        Problem: ``forbidden`` (403).
    """
    if not reach_of(unit.identity).covers(dossier.home.org_path):
        raise forbidden(f"ข้อมูลของบุคคลนี้ดูแลโดย{dossier.home.name} ซึ่งเป็นหน่วยงานที่สังกัด")


def require_account(unit: Unit, dossier: Dossier) -> None:
    """Let pass only who may manage the person's account (:func:`governs_account`), and never that person.

    Raises:
        Problem: ``account.self`` (409), ``forbidden`` (403).
    """
    require_somebody_else(unit, dossier)
    if not governs_account(dossier, reach_of(unit.identity), unit.clock.today()):
        raise forbidden("บัญชีนี้อยู่นอกขอบเขตที่ท่านดูแลได้ทั้งหมด โปรดติดต่อผู้ดูแลบัญชีของเขต")


def require_somebody_else(unit: Unit, dossier: Dossier) -> None:
    """Nobody decides about their own rights; what concerns oneself stands under "my account".

    Raises:
        Problem: ``account.self`` (409).
    """
    if dossier.person.id == unit.identity.person_id:
        raise conflict("account.self", "รายการนี้ทำกับบัญชีของตนเองไม่ได้ ให้ผู้ดูแลบัญชีอีกคนเป็นผู้ทำ")


def _dossier(unit: Unit, person_id: str, *, lock: bool = False) -> Dossier | None:
    if lock:
        # always the person before the account: logins, which lock the account alone, cannot meet us half-way
        unit.session.execute(select(Person.id).filter_by(id=person_id).with_for_update())
        unit.session.execute(select(Account.id).filter_by(person_id=person_id).with_for_update())
    found = unit.session.execute(
        select(Person, OrgUnit, Account)
        .join(OrgUnit, OrgUnit.id == Person.unit_id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(Person.id == person_id)
        .execution_options(populate_existing=lock)
    ).one_or_none()
    if found is None:
        return None
    grants = unit.session.execute(
        select(RoleGrant, OrgUnit)
        .join(OrgUnit, OrgUnit.id == RoleGrant.unit_id)
        .where(RoleGrant.person_id == person_id)
        .order_by(RoleGrant.valid_from.desc(), OrgUnit.org_path, RoleGrant.role, RoleGrant.id)
        .execution_options(populate_existing=lock)
    )
    return Dossier(*found, [(grant, scope) for grant, scope in grants])
