"""Passwords: one's own, and the temporary ones on slips.

argon2 and the judgement of a new password run between the units of work, never inside one.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Any

from services.schools.access import rules
from services.schools.access.commands.attempts import (
    audit_member,
    find_unchanged,
    forget_failures,
    hold_account,
    record_failure,
    refuse_limited,
)
from services.schools.access.commands.sessions import revoke_where
from services.schools.access.queries import find_member
from services.schools.access.rules import AccountState
from services.schools.access.tables import Account, LoginSession
from services.schools.people.dossier import Dossier, find_dossier, require_account
from shared.db.unit import Unit
from shared.problems import FieldError, Problem, conflict, invalid
from shared.security.identity import Identity, unauthenticated

MOST_SLIPS = 50


def change_password(app: Any, caller: Identity | None, current: str, new: str) -> dict[str, Any]:
    """Give the caller's account a new password and end the person's other sessions.

    Raises:
        Problem: ``unauthenticated`` (401), ``password.wrong`` (422), ``password.weak`` (422), ``login.limited`` (429):
            wrong passwords count like failed logins.
    """
    if caller is None:
        raise unauthenticated()
    with app.read() as unit:
        member = find_member(unit, person_id=caller.person_id)
    names = (member.given_name, member.family_name) if member else ()
    weakness = judged(app.adapters.passwords, caller.username, names, current, new)
    hashed = "" if weakness else app.adapters.passwords.hash(new)

    def store(unit: Unit, account: Account) -> dict[str, Any]:
        if weakness:
            raise password_problem("password.weak", "new_password", weakness)
        return _store_own(unit, account, hashed)

    return after_password(app, caller, current, store, "current_password", "รหัสผ่านเดิมไม่ถูกต้อง")


def judged(passwords: Any, username: str, names: Sequence[str], current: str, new: str) -> str | None:
    """Why ``new`` may not become the password of ``username``, in words; None when it may. Takes a while."""
    weakness = rules.password_weakness(username, current, new, names)
    if weakness is None and passwords.score(new, (username, *names)) < rules.LEAST_SCORE:
        return rules.GUESSABLE
    return weakness


def after_password(
    app: Any,
    caller: Identity | None,
    password: str,
    step: Callable[[Unit, Account], dict[str, Any]],
    pointer: str = "password",
    wrong: str = "รหัสผ่านไม่ถูกต้อง",
) -> dict[str, Any]:
    """Do ``step`` for a caller who shows once more that they know their password; guessing is limited as at the door.

    Raises:
        Problem: ``unauthenticated`` (401), ``password.wrong`` (422), ``login.limited`` (429), and what ``step`` says.
    """
    if caller is None:
        raise unauthenticated()
    key = rules.attempts_key(caller.username)
    with app.read() as unit:
        refuse_limited(unit, key)
        member = find_member(unit, person_id=caller.person_id)
    known = app.adapters.passwords.verify(member.password_hash if member else None, password)
    with app.write(caller) as unit:
        hold_account(unit, member)
        refuse_limited(unit, key)
        account = find_unchanged(unit, member) if known else None
        if account is not None:
            return step(unit, account)
        record_failure(unit, key, member)
    raise password_problem("password.wrong", pointer, wrong)


def password_slip(app: Any, caller: Identity | None, person_id: str) -> dict[str, Any]:
    """Give somebody's account a new temporary password and tell it this once; all sessions of the person end.

    Raises:
        Problem: ``not_found`` (404), ``forbidden`` (403), ``account.self``, ``account.none``, ``account.locked`` (409).
    """
    with app.read(caller) as unit:
        _account_for_slip(unit, person_id, lock=False)
    password = rules.temporary_password(secrets.choice)
    hashed = app.adapters.passwords.hash(password)
    with app.write(caller) as unit:
        return _give_slip(unit, person_id, password, hashed)


def password_slips(app: Any, caller: Identity | None, person_ids: Sequence[str]) -> dict[str, Any]:
    """Slips for several people at once: for all of them or, when one cannot have one, for nobody.

    Raises:
        Problem: ``invalid`` (422) naming whoever cannot have one, and what :func:`password_slip` says of access.
    """
    if not 1 <= len(person_ids) <= MOST_SLIPS or len(set(person_ids)) != len(person_ids):
        words = f"เลือกบุคคลได้ 1 ถึง {MOST_SLIPS} คน คนละหนึ่งครั้ง"
        raise invalid([FieldError("person_ids", "length", words)])
    with app.read(caller) as unit:
        errors = [error for place, person_id in enumerate(person_ids) for error in _hindrance(unit, place, person_id)]
    if errors:
        raise invalid(errors)
    made = {person_id: rules.temporary_password(secrets.choice) for person_id in person_ids}
    hashed = {person_id: app.adapters.passwords.hash(password) for person_id, password in made.items()}
    with app.write(caller) as unit:
        # in one order, so that two who print at once do not wait for each other
        slips = {one: _give_slip(unit, one, made[one], hashed[one]) for one in sorted(made)}
    return {"items": [slips[person_id] for person_id in person_ids]}


def _hindrance(unit: Unit, place: int, person_id: str) -> list[FieldError]:
    try:
        _account_for_slip(unit, person_id, lock=False)
    except Problem as problem:
        if problem.status != 409:
            raise
        return [FieldError(f"person_ids.{place}", problem.code, problem.detail)]
    return []


def _account_for_slip(unit: Unit, person_id: str, *, lock: bool) -> tuple[Dossier, Account]:
    dossier = find_dossier(unit, person_id, lock=lock)
    require_account(unit, dossier)
    if dossier.account is None:
        raise conflict("account.none", f"{dossier.person.name} ยังไม่มีบัญชี")
    if dossier.account.state != AccountState.ACTIVE:
        raise conflict("account.locked", f"บัญชีของ{dossier.person.name} ถูกล็อกอยู่ กรุณาปลดล็อกก่อน")
    return dossier, dossier.account


def _give_slip(unit: Unit, person_id: str, password: str, hashed: str) -> dict[str, Any]:
    dossier, account = _account_for_slip(unit, person_id, lock=True)
    account.password_hash = hashed
    account.must_change_password = True
    account.password_changed_at = unit.now()
    revoked = revoke_where(unit, LoginSession.person_id == person_id)
    forget_failures(unit, account.username)
    unit.audit("password.slip", f"person/{person_id}", dossier.home.org_path, {"sessions_revoked": revoked})
    return {
        "person_id": person_id,
        "name": dossier.person.name,
        "organisation": dossier.home.name,
        "username": account.username,
        "password": password,
        "groups": rules.in_groups(password),
        "issued_at": unit.now().isoformat(),
    }


def _store_own(unit: Unit, account: Account, hashed: str) -> dict[str, Any]:
    account.password_hash = hashed
    account.must_change_password = False
    account.password_changed_at = unit.now()
    others = (LoginSession.person_id == account.person_id) & (LoginSession.id != unit.identity.session_id)
    revoked = revoke_where(unit, others)
    audit_member(unit, "password.change", find_member(unit, person_id=account.person_id), {"sessions_revoked": revoked})
    return {"revoked": revoked}


def password_problem(code: str, pointer: str, message: str) -> Problem:
    """A password that does not do, with the field it was typed into."""
    return Problem(code, 422, "รหัสผ่านใช้ไม่ได้", message, errors=(FieldError(pointer, code, message),))
