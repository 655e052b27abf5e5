"""Sessions: tokens and their rotation, identities for the gateway, leaving, and ending what others have open."""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import select, update

from services.schools.access import rules
from services.schools.access.commands.attempts import audit_member
from services.schools.access.queries import Member, find_member, identity_of, login_ended, open_session_of
from services.schools.access.rules import AccountState, Rotation, SessionState
from services.schools.access.tables import LoginSession, RefreshToken
from services.schools.people.dossier import find_dossier, require_account
from shared.bus.envelope import new_id
from shared.db.unit import Unit
from shared.problems import not_found
from shared.security.identity import Identity, unauthenticated

REFRESH_BYTES = 32
LONGEST_REMOTE = 100


def open_session(unit: Unit, member: Member, remote: str, device: str) -> dict[str, Any]:
    """A new session for a member who has shown who they are; its tokens."""
    now = unit.now()
    session = LoginSession(
        id=new_id(),
        person_id=member.person_id,
        remote=remote[:LONGEST_REMOTE],
        device=rules.device_of(device),
        started_at=now,
        refreshed_at=now,
        revoked_at=None,
    )
    unit.session.add(session)
    unit.session.flush()
    unit.caller = identity_of(unit, member, session.id)  # from here on it is the person who acts
    audit_member(unit, "session.login", member, {"session_id": session.id, "remote": session.remote})
    return _issue_tokens(unit, session, unit.caller)


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
    revoked = revoke_where(unit, ending)
    if revoked:
        for person_id in sorted(people):
            member = find_member(unit, person_id=person_id)
            audit_member(unit, "session.logout", member, {"sessions": revoked, "all": all})
    return {"revoked": revoked}


def end_my_session(unit: Unit, session_id: str) -> dict[str, Any]:
    """End one of the caller's own sessions: the telephone that was lost.

    Raises:
        Problem: ``not_found`` (404): no such session, somebody else's, or over already.
    """
    session = unit.session.get(LoginSession, session_id)
    is_mine = session is not None and session.person_id == unit.identity.person_id
    if session is None or not is_mine or session.life.state(unit.now()) is not SessionState.OPEN:
        raise not_found("ไม่พบการเข้าใช้นี้ หรือสิ้นสุดไปแล้ว")
    revoked = revoke_where(unit, LoginSession.id == session_id)
    member = find_member(unit, person_id=session.person_id)
    audit_member(unit, "session.end", member, {"session_id": session_id})
    return {"revoked": revoked}


def revoke_sessions(unit: Unit, person_id: str) -> dict[str, Any]:
    """End every session of somebody whose account the caller manages.

    Raises:
        Problem: ``not_found`` (404), ``forbidden`` (403), ``account.self`` (409).
    """
    dossier = find_dossier(unit, person_id, lock=True)
    require_account(unit, dossier)
    revoked = revoke_where(unit, LoginSession.person_id == person_id)
    unit.audit("session.revoke", f"person/{person_id}", dossier.home.org_path, {"sessions": revoked})
    return {"revoked": revoked}


def revoke_where(unit: Unit, condition: Any) -> int:
    """Revoke the sessions that are not revoked yet; how many."""
    statement = update(LoginSession).where(condition, LoginSession.revoked_at.is_(None)).values(revoked_at=unit.now())
    result: Any = unit.session.execute(statement)
    return int(result.rowcount)


def _rotate(unit: Unit, token: RefreshToken, session: LoginSession) -> dict[str, Any] | None:
    member = find_member(unit, person_id=session.person_id)
    verdict = rules.judge_refresh(session.life, unit.now(), used_before=token.used_at is not None)
    if verdict is Rotation.REVOKE:
        session.revoked_at = unit.now()
        audit_member(unit, "session.token_reused", member, {"session_id": session.id})
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
