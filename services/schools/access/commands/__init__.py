"""Coming in and staying in, accounts and their second factor, grants: one module a subject.

Other features call these by the name of this package; what begins a module's own work stays in the module.
"""

from services.schools.access.commands.accounts import (
    add_account,
    lock_account,
    open_account,
    reset_totp,
    retire_account,
    unlock_account,
)
from services.schools.access.commands.grants import (
    add_grant,
    end_grant,
    end_grants_at,
    end_open_grants,
    give_grant,
    keep_an_admin,
)
from services.schools.access.commands.login import login
from services.schools.access.commands.passwords import change_password, judged, password_slip, password_slips
from services.schools.access.commands.sessions import end_my_session, identify, refresh, revoke, revoke_sessions
from services.schools.access.commands.totp import (
    begin_totp,
    confirm_totp,
    disable_totp,
    renew_recovery_codes,
)

__all__ = [
    "add_account",
    "add_grant",
    "begin_totp",
    "change_password",
    "confirm_totp",
    "disable_totp",
    "end_grant",
    "end_grants_at",
    "end_my_session",
    "end_open_grants",
    "give_grant",
    "identify",
    "judged",
    "keep_an_admin",
    "lock_account",
    "login",
    "open_account",
    "password_slip",
    "password_slips",
    "refresh",
    "renew_recovery_codes",
    "reset_totp",
    "retire_account",
    "revoke",
    "revoke_sessions",
    "unlock_account",
]
