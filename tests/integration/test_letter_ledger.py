"""Reports of letters from events alone: as a ledger of a random run has it, in any order, rebuilt, within reach."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from services.reporting.letters.catalogue.overdue import CLOSED_ACCOUNT, NOBODY_DECIDES
from services.reporting.letters.queries import letter_report
from shared.bus.contracts.documents import LETTER_MOVED, TASK_MOVED
from shared.bus.envelope import new_id
from shared.clock import BANGKOK
from shared.problems import Problem
from tests.running.documents_desk import DocumentsDesk, desk_at, identity
from tests.running.letter_ledger import Ledger
from tests.running.reporting_desk import ReportingDesk, open_reporting

BEGIN = dt.datetime(2026, 9, 1, 8, 0, tzinfo=BANGKOK)
PERIODS = (("month", "2026-09-20"), ("month", "2026-10-02"), ("quarter", "2026-08-01"), ("be_year", "2026-01-01"))

desk = desk_at(BEGIN, scope="module")


@dataclass
class Story:
    """What happened at a desk, what was told of it, and who heard."""

    ledger: Ledger
    told: list[dict[str, Any]]
    reporting: ReportingDesk

    def report(self, key: str, who: str = "director", **chosen: Any) -> Any:
        return self.reporting.query(identity(who), letter_report, key=key, **chosen)

    def rows(self, key: str, *by: str, **chosen: Any) -> dict[Any, Any]:
        made = self.report(key, **chosen)
        return {tuple(row[name] for name in by): row for row in made["rows"]}


@pytest.fixture(scope="module")
def story(desk: DocumentsDesk, request: pytest.FixtureRequest, tmp_path_factory: Any) -> Iterator[Story]:
    """Two months of letters, heard in an order that is none, some of it twice."""
    ledger = Ledger(desk, BEGIN, random.Random(5))
    ledger.run(220)
    assert {one.state for one in ledger.letters} >= {"CLOSED", "VOID", "ACKNOWLEDGED", "IN_PROGRESS"}
    told = everything(desk)
    heard = told + random.Random(6).sample(told, len(told) // 3)
    random.Random(7).shuffle(heard)
    server = request.getfixturevalue("servers")[1] if desk.settings.mode == "services" else None
    for reporting in open_reporting(tmp_path_factory.mktemp("reporting"), server, desk.settings.clock_file):
        reporting.hear(heard)
        yield Story(ledger, told, reporting)


def everything(desk: DocumentsDesk) -> list[dict[str, Any]]:
    return [*desk.heard, *(event for kind in ("letter_moved", "task_moved", "entry_recorded") for event in
                           desk.events(f"documents.{kind}.v1"))]  # fmt: skip


def dates(made: Any) -> tuple[dt.date, dt.date]:
    return dt.date.fromisoformat(made["period"]["first"]), dt.date.fromisoformat(made["period"]["last"])


def beside(made: Any) -> tuple[dt.date, dt.date]:
    return dt.date.fromisoformat(made["previous"]["first"]), dt.date.fromisoformat(made["previous"]["last"])


@pytest.mark.parametrize(("period", "on"), PERIODS)
def test_a_report_says_what_a_ledger_of_the_same_run_says(story: Story, period: str, on: str) -> None:
    chosen = {"period": period, "on": on}
    numbers = ("received", "done", "open", "tasks_done", "tasks_open", "tasks_late")
    made = story.report("workload", **chosen)
    units = {unit: f"หน่วยงาน {unit}" for unit in ("5704", "5704-g-ict")}
    by_unit = {row["unit"]: row for row in made["rows"]}
    now, before = story.ledger.workload(*dates(made)), story.ledger.workload(*beside(made))
    for unit, name in units.items():
        assert tuple(by_unit[name][key] for key in numbers) == now[unit], unit
        assert (by_unit[name]["previous_done"], by_unit[name]["previous_open"]) == before[unit][1:3], unit
    assert tuple(made["total"][key] for key in numbers) == tuple(map(sum, zip(*now.values(), strict=True)))
    medians = story.report("turnaround", **chosen)
    names = {"normal": "ปกติ", "urgent": "ด่วน", "most_urgent": "ด่วนที่สุด"}
    steps = dict(zip(("propose", "assign", "open", "act", "whole"), range(5), strict=True))
    for wanted, prefix in ((story.ledger.turnaround(*dates(made)), ""),
                           (story.ledger.turnaround(*beside(made)), "previous_")):  # fmt: skip
        for (speed, step), (hours, n) in wanted.items():
            row = [one for one in medians["rows"] if one["group"] == names[speed]][steps[step]]
            assert (row[f"{prefix}median"], row[f"{prefix}n"]) == (hours, n), (speed, step)
    late = {row["speed"]: row for row in story.report("overdue", by="speed", **chosen)["rows"]}
    for speed, expected in story.ledger.overdue(*dates(made)).items():
        assert tuple(late[names[speed]][key] for key in ("on_time", "done_late", "open_late")) == expected, speed


def test_the_run_has_of_everything_something(story: Story) -> None:
    """Else the ledger and the report would agree about nothing."""
    whole = {"period": "be_year", "on": "2026-01-01"}
    total = story.report("workload", **whole)["total"]
    assert all(total[key] > 0 for key in ("received", "done", "open", "tasks_done", "tasks_open", "tasks_late"))
    due = story.report("overdue", **whole)["total"]
    assert all(due[key] > 0 for key in ("on_time", "done_late", "open_late"))
    assert all(row["n"] for row in story.report("turnaround", **whole)["rows"] if row["group"] == "ปกติ")


def test_a_rebuild_gives_the_same_reports(story: Story) -> None:
    def every_report() -> list[Any]:
        made = [
            story.report(key, by=by, period=period, on=on)
            for key, ways in (("workload", ("unit", "person")), ("turnaround", ("speed",)),
                              ("overdue", ("unit", "letter")))
            for by in ways
            for period, on in PERIODS
        ]  # fmt: skip
        return [{name: value for name, value in one.items() if name != "created_at"} for one in made]

    before = every_report()
    story.reporting.hear_again(story.told)
    assert every_report() == before


def test_everybody_reads_of_their_own_part(story: Story) -> None:
    whole = {"period": "be_year", "on": "2026-01-01"}
    office, group = story.rows("workload", "unit", **whole), story.rows("workload", "unit", who="head", **whole)
    assert set(office) == {("หน่วยงาน 5704",), ("หน่วยงาน 5704-g-ict",)}
    assert group == {("หน่วยงาน 5704-g-ict",): office["หน่วยงาน 5704-g-ict",]}
    assert story.rows("workload", "unit", who="registrar", **whole) == office
    assert story.rows("workload", "unit", who="auditor", **whole) == office
    assert story.rows("workload", "unit", who="director", code="5704-g-ict", **whole) == group
    for stranger in ("schoolclerk", "stranger"):
        made = story.report("workload", who=stranger, **whole)
        assert (made["rows"], made["is_empty"], made["units"]) == ([], True, [])
    assert story.report("overdue", who="schoolclerk", by="letter", **whole)["rows"] == []
    with pytest.raises(Problem) as refused:
        story.report("workload", who="head", code="5704", **whole)
    assert refused.value.code == "not_found"
    for nobody in ("officer", "teacher"):
        with pytest.raises(Problem) as refused:
            story.report("workload", who=nobody)
        assert refused.value.code == "forbidden"


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"key": "nothing"}, "not_found"), ({"by": "school"}, "invalid"), ({"on": "31/12/2569"}, "invalid")],
)
def test_nonsense_is_named(story: Story, changed: dict[str, Any], code: str) -> None:
    with pytest.raises(Problem) as refused:
        story.report(**{"key": "workload", **changed})
    assert refused.value.code == code


def test_a_letter_with_a_class_of_secrecy_is_in_no_report(story: Story) -> None:
    whole = {"period": "be_year", "on": "2026-01-01"}
    before = story.report("workload", **whole)["total"], story.report("overdue", by="letter", **whole)["rows"]
    letters = [event for event in story.told if event["type"] == LETTER_MOVED.type]
    task = next(event for event in story.told if event["type"] == TASK_MOVED.type)
    hidden = {**letters[0], "id": new_id(), "data": {**letters[0]["data"], "letter_id": "s", "secrecy": "secret"}}
    its_task = {**task, "id": new_id(), "data": {**task["data"], "letter_id": "s", "task_id": "s"}}
    story.reporting.hear([hidden, its_task])
    after = story.report("workload", **whole)["total"], story.report("overdue", by="letter", **whole)["rows"]
    assert after == before


def test_letters_are_stuck_where_nobody_has_an_account_or_decides(desk: DocumentsDesk, story: Story) -> None:
    """Last, for everybody leaves."""
    leaving = [
        {**event, "id": new_id(), "aggregateversion": 2, "data": {**event["data"], "state": "RETIRED"}}
        for event in desk.heard
        if event["data"].get("staff_id") in ("officer", "second", "head", "director", "deputy")
    ]
    story.reporting.hear(leaving)
    rows = story.report("overdue", who="auditor", by="letter")["rows"]
    letters = story.ledger.letters
    proposed = {one.id for one in letters if one.state == "PROPOSED"}
    waiting = {
        one.id for one in letters if one.state in ("ASSIGNED", "IN_PROGRESS")
        and any(given.reported is None for given in one.given.values())
    }  # fmt: skip
    assert proposed and waiting
    assert {row["letter"] for row in rows if NOBODY_DECIDES in row["why"]} == proposed
    assert {row["letter"] for row in rows if CLOSED_ACCOUNT in row["why"]} == waiting


def test_no_event_of_letters_bears_a_word_of_them(desk: DocumentsDesk, story: Story) -> None:
    told = str([desk.events(event.type) for event in (LETTER_MOVED, TASK_MOVED)])
    assert "เรื่องที่" not in told and "สพฐ." not in told and "นาย" not in told
