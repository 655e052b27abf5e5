"""Coming in, staying in, leaving, and changing the password.

argon2 runs between the units of work, never inside one: the procedures read, reckon, and then decide on what they find
stored by then.
"""

from __future__ import annotations

import math
import secrets
from typing import Any

from sqlalchemy import delete, select, update

from services.schools.access import rules
from services.schools.access.queries import Member, find_member, identity_of, login_ended, open_session_of
from services.schools.access.rules import AccountState, Period, Rotation
from services.schools.access.tables import Account, LoginFailure, LoginSession, RefreshToken, RoleGrant
from services.schools.organisations.tables import OrgUnit
from shared.bus.envelope import new_id
from shared.db.unit import Unit
from shared.problems import FieldError, Problem
from shared.security.access import ROLES
from shared.security.identity import Identity, unauthenticated

REFRESH_BYTES = 32
LONGEST_REMOTE = 100


def login(app: Any, caller: Identity | None, username: str, password: str, remote: str = "") -> dict[str, Any]:  # noqa: ARG001 - the form of every procedure
    """Open a session for who knows the password.

    An unknown user name, a wrong password and a locked account get the same answer after the same work. The failure is
    stored although the answer is a problem.

    Raises:
        Problem: ``login.failed`` (401), ``login.limited`` (429, with ``retry_after`` in seconds).
    """
    key = rules.attempts_key(username)
    with app.read() as unit:
        _refuse_limited(unit, key)
        member = find_member(unit, username=username)
    known = app.adapters.passwords.verify(member.password_hash if member else None, password)
    with app.write() as unit:
        # counted again: others may have failed while this password was being checked
        _lock_account(unit, member)
        _refuse_limited(unit, key)
        if member is not None and known and _is_unchanged(unit, member):
            unit.session.execute(delete(LoginFailure).where(LoginFailure.account_key == key))
            return _open_session(unit, member, remote)
        _record_failure(unit, key, member)
    raise Problem("login.failed", 401, "เข้าสู่ระบบไม่สำเร็จ", "ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง")


def refresh(app: Any, caller: Identity | None, refresh_token: str) -> dict[str, Any]:  # noqa: ARG001 - the form of every procedure
    """Exchange a refresh token for new tokens of the same session. A used one that comes back ends its session.

    Raises:
        Problem: ``unauthenticated`` (401).
    """
    with app.write() as unit:
        found = unit.session.execute(
            select(RefreshToken, LoginSession)
            .join(LoginSession, LoginSession.id == RefreshToken.session_id)
            .where(RefreshToken.digest == rules.token_digest(refresh_token))
            .with_for_update()
        ).one_or_none()
        tokens = _rotate(unit, *found) if found else None
    if tokens is None:
        raise login_ended()
    return tokens


def identify(app: Any, caller: Identity | None, access_token: str, browser: bool = False) -> dict[str, Any]:  # noqa: ARG001 - the form of every procedure
    """The identity behind an access token, signed anew for two minutes with the grants in force now.

    This is where a revoked session stops: the gateway asks before it passes calls on. A ``browser`` keeps its token in
    a cookie and does not refresh it: there the session's own life decides, and coming by is its sign of life.

    Raises:
        Problem: ``unauthenticated`` (401): not our token, expired, session revoked or expired, account locked.
    """
    with app.read() as unit:
        now = unit.now()
        session, member = open_session_of(unit, access_token, browser=browser)
        session_id, sign_due = session.id, browser and session.life.is_sign_due(now)
        signed = unit.adapters.signer.sign(identity_of(unit, member, session_id), rules.IDENTITY_LIFETIME)
    if sign_due:
        with app.write() as unit:
            unit.session.execute(update(LoginSession).where(LoginSession.id == session_id).values(refreshed_at=now))
    return {"identity": signed, "session_id": session_id, "expires_at": (now + rules.IDENTITY_LIFETIME).isoformat()}


