"""Counting failed attempts to come in, so that nobody guesses for long; the same for passwords and for codes."""

from __future__ import annotations

import math
from typing import Any

from sqlalchemy import delete, select

from services.schools.access import rules
from services.schools.access.queries import Member
from services.schools.access.rules import AccountState
from services.schools.access.tables import Account, LoginFailure
from shared.bus.envelope import new_id
from shared.db.unit import Unit
from shared.problems import Problem


def hold_account(unit: Unit, member: Member | None) -> None:
    """Let attempts at the same account decide one after the other."""
    if member is not None:
        unit.session.execute(select(Account.id).where(Account.id == member.account_id).with_for_update())


def find_unchanged(unit: Unit, member: Member | None) -> Account | None:
    """The account, if it may be used and its password is still the one that was checked."""
    account = unit.session.get(Account, member.account_id) if member is not None else None
    if account is None or member is None or account.password_hash != member.password_hash:
        return None
    return account if account.state == AccountState.ACTIVE else None


def refuse_limited(unit: Unit, key: str) -> None:
    """Refuse whatever is asked of an account at which somebody guesses.

    Raises:
        Problem: ``login.limited`` (429, with ``retry_after`` in seconds).
    """
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


def record_failure(unit: Unit, key: str, member: Member | None, action: str = "session.login_failed") -> None:
    """Count a failure; those too old to count are forgotten."""
    now = unit.now()
    unit.session.execute(delete(LoginFailure).where(LoginFailure.at <= now - rules.FAILURE_WINDOW))
    unit.session.add(LoginFailure(id=new_id(), account_key=key, at=now))
    audit_member(unit, action, member, {})


def forget_failures(unit: Unit, username: str) -> None:
    """Begin to count anew: who came in, or was given a new password, is not the one who guessed."""
    unit.session.execute(delete(LoginFailure).where(LoginFailure.account_key == rules.attempts_key(username)))


def audit_member(unit: Unit, action: str, member: Member | None, change: dict[str, Any]) -> None:
    """Record what a person did with their own account, or others tried to."""
    if member is not None:
        unit.audit(action, f"person/{member.person_id}", member.unit_path, change)
