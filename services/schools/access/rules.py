"""Who may come in, for how long, and what they may do: attempts, passwords, codes, sessions; grants. No clock, no
storage.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum

from services.schools.organisations.rules import Fault, UnitKind
from shared.thai.digits import to_arabic

ACCESS_LIFETIME = dt.timedelta(minutes=15)
IDENTITY_LIFETIME = dt.timedelta(minutes=2)
# a working day without a sign of life ends a session; nobody stays longer than a week without the password
IDLE_LIMIT = dt.timedelta(hours=8)
ABSOLUTE_LIMIT = dt.timedelta(days=7)

MOST_FAILURES = 10
FAILURE_WINDOW = dt.timedelta(minutes=15)

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200  # argon2 reads all of it; a novel would be a way to keep it busy
LEAST_SCORE = 2  # of zxcvbn's 0 to 4: more than 10^6 guesses, which ten attempts a quarter of an hour never reach

# lower-case letters alone, none that looks like another: typed on a telephone without changing the keyboard.
# 23^15 is 67 bits, too many to be guessed at the door or from a stolen hash before the slip is used
SLIP_LETTERS = "abcdefghjkmnpqrstuvwxyz"
SLIP_GROUPS, SLIP_GROUP_LETTERS = 3, 5

RECOVERY_CODES = 10
RECOVERY_GROUPS, RECOVERY_GROUP_LETTERS = 2, 5

CODE_SECONDS = 30  # RFC 6238: a code lives as long as every authenticator app believes it does
CODE_DRIFT = 1  # one step before and after, for telephones whose clock is off
CHALLENGE_LIFETIME = dt.timedelta(minutes=5)

LONGEST_DEVICE = 200

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._@-]{2,59}\Z")
_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Line/", "LINE"),
             ("Firefox/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
_MACHINES = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
             ("Macintosh", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"))  # fmt: skip


class AccountState(StrEnum):
    """Whether an account may be used; a retired one belongs to somebody who left."""

    ACTIVE = "ACTIVE"
    LOCKED = "LOCKED"
    RETIRED = "RETIRED"


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

    def meets(self, other: Period) -> bool:
        """Whether there is a day that lies in both."""
        return (self.last is None or other.first <= self.last) and (other.last is None or self.first <= other.last)


# Where each role is held (DESIGN §1): a role reaches everything below its node, so one of the area given at a school
# would be a role of that school's that nobody has, and one of a school given at the area would reach every school.
_AREA, _OFFICE, _SCHOOL = (
    frozenset({UnitKind.AREA}),
    frozenset({UnitKind.AREA, UnitKind.GROUP}),
    frozenset({UnitKind.SCHOOL}),
)
PLACES: Mapping[str, frozenset[UnitKind]] = {
    "registrar": _OFFICE | _SCHOOL,
    "officer": _OFFICE,
    "group_director": _OFFICE,
    "deputy_director": _AREA,
    "area_director": _AREA,
    "records_officer": _OFFICE,
    "data_officer": _SCHOOL,
    "school_director": _SCHOOL,
    "teacher": _SCHOOL,
    "area_admin": _AREA,
    "ops": _AREA,
    "auditor": _AREA,
}
GIVEN_BY_DIRECTORS = frozenset({"data_officer", "teacher", "registrar"})
LONGEST_ORDER = 100
LONGEST_REASON = 500


DAYS = (dt.date(1950, 1, 1), dt.date(2150, 12, 31))  # outside these a year was typed in the wrong era


class GrantState(StrEnum):
    """How a grant stands on a day."""

    CURRENT = "CURRENT"
    FUTURE = "FUTURE"
    PAST = "PAST"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True)
class Reach:
    """The part of the tree that a caller administers: ``areas`` as its admin, ``schools`` as their director.

    ``runs_system``: the caller is ops too. The queues belong to every area, so only who may look into them lets others.
    """

    areas: tuple[str, ...] = ()
    schools: tuple[str, ...] = ()
    runs_system: bool = False

    @property
    def scopes(self) -> tuple[str, ...]:
        return (*self.areas, *self.schools)

    def covers(self, org_path: str) -> bool:
        """Whether people who work at ``org_path`` are the caller's to look after."""
        return org_path.startswith(self.scopes)

    def governs(self, role: str, org_path: str) -> bool:
        """Whether the caller gives and ends ``role`` at ``org_path``: an area admin every role of the area, a
        director the roles of those who work for them.
        """
        if role == "ops" and not self.runs_system:
            return False
        return org_path.startswith(self.areas) or (role in GIVEN_BY_DIRECTORS and org_path.startswith(self.schools))

    def roles_given(self, kind: str, org_path: str) -> list[str]:
        """The roles that the caller may give at a unit of this kind."""
        return [role for role, kinds in PLACES.items() if kind in kinds and self.governs(role, org_path)]


