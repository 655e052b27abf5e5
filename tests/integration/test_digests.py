"""The digests of a day go out once: on a real database, with two processes, and when one dies in the middle."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from services.notifications.digests import commands
from services.notifications.inbox.tables import Message
from shared.bus.contracts import rounds as contracts
from tests.running.notifications_desk import AREA, D, Notifications, open_notifications


@pytest.fixture(params=["sqlite", "postgres"])
def service(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Notifications]:
    for made in open_notifications(request.param, tmp_path, lambda: request.getfixturevalue("servers")[1]):
        made.told(contracts.ROUND_OPENED, round_id="r1", org_path=AREA, state="OPEN")
        yield made


def test_a_day_is_sent_once_by_two_processes_and_not_before_everything_is_known(service: Notifications) -> None:
    for number in range(1, 6):
        service.school(number, "CERTIFIED" if number == 5 else "READY")
    service.at(D, 8, 30)
    service.tick()
    assert not service.sent(), "before the first replay nobody knows who owes what"
    service.replayed()
    service.at(D, 8, 29, 50)
    service.tick()
    assert not service.sent()
    service.at(D, 8, 30)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(service.tick, [0, 1, 0, 1]))
    once = service.sent()
    assert set(once.values()) == {1}
    assert len([path for role, path in once if role == "data_officer"]) == 4
    assert ("officer", AREA) in once
    service.at(D, 23, 59)
    service.tick(1)
    assert service.sent() == once


def test_what_dies_in_the_middle_left_nothing_and_is_done_again(
    service: Notifications, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 4):
        service.school(number)
    service.replayed()
    service.at(D, 8, 30)
    insert, sent = commands.insert_once, itertools.count()

    def dying(session: Any, table: Any, **values: Any) -> bool:
        if table is Message and next(sent) == 2:
            raise SystemError("killed")
        return insert(session, table, **values)

    monkeypatch.setattr(commands, "insert_once", dying)
    with pytest.raises(SystemError):
        service.tick()
    assert not service.sent()
    monkeypatch.undo()
    service.tick(1)
    assert set(service.sent().values()) == {1}


def test_a_week_of_silence_is_not_made_up_for(service: Notifications) -> None:
    service.school(1)
    service.replayed()
    service.at(D - dt.timedelta(days=8), 12)
    service.tick()
    assert not service.sent()
    service.at(D - dt.timedelta(days=1), 14)  # nothing ran since D-8: D-7 and D-3 are over
    service.tick()
    assert service.sent()["data_officer", f"{AREA}57040001/"] == 1