def revoke(unit: Unit, refresh_token: str | None = None, all: bool = False) -> dict[str, Any]:  # noqa: A002 - the API's name
    """Log out: end the caller's session and the one of ``refresh_token``; with ``all`` every session of that person.

    Access tokens of the sessions stop at once. A token that nobody knows ends nothing, and that is no error (RFC 7009).

    Raises:
        Problem: ``unauthenticated`` (401) when neither a caller nor a token says whose session.
    """
    if unit.caller is None and not refresh_token:
        raise unauthenticated()
    named = select(RefreshToken.session_id).where(RefreshToken.digest == rules.token_digest(refresh_token or ""))
    sessions = {*unit.session.execute(named).scalars(), *([unit.caller.session_id] if unit.caller else [])}
    people = set(unit.session.execute(select(LoginSession.person_id).where(LoginSession.id.in_(sessions))).scalars())
    ending = LoginSession.person_id.in_(people) if all else LoginSession.id.in_(sessions)
    revoked = _revoke_where(unit, ending)
    if revoked:
        for person_id in sorted(people):
            member = find_member(unit, person_id=person_id)
            _audit(unit, "session.logout", member, {"sessions": revoked, "all": all})
    return {"revoked": revoked}


def change_password(app: Any, caller: Identity | None, current: str, new: str) -> dict[str, Any]:
    """Give the caller's account a new password and end the person's other sessions.

    Raises:
        Problem: ``unauthenticated`` (401), ``password.wrong`` (422), ``password.weak`` (422), ``login.limited`` (429):
            wrong passwords count like failed logins.
    """
    if caller is None:
        raise unauthenticated()
    key = rules.attempts_key(caller.username)
    with app.read() as unit:
        _refuse_limited(unit, key)
        member = find_member(unit, person_id=caller.person_id)
    known = app.adapters.passwords.verify(member.password_hash if member else None, current)
    weakness = rules.password_weakness(caller.username, current, new)
    hashed = app.adapters.passwords.hash(new) if known and not weakness else ""
    with app.write(caller) as unit:
        _lock_account(unit, member)
        _refuse_limited(unit, key)
        if member is None or not known or not _is_unchanged(unit, member):
            _record_failure(unit, key, member)
            refusal = _password_problem("password.wrong", "current_password", "รหัสผ่านเดิมไม่ถูกต้อง")
        elif weakness:
            refusal = _password_problem("password.weak", "new_password", weakness)
        else:
            return _store_password(unit, member, hashed)
    raise refusal


def open_account(unit: Unit, person_id: str, username: str, password_hash: str) -> Account:
    """Give a person an account."""
    account = Account(
        id=new_id(),
        person_id=person_id,
        username=rules.normal_username(username),
        password_hash=password_hash,
        state=AccountState.ACTIVE,
        must_change_password=False,
    )
    unit.session.add(account)
    return account


def give_grant(
    unit: Unit, person_id: str, role: str, scope: OrgUnit, period: Period, *, acting: bool = False
) -> RoleGrant:
    """Let a person hold a role at a unit of the tree for a time.

    Raises:
        ValueError: no such role.
    """
    if role not in ROLES:
        raise ValueError(f"no such role: {role}")
    grant = RoleGrant(
        id=new_id(),
        person_id=person_id,
        unit_id=scope.id,
        role=role,
        acting=acting,
        valid_from=period.first,
        valid_until=period.last,
    )
    unit.session.add(grant)
    until = period.last.isoformat() if period.last else None
    change = {"role": role, "acting": acting, "from": period.first.isoformat(), "until": until}
    unit.audit("grant.give", f"person/{person_id}", scope.org_path, change)
    return grant


def _open_session(unit: Unit, member: Member, remote: str) -> dict[str, Any]:
    now = unit.now()
    session = LoginSession(
        id=new_id(),
        person_id=member.person_id,
        remote=remote[:LONGEST_REMOTE],
        started_at=now,
        refreshed_at=now,
        revoked_at=None,
    )
    unit.session.add(session)
    unit.session.flush()
    unit.caller = identity_of(unit, member, session.id)  # from here on it is the person who acts
    _audit(unit, "session.login", member, {"session_id": session.id, "remote": session.remote})
    return _issue_tokens(unit, session, unit.caller)


