"""What reports of letters start from: letters, tasks and lines of books, and what is said of one at an instant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from services.reporting.letters.periods import Period
from services.reporting.reports.sheets import Sheet
from shared.thai.dates import BANGKOK

UNIT, PERSON, SPEED, LETTER = "unit", "person", "speed", "letter"
RESPONSIBLE = "responsible"
# the classes of speed (clause 28), the fastest first
SPEEDS: Mapping[str, str] = {
    "most_urgent": "ด่วนที่สุด",
    "very_urgent": "ด่วนมาก",
    "urgent": "ด่วน",
    "within": "ด่วนภายใน",
    "normal": "ปกติ",
}
TASKS_DONE = frozenset({"REPORTED", "CLOSED"})
OPEN_TASKS = frozenset({"ASSIGNED", "ACCEPTED"})


@dataclass(frozen=True)
class Letter:
    """A letter. ``unit`` is the path of where it is; ``due_at`` what its class of speed gives it."""

    id: str
    unit: str
    speed: str
    state: str
    received_at: dt.datetime
    due_at: dt.datetime | None = None
    registered_at: dt.datetime | None = None
    proposed_at: dt.datetime | None = None
    assigned_at: dt.datetime | None = None
    completed_at: dt.datetime | None = None

    def is_open_at(self, instant: dt.datetime) -> bool:
        """Whether it had come and somebody still had to act."""
        return self.received_at < instant and not _is_before(self.completed_at, instant)


@dataclass(frozen=True)
class Task:
    """What ``person`` has to do about a letter; ``unit`` is the path of the unit that gave it."""

    letter_id: str
    unit: str
    person: str
    role: str
    state: str
    due_at: dt.datetime
    assigned_at: dt.datetime
    opened_at: dt.datetime | None = None
    reported_at: dt.datetime | None = None
    closed_at: dt.datetime | None = None

    @property
    def done_at(self) -> dt.datetime | None:
        """When it was reported, or closed without a report; a report that was sent back is none."""
        return (self.reported_at or self.closed_at) if self.state in TASKS_DONE else None

    def is_open_at(self, instant: dt.datetime) -> bool:
        """Whether it had been given and was not done."""
        return self.assigned_at < instant and not _is_before(self.done_at, instant)


@dataclass(frozen=True)
class Numbers:
    """Lines of the books of a unit in a period: entered in received books, given out from the others."""

    received: int = 0
    issued: int = 0


@dataclass(frozen=True)
class Asked:
    """What a report is made of: everything within a reader's reach that two periods have to do with.

    ``units`` are the names by path of all units of which something is told, in the order of their rows; ``people`` the
    unit of each person. ``until`` is the end of the period, or now while it runs. ``is_running``: who has an account
    and who decides (``closed_accounts``, ``undecided`` paths) is known as it is now, and of no other time.
    """

    by: str
    period: Period
    until: dt.datetime
    letters: Sequence[Letter]
    tasks: Sequence[Task]
    numbers: Mapping[str, Numbers]
    units: Mapping[str, str]
    people: Mapping[str, str] = field(default_factory=dict)
    is_running: bool = True
    closed_accounts: frozenset[str] = frozenset()
    undecided: frozenset[str] = frozenset()

    @property
    def responsible(self) -> list[Task]:
        """The tasks of those who have to act; who only has to know has nothing to do."""
        return [task for task in self.tasks if task.role == RESPONSIBLE]


@dataclass(frozen=True)
class LetterReport:
    """A report of letters: ``ways`` to cut it (``by``) with their titles, the usual one first; ``compared`` are the
    columns beside which the period before stands. Cut by letter it is a list of now and has nothing beside.
    """

    key: str
    title: str
    short: str
    make: Callable[[Asked], Sheet]
    ways: Mapping[str, str]
    compared: tuple[str, ...]


def deadlines(letters: Iterable[Letter], tasks: Iterable[Task]) -> dict[str, dt.datetime | None]:
    """Until when each letter is to be dealt with: the last of its tasks, or its class of speed while it has none."""
    last: dict[str, dt.datetime] = {}
    for task in tasks:
        last[task.letter_id] = max(last.get(task.letter_id, task.due_at), task.due_at)
    return {letter.id: last.get(letter.id, letter.due_at) for letter in letters}


def days_late(due: dt.datetime, until: dt.datetime) -> int:
    """Calendar days in Bangkok by which something is late; on the day itself none."""
    return max((until.astimezone(BANGKOK).date() - due.astimezone(BANGKOK).date()).days, 0)


def _is_before(instant: dt.datetime | None, other: dt.datetime) -> bool:
    return instant is not None and instant < other
