"""A received letter over the API: registered at the office and at a group, assigned, reported, closed; both modes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from shared.clock import BANGKOK
from tests.running.api import Api
from tests.running.papers import a_letter, a_page, text_of
from tests.running.system import System
from tests.running.waiting import until

GROUP = "5704-g-admin"
LETTER = {
    "direction": "in", "kind": "external", "subject": "ขอเชิญประชุม", "from": "สพฐ.", "to": {"unit": "5704"},
    "doc_no": "ศธ 04006/ว 12", "doc_date": "2026-06-08", "speed": "normal", "secrecy": "none", "channel": "email",
}  # fmt: skip


def people(system: System) -> dict[str, Api]:
    return {name: Api(system.url, name) for name in ("registrar", "areadirector", "officer", "auditor", "admin")}


def received_book(api: Api, owner: str) -> str:
    """The id of a unit's received book, as soon as the service has heard of the unit."""

    def found() -> str | None:
        items = api.get("/books", owner=owner)["items"]
        return next((item["id"] for item in items if item["kind"] == "received"), None)

    return str(until(found))


def staff_id(api: Api) -> str:
    return str(api.get("/me")["person_id"])


@pytest.mark.usefixtures("system")
def test_the_story_of_a_received_letter(system: System) -> None:
    who = people(system)
    registrar, director, officer, auditor = who["registrar"], who["areadirector"], who["officer"], who["auditor"]
    office, group = received_book(registrar, "office"), received_book(registrar, GROUP)
    letter = registrar.post("/letters", LETTER, expect=201)
    assert (letter["state"], letter["to"], letter["warnings"]) == ("ARRIVED", "สพป.เชียงราย เขต 4", [])
    place = f"/letters/{letter['id']}"
    registrar.request("POST", f"{place}/attachments", expect=201, files={"file": ("หนังสือ.pdf", a_letter())})
    given = registrar.post(f"{place}/register", {"book_id": office}, expect=201)
    assert registrar.post("/letters", LETTER, expect=409)["numbers"] == [given["display_no"]]
    stamped(registrar, place, given)
    registrar.post(f"{place}/forward", {"to": GROUP})
    registrar.post(f"{place}/register", {"book_id": group}, expect=201)
    assert text_of(registrar.get(f"{place}/files/stamped.pdf", expect=None).content).count("เลขรับ") == 2
    [decider] = [one for one in registrar.get(place)["propose_to"] if one["person_id"] == staff_id(director)]
    # the group has no head: on nobody's desk, though the director may decide
    assert not decider["is_here"]
    registrar.post(f"{place}/propose", {"summary": "เห็นควรมอบเจ้าหน้าที่", "to": decider["person_id"]})
    assert officer.get(place, expect=404)["code"] == "not_found"
    both = [staff_id(officer), staff_id(registrar)]
    orders = {"responsible": both, "instruction": "เข้าร่วมประชุม", "due": "2099-01-01"}
    acting = away(director, staff_id(officer), "acting")
    until(lambda: officer.post(f"{place}/assign", orders, expect=None).status_code == 200, what="who stands in known")
    director.post(f"/delegations/{acting}/revoke")
    (word,) = officer.get(place)["endorsements"]
    assert word["capacity"] == "รักษาราชการแทนผู้อำนวยการเขต"
    (task,) = officer.get("/tasks")["items"]
    assert (task["letter"]["id"], task["instruction"]) == (letter["id"], "เข้าร่วมประชุม")
    officer.post(f"{place}/accept")
    assert officer.post(f"{place}/report", {"report": "เข้าร่วมแล้ว"})["state"] == "IN_PROGRESS"
    assert registrar.post(f"{place}/report", {"report": "ประสานแล้ว"})["state"] == "REPORTED"
    assert director.post(f"{place}/close", {})["state"] == "CLOSED"
    moves = [step["move"] for step in auditor.get(f"{place}/history")["items"]]
    assert moves == [
        "arrive", "attach", "register", "forward", "register", "propose", "assign", "start", "report", "close"
    ]  # fmt: skip
    assert registrar.get(f"/books/{office}/integrity")["is_sound"]
    assert registrar.get(f"/books/{office}/entries")["items"][0]["for"] == "ขอเชิญประชุม"
    assert "ขอเชิญประชุม" in text_of(registrar.get(f"/books/{office}/register.pdf", expect=None).content)
    assert [one["id"] for one in registrar.get("/letters", q="ประชุม")["items"]] == [letter["id"]]
    assert officer.get("/letters", q="เชิญ", state="CLOSED")["items"][0]["id"] == letter["id"]


def stamped(registrar: Api, place: str, given: dict[str, Any]) -> None:
    """Where a stamp covers nothing is told, and there it goes; over text it goes elsewhere."""
    entry = {"entry_id": given["entry_id"], "page": 1}
    look = registrar.get(f"{place}/stamps/{given['entry_id']}")
    assert look["corners"][0]["corner"] == "upper_right"
    assert (look["free"][80][10], look["free"][40][20]) == ("1", "0")
    for x, y, outcome in ((20, 40, "moved"), (10, 80, "kept")):
        registrar.post(f"{place}/stamps", {**entry, "x": x, "y": y})
        [stamp] = registrar.get(f"{place}/stamps/{given['entry_id']}")["stamps"]
        assert stamp["outcome"] == outcome
    picture = registrar.get(f"{place}/files/page.webp", expect=None)
    assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/webp")


