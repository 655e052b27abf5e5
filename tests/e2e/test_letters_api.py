"""A received letter over the API: registered at the office and at a group, assigned, reported, closed; both modes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.running.api import Api
from tests.running.papers import a_page, text_of
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
    registrar, director, officer = who["registrar"], who["areadirector"], who["officer"]
    office, group = received_book(registrar, "office"), received_book(registrar, GROUP)
    letter = registrar.post("/letters", LETTER, expect=201)
    assert (letter["state"], letter["to"], letter["warnings"]) == ("ARRIVED", "สพป.เชียงราย เขต 4", [])
    place = f"/letters/{letter['id']}"
    given = registrar.post(f"{place}/register", {"book_id": office}, expect=201)
    assert registrar.post("/letters", LETTER, expect=409)["numbers"] == [given["display_no"]]
    registrar.post(f"{place}/forward", {"to": GROUP})
    registrar.post(f"{place}/register", {"book_id": group}, expect=201)
    registrar.post(f"{place}/propose", {"summary": "เห็นควรมอบเจ้าหน้าที่"})
    assert officer.get(place, expect=404)["code"] == "not_found"
    orders: dict[str, Any] = {"responsible": [staff_id(officer)], "instruction": "เข้าร่วมประชุม", "due": "2099-01-01"}
    until(lambda: director.post(f"{place}/assign", orders, expect=None).status_code == 200, what="the officer known")
    (task,) = officer.get("/tasks")["items"]
    assert (task["letter"]["id"], task["instruction"]) == (letter["id"], "เข้าร่วมประชุม")
    officer.post(f"{place}/accept")
    assert officer.post(f"{place}/report", {"report": "เข้าร่วมแล้ว"})["state"] == "REPORTED"
    assert director.post(f"{place}/close", {})["state"] == "CLOSED"
    moves = [step["move"] for step in who["auditor"].get(f"{place}/history")["items"]]
    assert moves == ["arrive", "register", "forward", "register", "propose", "assign", "start", "report", "close"]
    assert registrar.get(f"/books/{office}/integrity")["is_sound"]
    assert registrar.get(f"/books/{office}/entries")["items"][0]["for"] == "ขอเชิญประชุม"
    assert [one["id"] for one in registrar.get("/letters", q="ประชุม")["items"]] == [letter["id"]]
    assert officer.get("/letters", q="เชิญ", state="CLOSED")["items"][0]["id"] == letter["id"]


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


def test_a_letter_is_sent_round_read_with_its_file_and_taken_back(system: System) -> None:
    registrar, officer, director = (Api(system.url, name) for name in ("registrar", "officer", "areadirector"))
    office = received_book(registrar, "office")
    letter = registrar.post("/letters", {**LETTER, "subject": "แจ้งเวียนวันหยุด", "doc_no": "77"}, expect=201)
    place = f"/letters/{letter['id']}"
    number = registrar.post(f"{place}/register", {"book_id": office}, expect=201)["display_no"]
    file = {"file": ("หนังสือ.pdf", a_page())}
    kept = registrar.request("POST", f"{place}/attachments", expect=201, files=file, data={"role": "main"})
    readers = {"people": [staff_id(officer), staff_id(director)], "note": "โปรดทราบ"}
    until(lambda: registrar.post(f"{place}/circulate", readers, expect=None).status_code == 201, what="them known")
    assert registrar.post(f"{place}/circulate", readers, expect=409)["code"] == "circulation.nobody"
    waiting = officer.get("/circulars", unread=True)
    assert (waiting["unread_total"], waiting["items"][0]["letter"]["id"]) == (1, letter["id"])
    assert officer.get(place)["allowed"] == []
    assert officer.get(f"{place}/attachments/{kept['id']}", expect=None).content == file["file"][1]
    assert f"เลขรับ {number}" in text_of(officer.get(f"{place}/files/stamped.pdf", expect=None).content)
    more = {"files": {"file": ("เพิ่ม.pdf", a_page())}, "data": {"role": "enclosure"}}
    assert officer.request("POST", f"{place}/attachments", expect=403, **more)["code"] == "forbidden"
    opened = officer.post(f"{place}/read")
    assert officer.post(f"{place}/read") == opened
    assert officer.get("/circulars", unread=True)["items"] == []
    (sent,) = registrar.get(f"{place}/circulations")["items"]
    assert (sent["read"], sent["total"], sent["percent"], sent["note"]) == (1, 2, 50, "โปรดทราบ")
    taken_back = registrar.post(f"{place}/circulations/{sent['id']}/withdraw", {"reason": "แนบไฟล์ผิด"})
    assert taken_back["withdraw_reason"] == "แนบไฟล์ผิด"
    assert officer.get(place, expect=404)["code"] == "not_found"
    later = {**LETTER, "subject": "แก้ไขวันหยุด", "doc_no": "78", "refers_to": ["77"]}
    again = registrar.post("/letters", later, expect=201)
    thread = registrar.get(f"/letters/{again['id']}/thread")["items"]
    assert [one["id"] for one in thread] == [letter["id"], again["id"]]
    assert thread[1]["refers_to"] == [letter["id"]]


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
