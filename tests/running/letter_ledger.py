"""A second account of letters: who did what when, written down beside the system, and reports reckoned of that."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from services.documents.letters import commands
from services.documents.letters.rules import Speed
from services.documents.tasks import commands as tasks
from services.documents.tasks.due import due_at
from shared.clock import BANGKOK
from tests.running.documents_desk import DocumentsDesk, book, letter_fields

OFFICE, GROUP = "5704", "5704-g-ict"
BOOKS = {unit: book("received", unit) for unit in (OFFICE, GROUP)}
WORKERS = ("officer", "second")
STEPS = {
    "propose": ("register", "propose"), "assign": ("propose", "assign"), "open": ("assign", "open"),
    "act": ("assign", "done"), "whole": ("register", "done"),
}  # fmt: skip


@dataclass
class Given:
    """What somebody has to do."""

    at: dt.datetime
    due: dt.datetime
    unit: str
    reported: dt.datetime | None = None


@dataclass
class Account:
    """One letter as the ledger knows it; ``when`` has the first time of each step, and the last of ``done``."""

    id: str
    speed: str
    came: dt.datetime
    state: str = "ARRIVED"
    unit: str = OFFICE
    when: dict[str, dt.datetime] = field(default_factory=dict)
    given: dict[str, Given] = field(default_factory=dict)

    @property
    def is_counted(self) -> bool:
        return self.state != "VOID"

    @property
    def due(self) -> dt.datetime:
        own = due_at(Speed(self.speed), self.came)
        return max((one.due for one in self.given.values()), default=own)

    def was_open(self, moment: dt.datetime) -> bool:
        return self.came < moment and not ("done" in self.when and self.when["done"] < moment)


@dataclass
class Ledger:
    """Everything that was done at a desk. A step takes whole hours, so that medians are whole too."""

    desk: DocumentsDesk
    now: dt.datetime
    chance: random.Random
    letters: list[Account] = field(default_factory=list)
    lines: list[tuple[dt.date, str, Account]] = field(default_factory=list)

    def run(self, steps: int) -> None:
        """Let time go by and somebody do something, again and again."""
        for _ in range(steps):
            self.now += dt.timedelta(hours=self.chance.choice((1, 2, 5, 17, 30)))
            self.desk.move_clock(self.now)
            waiting = [one for one in self.letters if one.state not in ("CLOSED", "VOID")]
            if len(waiting) < 3 or self.chance.random() < 0.2:
                self._come()
            else:
                self._go_on(self.chance.choice(waiting))
        # what was done last is past as well
        self.now += dt.timedelta(hours=1)
        self.desk.move_clock(self.now)

    def _come(self) -> None:
        speed = self.chance.choice(("normal", "urgent", "most_urgent"))
        values = letter_fields(subject=f"เรื่องที่ {len(self.letters)}", speed=speed, doc_date="2026-08-01")
        made = self.desk.command("registrar", commands.create_letter, values=values)
        self.letters.append(Account(made["id"], speed, self.now))

    def _do(self, one: Account, who: str, function: Any, **args: Any) -> None:
        one.state = self.desk.command(who, function, letter_id=one.id, **args)["state"]

    def _go_on(self, one: Account) -> None:
        keeper, head = ("clerk", "head") if one.unit == GROUP else ("registrar", "director")
        choice = self.chance.random()
        match one.state:
            case "ARRIVED" if choice < 0.15:
                self._do(one, "registrar", commands.void_letter, reason="ลงผิด")
            case "ARRIVED" | "FORWARDED":
                self._do(one, keeper, commands.register_letter, book_id=BOOKS[one.unit])
                self.lines.append((self.now.date(), one.unit, one))
                one.when.setdefault("register", self.now)
            case "REGISTERED" if one.unit == OFFICE and choice < 0.6:
                self._do(one, "registrar", commands.forward_letter, to=GROUP)
                one.unit = GROUP
            case "REGISTERED" | "RETURNED":
                self._do(one, keeper, tasks.propose_letter, summary="เสนอ")
                one.when.setdefault("propose", self.now)
            case "PROPOSED" if choice < 0.15:
                self._do(one, head, tasks.return_letter, reason="ไม่ใช่เรื่องของเรา")
                one.unit = OFFICE
            case "PROPOSED" if choice < 0.3:
                self._do(one, head, tasks.endorse_letter, verdict="approve")
                one.when["done"] = self.now
            case "PROPOSED":
                self._assign(one, head)
            case "REPORTED" if choice < 0.3:
                self._do(one, head, tasks.return_letter, reason="แก้รายงาน")
                del one.when["done"]
                for given in one.given.values():
                    given.reported = None
            case "REPORTED" | "ACKNOWLEDGED":
                self._do(one, keeper, tasks.close_letter)
            case _:
                self._work(one, choice)

    def _assign(self, one: Account, head: str) -> None:
        people = list(WORKERS[: self.chance.choice((1, 2))])
        due = self.now + dt.timedelta(hours=self.chance.choice((3, 40, 200)))
        self._do(one, head, tasks.assign_letter, responsible=people, instruction="ทำ", due=due.isoformat())
        one.when.setdefault("assign", self.now)
        one.given = {person: Given(self.now, due, one.unit) for person in people}

    def _work(self, one: Account, choice: float) -> None:
        person = next(name for name, given in one.given.items() if given.reported is None)
        one.when.setdefault("open", self.now)
        if choice < 0.4:
            self.desk.command(person, tasks.open_task, letter_id=one.id)
            return
        self._do(one, person, tasks.report_task, report="เสร็จ")
        one.given[person].reported = self.now
        if all(given.reported for given in one.given.values()):
            one.when["done"] = self.now

    # what it says

    def workload(self, first: dt.date, last: dt.date) -> dict[str, tuple[int, ...]]:
        """By unit: lines in its received book, letters done and left, tasks done, left, late."""
        until = min(_end(last), self.now)
        found = {}
        for unit in (OFFICE, GROUP):
            here = [one for one in self.letters if one.is_counted and one.unit == unit]
            given = [one for letter in self._counted() for one in letter.given.values() if one.unit == unit]
            left = [one for one in given if one.at < until and not (one.reported and one.reported < until)]
            found[unit] = (
                sum(day_in(day, first, last) and at == unit and one.is_counted for day, at, one in self.lines),
                sum("done" in one.when and day_in(one.when["done"].date(), first, last) for one in here),
                sum(one.was_open(until) for one in here),
                sum(one.reported is not None and day_in(one.reported.date(), first, last) for one in given),
                len(left),
                sum(one.due < until for one in left),
            )
        return found

    def turnaround(self, first: dt.date, last: dt.date) -> dict[tuple[str, str], tuple[float | None, int]]:
        """By class and step: the median in hours, and of how many."""
        found = {}
        for speed in ("normal", "urgent", "most_urgent"):
            for step, (begin, end) in STEPS.items():
                took = [
                    (one.when[end] - one.when[begin]).total_seconds() / 3600
                    for one in self._counted()
                    if one.speed == speed and {begin, end} <= set(one.when)
                    and day_in(one.when[end].date(), first, last)
                ]  # fmt: skip
                found[speed, step] = (median(took) if took else None, len(took))
        return found

    def overdue(self, first: dt.date, last: dt.date) -> dict[str, tuple[int, int, int]]:
        """By class, of what was due: done in time, done late, still open."""
        until = min(_end(last), self.now)
        found = {}
        for speed in ("normal", "urgent", "most_urgent"):
            due = [one for one in self._counted() if one.speed == speed and day_in(one.due.date(), first, last)]
            timely = [one for one in due if "done" in one.when and one.when["done"] <= one.due]
            late = [one for one in due if one not in timely and one.due < until]
            still = sum(one.was_open(until) for one in late)
            found[speed] = (len(timely), len(late) - still, still)
        return found

    def _counted(self) -> Iterator[Account]:
        return (one for one in self.letters if one.is_counted)


def day_in(day: dt.date, first: dt.date, last: dt.date) -> bool:
    return first <= day <= last


def _end(last: dt.date) -> dt.datetime:
    return dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), tzinfo=BANGKOK)
