"""Coming in with a password and, where one is set up, a code.

argon2 runs between the units of work, never inside one: the procedure reads, reckons, and then decides on what it finds
stored by then.
"""

from __future__ import annotations

import hmac
from typing import Any

from services.schools.access import rules
from services.schools.access.commands.attempts import (
    find_unchanged,
    forget_failures,
    hold_account,
    record_failure,
    refuse_limited,
)
from services.schools.access.commands.sessions import LONGEST_REMOTE, open_session
from services.schools.access.commands.totp import accepts_code
from services.schools.access.queries import Member, find_member
from services.schools.access.tables import Account
from shared.db.unit import Unit
from shared.problems import FieldError, Problem
from shared.security.identity import Identity


def login(
    app: Any,
    caller: Identity | None,  # noqa: ARG001 - the form of every procedure
    username: str,
    password: str = "",
    remote: str = "",
    device: str = "",
    code: str = "",
    challenge: str = "",
) -> dict[str, Any]:
    """Open a new session for who knows the password and, where the account has a second factor, a code.

    An unknown user name, a wrong password and a locked account get the same answer after the same work. A right
    password without its code is answered with a ``challenge``, which stands in for the password in the second step: so
    the page that asks for the code need not keep the password. Failures are stored although the answer is a problem.

    Raises:
        Problem: ``login.failed`` (401), ``login.code_required`` and ``login.code_wrong`` (401, with ``challenge``),
            ``login.challenge_ended`` (401), ``login.limited`` (429, with ``retry_after`` in seconds).
    """
    key = rules.attempts_key(username)
    with app.read() as unit:
        refuse_limited(unit, key)
        member = find_member(unit, username=username)
        answers = bool(challenge) and _answers(unit, member, challenge)
    known = answers if challenge else app.adapters.passwords.verify(member.password_hash if member else None, password)
    with app.write() as unit:
        # counted again: others may have failed while this password was being checked
        hold_account(unit, member)
        refuse_limited(unit, key)
        account = find_unchanged(unit, member) if known else None
        if member is None or account is None:
            record_failure(unit, key, member)
            refusal = Problem("login.failed", 401, "เข้าสู่ระบบไม่สำเร็จ", "ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง")
        elif account.totp_confirmed_at is None or (code and accepts_code(unit, account, code)):
            return _come_in(unit, member, account, remote, device)
        elif code:
            record_failure(unit, key, member, "session.code_failed")
            refusal = _code_wrong(_challenge(unit, member))
        else:
            refusal = _code_required(_challenge(unit, member))
    raise refusal


def _come_in(unit: Unit, member: Member, account: Account, remote: str, device: str) -> dict[str, Any]:
    forget_failures(unit, member.username)
    account.last_login_at = unit.now()
    account.last_login_remote = remote[:LONGEST_REMOTE]
    return open_session(unit, member, remote, device)


def _challenge(unit: Unit, member: Member, expires: int | None = None) -> str:
    """Says for five minutes that the password of this account was right; a new password makes it worthless."""
    expires = expires or int((unit.now() + rules.CHALLENGE_LIFETIME).timestamp())
    digest = unit.vault.blind("login.challenge", f"{member.account_id}.{member.password_hash}.{expires}")
    return f"{expires}.{digest}"


def _answers(unit: Unit, member: Member | None, challenge: str) -> bool:
    """Whether a challenge was given out for this account.

    Raises:
        Problem: ``login.challenge_ended`` (401): whatever it was, its time is over.
    """
    written = challenge.partition(".")[0]
    expires = int(written) if written.isascii() and written.isdigit() and len(written) < 12 else 0
    if expires <= unit.now().timestamp():
        detail = "กรุณาใส่ชื่อผู้ใช้และรหัสผ่านอีกครั้ง"
        raise Problem("login.challenge_ended", 401, "หมดเวลาใส่รหัสยืนยันตัวตน", detail)
    return member is not None and hmac.compare_digest(_challenge(unit, member, expires).encode(), challenge.encode())


def _code_required(challenge: str) -> Problem:
    detail = "ใส่รหัส 6 หลักจากแอปยืนยันตัวตน หรือรหัสสำรอง"
    return Problem("login.code_required", 401, "ต้องใส่รหัสยืนยันตัวตน", detail, extra={"challenge": challenge})


def _code_wrong(challenge: str) -> Problem:
    detail = "รหัสไม่ถูกต้อง หมดเวลา หรือใช้ไปแล้ว รอรหัสใหม่ในแอปแล้วลองอีกครั้ง"
    errors = (FieldError("code", "login.code_wrong", detail),)
    return Problem("login.code_wrong", 401, "รหัสยืนยันตัวตนไม่ถูกต้อง", detail, errors, {"challenge": challenge})
