"""Who is calling: accounts, the grants in force today, the signed identity that travels with every call; sessions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from services.schools.access import rules
from services.schools.access.rules import AccountState, GrantState, SessionState
from services.schools.access.tables import Account, LoginSession, RecoveryCode, RoleGrant
from services.schools.organisations.tables import OrgUnit
from services.schools.people.dossier import find_dossier, require_account
from services.schools.people.tables import Person
from shared.db.unit import Unit
from shared.problems import Problem
from shared.security.access import ROLES
from shared.security.identity import Grant, Identity, unauthenticated


@dataclass(frozen=True)
class Member:
    """A person with their account and the unit in which they work, as plain values."""

    person_id: str
    name: str
    given_name: str
    family_name: str
    account_id: str
    username: str
    password_hash: str
    state: str
    must_change_password: bool
    unit_code: str
    unit_name: str
    unit_path: str


def open_session_of(unit: Unit, access_token: str, *, browser: bool) -> tuple[LoginSession, Member]:
    """The session behind an access token and the person whose it is.

    Raises:
        Problem: ``unauthenticated`` (401): not our token, expired, session revoked or expired, account locked.
    """
    claimed = unit.adapters.verifier.verify(access_token, allow_expired=browser)
    session = unit.session.get(LoginSession, claimed.session_id)
    if session is None or session.life.state(unit.now()) is not SessionState.OPEN:
        raise login_ended()
    member = find_member(unit, person_id=session.person_id)
    if member is None or member.state != AccountState.ACTIVE:
        raise login_ended()
    return session, member


def me(unit: Unit) -> dict[str, Any]:
    """The caller: name, the unit in which they work, and the grants in force today with their periods.

    Raises:
        Problem: ``unauthenticated`` (401) when nobody calls.
    """
    if unit.caller is None:
        raise unauthenticated()
    member = find_member(unit, person_id=unit.caller.person_id)
    if member is None:
        raise login_ended()
    return {
        "person_id": member.person_id,
        "username": member.username,
        "name": member.name,
        "unit": {"code": member.unit_code, "name": member.unit_name, "org_path": member.unit_path},
        "grants": [_grant_view(held, scope) for held, scope in grants_in_force(unit, member.person_id)],
        "must_change_password": member.must_change_password,
    }


def list_my_sessions(unit: Unit) -> dict[str, Any]:
    """The caller's open sessions, the latest sign of life first; ``current`` is the one that asks.

    Raises:
        Problem: ``unauthenticated`` (401) when nobody calls.
    """
    if unit.caller is None:
        raise unauthenticated()
    return {"items": open_sessions(unit, unit.caller.person_id), "next_cursor": None}


def list_sessions(unit: Unit, person_id: str) -> dict[str, Any]:
    """The open sessions of somebody whose account the caller manages.

    Raises:
        Problem: ``not_found`` (404), ``forbidden`` (403), ``account.self`` (409).
    """
    require_account(unit, find_dossier(unit, person_id))
    return {"items": open_sessions(unit, person_id), "next_cursor": None}


def totp_status(unit: Unit) -> dict[str, Any]:
    """Whether the caller's second factor is on, since when, and how many recovery codes are left.

    Raises:
        Problem: ``unauthenticated`` (401) when nobody calls.
    """
    if unit.caller is None:
        raise unauthenticated()
    account = unit.session.execute(select(Account).filter_by(person_id=unit.caller.person_id)).scalar_one()
    unused = select(func.count()).select_from(RecoveryCode).filter_by(account_id=account.id, used_at=None)
    confirmed_at = account.totp_confirmed_at
    return {
        "enabled": confirmed_at is not None,
        "confirmed_at": confirmed_at.isoformat() if confirmed_at else None,
        "recovery_codes_left": unit.session.execute(unused).scalar_one(),
    }


def find_member(unit: Unit, *, username: str | None = None, person_id: str | None = None) -> Member | None:
    """A person with an account, by user name as typed or by id."""
    key = Account.person_id == person_id if username is None else Account.username == rules.normal_username(username)
    found = unit.session.execute(
        select(Account, Person, OrgUnit)
        .join(Person, Person.id == Account.person_id)
        .join(OrgUnit, OrgUnit.id == Person.unit_id)
        .where(key)
    ).one_or_none()
    if found is None:
        return None
    account, person, works_in = found
    return Member(
        person_id=person.id,
        name=person.name,
        given_name=person.given_name,
        family_name=person.family_name,
        account_id=account.id,
        username=account.username,
        password_hash=account.password_hash,
        state=account.state,
        must_change_password=account.must_change_password,
        unit_code=works_in.code,
        unit_name=works_in.name,
        unit_path=works_in.org_path,
    )


def grants_in_force(unit: Unit, person_id: str) -> list[tuple[RoleGrant, OrgUnit]]:
    """The grants of a person that count on today's date in Bangkok, each with the unit at which it is held."""
    statement = (
        select(RoleGrant, OrgUnit)
        .join(OrgUnit, OrgUnit.id == RoleGrant.unit_id)
        .where(RoleGrant.person_id == person_id)
        .order_by(OrgUnit.org_path, RoleGrant.role, RoleGrant.id)
    )
    today = unit.clock.today()
    pairs = unit.session.execute(statement)
    return [(held, scope) for held, scope in pairs if held.state_on(today) is GrantState.CURRENT]


def identity_of(unit: Unit, member: Member, session_id: str) -> Identity:
    """A member as an identity of one session, with the grants in force now."""
    return Identity(
        person_id=member.person_id,
        username=member.username,
        name=member.name,
        session_id=session_id,
        grants=tuple(
            Grant(held.role, scope.org_path, scope.code, scope.name, held.acting)
            for held, scope in grants_in_force(unit, member.person_id)
        ),
        must_change_password=member.must_change_password,
    )


def login_ended() -> Problem:
    """The one answer to every session that is over, whatever ended it."""
    return unauthenticated("การเข้าสู่ระบบสิ้นสุดแล้ว กรุณาเข้าสู่ระบบใหม่")


def open_sessions(unit: Unit, person_id: str) -> list[dict[str, Any]]:
    """The sessions of a person in which something can still be done, the last used first."""
    now = unit.now()
    own_id = unit.identity.session_id
    statement = (
        select(LoginSession)
        .filter_by(person_id=person_id, revoked_at=None)
        .where(LoginSession.started_at > now - rules.ABSOLUTE_LIMIT)
        .order_by(LoginSession.refreshed_at.desc(), LoginSession.id)
    )
    return [
        {
            "session_id": session.id,
            "device": session.device,
            "remote": session.remote,
            "started_at": session.started_at.isoformat(),
            "last_seen_at": session.refreshed_at.isoformat(),
            "expires_at": session.life.expires_at.isoformat(),
            "current": session.id == own_id,
        }
        for session in unit.session.execute(statement).scalars()
        if session.life.state(now) is SessionState.OPEN
    ]


def _grant_view(held: RoleGrant, scope: OrgUnit) -> dict[str, Any]:
    return {
        "role": held.role,
        "role_name": ROLES[held.role],
        "scope": scope.org_path,
        "organisation": scope.code,
        "organisation_name": scope.name,
        "acting": held.acting,
        "from": held.valid_from.isoformat(),
        "until": _iso(held.valid_until),
    }


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
