"""Who is reminded of what on a day: D-7, D-3, D-1, D and D+1, at 08:30 in Bangkok (§1.7, §1.11).

D is the day of a deadline in Bangkok: the school's own, which an extension moves. A data officer counts from the
school's deadline, a director from the one for certifying. On D and D+1 the area's officers see who has not answered, on
D+1 the director of the group whom to call.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from shared.thai.dates import BANGKOK, format_short

SEND_AT = dt.time(8, 30)
# days from the deadline: 7, 3 and 1 before it, the day itself and the one after
REMINDED = (-7, -3, -1, 0, 1)
AREA_REMINDED = (0, 1)
ESCALATED = 1
NAMES_SHOWN = 10

UNCONFIRMED = frozenset({"NOT_STARTED", "RECORDING", "HAS_ERRORS", "READY", "RETURNED"})
CONFIRMED = "CONFIRMED"
NOT_YET = frozenset({"DRAFT", "ANNOUNCED"})


@dataclass(frozen=True)
class SchoolInRound:
    """How a school stands in a round, and its own deadlines."""

    round_id: str
    round_title: str
    round_state: str
    area_path: str
    smis: str
    name: str
    org_path: str
    state: str
    school_deadline: dt.datetime
    certify_deadline: dt.datetime


@dataclass(frozen=True)
class Digest:
    """One message to whoever holds ``role`` at ``org_path``. A round and a school are named where it is about one."""

    role: str
    org_path: str
    kind: str
    title: str
    body: str
    round_id: str | None
    smis: str | None


@dataclass(frozen=True)
class Debt:
    """What somebody still owes in a round: ``days`` from the deadline, negative before it."""

    school: SchoolInRound
    role: str
    deadline: dt.date
    days: int

    @property
    def line(self) -> str:
        """The debt as a line of a school's digest."""
        return f"{self.school.round_title}: {self._what} ภายใน {format_short(self.deadline)} ({when(self.days)})"

    @property
    def _what(self) -> str:
        if self.role == "data_officer":
            return "ส่งไฟล์และยืนยันข้อมูล" if self.school.state == "NOT_STARTED" else "แก้ไขและยืนยันข้อมูล"
        return "รับรองข้อมูล" if self.school.state == CONFIRMED else "รับรองข้อมูล (ครูผู้รับผิดชอบข้อมูลยังไม่ยืนยัน)"


def due_day(now: dt.datetime) -> dt.date | None:
    """The day whose digests are due; None before 08:30. A day that went by while nothing ran is not made up for."""
    local = now.astimezone(BANGKOK)
    return local.date() if local.time() >= SEND_AT else None


def watched(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """From when until when deadlines lie that somebody may be reminded of on ``day``."""
    first, last = day - dt.timedelta(days=max(REMINDED)), day - dt.timedelta(days=min(REMINDED))
    return dt.datetime.combine(first, dt.time.min, BANGKOK), dt.datetime.combine(last, dt.time.max, BANGKOK)


def when(days: int) -> str:
    """How far a deadline is away: ``อีก 3 วัน``, ``ครบกำหนดวันนี้``, ``เลยกำหนด 1 วัน``."""
    if days == 0:
        return "ครบกำหนดวันนี้"
    return f"อีก {-days} วัน" if days < 0 else f"เลยกำหนด {days} วัน"


def debts_of(school: SchoolInRound, day: dt.date) -> list[Debt]:
    """What the people of a school still owe in a round on ``day``; nothing while the round is not open."""
    if school.round_state in NOT_YET or school.state not in UNCONFIRMED | {CONFIRMED}:
        return []
    owed = [("school_director", school.certify_deadline)]
    if school.state in UNCONFIRMED:
        owed.insert(0, ("data_officer", school.school_deadline))
    days = [(role, deadline.astimezone(BANGKOK).date()) for role, deadline in owed]
    return [Debt(school, role, deadline, (day - deadline).days) for role, deadline in days]


def digests_of(schools: Iterable[SchoolInRound], day: dt.date) -> list[Digest]:
    """The messages of ``day`` about the schools of an area, one for each role and organisation that is reminded.

    Whoever is reminded of one round is told of all that they owe.
    """
    debts = [debt for school in schools for debt in debts_of(school, day)]
    return [*_to_schools(debts), *_to_areas(debts)]


def _to_schools(debts: Iterable[Debt]) -> Iterator[Digest]:
    for (role, org_path), found in _grouped(debts, lambda debt: (debt.role, debt.school.org_path)):
        if not any(debt.days in REMINDED for debt in found):
            continue
        owed = sorted(found, key=lambda debt: (-debt.days, debt.school.round_title))
        only = owed[0].school if len(owed) == 1 else None
        yield Digest(
            role,
            org_path,
            "digest.reminder",
            _title(owed),
            "\n".join([f"โรงเรียน{owed[0].school.name}", *(debt.line for debt in owed)]),
            only.round_id if only else None,
            only.smis if only else None,
        )


def _title(owed: list[Debt]) -> str:
    most = owed[0]
    what = f"{len(owed)} รอบที่ยังค้าง" if len(owed) > 1 else most.school.round_title
    return f"เตือน: {what} {when(most.days)}"


def _to_areas(debts: Iterable[Debt]) -> Iterator[Digest]:
    """On D and D+1 of what its schools owe; a director owes nothing that can be asked for before the confirmation."""
    asked = [debt for debt in debts if debt.role == "data_officer" or debt.school.state == CONFIRMED]
    for area_path, found in _grouped(asked, lambda debt: debt.school.area_path):
        now_due = [debt for debt in found if debt.days in AREA_REMINDED]
        if now_due:
            yield _to_area("officer", area_path, "digest.unanswered", "ยังไม่ตอบ", now_due)
        overdue = [debt for debt in found if debt.days == ESCALATED]
        if overdue:
            yield _to_area("group_director", area_path, "digest.escalation", "ควรติดตาม", overdue)


def _to_area(role: str, area_path: str, kind: str, word: str, debts: list[Debt]) -> Digest:
    rounds = list(_grouped(debts, lambda debt: (debt.school.round_title, debt.school.round_id)))
    lines = [
        f"{title}: {_count(role_owing, days, found)}"
        for (title, _round_id), in_round in rounds
        for (days, role_owing), found in _grouped(in_round, lambda debt: (-debt.days, debt.role))
    ]
    only = rounds[0][0] if len(rounds) == 1 else None
    schools = len({debt.school.org_path for debt in debts})
    title = f"{word}: {only[0] if only else f'{len(rounds)} รอบ'} {schools} โรงเรียน"
    return Digest(role, area_path, kind, title, "\n".join(lines), only[1] if only else None, None)


def _count(role: str, minus_days: int, debts: list[Debt]) -> str:
    what = "ยังไม่ยืนยัน" if role == "data_officer" else "ผู้อำนวยการยังไม่รับรอง"
    names = [debt.school.name for debt in debts[:NAMES_SHOWN]]
    more = f" และอีก {len(debts) - NAMES_SHOWN} โรงเรียน" if len(debts) > NAMES_SHOWN else ""
    return f"{when(-minus_days)} {what} {len(debts)} โรงเรียน ({', '.join(names)}{more})"


def _grouped(debts: Iterable[Debt], key: Callable[[Debt], Any]) -> Iterator[tuple[Any, list[Debt]]]:
    found = sorted(debts, key=lambda debt: (key(debt), debt.school.smis))
    return ((group, list(members)) for group, members in groupby(found, key=key))
