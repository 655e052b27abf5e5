"""A person, their account and their grants as managers see them; nothing of it opens a citizen id."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select

from services.schools.access.rules import AccountState, GrantState, Reach
from services.schools.access.tables import Account, RecoveryCode, RoleGrant
from services.schools.organisations.tables import OrgUnit
from services.schools.people.dossier import Dossier, governs_account, reach_of
from services.schools.people.rules import PersonState
from shared.db.unit import Unit
from shared.security.access import ROLES
from shared.thai import national_id


class Standing(StrEnum):
    """How a person and their account stand, in the one word by which a list is narrowed."""

    ACTIVE = "ACTIVE"
    NEVER_IN = "NEVER_IN"
    LOCKED = "LOCKED"
    NO_ACCOUNT = "NO_ACCOUNT"
    RETIRED = "RETIRED"


def person_view(unit: Unit, dossier: Dossier) -> dict[str, Any]:
    """A person as managers see them; nothing of it opens a citizen id."""
    person, home, account = dossier.person, dossier.home, dossier.account
    reach = reach_of(unit.identity)
    return {
        "person_id": person.id,
        "name": person.name,
        "title": person.title,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "citizen_id": national_id.mask(person.citizen_id) if person.citizen_id else None,
        "position": person.position,
        "email": person.email,
        "phone": person.phone,
        "synthetic": person.synthetic,
        "unit": {"code": home.code, "name": home.name, "kind": home.kind, "org_path": home.org_path},
        "state": person.state,
        "retired_on": _iso(person.retired_on),
        "retired_reason": person.retired_reason,
        "standing": standing_of(
            person.state, account.state if account else None, account.last_login_at if account else None
        ),
        "account": _account_view(unit, account) if account else None,
        "grants": grant_views(unit, dossier, reach),
        "allowed": sorted(_allowed(unit, dossier, reach)),
        "version": person.version,
        "etag": person.etag,
    }


def grant_view(grant: RoleGrant, scope: OrgUnit, today: dt.date, *, may_end: bool) -> dict[str, Any]:
    """A grant with its order and how it stands today."""
    state = grant.state_on(today)
    return {
        "grant_id": grant.id,
        "person_id": grant.person_id,
        "role": grant.role,
        "role_name": ROLES[grant.role],
        "scope": scope.org_path,
        "organisation": scope.code,
        "organisation_name": scope.name,
        "acting": grant.acting,
        "order_no": grant.order_no,
        "order_date": _iso(grant.order_date),
        "from": grant.valid_from.isoformat(),
        "until": _iso(grant.valid_until),
        "state": state,
        "end_reason": grant.end_reason,
        "may_end": may_end and state in (GrantState.CURRENT, GrantState.FUTURE),
    }


def grant_views(unit: Unit, dossier: Dossier, reach: Reach) -> list[dict[str, Any]]:
    """The grants at units of the caller; those elsewhere are not theirs to know."""
    today = unit.clock.today()
    views = [
        grant_view(grant, scope, today, may_end=reach.governs(grant.role, scope.org_path))
        for grant, scope in dossier.grants
        if reach.covers(scope.org_path)
    ]
    return sorted(views, key=lambda view: list(GrantState).index(view["state"]))


def _allowed(unit: Unit, dossier: Dossier, reach: Reach) -> Iterable[str]:
    """What the caller may do, so that a page shows no useless buttons; the commands decide by themselves."""
    is_self = dossier.person.id == unit.identity.person_id
    is_active = dossier.person.state == PersonState.ACTIVE
    if reach.covers(dossier.home.org_path):
        yield from ("edit", "reveal")
    if is_active and not is_self:
        yield "grant"
    if is_self or not governs_account(dossier, reach, unit.clock.today()):
        return
    yield "sessions"
    if not is_active:
        yield "reinstate"
        return
    yield "retire"
    if dossier.account is None:
        yield "open_account"
        return
    yield from ("slip", "lock") if dossier.account.state == AccountState.ACTIVE else ("unlock",)
    if dossier.account.totp_confirmed_at:
        yield "totp_reset"


def standing_of(state: str, account_state: str | None, last_login_at: dt.datetime | None) -> Standing:
    """The standing of a person with this state, whose account (None: there is none) has that one."""
    if state == PersonState.RETIRED:
        return Standing.RETIRED
    if account_state is None:
        return Standing.NO_ACCOUNT
    if account_state != AccountState.ACTIVE:
        return Standing.LOCKED
    return Standing.ACTIVE if last_login_at else Standing.NEVER_IN


def _account_view(unit: Unit, account: Account) -> dict[str, Any]:
    unused = select(func.count()).select_from(RecoveryCode).filter_by(account_id=account.id, used_at=None)
    return {
        "username": account.username,
        "state": account.state,
        "lock_reason": account.lock_reason,
        "has_password": bool(account.password_hash),
        "must_change_password": account.must_change_password,
        "password_changed_at": _instant(account.password_changed_at),
        "last_login_at": _instant(account.last_login_at),
        "last_login_remote": account.last_login_remote,
        "totp": account.totp_confirmed_at is not None,
        "recovery_codes_left": unit.session.execute(unused).scalar_one(),
    }


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _instant(moment: dt.datetime | None) -> str | None:
    return moment.isoformat() if moment else None