def _rotate(unit: Unit, token: RefreshToken, session: LoginSession) -> dict[str, Any] | None:
    member = find_member(unit, person_id=session.person_id)
    verdict = rules.judge_refresh(session.life, unit.now(), used_before=token.used_at is not None)
    if verdict is Rotation.REVOKE:
        session.revoked_at = unit.now()
        _audit(unit, "session.token_reused", member, {"session_id": session.id})
    if verdict is not Rotation.ROTATE or member is None or member.state != AccountState.ACTIVE:
        return None
    token.used_at = session.refreshed_at = unit.now()
    return _issue_tokens(unit, session, identity_of(unit, member, session.id))


def _issue_tokens(unit: Unit, session: LoginSession, identity: Identity) -> dict[str, Any]:
    refresh_token = secrets.token_urlsafe(REFRESH_BYTES)
    digest = rules.token_digest(refresh_token)
    unit.session.add(RefreshToken(digest=digest, session_id=session.id, issued_at=unit.now(), used_at=None))
    return {
        "access_token": unit.adapters.signer.sign(identity, rules.ACCESS_LIFETIME),
        "refresh_token": refresh_token,
        "token_type": "Bearer",
        "expires_in": int(rules.ACCESS_LIFETIME.total_seconds()),
        "session_expires_at": session.life.expires_at.isoformat(),
    }


def _store_password(unit: Unit, member: Member, hashed: str) -> dict[str, Any]:
    account = unit.session.get_one(Account, member.account_id)
    account.password_hash = hashed
    account.must_change_password = False
    others = (LoginSession.person_id == member.person_id) & (LoginSession.id != unit.identity.session_id)
    revoked = _revoke_where(unit, others)
    _audit(unit, "password.change", member, {"sessions_revoked": revoked})
    return {"revoked": revoked}


def _revoke_where(unit: Unit, condition: Any) -> int:
    """Revoke the sessions that are not revoked yet; how many."""
    statement = update(LoginSession).where(condition, LoginSession.revoked_at.is_(None)).values(revoked_at=unit.now())
    result: Any = unit.session.execute(statement)
    return int(result.rowcount)


def _lock_account(unit: Unit, member: Member | None) -> None:
    """Let attempts at the same account decide one after the other."""
    if member is not None:
        unit.session.execute(select(Account.id).where(Account.id == member.account_id).with_for_update())


def _is_unchanged(unit: Unit, member: Member) -> bool:
    """Whether the account may be used and its password is still the one that was checked."""
    account = unit.session.get_one(Account, member.account_id)
    return account.state == AccountState.ACTIVE and account.password_hash == member.password_hash


def _refuse_limited(unit: Unit, key: str) -> None:
    now = unit.now()
    recent = (LoginFailure.account_key == key) & (LoginFailure.at > now - rules.FAILURE_WINDOW)
    until = rules.limited_until(unit.session.execute(select(LoginFailure.at).where(recent)).scalars(), now)
    if until is not None:
        retry_after = math.ceil((until - now).total_seconds())
        raise Problem(
            "login.limited",
            429,
            "ใส่รหัสผ่านผิดหลายครั้งเกินไป",
            f"กรุณารออีกประมาณ {math.ceil(retry_after / 60)} นาทีแล้วลองใหม่ หากลืมรหัสผ่านโปรดติดต่อผู้ดูแลระบบของเขต",
            extra={"retry_after": retry_after},
        )


def _record_failure(unit: Unit, key: str, member: Member | None) -> None:
    now = unit.now()
    unit.session.execute(delete(LoginFailure).where(LoginFailure.at <= now - rules.FAILURE_WINDOW))
    unit.session.add(LoginFailure(id=new_id(), account_key=key, at=now))
    if member is not None:
        _audit(unit, "session.login_failed", member, {})


def _audit(unit: Unit, action: str, member: Member | None, change: dict[str, Any]) -> None:
    if member is not None:
        unit.audit(action, f"person/{member.person_id}", member.unit_path, change)


def _password_problem(code: str, pointer: str, message: str) -> Problem:
    return Problem(code, 422, "เปลี่ยนรหัสผ่านไม่สำเร็จ", message, errors=(FieldError(pointer, code, message),))
