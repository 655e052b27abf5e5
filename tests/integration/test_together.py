"""Commands that are called at the same moment share a transaction, and each is done as if it were by itself."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from services.documents.letters.commands import create_letter
from services.documents.registers import commands, queries, years
from services.documents.registers.allocation import allocate
from services.documents.registers.rules import BookKind
from services.documents.registers.tables import RegisterBook
from shared.bus.contracts.documents import ENTRY_RECORDED, LETTER_MOVED
from shared.clock import BANGKOK
from shared.db.together import Steps, Together
from shared.db.unit import Unit
from shared.problems import Problem
from shared.runtime.application import Application
from tests.running.documents_desk import DEFINITION, DocumentsDesk, book, desk_at, identity, letter_fields
from tests.running.secret_desk import appointed
from tests.running.waiting import until

NOON = dt.datetime(2026, 6, 10, 12, 0, tzinfo=BANGKOK)
SENT, ORDER, SECRET = (book(kind) for kind in (BookKind.SENT, BookKind.ORDER, BookKind.SECRET_SENT))

desk = desk_at(NOON)

Call = Callable[[], Any]


def issuing(desk: DocumentsDesk, purpose: str, book_id: str = SENT, who: str = "registrar", **more: Any) -> Call:
    """A call for a number, as the gateway makes it."""
    request = {
        "identity": who, "correlation_id": f"call-{purpose}", "args": {"book_id": book_id, "purpose": purpose}, **more,
    }  # fmt: skip
    return lambda: desk.app.command_in_steps(commands.issue_number, request)


@pytest.fixture(autouse=True)
def named_by_their_names(desk: DocumentsDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.app.verifier, "verify", identity)


@contextmanager
def commits_of(desk: DocumentsDesk) -> Iterator[list[str]]:
    committed: list[str] = []

    def count(_connection: Any) -> None:
        committed.append("commit")

    event.listen(desk.app.database.engine, "commit", count)
    yield committed
    event.remove(desk.app.database.engine, "commit", count)


def together(app: Application, *calls: Call) -> list[Any]:
    """What the calls come to that all wait while somebody else is at it."""
    began, goes_on = threading.Event(), threading.Event()

    def held_up(unit: Unit) -> Steps[None]:
        began.set()
        assert goes_on.wait(30)
        yield from ()

    with ThreadPoolExecutor(len(calls) + 1) as pool:
        first = pool.submit(app.done_together, identity("registrar"), held_up)
        assert began.wait(30)
        waiting: list[Future[Any]] = []
        for call in calls:
            waiting.append(pool.submit(call))
            until(lambda: len(app._together._waiting) == len(waiting))
        goes_on.set()
        first.result()
        return [one.result() for one in waiting]


def test_what_waits_is_done_in_one_transaction_and_each_gets_its_own_number(desk: DocumentsDesk) -> None:
    with commits_of(desk) as committed:
        answers = together(desk.app, *(issuing(desk, f"เรื่อง {place}") for place in range(5)))
    assert [answer["result"]["no"] for answer in answers] == [1, 2, 3, 4, 5]
    assert len(committed) == 1, "of whoever held them up there was nothing to keep"
    assert [event["data"]["no"] for event in desk.events(ENTRY_RECORDED.type)] == [1, 2, 3, 4, 5]
    entries = desk.query("registrar", queries.list_entries, book_id=SENT)["items"]
    assert [entry["for"] for entry in entries] == [f"เรื่อง {place}" for place in (4, 3, 2, 1, 0)]


def test_each_is_written_down_under_who_called_and_in_which_call(desk: DocumentsDesk) -> None:
    school = book(BookKind.SENT, "57040001")
    together(desk.app, issuing(desk, "ก"), issuing(desk, "ข", school, "schoolclerk"))
    written = {(row.actor, row.correlation_id, row.org_path) for row in desk.audited("entry.issue")}
    assert written == {
        ("registrar", "call-ก", "/obec/5704/"), ("schoolclerk", "call-ข", "/obec/5704/57040001/"),
    }  # fmt: skip
    told = {event["correlationid"]: event["actor"] for event in desk.events(ENTRY_RECORDED.type)}
    assert told == {"call-ก": "registrar", "call-ข": "schoolclerk"}


def test_who_is_refused_is_refused_alone_and_uses_no_number_up(desk: DocumentsDesk) -> None:
    answers = together(
        desk.app, issuing(desk, "ก"), issuing(desk, " "), issuing(desk, "ข", who="clerk"), issuing(desk, "ค")
    )
    assert [answer.get("problem", {}).get("code") for answer in answers] == [None, "invalid", "forbidden", None]
    assert [answers[place]["result"]["no"] for place in (0, 3)] == [1, 2]
    assert len(desk.audited("entry.issue")) == len(desk.events(ENTRY_RECORDED.type)) == 2
    assert desk.query("registrar", queries.check_integrity, book_id=SENT)["is_sound"]


def test_a_year_that_is_closed_is_closed_to_who_asks_for_it(desk: DocumentsDesk) -> None:
    together(desk.app, issuing(desk, "ก"), issuing(desk, "ข", ORDER))
    desk.move_clock(dt.datetime(2027, 1, 2, 9, 0, tzinfo=BANGKOK))
    desk.command("registrar", years.close_year, book_id=SENT, be_year=2569)
    desk.move_clock(NOON + dt.timedelta(hours=1))
    answers = together(desk.app, issuing(desk, "ค"), issuing(desk, "ง", ORDER))
    assert answers[0]["problem"]["code"] == "book.closed" and answers[1]["result"]["no"] == 2


def test_what_one_may_is_not_what_another_may(desk: DocumentsDesk) -> None:
    """The transaction is shared, what was looked up about a caller is not."""
    appointed(desk, "registrar", post="registrar")
    answers = together(
        desk.app, issuing(desk, "ก", SECRET), issuing(desk, "ข", SECRET, "clerk"), issuing(desk, "ค", SECRET)
    )
    assert [answer.get("problem", {}).get("code") for answer in answers] == [None, "forbidden", None]
    assert [answers[place]["result"]["no"] for place in (0, 2)] == [1, 2]


def test_one_call_sent_three_times_is_one_number_even_in_one_transaction(desk: DocumentsDesk) -> None:
    again = issuing(desk, "ครั้งเดียว", idempotency_key="k1")
    answers = together(desk.app, again, again, issuing(desk, "อื่น"), again)
    numbers = [answer["result"]["no"] for answer in answers]
    assert numbers[0] == numbers[1] == numbers[3] and sorted({numbers[0], numbers[2]}) == [1, 2]
    assert len(desk.events(ENTRY_RECORDED.type)) == 2


def test_letters_keyed_in_together_are_letters_like_others(desk: DocumentsDesk) -> None:
    def keying_in(who: str, subject: str) -> Call:
        values = letter_fields(subject=subject, doc_no=subject)
        return lambda: desk.command_in_steps(who, create_letter, values=values, register=True)

    letters = together(
        desk.app, keying_in("registrar", "หนึ่ง"), keying_in("schoolclerk", "สอง"), keying_in("registrar", "สาม")
    )
    assert [letter["numbers"][0]["display_no"] for letter in letters] == ["1", "1", "2"]
    assert [letter["owner"] for letter in letters] == ["5704", "57040001", "5704"]
    told = [(event["subject"], event["data"]["state"]) for event in desk.events(LETTER_MOVED.type)]
    for letter in letters:
        assert [state for subject, state in told if subject == f"letter/{letter['id']}"] == ["ARRIVED", "REGISTERED"]


def test_if_whoever_leads_is_stopped_another_does_what_waits(desk: DocumentsDesk) -> None:
    class Stopped(BaseException):
        """As a green thread is stopped."""

    began, goes_on = threading.Event(), threading.Event()

    def stopped(unit: Unit) -> Steps[None]:
        began.set()
        assert goes_on.wait(30)
        raise Stopped
        yield

    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(desk.app.done_together, identity("registrar"), stopped)
        assert began.wait(30)
        others = [pool.submit(issuing(desk, f"ที่ {place}")) for place in range(2)]
        until(lambda: len(desk.app._together._waiting) == 2)
        goes_on.set()
        with pytest.raises(Stopped):
            first.result()
        assert sorted(other.result()["result"]["no"] for other in others) == [1, 2]
    assert issuing(desk, "ต่อไป")()["result"]["no"] == 3


def test_when_the_database_is_away_all_are_told_at_once(desk: DocumentsDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []
    written = Together._written

    def away(self: Together, calls: Any) -> Any:
        if len(calls) > 1:
            tried.append(len(calls))
            raise OperationalError("SELECT 1", {}, Exception("server closed the connection"))
        return written(self, calls)

    monkeypatch.setattr(Together, "_written", away)
    answers = together(desk.app, *(issuing(desk, f"เรื่อง {place}") for place in range(3)))
    assert [answer["problem"]["code"] for answer in answers] == ["unavailable"] * 3 and tried == [3]


def test_two_processes_that_count_in_the_same_books_do_not_wait_for_each_other(
    desk: DocumentsDesk, caplog: pytest.LogCaptureFixture
) -> None:
    """One takes the books in one order, the other in the other: without a common order each would hold what the other
    needs, and PostgreSQL would end one of them.
    """
    other = Application(DEFINITION, desk.settings) if not desk.app.database.is_sqlite else desk.app
    caplog.set_level(logging.INFO, logger="shared.db.together")

    def issue(number: int) -> int:
        app, books = ((desk.app, (SENT, ORDER)), (other, (ORDER, SENT)))[number % 2]
        place = books[number // 2 % 2]
        given: dict[str, Any] = app.done_together(
            identity("registrar"), lambda unit: commands.issue_number(unit, place, f"ที่ {number}")
        )
        return int(given["no"])

    with ThreadPoolExecutor(16) as pool:
        numbers = list(pool.map(issue, range(160)))
    if other is not desk.app:
        other.close()
    assert sorted(numbers) == sorted([*range(1, 81)] * 2)
    assert not [record for record in caplog.records if "one by one" in record.message]


def test_two_commands_that_wait_for_each_other_are_both_done(desk: DocumentsDesk) -> None:
    """A table of letters may count in one book and then in another, and so may another table, the other way round."""
    both_hold_one = threading.Barrier(1 if desk.app.database.is_sqlite else 2)
    tried: set[str] = set()

    def count(unit: Unit, first: str, second: str) -> list[int]:
        counted = [_counted(unit, first)]
        if first not in tried:
            tried.add(first)
            both_hold_one.wait(30)
        return [*counted, _counted(unit, second)]

    def call(first: str, second: str) -> Any:
        return desk.app.command(count, {"identity": "registrar", "args": {"first": first, "second": second}})

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(call, (SENT, ORDER), (ORDER, SENT)))
    assert sorted(answer["result"] for answer in answers) == [[1, 1], [2, 2]]


def _counted(unit: Unit, book_id: str) -> int:
    return allocate(unit, unit.session.get_one(RegisterBook, book_id), 2569, 1)


def test_a_command_that_fails_tells_who_called_it(desk: DocumentsDesk) -> None:
    with pytest.raises(Problem, match="forbidden"):
        desk.command_in_steps("clerk", commands.issue_number, book_id=SENT, purpose="ก")
