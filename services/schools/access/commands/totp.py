"""The second factor: codes of an authenticator app (RFC 6238), and codes on paper for when the telephone is lost."""

from __future__ import annotations

import hmac
import secrets
from typing import Any

import pyotp
from sqlalchemy import delete, select

from services.schools.access import rules
from services.schools.access.commands.passwords import after_password
from services.schools.access.queries import find_member
from services.schools.access.tables import Account, RecoveryCode
from shared.db.unit import Unit
from shared.problems import FieldError, Problem, conflict
from shared.security.identity import Identity, unauthenticated

ISSUER = "Khet"


def accepts_code(unit: Unit, account: Account, typed: str) -> bool:
    """Whether ``typed`` is a code of this account that was not used yet; it is used up by that."""
    code = rules.bare_code(typed)
    if rules.is_totp_form(code):
        return _use_step(unit, account, code)
    return _use_recovery_code(unit, account, code)


def begin_totp(app: Any, caller: Identity | None) -> dict[str, Any]:
    """A new secret for the caller's authenticator app. It counts once :func:`confirm_totp` saw a code of it.

    Raises:
        Problem: ``unauthenticated`` (401), ``totp.enabled`` (409).
    """
    secret = pyotp.random_base32()
    with app.write(caller) as unit:
        account = _own_account(unit)
        if account.totp_confirmed_at is not None:
            raise _enabled_already()
        account.totp_secret, account.totp_last_step = secret, None
        _audit(unit, "totp.begin")
        uri = pyotp.TOTP(secret).provisioning_uri(name=account.username, issuer_name=ISSUER)
        return {"secret": secret, "uri": uri}


def confirm_totp(app: Any, caller: Identity | None, code: str) -> dict[str, Any]:
    """Switch the second factor on with a first code; the recovery codes, told this once.

    Raises:
        Problem: ``unauthenticated`` (401), ``totp.enabled``, ``totp.not_begun`` (409), ``totp.code`` (422).
    """
    with app.write(caller) as unit:
        account = _own_account(unit)
        if account.totp_confirmed_at is not None:
            raise _enabled_already()
        if account.totp_secret is None:
            raise conflict("totp.not_begun", "ยังไม่ได้เริ่มตั้งค่า กรุณาเริ่มใหม่")
        if not _use_step(unit, account, rules.bare_code(code)):
            words = "รหัสไม่ถูกต้อง ตรวจว่าเวลาในโทรศัพท์ตรง แล้วใส่รหัสที่แสดงอยู่ในขณะนี้"
            raise Problem("totp.code", 422, "ยังเปิดใช้ไม่ได้", words, (FieldError("code", "totp.code", words),))
        account.totp_confirmed_at = unit.now()
        codes = _new_recovery_codes(unit, account)
        _audit(unit, "totp.confirm")
    return {"recovery_codes": codes}


def disable_totp(app: Any, caller: Identity | None, password: str) -> dict[str, Any]:
    """Switch the caller's second factor off.

    Raises:
        Problem: ``unauthenticated`` (401), ``password.wrong`` (422), ``login.limited`` (429).
    """

    def switch_off(unit: Unit, account: Account) -> dict[str, Any]:
        forget_totp(unit, account)
        _audit(unit, "totp.disable")
        return {"enabled": False}

    return after_password(app, caller, password, switch_off)


def renew_recovery_codes(app: Any, caller: Identity | None, password: str) -> dict[str, Any]:
    """New recovery codes, told this once; the old ones are worth nothing from now on.

    Raises:
        Problem: ``unauthenticated`` (401), ``password.wrong`` (422), ``totp.disabled`` (409), ``login.limited`` (429).
    """

    def renew(unit: Unit, account: Account) -> dict[str, Any]:
        if account.totp_confirmed_at is None:
            raise conflict("totp.disabled", "ยังไม่ได้เปิดใช้การยืนยันสองขั้น")
        codes = _new_recovery_codes(unit, account)
        _audit(unit, "totp.recovery_codes")
        return {"recovery_codes": codes}

    return after_password(app, caller, password, renew)


def forget_totp(unit: Unit, account: Account) -> None:
    """Take the second factor of an account away."""
    account.totp_secret = account.totp_confirmed_at = account.totp_last_step = None
    unit.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))


def _use_step(unit: Unit, account: Account, code: str) -> bool:
    """Whoever asks holds the row of the account, so that of two senders of one code one comes in."""
    if account.totp_secret is None:
        return False
    generator = pyotp.TOTP(account.totp_secret)
    for step in rules.fresh_steps(unit.now(), account.totp_last_step):
        if hmac.compare_digest(generator.generate_otp(step), code):
            account.totp_last_step = step
            return True
    return False


def _use_recovery_code(unit: Unit, account: Account, code: str) -> bool:
    digest = _digest(unit, account, code)
    found = unit.session.execute(select(RecoveryCode).filter_by(digest=digest, used_at=None)).scalar_one_or_none()
    if found is None:
        return False
    found.used_at = unit.now()
    return True


def _new_recovery_codes(unit: Unit, account: Account) -> list[str]:
    unit.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = [rules.recovery_code(secrets.choice) for _ in range(rules.RECOVERY_CODES)]
    for code in codes:
        digest = _digest(unit, account, rules.bare_code(code))
        unit.session.add(RecoveryCode(digest=digest, account_id=account.id, made_at=unit.now(), used_at=None))
    return codes


def _digest(unit: Unit, account: Account, bare: str) -> str:
    """Keyed, since 45 bits could be tried out by who has stolen the table."""
    return unit.vault.blind("account.recovery_code", f"{account.id}.{bare}")


def _own_account(unit: Unit) -> Account:
    if unit.caller is None:
        raise unauthenticated()
    own = select(Account).filter_by(person_id=unit.caller.person_id).with_for_update()
    return unit.session.execute(own).scalar_one()


def _audit(unit: Unit, action: str) -> None:
    member = find_member(unit, person_id=unit.actor)
    if member is not None:
        unit.audit(action, f"person/{member.person_id}", member.unit_path, {})


def _enabled_already() -> Problem:
    return conflict("totp.enabled", "เปิดใช้การยืนยันสองขั้นอยู่แล้ว หากต้องการเปลี่ยนเครื่องให้ปิดก่อน")
