"""Reports of letters made by hand, counted by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.reporting.letters.catalogue import overdue, turnaround, workload
from services.reporting.letters.facts import LETTER, PERSON, SPEED, UNIT, Asked, Letter, Numbers, Task
from services.reporting.letters.periods import PeriodKind, period_of
from services.reporting.reports.sheets import Sheet
from shared.clock import BANGKOK

ICT, PLAN = "/obec/5704/g-ict/", "/obec/5704/g-plan/"
UNITS = {ICT: "กลุ่มไอซีที", PLAN: "กลุ่มแผน"}
NOVEMBER = period_of(PeriodKind.MONTH, dt.date(2026, 11, 15))
NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=BANGKOK)


def at(day: int, hour: int = 9, month: int = 11) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, tzinfo=BANGKOK)


def letter(number: int, unit: str = ICT, **known: Any) -> Letter:
    usual = {"speed": "normal", "state": "IN_PROGRESS", "received_at": at(1), "due_at": at(11, 16)}
    return Letter(id=str(number), unit=unit, **{**usual, **known})


def task(number: int, person: str = "ก", unit: str = ICT, **known: Any) -> Task:
    usual = {"role": "responsible", "state": "ASSIGNED", "due_at": at(11, 16), "assigned_at": at(3)}
    return Task(letter_id=str(number), person=person, unit=unit, **{**usual, **known})


def asked(by: str, *letters: Letter, tasks: tuple[Task, ...] = (), **more: Any) -> Asked:
    usual = {"period": NOVEMBER, "until": NOW, "numbers": {}, "units": UNITS}
    return Asked(by=by, letters=letters, tasks=tasks, **{**usual, **more})


def cells(sheet: Sheet, *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(row.cells[key] for key in keys) for row in sheet.all_rows]


@pytest.mark.parametrize(
    ("kind", "first", "last", "title", "before"),
    [
        ("month", "2026-11-01", "2026-11-30", "พฤศจิกายน 2569", "ตุลาคม 2569"),
        ("quarter", "2026-10-01", "2026-12-31", "ตุลาคม–ธันวาคม 2569", "กรกฎาคม–กันยายน 2569"),
        ("be_year", "2026-01-01", "2026-12-31", "ปี 2569", "ปี 2568"),
    ],
)
def test_a_period_has_the_days_of_the_calendar(kind: str, first: str, last: str, title: str, before: str) -> None:
    period = period_of(PeriodKind(kind), dt.date(2026, 11, 30))
    assert (period.first.isoformat(), period.last.isoformat(), period.title) == (first, last, title)
    assert period.previous.title == before and period.previous.ends == period.begins


def test_a_period_begins_and_ends_at_midnight_in_bangkok() -> None:
    assert NOVEMBER.holds(dt.datetime(2026, 10, 31, 17, 0, tzinfo=dt.UTC))
    assert not NOVEMBER.holds(dt.datetime(2026, 11, 30, 17, 0, tzinfo=dt.UTC))
    assert not NOVEMBER.holds(None)


def test_a_unit_has_what_it_did_and_what_is_left() -> None:
    sheet = workload.make(
        asked(
            UNIT,
            letter(1, completed_at=at(5)),
            letter(2, completed_at=at(30, month=10)),
            letter(3),
            letter(4, PLAN, received_at=at(19)),
            tasks=(
                task(1, state="REPORTED", reported_at=at(5)),
                task(3, due_at=at(19)),
                task(3, "ข", state="ACCEPTED", reported_at=at(4), due_at=at(25)),
                task(3, "ค", role="informed"),
            ),
            numbers={ICT: Numbers(received=7, issued=2)},
        )
    )
    keys = ("unit", "received", "issued", "done", "open", "tasks_done", "tasks_open", "tasks_late")
    assert cells(sheet, *keys) == [
        ("กลุ่มไอซีที", 7, 2, 1, 1, 1, 2, 1),
        ("กลุ่มแผน", 0, 0, 0, 1, 0, 0, 0),
        ("รวมทั้งหมด", 7, 2, 1, 2, 1, 2, 1),
    ], "a report that was sent back is not done, and who only has to know has nothing to do"


def test_what_was_left_at_the_end_of_a_period_that_is_over() -> None:
    october = NOVEMBER.previous
    done_later = letter(1, received_at=at(20, month=10), completed_at=at(5))
    sheet = workload.make(asked(UNIT, done_later, letter(2), period=october, until=october.ends))
    assert cells(sheet, "done", "open")[-1] == (0, 1), "it came in October and was done in November"


def test_a_person_has_their_tasks() -> None:
    sheet = workload.make(
        asked(
            PERSON, letter(1), tasks=(task(1), task(1, "ข", state="CLOSED", closed_at=at(9))),
            people={"ก": "กลุ่มไอซีที", "ข": "กลุ่มแผน", "ค": "กลุ่มแผน"},
        )
    )  # fmt: skip
    assert cells(sheet, "person", "unit", "tasks_done", "tasks_open") == [
        ("ก", "กลุ่มไอซีที", 0, 1), ("ข", "กลุ่มแผน", 1, 0), (None, "รวมทั้งหมด", 1, 1),
    ]  # fmt: skip


def test_medians_are_by_class_with_their_n_and_by_the_clock() -> None:
    sheet = turnaround.make(
        asked(
            SPEED,
            letter(1, registered_at=at(2, 9), proposed_at=at(2, 11), assigned_at=at(3, 11), completed_at=at(6, 9)),
            letter(2, registered_at=at(2, 9), proposed_at=at(2, 15), assigned_at=at(2, 16)),
            letter(3, speed="urgent", registered_at=at(2, 9), assigned_at=at(2, 10), completed_at=at(3, 9)),
            letter(4, registered_at=at(1, 9, 10), completed_at=at(9, 9, 10)),
            tasks=(task(1, opened_at=at(4, 11)), task(1, "ข", opened_at=at(3, 12)), task(2)),
        )
    )
    found = {row.id: (row.cells["median"], row.cells["n"]) for row in sheet.rows}
    assert found["normal", "propose"] == (4.0, 2)
    assert found["normal", "assign"] == (12.5, 2)
    assert found["normal", "open"] == (1.0, 1), "the first of two who opened it"
    assert found["normal", "whole"] == (96.0, 1), "what was done in another period is not of this one"
    assert found["urgent", "propose"] == (None, 0), "what was dealt with unproposed has no such step"
    assert (found["urgent", "whole"], found["", "whole"]) == ((24.0, 1), (60.0, 2))
    assert any("เวลาตามปฏิทิน" in note for note in sheet.notes)


def test_of_what_was_due_it_is_told_what_was_in_time() -> None:
    sheet = overdue.make(
        asked(
            UNIT,
            letter(1, completed_at=at(11, 15)),
            letter(2, completed_at=at(14)),
            letter(3),
            letter(4, due_at=at(25)),
            letter(5, due_at=at(9)),
            letter(6, due_at=at(9, month=10)),
            tasks=(task(5, due_at=at(25)),),
        )
    )
    keys = ("due", "on_time", "done_late", "open_late", "on_time_rate", "longest")
    assert cells(sheet, *keys)[-1] == (3, 1, 1, 1, 0.3333, 9), "a task has a time of its own"
    by_speed = overdue.make(asked(SPEED, letter(1, speed="urgent"), letter(2, completed_at=at(2))))
    assert [row for row in cells(by_speed, "speed", *keys) if row[1]][:2] == [
        ("ด่วน", 1, 0, 0, 1, 0.0, 9), ("ปกติ", 1, 1, 0, 0, 1.0, None),
    ]  # fmt: skip


def test_late_and_stuck_letters_are_listed_the_latest_first() -> None:
    letters = (
        letter(1, assigned_at=at(3)),
        letter(2, state="PROPOSED", due_at=at(25)),
        letter(3, state="REGISTERED", due_at=at(18)),
        letter(4, assigned_at=at(3)),
        letter(5, assigned_at=at(3), completed_at=at(19)),
        letter(6, PLAN, assigned_at=at(3)),
    )
    tasks = (
        task(1, due_at=at(17)), task(1, "ข", due_at=at(10), state="REPORTED", reported_at=at(9)),
        task(4, due_at=at(25)), task(5, due_at=at(4)), task(6, "ง", PLAN, due_at=at(25)),
    )  # fmt: skip
    known = {"closed_accounts": frozenset("ง"), "undecided": frozenset([ICT])}
    sheet = overdue.make(asked(LETTER, *letters, tasks=tasks, **known))
    assert cells(sheet, "letter", "days_late", "why", "people") == [
        ("1", 3, overdue.LATE_TASK, ["ก"]),
        ("3", 2, overdue.LATE_LETTER, []),
        ("2", 0, overdue.NOBODY_DECIDES, []),
        ("6", 0, overdue.CLOSED_ACCOUNT, ["ง"]),
    ]
    past = overdue.make(asked(LETTER, *letters, tasks=tasks, **known, is_running=False))
    assert [row.id for row in past.rows] == [("1",), ("3",)]
    assert overdue.NOT_KNOWN in past.notes
    assert overdue.make(asked(LETTER)).notes[0] == overdue.NOTHING
