"""Accounts: opened, locked, unlocked, retired, freed of a lost second factor."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from services.schools.access import rules
from services.schools.access.commands.attempts import forget_failures
from services.schools.access.commands.grants import keep_an_admin
from services.schools.access.commands.sessions import revoke_where
from services.schools.access.commands.totp import forget_totp
from services.schools.access.rules import AccountState
from services.schools.access.tables import Account, LoginSession
from services.schools.faults import refuse
from services.schools.people.dossier import Dossier, find_dossier, require_account
from services.schools.people.rules import PersonState
from services.schools.people.views import person_view
from shared.bus.envelope import new_id
from shared.db.unit import Unit
from shared.problems import Problem, conflict
from shared.thai.national_id import mask_within


def open_account(
    unit: Unit, person_id: str, username: str, password_hash: str = "", *, must_change_password: bool = False
) -> Account:
    """Give a person an account. Without a hash nothing opens it until its first slip is printed.

    The person must have been flushed. The caller has looked at :func:`rules.username_faults`.

    Raises:
        Problem: ``account.username_taken``, ``account.exists`` (409).
    """
    account = Account(
        id=new_id(),
        person_id=person_id,
        username=rules.normal_username(username),
        password_hash=password_hash,
        state=AccountState.ACTIVE,
        must_change_password=must_change_password,
    )
    theirs_or_named = or_(Account.person_id == person_id, Account.username == account.username)
    found = unit.session.execute(select(Account.person_id).where(theirs_or_named)).scalars().all()
    if person_id in found:
        raise conflict("account.exists", "บุคคลนี้มีบัญชีอยู่แล้ว")
    if found:
        raise _taken(account.username)
    try:
        with unit.session.savepoint():
            unit.session.add(account)
    except IntegrityError:
        # somebody took the name between the look and the write
        raise _taken(account.username) from None
    return account


def add_account(unit: Unit, person_id: str, username: str) -> dict[str, Any]:
    """Open an account for somebody whom the caller manages; its password comes with the first slip.

    Raises:
        Problem: ``invalid`` (422), ``not_found`` (404), ``forbidden`` (403), ``person.retired``, ``account.exists``,
            ``account.username_taken`` (409).
    """
    refuse(rules.username_faults(username))
    dossier = find_dossier(unit, person_id, lock=True)
    require_account(unit, dossier)
    require_in_service(dossier)
    open_account(unit, person_id, username, must_change_password=True)
    unit.audit("account.open", f"person/{person_id}", dossier.home.org_path, {})
    return person_view(unit, find_dossier(unit, person_id, lock=True))


def lock_account(unit: Unit, person_id: str, reason: str) -> dict[str, Any]:
    """Close an account until it is unlocked; its sessions stop at once.

    Raises:
        Problem: ``invalid`` (422), ``not_found`` (404), ``forbidden`` (403), ``account.self``, ``account.none``,
            ``account.state``, ``area_admin.last`` (409).
    """
    refuse(rules.reason_faults(reason))
    dossier, account = _managed(unit, person_id)
    if account.state != AccountState.ACTIVE:
        raise conflict("account.state", "บัญชีนี้ถูกล็อกอยู่แล้ว", state=account.state)
    keep_an_admin(unit, dossier, unit.clock.today())
    account.state, account.lock_reason = AccountState.LOCKED, mask_within(reason)
    revoked = revoke_where(unit, LoginSession.person_id == person_id)
    change = {"state": account.state, "sessions_revoked": revoked}
    unit.audit("account.lock", f"person/{person_id}", dossier.home.org_path, change, account.lock_reason)
    return person_view(unit, dossier)


def unlock_account(unit: Unit, person_id: str) -> dict[str, Any]:
    """Open a locked account again, with the password it had; failed attempts are forgotten.

    Raises:
        Problem: ``not_found`` (404), ``forbidden`` (403), ``account.self``, ``account.none``, ``account.state``,
            ``person.retired`` (409).
    """
    dossier, account = _managed(unit, person_id)
    require_in_service(dossier)
    if account.state == AccountState.ACTIVE:
        raise conflict("account.state", "บัญชีนี้ใช้งานได้อยู่แล้ว", state=account.state)
    account.state, account.lock_reason = AccountState.ACTIVE, None
    forget_failures(unit, account.username)
    unit.audit("account.unlock", f"person/{person_id}", dossier.home.org_path, {"state": account.state})
    return person_view(unit, dossier)


def reset_totp(unit: Unit, person_id: str) -> dict[str, Any]:
    """Take the second factor away from somebody who lost their telephone and their recovery codes.

    Raises:
        Problem: ``not_found`` (404), ``forbidden`` (403), ``account.self``, ``account.none``, ``totp.disabled`` (409).
    """
    dossier, account = _managed(unit, person_id)
    if account.totp_confirmed_at is None:
        raise conflict("totp.disabled", "บัญชีนี้ไม่ได้เปิดใช้การยืนยันสองขั้น")
    forget_totp(unit, account)
    unit.audit("totp.reset", f"person/{person_id}", dossier.home.org_path, {})
    return person_view(unit, dossier)


def retire_account(unit: Unit, dossier: Dossier) -> None:
    """Close the account of somebody who leaves; the user name stays theirs."""
    if dossier.account is not None:
        dossier.account.state, dossier.account.lock_reason = AccountState.RETIRED, None
        revoke_where(unit, LoginSession.person_id == dossier.person.id)


def require_in_service(dossier: Dossier) -> None:
    """Nothing new for somebody who has left.

    Raises:
        Problem: ``person.retired`` (409).
    """
    if dossier.person.state == PersonState.RETIRED:
        raise conflict("person.retired", "บุคคลนี้พ้นจากราชการแล้ว หากกลับมาให้บันทึกการกลับเข้ารับราชการก่อน")


def _managed(unit: Unit, person_id: str) -> tuple[Dossier, Account]:
    dossier = find_dossier(unit, person_id, lock=True)
    require_account(unit, dossier)
    if dossier.account is None:
        raise conflict("account.none", "บุคคลนี้ยังไม่มีบัญชี")
    return dossier, dossier.account


def _taken(username: str) -> Problem:
    return conflict("account.username_taken", f"มีผู้ใช้ชื่อ {username} แล้ว กรุณาเลือกชื่ออื่น")
