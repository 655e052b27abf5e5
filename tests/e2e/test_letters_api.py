"""A received letter over the API: registered at the office and at a group, assigned, reported, closed; both modes."""

from __future__ import annotations

from typing import Any

import pytest

from shared.thai.collation import without_titles
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


def test_letters_keyed_in_as_a_table_are_found_by_whose_they_are(system: System) -> None:
    who = people(system)
    registrar, director, officer = who["registrar"], who["areadirector"], who["officer"]
    received_book(registrar, "office")
    new = {"kind": "local", "name": "องค์การบริหารส่วนตำบลม่วงยาย", "telephone": "๐ ๕๓๗๙ ๑๒๓๔"}
    contact = registrar.post("/contacts", new, expect=201)
    assert registrar.get("/contacts", q="ม่วง ยาย")["items"] == [{**contact, "telephone": "0 5379 1234"}]
    assert registrar.post("/contacts", {**new, "name": " องค์การบริหารส่วน ตําบลม่วงยาย"}, expect=409)["contact_id"]
    fields = {**{name: LETTER[name] for name in LETTER if name != "direction"}, "from": {"contact": contact["id"]}}
    rows = [
        {**fields, "subject": f"ตารางที่ {number}", "doc_no": str(number), "key": f"t{number}"} for number in (1, 2, 3)
    ]
    wrong = [{**rows[0]}, {**rows[1], "doc_date": "31/02/2569"}, {**rows[2]}]
    first = registrar.post("/letters/bulk", {"rows": wrong})
    assert (first["registered"], first["refused"]) == (2, 1)
    assert [error["pointer"] for error in first["rows"][1]["problem"]["errors"]] == ["doc_date"]
    again = registrar.post("/letters/bulk", {"rows": rows})
    numbers = [row["letter"]["numbers"][0]["no"] for row in again["rows"]]
    assert numbers[2] - numbers[0] == 1 and numbers[1] == numbers[2] + 1, "only the one that was put right is new"
    assert again["rows"][0]["letter"]["from"] == new["name"]
    letter = again["rows"][0]["letter"]["id"]
    registrar.post(f"/letters/{letter}/propose", {"summary": "เห็นควรมอบ"})
    order = {"responsible": [staff_id(officer)], "instruction": "ดำเนินการ"}
    assign = f"/letters/{letter}/assign"
    until(lambda: director.post(assign, order, expect=None).status_code == 200, what="the officer known")
    name = without_titles(officer.get("/me")["name"]).split()[0]
    for asked in ({"q": name}, {"q": f"{name} ตารางที่"}, {"assignee": name}, {"assignee": staff_id(officer)}):
        assert letter in [one["id"] for one in registrar.get("/letters", **asked)["items"]], asked
    assert registrar.get("/letters", assignee="ไม่มีใครชื่อนี้")["items"] == []
    near = registrar.get("/letters", q="องค์การบริหารส่วนตำบลมวงยาย")
    assert near["near"] and len(near["items"]) == 3
    view = {"name": "ของเขา", "filter": {"q": name, "sort": "-number"}}
    kept = registrar.post("/letters/views", view, expect=201)
    [counted] = registrar.get("/letters/views")["items"]
    assert counted["count"] == len(registrar.get("/letters", **kept["filter"])["items"]) > 0
    seen = {"expect": 200, "json": {"name": "ใหม่"}, "headers": {"If-Match": f'"{kept["etag"]}"'}}
    assert registrar.request("PATCH", f"/letters/views/{kept['id']}", **seen)["name"] == "ใหม่"
    assert officer.get("/letters/views")["items"] == []
    registrar.request("DELETE", f"/letters/views/{kept['id']}", expect=200)
    subjects = [one["subject"] for one in registrar.get("/letters", sort="subject", q="ตารางที่")["items"]]
    assert subjects == ["ตารางที่ 1", "ตารางที่ 2", "ตารางที่ 3"]


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