def away(director: Api, stand_in: str, capacity: str) -> str:
    """Somebody stands in yesterday, today and tomorrow; the id of that."""
    today, day = dt.datetime.now(BANGKOK).date(), dt.timedelta(days=1)
    days = {"from": str(today - day), "until": str(today + day), "order_no": "7/2569"}
    return str(director.post("/delegations", {**days, "to": stand_in, "capacity": capacity}, expect=201)["id"])


def proposed(registrar: Api, subject: str) -> str:
    """A letter of the office that waits for its director; its address."""
    letter = registrar.post("/letters", {**LETTER, "subject": subject, "doc_no": subject, "register": True}, expect=201)
    registrar.post(f"/letters/{letter['id']}/propose", {"summary": "เพื่อโปรดพิจารณา"})
    return f"/letters/{letter['id']}"


def test_who_stands_in_decides_while_the_order_lasts_and_no_longer(system: System) -> None:
    """A stand-in without a deciding role of their own: what they write says as what (correspondence.md §3.4)."""
    who = people(system)
    registrar, director, officer = who["registrar"], who["areadirector"], who["officer"]
    assigned, noted, later = (proposed(registrar, f"ผู้อำนวยการลา {number}") for number in range(3))
    order = {"responsible": [staff_id(registrar)], "instruction": "ดำเนินการ"}
    assert officer.post(f"{assigned}/assign", order, expect=404)["code"] == "not_found"
    given = ""
    for capacity, printed, letter, step, body in (
        ("acting", "รักษาราชการแทนผู้อำนวยการเขต", assigned, "assign", order),
        ("on_behalf", "ปฏิบัติราชการแทนผู้อำนวยการเขต", noted, "endorse", {"verdict": "approve"}),
    ):
        if given:
            director.post(f"/delegations/{given}/revoke")
        given = away(director, staff_id(officer), capacity)
        assert step in officer.get(letter)["allowed"]
        officer.post(f"{letter}/{step}", body)
        (word,) = director.get(letter)["endorsements"]
        assert word["capacity"] == printed
    assert "endorse" in officer.get(later)["allowed"]
    director.post(f"/delegations/{given}/revoke")
    for step, body in (("assign", order), ("endorse", {"verdict": "approve"}), ("return", {"reason": "ไม่ใช่ของเรา"})):
        assert officer.post(f"{later}/{step}", body, expect=404)["code"] == "not_found"


def test_a_file_comes_back_stamped_and_the_register_on_paper(system: System) -> None:
    registrar = Api(system.url, "registrar")
    office = received_book(registrar, "office")
    letter = registrar.post("/letters", {**LETTER, "subject": "มีไฟล์แนบ", "doc_no": "99"}, expect=201)
    place = f"/letters/{letter['id']}"
    sent = {"file": ("หนังสือ.pdf", a_page())}
    kept = registrar.request("POST", f"{place}/attachments", expect=201, files=sent, data={"role": "main"})
    assert (kept["kind"], kept["pages"]) == ("pdf", 1)
    assert registrar.get(f"{place}/files/stamped.pdf", expect=409)["code"] == "attachment.unstampable"
    number = registrar.post(f"{place}/register", {"book_id": office}, expect=201)["display_no"]
    stamped = registrar.get(f"{place}/files/stamped.pdf", expect=None)
    assert stamped.headers["Content-Type"] == "application/pdf"
    assert f"เลขรับ {number}" in text_of(stamped.content)
    assert registrar.get(f"{place}/attachments/{kept['id']}", expect=None).content == sent["file"][1]
    assert Api(system.url, "officer").get(f"{place}/files/stamped.pdf", expect=404)["code"] == "not_found"
    register = registrar.get(f"/books/{office}/register.pdf", expect=None).content
    assert "มีไฟล์แนบ" in text_of(register) and "ทะเบียนหนังสือรับ" in text_of(register)
    table = registrar.get(f"/books/{office}/register.csv", expect=None).content.decode("utf-8-sig")
    assert "มีไฟล์แนบ" in table


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"speed": "fast"}, "speed"),
        ({"secrecy": "confidential"}, "secrecy"),
        ({"subject": ""}, "subject"),
        ({"from": {"contact": "x"}}, "from"),
        ({"doc_date": "31/02/2569"}, "doc_date"),
        ({"direction": "sideways"}, "direction"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_numbered(system: System, changed: dict[str, Any], pointer: str) -> None:
    registrar = Api(system.url, "registrar")
    answer = registrar.post("/letters", {**LETTER, **changed}, expect=422)
    assert [error["pointer"] for error in answer["errors"]] == [pointer]
