"""Every operation on a letter × everybody × every class × cleared or not: what is hidden is as if it were not there.

Nothing here names an operation: they are read off the entrypoints of the service (tests/running/secret_desk.py). What
the gateway adds is in tests/e2e/test_access_matrix.py.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from services.documents.clearances import commands as clearances
from services.documents.letters import queries
from services.documents.letters.rules import Secrecy
from services.documents.registers.rules import BookKind
from services.documents.tasks import commands as tasks
from shared.clock import BANGKOK
from tests.running.documents_desk import OFFICE, PEOPLE, DocumentsDesk, book, desk_at
from tests.running.letters_desk import registered
from tests.running.secret_desk import (
    ARGUMENTS,
    SCHOOL,
    SENDER,
    SUBJECT,
    appointed,
    asked,
    decided,
    needed,
    of_letters,
    open_for,
    operations,
    school_director,
    secret_letter,
)

NOON = dt.datetime(2026, 6, 10, 12, 0, tzinfo=BANGKOK)
SECRET = [level.value for level in Secrecy if level is not Secrecy.NONE]
UNKNOWN = "01a2045e-0000-7000-8000-000000000000"

desk = desk_at(NOON)


def arguments(function: Any, letter: str) -> dict[str, Any]:
    names = [name for name in needed(function) if name != "letter_id"]
    missing = [name for name in names if name not in ARGUMENTS]
    assert not missing, f"{function.__name__}: enter {missing} in ARGUMENTS of tests/running/secret_desk.py"
    return {"letter_id": letter, **{name: ARGUMENTS[name] for name in names}}


def reach(desk: DocumentsDesk, ordinary: str) -> set[str]:
    """Who reads an ordinary letter in the same place."""
    return {who for who in PEOPLE if "id" in asked(desk, who, "query", queries.get_letter, letter_id=ordinary)}


def wrong(desk: DocumentsDesk, letters: dict[str, str], let_see: dict[str, set[str]]) -> list[Any]:
    """Who is answered otherwise than the rules say, and what."""
    found = []
    for name, (how, function) in of_letters().items():
        unknown = arguments(function, UNKNOWN)
        for who in PEOPLE:
            nothing = asked(desk, who, how, function, **unknown)
            for level, letter in letters.items():
                hidden = who not in let_see[level]
                if not hidden and how == "command":
                    continue  # what may be done then is for the tests of each step
                answer = asked(desk, who, how, function, **arguments(function, letter))
                if (answer == nothing) is not hidden:
                    found.append((name, who, level, answer))
    return found


def test_every_operation_on_a_letter_by_everybody_in_every_class(desk: DocumentsDesk) -> None:
    appointed(desk, "registrar", post="registrar")
    letters = {level: secret_letter(desk, level) for level in SECRET}
    assert len(of_letters()) > 20
    assert wrong(desk, letters, {level: {"registrar"} for level in SECRET}) == []
    for who in set(PEOPLE) - {"registrar", "schoolclerk", "teacher", "stranger"}:
        appointed(desk, who)
    appointed(desk, "schoolclerk", at=SCHOOL, by=school_director(desk))
    readers = reach(desk, registered(desk))
    assert readers == {"registrar", "director", "deputy", "auditor"}
    for level in ("very_secret", "top_secret"):
        desk.command("registrar", clearances.add_reader, letter_id=letters[level], person="deputy")
    on_list = {"registrar", "deputy"}
    let_see = {"secret": readers, "very_secret": on_list, "top_secret": on_list}
    assert wrong(desk, letters, let_see) == []
    for level in ("very_secret", "top_secret"):
        asked_without = asked(desk, "deputy", "query", queries.get_letter, letter_id=letters[level])
        assert asked_without["code"] == "letter.reason"
        assert SUBJECT not in json.dumps(asked_without, ensure_ascii=False)
        open_for(desk, "deputy", letters[level])
        assert asked(desk, "deputy", "query", queries.get_letter, letter_id=letters[level])["id"] == letters[level]


def everything_listed(desk: DocumentsDesk, who: str) -> dict[str, Any]:
    """Every question that needs nothing to be known, every search for it, and every open book of the office."""
    answers = {
        name: asked(desk, who, how, function)
        for name, (how, function) in operations().items()
        if how == "query" and not needed(function)
    }
    for typed in (SUBJECT, SENDER, "๙๙", "ลับ", "สืบ"):
        answers[f"q={typed}"] = asked(desk, who, "query", queries.list_letters, q=typed)
    secret_book = book("secret_received")
    answers["of the secret book"] = asked(desk, who, "query", queries.list_letters, book=secret_book)
    for kind in BookKind:
        if not kind.startswith("secret"):
            for name in ("list_entries", "export_book", "check_integrity", "list_requests", "list_blocks"):
                answers[f"{name} {kind}"] = asked(desk, who, "query", operations()[name][1], book_id=book(kind, OFFICE))
    return answers


def test_lists_counts_searches_and_books_are_those_of_a_system_without_it(desk: DocumentsDesk) -> None:
    """Compared with what everybody was told before there was such a letter: registered, proposed, given to somebody."""
    ends = [appointed(desk, "registrar", post="registrar")["id"]]
    appointed(desk, "director")
    registered(desk)
    others = [who for who in PEOPLE if who != "director"]
    before = {who: everything_listed(desk, who) for who in others}
    told = [len(desk.events(f"documents.{kind}.v1")) for kind in ("letter_moved", "task_moved", "entry_recorded")]
    ends.append(appointed(desk, "officer")["id"])
    for level in SECRET:
        secret_letter(desk, level)
    for level in SECRET[:2]:
        decided(desk, secret_letter(desk, level), "officer")
        waits = {"letter_id": secret_letter(desk, level), "summary": "นกเขาชวา", "to": "director"}
        desk.command("registrar", tasks.propose_letter, **waits)
    assert len(asked(desk, "officer", "query", queries.list_tasks)["items"]) == 2
    for one in ends:
        desk.command("director", clearances.end_clearance, clearance_id=one, reason="ครบวาระ")
    after = {who: everything_listed(desk, who) for who in others}
    # what they were appointed for is theirs to know, and the registrar has given the secret books back
    for answers in (*before.values(), *after.values()):
        del answers["list_clearances"]
    for one in (*before["registrar"]["list_books"]["items"], *after["registrar"]["list_books"]["items"]):
        if one["kind"].startswith("secret"):
            one["may_issue"] = one["may_void"] = None
    # the one exception: who reads books reads of a secret one how many numbers were given (§1.2: masked, not absent)
    for answers in (*before.values(), *after.values()):
        for one in answers["list_books"].get("items", ()):
            if one["kind"] == "secret_received":
                one["last_no"] = None
    assert after == before
    assert told == [len(desk.events(f"documents.{k}.v1")) for k in ("letter_moved", "task_moved", "entry_recorded")]
    assert SUBJECT in json.dumps(everything_listed(desk, "director"), ensure_ascii=False)
