"""Accounts, grants, sessions, and the failed attempts to come in."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.schools.access.rules import Period, SessionLife
from services.schools.database import Base


class Account(Base):
    """The account with which a person comes in."""

    __tablename__ = "account"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), unique=True)
    username: Mapped[str] = mapped_column(String(60), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10))
    must_change_password: Mapped[bool]


class RoleGrant(Base):
    """A role that a person holds at a unit, from a day until a day (both included), as its holder or acting for one."""

    __tablename__ = "role_grant"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("org_unit.id"), index=True)
    role: Mapped[str] = mapped_column(String(30))
    acting: Mapped[bool]
    valid_from: Mapped[dt.date]
    valid_until: Mapped[dt.date | None]

    @property
    def period(self) -> Period:
        return Period(self.valid_from, self.valid_until)


class LoginSession(Base):
    """A login that lasts until it expires or is revoked."""

    __tablename__ = "login_session"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    remote: Mapped[str] = mapped_column(String(100))
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
