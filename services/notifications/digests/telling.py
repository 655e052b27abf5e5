"""Telling people of their letters: all of a day in one transaction, once, whoever else tries and whatever dies."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import func, select

from services.notifications.digests.rules import SEND_AT, due_day
from services.notifications.digests.tables import CirculationFact, TaskDigestRun, TaskFact
from services.notifications.digests.task_rules import WAITING, OpenTask, task_digests
from services.notifications.inbox.tables import Message
from shared.bus import replay
from shared.bus.envelope import new_id
from shared.db.rows import insert_once
from shared.db.unit import Unit
from shared.thai.dates import BANGKOK
from shared.thai.working_days import is_working_day

KIND = "letters.digest"


def tell_due(app: Any) -> None:
    """Send what is due this morning, if it is a working day and was not sent."""
    day = due_day(app.clock.now())
    if day is None or not is_working_day(day) or not replay.is_complete(app):
        return
    with app.read() as unit:
        if unit.session.get(TaskDigestRun, day) is not None:
            return
    with app.write() as unit:
        tell(unit, day)


def tell(unit: Unit, day: dt.date) -> int:
    """Put the messages of ``day`` into the inboxes. How many; 0 when that was done before."""
    before = unit.session.execute(select(func.max(TaskDigestRun.sent_at))).scalar_one()
    if not insert_once(unit.session, TaskDigestRun, day=day, sent_at=unit.now(), messages=0):
        return 0
    since = before or dt.datetime.combine(day - dt.timedelta(days=1), SEND_AT, BANGKOK)
    sent = 0
    for digest in task_digests(_open_tasks(unit), day, since, _waited_for(unit)):
        insert_once(
            unit.session,
            Message,
            id=new_id(),
            dedupe_key=f"{KIND}/{day.isoformat()}/{digest.person_id}",
            person_id=digest.person_id,
            role="",
            org_path="",
            kind=KIND,
            title=digest.title,
            body=digest.body,
            round_id=None,
            smis=None,
            created_at=unit.now(),
        )
        sent += 1
    unit.session.get_one(TaskDigestRun, day).messages = sent
    return sent


def _open_tasks(unit: Unit) -> list[OpenTask]:
    statement = select(TaskFact).where(TaskFact.state.in_(WAITING)).order_by(TaskFact.task_id)
    return [
        OpenTask(row.assignee_id, row.role, row.state, row.assigned_at, row.due_at)
        for row in unit.session.execute(statement).scalars()
    ]


def _waited_for(unit: Unit) -> list[str]:
    """Of every letter that was sent round those who have not opened it."""
    found = unit.session.execute(select(CirculationFact.unread).filter_by(waits=True)).scalars()
    return [person for unread in found for person in unread]
