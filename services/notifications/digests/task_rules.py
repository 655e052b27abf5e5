"""What somebody is told of their letters on the morning of a working day: one message, however many letters there are.

Source: what users of such systems report (correspondence.md §4.4): a message for every letter makes people mute them.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shared.thai.dates import BANGKOK

WAITING = frozenset({"ASSIGNED", "ACCEPTED"})


@dataclass(frozen=True)
class OpenTask:
    """A task that waits for somebody; ``informed`` ones only have to be read."""

    assignee_id: str
    role: str
    state: str
    assigned_at: dt.datetime
    due_at: dt.datetime


@dataclass(frozen=True)
class PersonDigest:
    """One message to one person."""

    person_id: str
    title: str
    body: str


def task_digests(
    tasks: Iterable[OpenTask], day: dt.date, since: dt.datetime, circulars: Iterable[str] = ()
) -> Iterator[PersonDigest]:
    """The messages of ``day``; ``since`` is when the ones before were sent, ``circulars`` names somebody once for each
    letter that was sent round to them and that they have not opened. Who has nothing new, nothing due, nothing overdue
    and nothing to read gets none.
    """
    by_person: defaultdict[str, list[OpenTask]] = defaultdict(list)
    for task in tasks:
        by_person[task.assignee_id].append(task)
    unread = Counter(circulars)
    for person_id in sorted({*by_person, *unread}):
        own = by_person[person_id]
        counts = {
            "ใหม่": sum(task.assigned_at > since for task in own),
            "ถึงกำหนดวันนี้": sum(_due(task) == day for task in own),
            "เลยกำหนด": sum(_due(task) < day for task in own if task.role != "informed"),
            "หนังสือเวียนยังไม่อ่าน": unread[person_id],
        }
        told = [f"{words} {count} เรื่อง" for words, count in counts.items() if count]
        if told:
            yield PersonDigest(person_id, f"งานหนังสือ: {' '.join(told)}", _body(own, unread[person_id]))


def _due(task: OpenTask) -> dt.date:
    return task.due_at.astimezone(BANGKOK).date()


def _body(own: list[OpenTask], unread: int) -> str:
    to_read = sum(task.role == "informed" for task in own)
    to_do = len(own) - to_read
    unopened = sum(task.state == "ASSIGNED" for task in own if task.role != "informed")
    lines = []
    if to_do:
        lines.append(f"รอดำเนินการ {to_do} เรื่อง" + (f" ยังไม่ได้รับเรื่อง {unopened} เรื่อง" if unopened else ""))
    if to_read:
        lines.append(f"รอรับทราบ {to_read} เรื่อง")
    if unread:
        lines.append(f"หนังสือเวียนยังไม่อ่าน {unread} เรื่อง")
    return "\n".join([*lines, "เปิดดูได้ที่เมนู งานของฉัน"])
