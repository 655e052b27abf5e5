"""People are told of their letters once a working day, by two processes on one database, and see only their own."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from services.notifications.digests.tables import TaskDigestRun
from services.notifications.digests.telling import tell, tell_due
from services.notifications.inbox.queries import list_messages
from shared.bus.contracts.documents import CIRCULATION_RECORDED, TASK_MOVED
from shared.clock import BANGKOK
from shared.runtime.application import Application
from shared.security.identity import Grant, Identity
from tests.running.notifications_desk import Notifications, open_notifications

WEDNESDAY = dt.date(2026, 6, 10)
VERSIONS = itertools.count(1)


@pytest.fixture(params=["sqlite", "postgres"])
def notifications(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Notifications]:
    yield from open_notifications(request.param, tmp_path, lambda: request.getfixturevalue("servers")[1])


def told(notifications: Notifications, task: str, person: str, **changed: Any) -> None:
    notifications.told(TASK_MOVED, task_id=task, assignee_id=person, **{"state": "ASSIGNED", **changed})


def inbox(app: Application, person: str) -> list[str]:
    grant = Grant("officer", "/obec/5704/", "5704", "เขต")
    with app.read(Identity(person, person, person, "s", (grant,))) as unit:
        return [message["title"] for message in list_messages(unit)["items"]]


def test_everybody_is_told_once_and_sees_their_own_alone(notifications: Notifications) -> None:
    notifications.at(WEDNESDAY, 8, 31)
    told(notifications, "t1", "one", due_at="2026-06-10T09:30:00+00:00", assigned_at="2026-06-01T00:00:00+00:00")
    told(notifications, "t2", "one", due_at="2026-06-01T09:30:00+00:00", assigned_at="2026-06-01T00:00:00+00:00")
    told(notifications, "t3", "two", due_at="2026-06-30T09:30:00+00:00", assigned_at="2026-06-10T01:00:00+00:00")
    told(notifications, "t4", "two", state="CLOSED", closed_at="2026-06-09T00:00:00+00:00")

    def send(app: Application) -> int:
        with app.write() as unit:
            return tell(unit, WEDNESDAY)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(send, notifications.apps)) == [0, 2]
    app = notifications.apps[0]
    assert inbox(app, "one") == ["งานหนังสือ: ถึงกำหนดวันนี้ 1 เรื่อง เลยกำหนด 1 เรื่อง"]
    assert inbox(app, "two") == ["งานหนังสือ: ใหม่ 1 เรื่อง"] and inbox(app, "three") == []


def test_who_has_not_read_what_was_sent_round_is_reminded_until_they_have(notifications: Notifications) -> None:
    def sent_round(of: str, *unread: str) -> None:
        notifications.told(CIRCULATION_RECORDED, circulation_id=of, unread=list(unread))

    def reminded(day: dt.date) -> int:
        with notifications.apps[0].write() as unit:
            return tell(unit, day)

    notifications.at(WEDNESDAY, 8, 31)
    sent_round("c1", "one", "two")
    sent_round("c2", "one")
    assert reminded(WEDNESDAY) == 2
    assert inbox(notifications.apps[0], "one") == ["งานหนังสือ: หนังสือเวียนยังไม่อ่าน 2 เรื่อง"]
    sent_round("c1", "two")
    sent_round("c2")
    assert reminded(WEDNESDAY + dt.timedelta(days=1)) == 1
    assert len(inbox(notifications.apps[0], "two")) == 2 and len(inbox(notifications.apps[0], "one")) == 1


@pytest.mark.parametrize(
    ("day", "hour", "sent"),
    [(WEDNESDAY, 8, True), (WEDNESDAY, 7, False), (dt.date(2026, 6, 13), 9, False), (dt.date(2026, 6, 3), 9, False)],
    ids=["a working day", "too early", "a Saturday", "a holiday"],
)
def test_it_is_told_on_working_days_from_half_past_eight(
    notifications: Notifications, day: dt.date, hour: int, sent: bool
) -> None:
    notifications.at(day, hour, 31)
    notifications.replayed()
    due = dt.datetime.combine(day, dt.time(16, 30), BANGKOK).isoformat()
    told(notifications, "t1", "one", due_at=due)
    tell_due(notifications.apps[0])
    with notifications.apps[0].read() as unit:
        assert (unit.session.get(TaskDigestRun, day) is not None) is sent
    assert bool(inbox(notifications.apps[0], "one")) is sent