def grant_state(period: Period, day: dt.date, *, withdrawn: bool) -> GrantState:
    """How a grant stands on ``day``; a withdrawn one never counted, or not to its end."""
    if withdrawn:
        return GrantState.WITHDRAWN
    if period.covers(day):
        return GrantState.CURRENT
    return GrantState.FUTURE if day < period.first else GrantState.PAST


def read_day(pointer: str, title: str, written: str | None, faults: list[Fault]) -> dt.date | None:
    """The day of an ISO 8601 date; what is none is added to ``faults``."""
    if not written:
        return None
    try:
        day = dt.date.fromisoformat(written)
    except ValueError:
        day = None
    if day is None or not DAYS[0] <= day <= DAYS[1]:
        faults.append(Fault(pointer, "date", f"{title}: วันที่ไม่ถูกต้อง (ปปปป-ดด-วว เป็น ค.ศ.)"))
        return None
    return day


def reason_faults(reason: str | None, pointer: str = "reason") -> list[Fault]:
    """What is wrong with the reason that somebody gives for what they do to others."""
    if not (reason or "").strip():
        return [Fault(pointer, "required", "เหตุผล: ต้องระบุ")]
    if len(reason or "") > LONGEST_REASON:
        return [Fault(pointer, "length", f"เหตุผล: ต้องมีไม่เกิน {LONGEST_REASON} ตัว")]
    return []


def grant_faults(
    role: str,
    kind: str,
    first: dt.date,
    last: dt.date | None,
    today: dt.date,
    *,
    acting: bool = False,
    order_no: str = "",
    order_date: dt.date | None = None,
) -> list[Fault]:
    """Everything that is wrong with a grant that somebody wants to give at a unit of ``kind``.

    Who acts for another (รักษาราชการแทน, รักษาการในตำแหน่ง) does so by a written order: its number and date are part
    of the grant (correspondence.md, ``delegation.order_ref``).
    """
    faults = []
    if role not in PLACES:
        faults.append(Fault("role", "role", f"บทบาท: ไม่มีบทบาท {role}"))
    elif kind not in PLACES[role]:
        faults.append(Fault("role", "role.place", "บทบาท: ให้บทบาทนี้ที่หน่วยงานระดับนี้ไม่ได้"))
    if last is not None and last < first:
        faults.append(Fault("until", "period", "ถึงวันที่: ต้องไม่ก่อนวันเริ่ม"))
    elif last is not None and last < today:
        faults.append(Fault("until", "past", "ถึงวันที่: ช่วงเวลานี้ผ่านไปแล้ว"))
    if len(order_no) > LONGEST_ORDER:
        faults.append(Fault("order_no", "length", f"เลขที่คำสั่ง: ต้องมีไม่เกิน {LONGEST_ORDER} ตัว"))
    if acting and not order_no:
        faults.append(Fault("order_no", "required", "เลขที่คำสั่ง: การรักษาการต้องมีเลขที่คำสั่ง"))
    if acting and order_date is None:
        faults.append(Fault("order_date", "required", "วันที่ของคำสั่ง: การรักษาการต้องมีวันที่ของคำสั่ง"))
    return faults


def ending_faults(period: Period, last_day: dt.date, today: dt.date) -> list[Fault]:
    """What is wrong with the day on which a grant shall end.

    Yesterday ends it at once. What somebody did by a grant before stays covered by it, so no earlier day is possible;
    a later one than the grant has would be a new grant.
    """
    if last_day < today - dt.timedelta(days=1):
        return [Fault("last_day", "past", "วันสุดท้าย: ย้อนหลังได้ไม่เกินเมื่อวาน (เมื่อวาน = หมดสิทธิ์ทันที)")]
    if period.last is not None and last_day > period.last:
        return [Fault("last_day", "later", "วันสุดท้าย: ต้องไม่หลังวันสิ้นสุดเดิม หากต้องการขยายเวลาให้ให้สิทธิ์ใหม่")]
    return []


def leaves_nobody(others: Iterable[Period], day: dt.date) -> bool:
    """Whether nobody else's grant is in force on ``day``: an area must keep one who can give grants."""
    return not any(period.covers(day) for period in others)


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


