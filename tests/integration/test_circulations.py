"""Letters sent round inside: to whom they may go, who has read them, and that it is one step however many read."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, select

from services.documents.attachments import commands as files
from services.documents.circulations import commands, queries
from services.documents.circulations.recording import tell_read
from services.documents.delegations.commands import delegate, revoke_delegation
from services.documents.letters import commands as letters
from services.documents.letters import queries as letter_lists
from services.documents.letters.tables import Letter
from services.documents.tasks import commands as tasks
from shared.bus.contracts.documents import CIRCULATION_RECORDED
from shared.clock import BANGKOK
from tests.running.documents_desk import DocumentsDesk, code_of, desk_at
from tests.running.letters_desk import GROUP, arrived, at_the_group, moves_of, registered
from tests.running.secret_desk import appointed

NOON = dt.datetime(2026, 6, 10, 12, 0, tzinfo=BANGKOK)
OFFICE_PEOPLE = {"registrar", "clerk", "officer", "second", "head", "director", "deputy", "auditor"}

desk = desk_at(NOON, scope="module")
OTHER = iter(range(1000))


def letter_at(desk: DocumentsDesk, where: str) -> str:
    """A letter of its own, registered at the office or at the ICT group."""
    number = next(OTHER)
    made = {"subject": f"เรื่องที่ {number} ของการเวียน", "doc_no": str(number)}
    return registered(desk, **made) if where == "office" else at_the_group(desk, **made)


def sent(desk: DocumentsDesk, who: str, letter: str, **audience: Any) -> dict[str, Any]:
    made: dict[str, Any] = desk.command(who, commands.circulate, letter_id=letter, **audience)
    return made


def refusal(desk: DocumentsDesk, who: str, letter: str, **audience: Any) -> str:
    return code_of(lambda: sent(desk, who, letter, **audience))


def people_of(circulation: dict[str, Any]) -> set[str]:
    return {reader["person_id"] for reader in circulation["readers"]}


def circulars(desk: DocumentsDesk, who: str, letter: str, **more: Any) -> list[dict[str, Any]]:
    items = desk.query(who, queries.list_circulars, **more)["items"]
    return [one for one in items if one["letter"]["id"] == letter]


def sees(desk: DocumentsDesk, who: str, letter: str) -> bool:
    return code_of(lambda: desk.query(who, letter_lists.get_letter, letter_id=letter)) == ""


def test_the_registry_sends_a_letter_round_the_whole_office(desk: DocumentsDesk) -> None:
    letter = letter_at(desk, "office")
    made = sent(desk, "registrar", letter, everybody=True, note="โปรดทราบและถือปฏิบัติ")
    assert people_of(made) == OFFICE_PEOPLE - {"registrar"}, "everybody but who sends it, nobody of the schools"
    assert (made["read"], made["total"], made["percent"]) == (0, 7, 0)
    (mine,) = circulars(desk, "officer", letter)
    assert (mine["note"], mine["opened_at"], mine["sent_by"]) == ("โปรดทราบและถือปฏิบัติ", None, "นายregistrar (สาธิต)")
    for who in ("schoolclerk", "teacher", "stranger"):
        assert not sees(desk, who, letter) and circulars(desk, who, letter) == [], who
    step = desk.query("officer", letter_lists.get_history, letter_id=letter)["items"][-1]
    assert (step["move"], step["text"], step["detail"]["readers"]) == ("circulate", "โปรดทราบและถือปฏิบัติ", 7)


@pytest.mark.parametrize(
    ("who", "where", "reach"),
    [
        ("registrar", "office", OFFICE_PEOPLE),
        ("director", "office", OFFICE_PEOPLE),
        ("deputy", "group", OFFICE_PEOPLE),
        ("registrar", "group", OFFICE_PEOPLE),
        ("clerk", "group", {"clerk", "officer", "second", "head"}),
        ("head", "group", {"clerk", "officer", "second", "head"}),
    ],
)
def test_how_far_a_letter_may_be_sent_round(desk: DocumentsDesk, who: str, where: str, reach: set[str]) -> None:
    letter = letter_at(desk, where)
    assert people_of(sent(desk, who, letter, everybody=True)) == reach - {who}


def test_a_school_sends_its_letters_round_the_school(desk: DocumentsDesk) -> None:
    letter = arrived(desk, "schoolclerk", subject="หนังสือของโรงเรียน", doc_no="ร 1")
    assert people_of(sent(desk, "schoolclerk", letter, everybody=True)) == {"teacher"}
    assert refusal(desk, "schoolclerk", letter, people=["officer"]) == "invalid"


def test_units_and_people_are_chosen_within_reach(desk: DocumentsDesk) -> None:
    letter = letter_at(desk, "group")
    groups = desk.query("registrar", queries.list_audience, letter_id=letter)["items"]
    assert {one["code"]: len(one["people"]) for one in groups} == {"5704": 3, GROUP: 4}
    made = sent(desk, "registrar", letter, units=[GROUP], people=["auditor"])
    assert people_of(made) == {"clerk", "officer", "second", "head", "auditor"}
    assert {one["code"]: one["total"] for one in made["units"]} == {"5704": 1, GROUP: 4}
    assert refusal(desk, "clerk", letter, units=["5704"]) == "invalid"
    assert refusal(desk, "clerk", letter, people=["director"]) == "invalid"
    assert refusal(desk, "registrar", letter, units=["57040001"]) == "invalid"
    assert refusal(desk, "registrar", letter, people=["nobody"]) == "invalid"
    assert refusal(desk, "registrar", letter) == "invalid"
    assert refusal(desk, "registrar", letter, everybody=True, note="ก" * 1001) == "invalid"


def test_who_has_it_gets_it_once(desk: DocumentsDesk) -> None:
    letter = letter_at(desk, "office")
    sent(desk, "registrar", letter, people=["officer"])
    assert refusal(desk, "registrar", letter, people=["officer"]) == "circulation.nobody"
    assert people_of(sent(desk, "director", letter, people=["officer", "second"])) == {"second"}
    assert len(circulars(desk, "officer", letter)) == 1


def test_only_who_answers_for_a_letter_sends_it_round(desk: DocumentsDesk) -> None:
    letter = letter_at(desk, "office")
    for who in ("clerk", "head", "officer", "schoolclerk", "stranger"):
        assert refusal(desk, who, letter, everybody=True) == "not_found", who
    assert refusal(desk, "auditor", letter, everybody=True) == "forbidden"
    sent(desk, "registrar", letter, people=["officer", "clerk", "head"])
    for who in ("officer", "clerk", "head"):
        assert refusal(desk, who, letter, everybody=True) == "forbidden", f"{who} may only read it"


def test_who_stands_in_for_a_head_sends_round_in_their_group_and_reads_for_nobody_else(desk: DocumentsDesk) -> None:
    letter = letter_at(desk, "group")
    leave = {"valid_from": "2026-06-10", "until": "2026-06-12", "order_no": "45/2569", "capacity": "acting"}
    given = desk.command("head", delegate, to="officer", **leave)
    assert people_of(sent(desk, "officer", letter, everybody=True)) == {"clerk", "second", "head"}
    assert code_of(lambda: desk.command("officer", commands.read_circular, letter_id=letter)) == "circulation.none"
    desk.command("head", revoke_delegation, delegation_id=given["id"])
    assert not sees(desk, "officer", letter)


def test_secret_and_void_letters_are_not_sent_round(desk: DocumentsDesk) -> None:
    letter = letter_at(desk, "office")
    sent(desk, "registrar", letter, people=["officer"])
    appointed(desk, "registrar", post="registrar")
    desk.command("registrar", letters.change_letter, letter_id=letter, values={"secrecy": "secret"}, if_match="*")
    assert refusal(desk, "registrar", letter, everybody=True) == "circulation.secret"
    assert not sees(desk, "officer", letter) and circulars(desk, "officer", letter) == []
    assert desk.events(CIRCULATION_RECORDED.type)[-1]["data"]["unread"] == [], "nobody is reminded of it"
    other = letter_at(desk, "office")
    sent(desk, "registrar", other, people=["officer"])
    desk.command("registrar", letters.void_letter, letter_id=other, reason="ผิดฉบับ")
    assert refusal(desk, "registrar", other, everybody=True) == "letter.state"
    assert not sees(desk, "officer", other), "what is struck out is taken back"
    assert desk.events(CIRCULATION_RECORDED.type)[-1]["data"]["unread"] == []


def test_reading_is_kept_once_and_told_a_moment_later(desk: DocumentsDesk) -> None:
    letter = letter_at(desk, "office")
    made = sent(desk, "registrar", letter, units=[GROUP])
    told = len(desk.events(CIRCULATION_RECORDED.type))
    first = desk.command("officer", commands.read_circular, letter_id=letter)
    desk.move_clock(NOON + dt.timedelta(hours=1))
    assert desk.command("officer", commands.read_circular, letter_id=letter) == first
    desk.command("head", commands.read_circular, letter_id=letter)
    read = [one for one in desk.audited("circulation.read") if one.subject == f"circulation/{made['id']}"]
    assert Counter(one.actor for one in read) == {"officer": 1, "head": 1}
    (seen,) = desk.query("registrar", queries.list_circulations, letter_id=letter)["items"]
    assert (seen["read"], seen["total"], seen["percent"]) == (2, 4, 50)
    assert seen["units"] == [{"code": GROUP, "name": f"หน่วยงาน {GROUP}", "read": 2, "total": 4, "percent": 50}]
    assert {one["person_id"] for one in seen["readers"] if one["opened_at"]} == {"officer", "head"}
    assert (circulars(desk, "officer", letter, unread=True), len(circulars(desk, "second", letter, unread=True))) == (
        [], 1,
    )  # fmt: skip
    tell_read(desk.app)
    (message,) = desk.events(CIRCULATION_RECORDED.type)[told:]
    assert (message["data"]["unread"], message["data"]["readers"]) == (["clerk", "second"], 4)
    assert message["aggregateversion"] == 2
    tell_read(desk.app)
    assert len(desk.events(CIRCULATION_RECORDED.type)) == told + 1, "there is nothing new to tell"


def test_who_may_see_who_has_read(desk: DocumentsDesk) -> None:
    letter = letter_at(desk, "group")
    sent(desk, "registrar", letter, everybody=True)

    def shown(who: str) -> tuple[set[str], bool, bool]:
        (one,) = desk.query(who, queries.list_circulations, letter_id=letter)["items"]
        return people_of(one), one["oversees"], one["may_withdraw"]

    everybody, group = OFFICE_PEOPLE - {"registrar"}, {"clerk", "officer", "second", "head"}
    for who in ("registrar", "director"):
        assert shown(who) == (everybody, True, True)
    assert shown("auditor") == (everybody, True, False)
    for who in ("clerk", "head"):
        assert shown(who) == (group, True, False), "those of the own group"
    assert shown("officer") == ({"officer"}, False, False)


def test_a_reader_reads_it_and_its_files_and_does_nothing_else_with_it(desk: DocumentsDesk) -> None:
    letter = letter_at(desk, "office")
    sent(desk, "registrar", letter, everybody=True)
    done = []
    for who in sorted(OFFICE_PEOPLE - {"registrar", "director", "deputy"}):
        view = desk.query(who, letter_lists.get_letter, letter_id=letter)
        assert view["allowed"] == [], who
        found = desk.query(who, letter_lists.list_letters, q=f'"{view["subject"]}"')["items"]
        assert [one["id"] for one in found] == [letter], f"{who} finds it"
        assert letter in [one["id"] for one in desk.query(who, letter_lists.list_letters, limit=200)["items"]]
        for name, (function, args) in {**moves_of(view), "open": (tasks.open_task, {})}.items():
            if not code_of(lambda w=who, f=function, a=args: desk.command(w, f, letter_id=letter, **a)):
                done.append((who, name))
        if who != "auditor":
            stamp = {"letter_id": letter, "entry_id": view["numbers"][0]["entry_id"], "page": 1, "x": 1.0, "y": 1.0}
            assert code_of(lambda w=who, s=stamp: desk.command(w, files.place_stamp, **s)) == "forbidden"
    assert done == []


def test_what_was_sent_round_is_taken_back_with_a_reason(desk: DocumentsDesk) -> None:
    letter = letter_at(desk, "group")
    made = sent(desk, "clerk", letter, everybody=True)
    desk.command("officer", commands.read_circular, letter_id=letter)
    where = {"letter_id": letter, "circulation_id": made["id"]}
    refusals = {("officer", "x"): "forbidden", ("head", " "): "invalid", ("stranger", "x"): "not_found"}
    for (who, reason), refused in refusals.items():
        given = {**where, "reason": reason}
        assert code_of(lambda w=who, g=given: desk.command(w, commands.withdraw_circulation, **g)) == refused
    other = {**where, "letter_id": letter_at(desk, "office"), "reason": "x"}
    assert code_of(lambda: desk.command("registrar", commands.withdraw_circulation, **other)) == "not_found"
    ended = desk.command("head", commands.withdraw_circulation, **where, reason="แนบไฟล์ผิด")
    assert (ended["withdraw_reason"], ended["read"], ended["may_withdraw"]) == ("แนบไฟล์ผิด", 1, False)
    assert not sees(desk, "officer", letter) and circulars(desk, "officer", letter) == []
    assert desk.query("officer", letter_lists.list_letters, q=f'"{letter}"')["items"] == []
    again = {**where, "reason": "x"}
    assert code_of(lambda: desk.command("head", commands.withdraw_circulation, **again)) == "circulation.ended"
    message = desk.events(CIRCULATION_RECORDED.type)[-1]["data"]
    assert message["withdrawn_at"] and message["unread"] == []
    assert desk.audited("letter.withdraw")[-1].reason == "แนบไฟล์ผิด"
    # and may be sent round once more, with the right file
    assert people_of(sent(desk, "clerk", letter, people=["officer"])) == {"officer"}


def test_who_cannot_open_a_letter_is_not_waited_for(desk: DocumentsDesk) -> None:
    desk.tell_staff("technician", role="ops", at="5704", home=GROUP)
    desk.tell_staff("gone", role="officer", at="5704", home=GROUP, state="RETIRED")
    made = sent(desk, "registrar", letter_at(desk, "office"), everybody=True)
    assert people_of(made) == OFFICE_PEOPLE - {"registrar"}


def test_reading_without_having_it_is_refused(desk: DocumentsDesk) -> None:
    letter = letter_at(desk, "office")
    assert code_of(lambda: desk.command("director", commands.read_circular, letter_id=letter)) == "circulation.none"
    assert code_of(lambda: desk.command("officer", commands.read_circular, letter_id=letter)) == "not_found"


def test_the_list_of_what_was_sent_round_goes_on_from_page_to_page(desk: DocumentsDesk) -> None:
    made = [letter_at(desk, "office") for _ in range(3)]
    for letter in made:
        sent(desk, "registrar", letter, people=["second"])
    total = desk.query("second", queries.list_circulars)["unread_total"]
    seen, cursor = [], None
    while True:
        page = desk.query("second", queries.list_circulars, limit=2, cursor=cursor, unread=True)
        seen += [one["letter"]["id"] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen[:3] == made[::-1] and len(seen) == len(set(seen)) == total


@contextmanager
def counted(desk: DocumentsDesk) -> Iterator[Counter[str]]:
    """How many transactions were committed meanwhile, and how many statements insert something."""
    done: Counter[str] = Counter()

    def committed(_connection: Any) -> None:
        done["commit"] += 1

    def executed(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        done["insert"] += statement.startswith("INSERT")

    engine = desk.app.database.engine
    event.listen(engine, "commit", committed)
    event.listen(engine, "before_cursor_execute", executed)
    yield done
    event.remove(engine, "commit", committed)
    event.remove(engine, "before_cursor_execute", executed)


def test_three_hundred_readers_are_one_transaction_and_one_event(desk: DocumentsDesk) -> None:
    crowd = [f"crowd-{number}" for number in range(300)]
    for name in crowd:
        desk.tell_staff(name, role="officer", at="5704", home="5704-g-admin")
    letter = letter_at(desk, "office")
    before, told = len(desk.audited("letter.circulate")), len(desk.events(CIRCULATION_RECORDED.type))
    with counted(desk) as done:
        sent(desk, "registrar", letter, units=["5704-g-admin"])
    assert done["commit"] == 1 and done["insert"] < 10, "rows go in together"
    (message,) = desk.events(CIRCULATION_RECORDED.type)[told:]
    assert sorted(message["data"]["unread"]) == sorted(crowd)
    assert len(desk.audited("letter.circulate")) == before + 1
    with desk.app.database.read() as session:
        assert session.execute(select(Letter.revision).filter_by(id=letter)).scalar_one() == 3
