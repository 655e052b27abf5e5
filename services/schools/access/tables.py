"""Accounts and their codes, grants, sessions, and the failed attempts to come in."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.schools.access.rules import GrantState, Period, SessionLife, grant_state
from services.schools.database import Base
from shared.db.sealed import Sealed


class Account(Base):
    """The account with which a person comes in.

    An empty ``password_hash`` is that of an account whose first slip was not printed yet: nothing opens it. A TOTP
    secret counts once it is confirmed with a code; ``totp_last_step`` is the time step of the last code that was used.
    """

    __tablename__ = "account"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), unique=True)
    username: Mapped[str] = mapped_column(String(60), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10))
    must_change_password: Mapped[bool]
    lock_reason: Mapped[str | None] = mapped_column(Text)
    password_changed_at: Mapped[dt.datetime | None]
    last_login_at: Mapped[dt.datetime | None]
    last_login_remote: Mapped[str | None] = mapped_column(String(100))
    totp_secret: Mapped[str | None] = mapped_column(Sealed("account.totp_secret"))
    totp_confirmed_at: Mapped[dt.datetime | None]
    totp_last_step: Mapped[int | None] = mapped_column(BigInteger)


class RecoveryCode(Base):
    """A code that serves once in place of the telephone's, kept as a keyed digest."""

    __tablename__ = "recovery_code"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    made_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]


class RoleGrant(Base):
    """A role that a person holds at a unit, from a day until a day (both included), as its holder or acting for one.

    A grant that was ended before its first day was over is ``withdrawn``: it counts on no day from then on.
    """

    __tablename__ = "role_grant"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("org_unit.id"), index=True)
    role: Mapped[str] = mapped_column(String(30))
    acting: Mapped[bool]
    valid_from: Mapped[dt.date]
    valid_until: Mapped[dt.date | None]
    order_no: Mapped[str | None] = mapped_column(String(100))
    order_date: Mapped[dt.date | None]
    end_reason: Mapped[str | None] = mapped_column(Text)
    withdrawn: Mapped[bool] = mapped_column(default=False)

    @property
    def period(self) -> Period:
        return Period(self.valid_from, self.valid_until)

    def state_on(self, day: dt.date) -> GrantState:
        """How the grant stands on ``day``."""
        return grant_state(self.period, day, withdrawn=bool(self.withdrawn))

    def is_open_on(self, day: dt.date) -> bool:
        """Whether it is in force or still to come."""
        return self.state_on(day) in (GrantState.CURRENT, GrantState.FUTURE)


class LoginSession(Base):
    """A login that lasts until it expires or is revoked."""

    __tablename__ = "login_session"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    remote: Mapped[str] = mapped_column(String(100))
    device: Mapped[str] = mapped_column(String(200), default="")
    started_at: Mapped[dt.datetime]
    refreshed_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None]

    @property
    def life(self) -> SessionLife:
        return SessionLife(self.started_at, self.refreshed_at, self.revoked_at)


class RefreshToken(Base):
    """Every refresh token a session was given, as a digest; used ones stay, so that a copy is recognised."""

    __tablename__ = "refresh_token"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("login_session.id"), index=True)
    issued_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]


class LoginFailure(Base):
    """A failed attempt, counted under a digest of the user name; forgotten once it is too old to count."""

    __tablename__ = "login_failure"
    __table_args__ = (Index("ix_login_failure_account_key_at", "account_key", "at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    account_key: Mapped[str] = mapped_column(String(64))
    at: Mapped[dt.datetime] = mapped_column(index=True)