def password_weakness(username: str, current: str, new: str, names: Iterable[str] = ()) -> str | None:
    """Why ``new`` may not become the password, in words for the person who chose it; None when it may.

    ``names`` are the person's own. Whether it is easy to guess is judged beside this, since that takes a while.
    """
    if new == current:
        return "รหัสผ่านใหม่ต้องไม่ซ้ำกับรหัสผ่านเดิม"
    if len(new) < SHORTEST_PASSWORD:
        return f"รหัสผ่านใหม่ต้องมีอย่างน้อย {SHORTEST_PASSWORD} ตัวอักษร"
    if len(new) > LONGEST_PASSWORD:
        return f"รหัสผ่านใหม่ต้องไม่เกิน {LONGEST_PASSWORD} ตัวอักษร"
    folded = normal_username(new)
    if normal_username(username) in folded:
        return "รหัสผ่านใหม่ต้องไม่มีชื่อผู้ใช้อยู่ในนั้น"
    # a name of one or two letters stands in many words by chance
    if any(len(name) > 2 and normal_username(name) in folded for name in names):
        return "รหัสผ่านใหม่ต้องไม่มีชื่อหรือนามสกุลของท่านอยู่ในนั้น"
    return None


GUESSABLE = "รหัสผ่านนี้เดาได้ง่าย ใช้ข้อความที่ยาวขึ้น เช่น คำที่ไม่เกี่ยวกันสามสี่คำ"


def temporary_password(choose: Callable[[str], str]) -> str:
    """The password of a slip: letters that ``choose`` (of an alphabet) draws, written together."""
    return "".join(choose(SLIP_LETTERS) for _ in range(SLIP_GROUPS * SLIP_GROUP_LETTERS))


def in_groups(password: str, size: int = SLIP_GROUP_LETTERS) -> list[str]:
    """A password in parts that are easily read and typed."""
    return [password[place : place + size] for place in range(0, len(password), size)]


def recovery_code(choose: Callable[[str], str]) -> str:
    """A code for the day the telephone is lost: ``kfmtz-wqhba``."""
    letters = "".join(choose(SLIP_LETTERS) for _ in range(RECOVERY_GROUPS * RECOVERY_GROUP_LETTERS))
    return "-".join(in_groups(letters, RECOVERY_GROUP_LETTERS))


def bare_code(typed: str) -> str:
    """A code as typed, without the blanks and dashes between its groups and in small letters."""
    return re.sub(r"[\s-]+", "", to_arabic(typed)).casefold()


def is_totp_form(code: str) -> bool:
    """Whether a bare code is one of an authenticator app: six digits."""
    return len(code) == 6 and code.isascii() and code.isdigit()


def fresh_steps(now: dt.datetime, last_used: int | None) -> list[int]:
    """The time steps whose code may be used now: around the present, and none up to the last one used, so that a code
    seen over somebody's shoulder is worth nothing (RFC 6238 §5.2).
    """
    present = int(now.timestamp()) // CODE_SECONDS
    steps = range(present - CODE_DRIFT, present + CODE_DRIFT + 1)
    return [step for step in steps if last_used is None or step > last_used]


def username_faults(typed: str) -> list[Fault]:
    """What is wrong with a user name."""
    if _USERNAME.match(normal_username(typed)):
        return []
    words = "ชื่อผู้ใช้: ใช้ a-z 0-9 และ . _ - @ ตั้งแต่ 3 ถึง 60 ตัว ขึ้นต้นด้วยตัวอักษรหรือตัวเลข"
    return [Fault("username", "username", words)]


def device_of(user_agent: str) -> str:
    """A device in words its owner recognises: ``Chrome · Android``; a program by the name it gives itself."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    machine = next((name for mark, name in _MACHINES if mark in user_agent), "")
    known = " · ".join(filter(None, (browser, machine)))
    return (known or user_agent.partition(" ")[0])[:LONGEST_DEVICE]


def normal_username(typed: str) -> str:
    """A user name as it is stored: telephones like to begin it with a capital and to end it with a space."""
    return typed.strip().casefold()


def attempts_key(username: str) -> str:
    """Under which failures are counted. A digest, since people type their password into the wrong field."""
    return hashlib.sha256(normal_username(username).encode()).hexdigest()


def token_digest(token: str) -> str:
    """What is stored of a refresh token. It is 256 bits of chance, so a plain digest keeps it secret."""
    return hashlib.sha256(token.encode()).hexdigest()
