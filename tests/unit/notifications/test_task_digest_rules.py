"""One message a person on the morning of a working day, whatever waits for them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.notifications.digests.task_rules import OpenTask, task_digests
from shared.thai.dates import BANGKOK

DAY = dt.date(2026, 6, 10)
SINCE = dt.datetime(2026, 6, 9, 8, 30, tzinfo=BANGKOK)


def task(person: str = "a", days: int = 5, age: int = 10, **more: Any) -> OpenTask:
    due = dt.datetime.combine(DAY + dt.timedelta(days=days), dt.time(16, 30), BANGKOK)
    known = {"assignee_id": person, "role": "responsible", "state": "ASSIGNED"}
    return OpenTask(**{**known, **more}, assigned_at=SINCE - dt.timedelta(hours=age), due_at=due)


def told(*tasks: OpenTask) -> dict[str, str]:
    return {digest.person_id: digest.title for digest in task_digests(tasks, DAY, SINCE)}


def test_new_due_and_overdue_are_counted_in_one_message() -> None:
    tasks = (task(age=-1), task(age=-2), task(days=0), task(days=-1, state="ACCEPTED"), task(days=3))
    (digest,) = task_digests(tasks, DAY, SINCE)
    assert digest.title == "งานหนังสือ: ใหม่ 2 เรื่อง ถึงกำหนดวันนี้ 1 เรื่อง เลยกำหนด 1 เรื่อง"
    assert digest.body.startswith("รอดำเนินการ 5 เรื่อง ยังไม่ได้รับเรื่อง 4 เรื่อง")


def test_who_has_nothing_new_and_nothing_due_is_left_alone() -> None:
    assert told(task(), task("b", days=0)) == {"b": "งานหนังสือ: ถึงกำหนดวันนี้ 1 เรื่อง"}


def test_what_is_only_to_be_read_is_never_overdue() -> None:
    assert told(task(days=-3, role="informed")) == {}
    (digest,) = task_digests([task(age=-1, role="informed")], DAY, SINCE)
    assert digest.body.startswith("รอรับทราบ 1 เรื่อง")


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(-3, 3), st.integers(-5, 5))))
def test_nobody_gets_two_messages_and_nobody_with_something_due_gets_none(rows: list[tuple[str, int, int]]) -> None:
    tasks = [task(person, days, age) for person, days, age in rows]
    people = [digest.person_id for digest in task_digests(tasks, DAY, SINCE)]
    assert len(people) == len(set(people))
    assert {one.assignee_id for one, (_, days, _) in zip(tasks, rows, strict=True) if days <= 0} <= set(people)


def test_what_was_sent_round_and_not_opened_is_in_the_same_message() -> None:
    found = list(task_digests([task("one", age=-1)], DAY, SINCE, ["one", "two", "two"]))
    assert [digest.person_id for digest in found] == ["one", "two"]
    assert found[0].title.endswith("หนังสือเวียนยังไม่อ่าน 1 เรื่อง")
    assert found[1].title == "งานหนังสือ: หนังสือเวียนยังไม่อ่าน 2 เรื่อง"
    assert found[1].body.startswith("หนังสือเวียนยังไม่อ่าน 2 เรื่อง")
