"""Standing in for who is away, by an order and for its days alone; and a desk handed over whole."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.documents.delegations import commands, queries
from services.documents.letters import queries as letters
from services.documents.letters.commands import create_letter, forward_letter, register_letter
from services.documents.registers import queries as books
from services.documents.registers import requests
from services.documents.tasks import commands as tasks
from shared.bus.contracts.documents import TASK_MOVED
from shared.bus.contracts.schools import STAFF_RECORDED
from shared.clock import BANGKOK
from tests.running.documents_desk import DocumentsDesk, book, code_of, desk_at, letter_fields, path_of

NOON = dt.datetime(2026, 6, 10, 12, 0, tzinfo=BANGKOK)
GROUP = "5704-g-ict"
LEAVE = {"valid_from": "2026-06-10", "until": "2026-06-12", "order_no": "45/2569", "capacity": "acting"}


desk = desk_at(NOON)


def proposed(desk: DocumentsDesk) -> str:
    letter = str(desk.command("registrar", create_letter, values=letter_fields(), again=True)["id"])
    desk.command("registrar", register_letter, letter_id=letter, book_id=book("received"))
    desk.command("registrar", forward_letter, letter_id=letter, to=GROUP)
    desk.command("clerk", register_letter, letter_id=letter, book_id=book("received", GROUP))
    desk.command("clerk", tasks.propose_letter, letter_id=letter, summary="เสนอ")
    return letter


def assigned(desk: DocumentsDesk) -> str:
    letter = proposed(desk)
    desk.command("head", tasks.assign_letter, letter_id=letter, responsible=["officer"], instruction="ทำ")
    return letter


def test_who_stands_in_sees_and_does_the_tasks_of_who_is_away_for_those_days_alone(desk: DocumentsDesk) -> None:
    letter = assigned(desk)
    given = desk.command("officer", commands.delegate, to="second", **LEAVE)
    assert [one["letter_id"] for one in desk.query("second", letters.list_tasks)["items"]] == [letter]
    assert desk.command("second", tasks.accept_task, letter_id=letter)["state"] == "IN_PROGRESS"
    desk.move_clock(NOON + dt.timedelta(days=3))
    assert desk.query("second", letters.list_tasks)["items"] == []
    assert code_of(lambda: desk.command("second", tasks.report_task, letter_id=letter, report="x")) == "not_found"
    desk.move_clock(NOON)
    desk.command("officer", commands.revoke_delegation, delegation_id=given["id"])
    assert desk.query("second", letters.list_tasks)["items"] == []
    of = {"delegation_id": given["id"]}
    assert code_of(lambda: desk.command("officer", commands.revoke_delegation, **of)) == "delegation.ended"
    assert code_of(lambda: desk.command("teacher", commands.revoke_delegation, **of)) == "not_found"


def test_who_acts_for_the_head_decides_and_it_is_printed_as_what(desk: DocumentsDesk) -> None:
    letter = proposed(desk)
    give = {"letter_id": letter, "responsible": ["officer"], "instruction": "ทำ"}
    assert code_of(lambda: desk.command("second", tasks.assign_letter, **give)) == "not_found"
    desk.command("head", commands.delegate, to="second", **LEAVE)
    assert desk.command("second", tasks.assign_letter, **give)["state"] == "ASSIGNED"
    (word,) = desk.query("second", letters.get_letter, letter_id=letter)["endorsements"]
    assert word["capacity"] == "รักษาราชการแทนผู้อำนวยการกลุ่ม"
    office = desk.command("registrar", create_letter, values=letter_fields(subject="ของสำนักงาน"))["id"]
    assert code_of(lambda: desk.query("second", letters.get_letter, letter_id=office)) == "not_found"


def test_who_acts_for_the_director_of_the_area_decides_in_the_whole_office(desk: DocumentsDesk) -> None:
    letter = proposed(desk)
    on_behalf = {**LEAVE, "capacity": "on_behalf"}
    desk.command("director", commands.delegate, to="registrar", **on_behalf)
    done = {"letter_id": letter, "verdict": "approve", "text": "ทราบ"}
    assert desk.command("registrar", tasks.endorse_letter, **done)["state"] == "ACKNOWLEDGED"
    (word,) = desk.query("registrar", letters.get_letter, letter_id=letter)["endorsements"]
    assert word["capacity"] == "ปฏิบัติราชการแทนผู้อำนวยการเขต"


@pytest.mark.parametrize(
    ("who", "changed", "code"),
    [
        ("officer", {"to": "officer"}, "invalid"),
        ("officer", {"to": "nobody"}, "invalid"),
        ("officer", {"to": "stranger"}, "invalid"),
        ("officer", {"to": "teacher"}, "invalid"),
        ("officer", {"order_no": " "}, "invalid"),
        ("officer", {"until": "2026-06-09"}, "invalid"),
        ("officer", {"valid_from": "2026-06-01", "until": "2026-06-05"}, "invalid"),
        ("officer", {"until": "2028-06-05"}, "invalid"),
        ("officer", {"until": "วันศุกร์"}, "invalid"),
        ("second", {"of": "officer"}, "forbidden"),
        ("head", {"of": "officer"}, ""),
        ("director", {"of": "head", "to": "officer"}, ""),
    ],
)
def test_who_may_let_whom_stand_in(desk: DocumentsDesk, who: str, changed: dict[str, Any], code: str) -> None:
    wanted = {"to": "second", **LEAVE, **changed}
    assert code_of(lambda: desk.command(who, commands.delegate, **wanted)) == code


def test_two_do_not_stand_in_on_the_same_day(desk: DocumentsDesk) -> None:
    desk.command("officer", commands.delegate, to="second", **LEAVE)
    later = {**LEAVE, "valid_from": "2026-06-12", "until": "2026-06-20"}
    assert code_of(lambda: desk.command("officer", commands.delegate, to="head", **later)) == "delegation.overlap"
    desk.command("officer", commands.delegate, to="head", **{**later, "valid_from": "2026-06-13"})
    seen = {who: len(desk.query(who, queries.list_delegations)["items"]) for who in ("officer", "head", "teacher")}
    assert seen == {"officer": 2, "head": 2, "teacher": 0}


def test_a_desk_is_handed_over_whole(desk: DocumentsDesk) -> None:
    first, second = assigned(desk), assigned(desk)
    moving = {"of": "officer", "to": "second", "order_no": "50/2569", "reason": "ย้าย"}
    assert code_of(lambda: desk.command("second", commands.hand_over, **moving)) == "forbidden"
    assert code_of(lambda: desk.command("head", commands.hand_over, **{**moving, "reason": ""})) == "invalid"
    assert desk.command("head", commands.hand_over, **moving)["tasks"] == 2
    assert desk.query("officer", letters.list_tasks)["items"] == []
    taken = {one["letter_id"] for one in desk.query("second", letters.list_tasks)["items"]}
    assert taken == {first, second}
    assert {event["data"]["assignee_id"] for event in desk.events(TASK_MOVED.type)[-2:]} == {"second"}
    assert desk.command("head", commands.hand_over, **moving)["tasks"] == 0


def test_the_numbers_that_somebody_asked_for_are_handed_over_too(desk: DocumentsDesk) -> None:
    asked = desk.command("officer", requests.request_number, book_id=book("sent"), purpose="หนังสือตอบ")
    path = path_of(GROUP)
    left = {"staff_id": "officer", "unit": GROUP, "org_path": path, "state": "RETIRED", "grants": []}
    desk.tell(STAFF_RECORDED, "staff/officer", left, path, version=2)
    assert "officer" in {one["person_id"] for one in desk.query("head", queries.list_colleagues)["items"]}
    moving = {"of": "officer", "to": "second", "order_no": "50/2569", "reason": "เกษียณ"}
    given = desk.command("head", commands.hand_over, **moving)
    assert (given["tasks"], given["requests"]) == (0, 1)
    assert [row.change for row in desk.audited("number.hand_over")] == [{"from": "officer", "to": "second"}]
    waiting = {"book_id": book("sent")}
    assert [one["id"] for one in desk.query("second", books.list_requests, **waiting)["items"]] == [asked["id"]]
    granted = desk.command("registrar", requests.grant_request, request_id=asked["id"], **waiting)
    assert granted["state"] == "issued" and granted["requested_by"] == asked["requested_by"]
    assert "officer" not in {one["person_id"] for one in desk.query("head", queries.list_colleagues)["items"]}
    assert desk.command("head", commands.hand_over, **moving)["requests"] == 0


def test_who_could_stand_in_is_told_of_the_own_office_and_for_whom_one_may_say_so(desk: DocumentsDesk) -> None:
    def told(who: str) -> dict[str, bool]:
        return {one["person_id"]: one["is_own"] for one in desk.query(who, queries.list_colleagues)["items"]}

    office = {"registrar", "clerk", "officer", "second", "head", "director", "deputy", "auditor"}
    assert told("officer") == {one: one == "officer" for one in office}
    assert {one for one, is_own in told("head").items() if is_own} == {"head", "clerk", "officer", "second"}
    assert all(told("director").values()) and set(told("director")) == office
    assert told("teacher") == {"teacher": True, "schoolclerk": False}


def test_who_has_left_is_told_of_while_work_waits_for_them(desk: DocumentsDesk) -> None:
    assigned(desk)
    for who in ("officer", "second"):
        path = path_of(GROUP)
        left = {"staff_id": who, "unit": GROUP, "org_path": path, "state": "RETIRED", "grants": []}
        desk.tell(STAFF_RECORDED, f"staff/{who}", left, path, version=2)
    told = {one["person_id"]: one["in_service"] for one in desk.query("head", queries.list_colleagues)["items"]}
    assert (told["officer"], "second" in told) == (False, False)
    moving = {"of": "officer", "to": "clerk", "order_no": "50/2569", "reason": "เกษียณ"}
    assert desk.command("head", commands.hand_over, **moving)["tasks"] == 1


def test_it_is_said_who_may_end_a_delegation(desk: DocumentsDesk) -> None:
    desk.command("officer", commands.delegate, to="second", **LEAVE)
    seen = {who: desk.query(who, queries.list_delegations)["items"] for who in ("officer", "second", "head")}
    told = {who: items[0]["may_end"] for who, items in seen.items()}
    assert told == {"officer": True, "second": False, "head": True}
