"""Coming in and staying in: attempts, passwords, sessions, refresh tokens, grants in force. No clock, no storage."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, StrEnum

ACCESS_LIFETIME = dt.timedelta(minutes=15)
IDENTITY_LIFETIME = dt.timedelta(minutes=2)
# a working day without a sign of life ends a session; nobody stays longer than a week without the password
IDLE_LIMIT = dt.timedelta(hours=8)
ABSOLUTE_LIMIT = dt.timedelta(days=7)

MOST_FAILURES = 10
FAILURE_WINDOW = dt.timedelta(minutes=15)

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 200  # argon2 reads all of it; a novel would be a way to keep it busy


class AccountState(StrEnum):
    """Whether an account may be used."""

    ACTIVE = "ACTIVE"
    LOCKED = "LOCKED"


@dataclass(frozen=True)
class Period:
    """From a day to a day, both included; without a last day until further notice.

    Raises:
        ValueError: the last day lies before the first.
    """

    first: dt.date
    last: dt.date | None = None

    def __post_init__(self) -> None:
        if self.last is not None and self.last < self.first:
            raise ValueError(f"a period cannot end ({self.last}) before it begins ({self.first})")

    def covers(self, day: dt.date) -> bool:
        """Whether a grant of this period is in force on ``day`` (a Bangkok date)."""
        return self.first <= day and (self.last is None or day <= self.last)


class SessionState(Enum):
    """Whether a session may still be used."""

    OPEN = "open"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True)
class SessionLife:
    """The instants that decide how long a session lasts.

    A sign of life is a refresh; programs refresh every quarter of an hour, for browsers it is noted as they come by.
    """

    started_at: dt.datetime
    refreshed_at: dt.datetime
    revoked_at: dt.datetime | None = None

    @property
    def expires_at(self) -> dt.datetime:
        """When it ends if nobody gives another sign of life."""
        return min(self.started_at + ABSOLUTE_LIMIT, self.refreshed_at + IDLE_LIMIT)

    def is_sign_due(self, now: dt.datetime) -> bool:
        """Whether to note that a browser was here: not at every click, each of them would be a write."""
        return now >= self.refreshed_at + ACCESS_LIFETIME

    def state(self, now: dt.datetime) -> SessionState:
        """How the session stands at ``now``; the instant of expiry is already outside."""
        if self.revoked_at is not None:
            return SessionState.REVOKED
        return SessionState.OPEN if now < self.expires_at else SessionState.EXPIRED


class Rotation(Enum):
    """What to do with a refresh token that was presented."""

    ROTATE = "rotate"
    REFUSE = "refuse"
    REVOKE = "revoke"


def judge_refresh(life: SessionLife, now: dt.datetime, *, used_before: bool) -> Rotation:
    """A refresh token serves once (RFC 9700 §4.14). One that comes back was copied by somebody: its session ends."""
    if life.state(now) is not SessionState.OPEN:
        return Rotation.REFUSE
    return Rotation.REVOKE if used_before else Rotation.ROTATE


def limited_until(failures: Iterable[dt.datetime], now: dt.datetime) -> dt.datetime | None:
    """Until when an account takes no more attempts: ten failures in any quarter of an hour close it; None is open."""
    recent = sorted(at for at in failures if at > now - FAILURE_WINDOW)
    return recent[-MOST_FAILURES] + FAILURE_WINDOW if len(recent) >= MOST_FAILURES else None


def password_weakness(username: str, current: str, new: str) -> str | None:
    """Why ``new`` may not become the password, in words for the person who chose it; None when it may."""
    if len(new) < SHORTEST_PASSWORD:
        return f"รหัสผ่านใหม่ต้องมีอย่างน้อย {SHORTEST_PASSWORD} ตัวอักษร"
    if len(new) > LONGEST_PASSWORD:
        return f"รหัสผ่านใหม่ต้องไม่เกิน {LONGEST_PASSWORD} ตัวอักษร"
    if normal_username(new) == normal_username(username):
        return "รหัสผ่านใหม่ต้องไม่ซ้ำกับชื่อผู้ใช้"
    if new == current:
        return "รหัสผ่านใหม่ต้องไม่ซ้ำกับรหัสผ่านเดิม"
    return None


def normal_username(typed: str) -> str:
    """A user name as it is stored: telephones like to begin it with a capital and to end it with a space."""
    return typed.strip().casefold()


def attempts_key(username: str) -> str:
    """Under which failures are counted. A digest, since people type their password into the wrong field."""
    return hashlib.sha256(normal_username(username).encode()).hexdigest()


def token_digest(token: str) -> str:
    """What is stored of a refresh token. It is 256 bits of chance, so a plain digest keeps it secret."""
    return hashlib.sha256(token.encode()).hexdigest()
