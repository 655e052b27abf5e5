"""What waits with letters and for whom, and what somebody is offered to do: never what would be refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from services.documents.delegations.commands import delegate, hand_over
from services.documents.letters import commands, queries
from services.documents.letters.waiting import Waiting
from services.documents.tasks import commands as tasks
from shared.bus.contracts.schools import STAFF_RECORDED
from shared.clock import BANGKOK
from shared.problems import Problem
from tests.running.documents_desk import PEOPLE, DocumentsDesk, code_of, desk_at, identity, letter_fields, path_of
from tests.running.letters_desk import (
    GROUP,
    OFFICE_BOOK,
    arrived,
    assigned,
    at_the_group,
    moves_of,
    proposed,
    registered,
)

NOON = dt.datetime(2026, 6, 10, 12, 0, tzinfo=BANGKOK)
LATER = NOON + dt.timedelta(days=30)


desk = desk_at(NOON)


def seen(desk: DocumentsDesk, who: str, letter: str) -> dict[str, Any]:
    found: dict[str, Any] = desk.query(who, queries.get_letter, letter_id=letter)
    return found


class Undone(Exception):
    """Nothing of what was tried is kept."""


def undo() -> None:
    raise Undone


def is_let(desk: DocumentsDesk, who: str, letter: str, function: Callable[..., Any], args: dict[str, Any]) -> bool:
    try:
        with desk.app.write(identity(who)) as unit:
            function(unit, letter_id=letter, **args)
            undo()
    except Undone:
        return True
    except Problem:
        return False


def reported(desk: DocumentsDesk) -> str:
    letter = assigned(desk, people=("officer",))
    desk.command("officer", tasks.report_task, letter_id=letter, report="ทำแล้ว")
    return letter


def forwarded(desk: DocumentsDesk) -> str:
    letter = registered(desk)
    desk.command("registrar", commands.forward_letter, letter_id=letter, to=GROUP)
    return letter


def accepted(desk: DocumentsDesk) -> str:
    letter = assigned(desk)
    desk.command("officer", tasks.accept_task, letter_id=letter)
    return letter


def urgent(desk: DocumentsDesk) -> str:
    return registered(desk, speed="most_urgent")


def acknowledged(desk: DocumentsDesk) -> str:
    letter = proposed(desk)
    desk.command("head", tasks.endorse_letter, letter_id=letter, verdict="approve")
    return letter


def returned(desk: DocumentsDesk) -> str:
    letter = proposed(desk)
    desk.command("head", tasks.return_letter, letter_id=letter, reason="ไม่ใช่งานของกลุ่ม")
    return letter


def forwarded_again(desk: DocumentsDesk) -> str:
    letter = returned(desk)
    desk.command("registrar", commands.forward_letter, letter_id=letter, to=GROUP)
    return letter


def stuck(desk: DocumentsDesk) -> str:
    letter = proposed(desk)
    desk.tell_staff("head", state="RETIRED", version=2)
    return letter


@pytest.mark.parametrize(
    "arrive",
    [
        arrived, registered, urgent, forwarded, at_the_group, proposed, assigned, accepted, reported, acknowledged,
        returned, forwarded_again, stuck,
    ],
)  # fmt: skip
def test_what_is_offered_is_what_is_let_and_nothing_else(
    desk: DocumentsDesk, arrive: Callable[[DocumentsDesk], str]
) -> None:
    letter = arrive(desk)
    wrong = []
    for who in PEOPLE:
        if code_of(lambda who=who: seen(desk, who, letter)):
            continue
        view = seen(desk, who, letter)
        for name, (function, args) in moves_of(view).items():
            if is_let(desk, who, letter, function, args) is not (name in view["allowed"]):
                wrong.append((who, name, view["allowed"]))
    assert wrong == []


def test_a_letter_says_to_whom_and_into_which_book_it_may_go(desk: DocumentsDesk) -> None:
    letter = arrived(desk)
    view = seen(desk, "registrar", letter)
    assert (view["register_in"], view["forward_to"], view["assign_from"]) == (OFFICE_BOOK, [], None)
    desk.command("registrar", commands.register_letter, letter_id=letter, book_id=OFFICE_BOOK)
    view = seen(desk, "registrar", letter)
    assert [group["code"] for group in view["forward_to"]] == ["5704-g-admin", "5704-g-ict"]
    assert view["books"] == {OFFICE_BOOK: "ทะเบียนหนังสือรับ หน่วยงาน 5704"}
    assert view["units"]["5704"] == "หน่วยงาน 5704"
    other = proposed(desk, subject="อีกเรื่อง")
    assert seen(desk, "head", other)["assign_from"] == GROUP
    assert seen(desk, "director", other)["assign_from"] == "5704"


def test_a_letter_says_to_whom_it_can_be_proposed_and_on_whose_desk_it_comes(desk: DocumentsDesk) -> None:
    def told(who: str, letter: str) -> list[tuple[str, str, bool]]:
        return [(one["person_id"], one["role"], one["is_here"]) for one in seen(desk, who, letter)["propose_to"]]

    directors = [("deputy", "deputy_director"), ("director", "area_director")]
    assert told("registrar", registered(desk)) == [(*one, True) for one in directors]
    letter = at_the_group(desk, subject="ถึงกลุ่ม")
    here = ("head", "group_director", True)
    assert told("clerk", letter) == [here, *((*one, False) for one in directors)]
    assert told("head", letter) == []
    path = path_of(GROUP)
    left = {"staff_id": "head", "unit": GROUP, "org_path": path, "state": "RETIRED", "grants": []}
    desk.tell(STAFF_RECORDED, "staff/head", left, path, version=2)
    assert told("clerk", letter) == [(*one, False) for one in directors], "nobody's desk"


def test_what_is_odd_is_told_for_as_long_as_it_can_be_put_right(desk: DocumentsDesk) -> None:
    first = arrived(desk)
    letter = arrived(desk, subject="ซ้ำ")
    assert [one["code"] for one in seen(desk, "registrar", letter)["warnings"]] == ["letter.same_document"]
    assert seen(desk, "registrar", first)["warnings"] == [], "the first one is no copy of the second"
    assert seen(desk, "director", letter)["warnings"] == []


def test_a_letter_is_keyed_in_and_registered_at_once_or_not_at_all(desk: DocumentsDesk) -> None:
    made = desk.command("registrar", commands.create_letter, values=letter_fields(), register=True)
    assert (made["state"], made["numbers"][0]["display_no"]) == ("REGISTERED", "1")
    school = desk.command("schoolclerk", commands.create_letter, values=letter_fields(), register=True)
    assert (school["numbers"][0]["no"], school["numbers"][0]["book_id"]) != (1, OFFICE_BOOK)
    again = {"values": letter_fields(), "register": True}
    assert code_of(lambda: desk.command("registrar", commands.create_letter, **again)) == "letter.again"
    assert desk.query("registrar", queries.list_letters)["items"][0]["numbers"][0]["no"] == 1


def waiting(desk: DocumentsDesk, who: str) -> dict[str, int]:
    """How much waits for somebody, and that the list narrowed to it holds the same."""
    work = desk.query(who, queries.list_work)
    for what in Waiting:
        listed = desk.query(who, queries.list_letters, waiting=what)["items"]
        assert len(listed) == work[what]["total"], what
        assert [one["id"] for one in listed[::-1]][:5] == [one["id"] for one in work[what]["items"]], what
    return {what: part["total"] for what, part in work.items() if what != "registry" and part["total"]}


def test_everybody_sees_the_step_that_waits_for_them_and_no_other(desk: DocumentsDesk) -> None:
    arrived(desk, subject="หนึ่ง")
    registered(desk, subject="สอง")
    forwarded(desk)
    at_the_group(desk, subject="สาม")
    proposed(desk, subject="สี่")
    assigned(desk, subject="ห้า")
    assert waiting(desk, "registrar") == {"register": 1, "propose": 1}
    assert waiting(desk, "clerk") == {"register": 1, "propose": 1, "tasks": 1}
    assert waiting(desk, "head") == {"decide": 1}
    assert waiting(desk, "officer") == {"tasks": 1}
    for who in ("director", "deputy", "auditor", "schoolclerk", "teacher", "stranger"):
        assert waiting(desk, who) == {}, who
    at_office = registered(desk, subject="หก")
    desk.command("registrar", tasks.propose_letter, letter_id=at_office, summary="เพื่อพิจารณา")
    assert waiting(desk, "director") == {"decide": 1}
    desk.move_clock(LATER)
    assert waiting(desk, "head") == {"decide": 1, "overdue": 1}
    assert waiting(desk, "clerk")["overdue"] == 1
    assert desk.query("officer", queries.list_work)["tasks"]["late"] == 1
    assert waiting(desk, "stranger") == {}


def test_what_nobody_at_its_group_decides_about_waits_at_the_office(desk: DocumentsDesk) -> None:
    letter = proposed(desk)
    for who in ("registrar", "deputy", "director"):
        assert waiting(desk, who) == {}, who
    desk.tell_staff("head", state="RETIRED", version=2)
    for who in ("registrar", "deputy", "director"):
        assert waiting(desk, who) == {"stuck": 1}, who
    for who in ("clerk", "officer", "auditor", "schoolclerk", "stranger"):
        assert waiting(desk, who) == {}, who
    assert "assign" in seen(desk, "deputy", letter)["allowed"]
    assert "return" in seen(desk, "registrar", letter)["allowed"]
    back = desk.command("registrar", tasks.return_letter, letter_id=letter, reason="กลุ่มยังไม่มีผู้อำนวยการ")
    assert (back["state"], back["holder"]) == ("RETURNED", "5704")
    desk.command("registrar", tasks.propose_letter, letter_id=letter, summary="เห็นควรมอบ", to="deputy")
    assert waiting(desk, "deputy") == {"decide": 1}


def test_a_letter_of_a_group_that_has_a_head_is_not_the_registrys_to_take_back(desk: DocumentsDesk) -> None:
    letter = {"letter_id": proposed(desk), "reason": "x"}
    assert code_of(lambda: desk.command("registrar", tasks.return_letter, **letter)) == "forbidden"
    # somebody of another group who heads this one for the time being
    desk.tell_staff("head", state="RETIRED", version=2)
    desk.tell_staff("second", role="group_director", at=GROUP, version=2)
    assert code_of(lambda: desk.command("registrar", tasks.return_letter, **letter)) == "forbidden"
    assert waiting(desk, "deputy") == {}


def test_what_is_urgent_and_not_decided_for_half_a_day_waits_for_the_level_above(desk: DocumentsDesk) -> None:
    proposed(desk, subject="ด่วน", speed="urgent")
    letter = proposed(desk, subject="ด่วนที่สุด", speed="most_urgent")
    desk.move_clock(NOON + dt.timedelta(hours=3, minutes=59))
    assert waiting(desk, "deputy") == {}
    desk.move_clock(NOON + dt.timedelta(hours=4, minutes=1))
    assert waiting(desk, "deputy") == {"stuck": 1}
    assert waiting(desk, "registrar") == {}, "who keeps the registry decides about nothing"
    assert waiting(desk, "head") == {"decide": 2}, "it is still the head's, too"
    desk.command("deputy", tasks.assign_letter, letter_id=letter, responsible=["officer"], instruction="ทำ")
    assert waiting(desk, "deputy") == {}


def test_what_somebody_has_who_left_waits_for_who_gave_it(desk: DocumentsDesk) -> None:
    letter = assigned(desk, people=("officer", "second"))
    assert waiting(desk, "head") == {}
    desk.tell_staff("officer", state="RETIRED", version=2)
    for who in ("head", "clerk"):
        assert waiting(desk, who)["abandoned"] == 1, who
    for who in ("registrar", "deputy", "second", "stranger"):
        assert "abandoned" not in waiting(desk, who), who
    moving = {"of": "officer", "to": "clerk", "order_no": "50/2569", "reason": "เกษียณ"}
    assert desk.command("head", hand_over, **moving)["tasks"] == 1
    assert waiting(desk, "head") == {}
    for who in ("clerk", "second"):
        desk.command(who, tasks.report_task, letter_id=letter, report="ทำแล้ว")
    assert waiting(desk, "head") == {"close": 1}


def test_what_was_reported_waits_to_be_closed(desk: DocumentsDesk) -> None:
    reported(desk)
    assert waiting(desk, "head") == {"close": 1}
    assert waiting(desk, "clerk") == {"close": 1, "tasks": 1}


def test_of_much_that_waits_the_first_few_are_shown(desk: DocumentsDesk) -> None:
    letters = [arrived(desk, subject=f"เรื่องที่ {number}") for number in range(7)]
    work = desk.query("registrar", queries.list_work)["register"]
    assert (work["total"], [one["id"] for one in work["items"]]) == (7, letters[:5])


def test_where_letters_can_be_is_told_to_who_reads_those_of_the_office(desk: DocumentsDesk) -> None:
    def places(who: str) -> list[str]:
        return [one["code"] for one in desk.query(who, queries.list_holders)["items"]]

    for who in ("registrar", "director", "deputy", "auditor"):
        assert places(who) == ["5704", "5704-g-admin", "5704-g-ict"], who
    for who in ("clerk", "head", "officer", "schoolclerk", "teacher"):
        assert places(who) == [], who
    assert places("stranger") == ["5703"]


def test_who_keys_letters_in_is_told_for_which_unit(desk: DocumentsDesk) -> None:
    registries = {who: desk.query(who, queries.list_holders)["registry"] for who in PEOPLE}
    known = {who: name for who, name in registries.items() if name}
    assert known == {"registrar": "หน่วยงาน 5704", "schoolclerk": "บ้าน 1", "stranger": "หน่วยงาน 5703"}
    assert desk.query("registrar", queries.list_work)["registry"] == "หน่วยงาน 5704"


def test_who_has_not_opened_a_letter_is_known(desk: DocumentsDesk) -> None:
    letter = assigned(desk)
    opened = desk.command("officer", tasks.open_task, letter_id=letter)["opened_at"]
    assert opened
    desk.move_clock(LATER)
    assert desk.command("officer", tasks.open_task, letter_id=letter)["opened_at"] == opened
    of = {task["assignee_id"]: task["opened_at"] for task in seen(desk, "head", letter)["tasks"]}
    assert (of["officer"], of["second"]) == (opened, None)
    assert len(desk.audited("task.open")) == 1
    assert code_of(lambda: desk.command("head", tasks.open_task, letter_id=letter)) == "task.none"
    assert code_of(lambda: desk.command("stranger", tasks.open_task, letter_id=letter)) == "not_found"
    desk.command("second", tasks.accept_task, letter_id=letter)
    assert all(task["opened_at"] for task in seen(desk, "head", letter)["tasks"] if task["role"] == "responsible")


LEAVE = {"valid_from": "2026-06-10", "until": "2026-06-12", "order_no": "45/2569", "capacity": "acting"}


def test_who_stands_in_is_offered_what_waits_for_who_is_away(desk: DocumentsDesk) -> None:
    letter = proposed(desk)
    assert waiting(desk, "second") == {}
    desk.command("head", delegate, to="second", **LEAVE)
    assert waiting(desk, "second") == {"decide": 1}
    assert {"assign", "endorse", "return"} <= set(seen(desk, "second", letter)["allowed"])
    people = desk.query("second", queries.list_assignable, letter_id=letter)["items"]
    assert {one["person_id"] for one in people} == {"clerk", "officer", "second", "head"}
    assert {one["unit_name"] for one in people} == {"หน่วยงาน 5704-g-ict"}
    assert code_of(lambda: desk.query("clerk", queries.list_assignable, letter_id=letter)) == "forbidden"
    assert code_of(lambda: desk.query("stranger", queries.list_assignable, letter_id=letter)) == "not_found"
    office = {one["unit"] for one in desk.query("director", queries.list_assignable, letter_id=letter)["items"]}
    assert office == {"5704", "5704-g-ict", "5704-g-admin"}
    desk.command("head", tasks.assign_letter, letter_id=letter, responsible=["officer"], instruction="ทำ")
    desk.command("officer", delegate, to="second", **LEAVE)
    assert {"accept", "report"} <= set(seen(desk, "second", letter)["allowed"])
    assert waiting(desk, "second") == {"tasks": 1}
