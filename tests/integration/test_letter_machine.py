"""A received letter against a model: whoever does whatever in whatever order, only what the model allows happens."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.documents.letters import commands, queries
from services.documents.letters.rules import LetterState
from services.documents.registers import queries as books
from services.documents.tasks import commands as tasks
from tests.running.documents_desk import DocumentsDesk, book, code_of, letter_fields, open_desk

GROUP = "5704-g-ict"
OFFICE_BOOK, GROUP_BOOK = book("received"), book("received", GROUP)
EVERYBODY = (
    *("registrar", "clerk", "head", "director", "deputy", "officer", "second"),
    *("auditor", "schoolclerk", "stranger"),
)
ONE_WHO_MAY = "one who may"
DIRECTORS = frozenset({"director", "deputy"})
WORKERS = frozenset({"officer", "second"})
BEFORE_ASSIGNED = frozenset({"ARRIVED", "REGISTERED", "FORWARDED", "RETURNED", "PROPOSED"})


@dataclass
class Model:
    """What the regulation says of one letter, written down a second time and as simply as can be."""

    state: str = "ARRIVED"
    at_group: bool = False
    tasks: dict[str, str] = field(default_factory=dict)

    @property
    def keeper(self) -> str:
        return "clerk" if self.at_group else "registrar"

    def decides(self, who: str) -> bool:
        return who in DIRECTORS or (who == "head" and self.at_group)

    def register(self, who: str) -> str | None:
        if self.at_group:
            return "REGISTERED" if who == "clerk" and self.state == "FORWARDED" else None
        return "REGISTERED" if who == "registrar" and self.state == "ARRIVED" else None

    def forward(self, who: str) -> str | None:
        return "FORWARDED" if who == "registrar" and self.state in ("REGISTERED", "RETURNED") else None

    def propose(self, who: str) -> str | None:
        return "PROPOSED" if who == self.keeper and self.state in ("REGISTERED", "RETURNED") else None

    def assign(self, who: str) -> str | None:
        after = {"PROPOSED": "ASSIGNED", "ASSIGNED": "ASSIGNED", "IN_PROGRESS": "IN_PROGRESS"}
        return after.get(self.state) if self.decides(who) else None

    def approve(self, who: str) -> str | None:
        return "ACKNOWLEDGED" if self.decides(who) and self.state == "PROPOSED" else None

    def give_back(self, who: str) -> str | None:
        if self.state == "FORWARDED":
            return "RETURNED" if who == "clerk" or self.decides(who) else None
        after = {"PROPOSED": "RETURNED", "REPORTED": "IN_PROGRESS"}
        return after.get(self.state) if self.decides(who) else None

    def pull_back(self, who: str) -> str | None:
        if self.state == "FORWARDED":
            return "REGISTERED" if who == "registrar" else None
        return "REGISTERED" if self.state == "PROPOSED" and who == self.keeper else None

    def accept(self, who: str) -> str | None:
        return "IN_PROGRESS" if self.tasks.get(who) == "ASSIGNED" and self.is_worked_on else None

    def report(self, who: str) -> str | None:
        if self.tasks.get(who) not in ("ASSIGNED", "ACCEPTED") or not self.is_worked_on:
            return None
        others = [state for person, state in self.tasks.items() if person != who]
        return "REPORTED" if all(state == "REPORTED" for state in others) else "IN_PROGRESS"

    @property
    def is_worked_on(self) -> bool:
        return self.state in ("ASSIGNED", "IN_PROGRESS")

    def close(self, who: str) -> str | None:
        may = who == self.keeper or self.decides(who)
        return "CLOSED" if may and self.state in ("REPORTED", "ACKNOWLEDGED") else None

    def void(self, who: str) -> str | None:
        return "VOID" if who in {"registrar", *DIRECTORS} and self.state in BEFORE_ASSIGNED else None


people = st.sampled_from((*EVERYBODY, *[ONE_WHO_MAY] * len(EVERYBODY)))


class LetterMachine(RuleBasedStateMachine):
    """The service on SQLite beside the model."""

    desk: DocumentsDesk
    reached: set[str]

    @initialize(way=st.lists(st.booleans(), max_size=12))
    def begin(self, way: list[bool]) -> None:
        values = letter_fields(subject="ตามแบบจำลอง")
        self.model = Model()
        self.letter = self.desk.command("registrar", commands.create_letter, values=values, again=True)["id"]
        for choice in way:
            self.go_on(choice)

    def do(self, who: str, wanted: Callable[[str], str | None], function: Callable[..., Any], **args: Any) -> str:
        """Who did it, when it was done: exactly when the model says so, with the state that it says."""
        if who == ONE_WHO_MAY:
            who = next((person for person in EVERYBODY if wanted(person) is not None), EVERYBODY[0])
        after = wanted(who)
        refusal = code_of(lambda: self.desk.command(who, function, letter_id=self.letter, **args))
        assert (refusal == "") is (after is not None), f"{who} {function.__name__} in {self.model}: {refusal or 'done'}"
        if after is None:
            return ""
        self.model.state = after
        self.reached.add(after)
        return who

    @rule(who=people)
    def register(self, who: str) -> None:
        into = GROUP_BOOK if self.model.at_group else OFFICE_BOOK
        self.do(who, self.model.register, commands.register_letter, book_id=into)

    @rule(who=people)
    def forward(self, who: str) -> None:
        if self.do(who, self.model.forward, commands.forward_letter, to=GROUP):
            self.model.at_group = True

    @rule(who=people)
    def propose(self, who: str) -> None:
        self.do(who, self.model.propose, tasks.propose_letter, summary="เสนอ")

    @rule(who=people, to=st.sets(st.sampled_from(sorted(WORKERS)), min_size=1))
    def assign(self, who: str, to: set[str]) -> None:
        given = {"responsible": sorted(to), "instruction": "ทำ"}
        if self.do(who, self.model.assign, tasks.assign_letter, **given):
            for person in to:
                self.model.tasks.setdefault(person, "ASSIGNED")

    @rule(who=people)
    def approve(self, who: str) -> None:
        self.do(who, self.model.approve, tasks.endorse_letter, verdict="approve")

    @rule(who=people)
    def give_back(self, who: str) -> None:
        was = self.model.state
        if self.do(who, self.model.give_back, tasks.return_letter, reason="คืน"):
            if was == "REPORTED":
                self.model.tasks = {p: "ACCEPTED" if s == "REPORTED" else s for p, s in self.model.tasks.items()}
            else:
                self.model.at_group = False

    @rule(who=people)
    def pull_back(self, who: str) -> None:
        was = self.model.state
        done = self.do(who, self.model.pull_back, tasks.endorse_letter, verdict="pull_back", text="ดึงกลับ")
        if done and was == "FORWARDED":
            self.model.at_group = False

    @rule(who=people)
    def accept(self, who: str) -> None:
        if done_by := self.do(who, self.model.accept, tasks.accept_task):
            self.model.tasks[done_by] = "ACCEPTED"

    @rule(who=people)
    def report(self, who: str) -> None:
        if done_by := self.do(who, self.model.report, tasks.report_task, report="เสร็จ"):
            self.model.tasks[done_by] = "REPORTED"

    @rule(who=people)
    def close(self, who: str) -> None:
        self.do(who, self.model.close, tasks.close_letter)

    @rule(who=people, seldom=st.integers(0, 9))
    def void(self, who: str, seldom: int) -> None:
        """It ends everything, so that it is tried by the right people now and then alone."""
        if seldom == 7 or (self.model.void(who) is None and who != ONE_WHO_MAY):
            self.do(who, self.model.void, commands.void_letter, reason="ผิด")

    @rule(choice=st.booleans())
    def go_on(self, choice: bool) -> None:
        """The way that most letters go, one step further: at random few would get to their end."""
        waiting = [person for person, state in self.model.tasks.items() if state != "REPORTED"]
        steps: dict[str, Callable[[str], object]] = {
            "ARRIVED": self.register,
            "REGISTERED": self.propose if self.model.at_group or choice else self.forward,
            "FORWARDED": self.register if choice else self.give_back,
            "RETURNED": self.propose,
            "PROPOSED": self.approve if choice else lambda who: self.assign(who, {"officer"}),
            "ASSIGNED": self.accept if choice else self.report,
            "IN_PROGRESS": self.report if waiting else self.accept,
            "REPORTED": self.give_back if choice else self.close,
            "ACKNOWLEDGED": self.close,
        }
        if self.model.state in steps:
            steps[self.model.state](ONE_WHO_MAY)

    @invariant()
    def what_is_stored_is_what_the_model_says(self) -> None:
        seen = self.desk.query("director", queries.get_letter, letter_id=self.letter)
        assert seen["state"] == self.model.state
        assert seen["holder"] == (GROUP if self.model.at_group else "5704")
        if self.model.state not in ("CLOSED", "VOID"):
            assert {task["assignee_id"]: task["state"] for task in seen["tasks"]} == self.model.tasks

    @invariant()
    def it_has_one_number_in_each_book(self) -> None:
        numbers = self.desk.query("director", queries.get_letter, letter_id=self.letter)["numbers"]
        assert len({one["book_id"] for one in numbers}) == len(numbers)

    @invariant()
    def the_books_add_up(self) -> None:
        for place in (OFFICE_BOOK, GROUP_BOOK):
            assert self.desk.query("director", books.check_integrity, book_id=place)["is_sound"]


def test_nothing_happens_to_a_letter_that_the_model_does_not_allow() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for desk in open_desk(Path(folder), None):
            LetterMachine.desk, LetterMachine.reached = desk, set()
            run = LetterMachine.TestCase()
            run.settings = settings(
                max_examples=60,
                stateful_step_count=40,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            )
            run.runTest()
    assert LetterMachine.reached == {state.value for state in LetterState} - {"ARRIVED", "REJECTED"}
