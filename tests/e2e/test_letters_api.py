"""A received letter over the API: registered at the office and at a group, assigned, reported, closed; both modes."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest

from shared.clock import BANGKOK
from shared.thai.collation import without_titles
from tests.running.api import Api
from tests.running.old_registers import Amounts, as_csv, make
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


def test_the_reports_of_letters_say_what_was_done(system: System) -> None:
    """On the letter of the story above, in both modes."""
    director, registrar = Api(system.url, "areadirector"), Api(system.url, "registrar")
    officer = staff_id(Api(system.url, "officer"))
    until(lambda: director.get("/letter-reports/workload")["total"]["done"] == 1, what="the letter in the report")
    assert director.get("/letter-reports/workload", period="be_year")["total"]["received"] >= 2
    rows = director.get("/letter-reports/workload", by="person")["rows"]
    [busy] = [row for row in rows if row["person_id"] == officer]
    assert (busy["person_id"], busy["tasks_done"], busy["tasks_open"]) == (officer, 1, 0)
    assert busy["person"] == Api(system.url, "officer").get("/me")["name"], "names are put in for who may know them"
    assert [one["n"] for one in registrar.get("/letter-reports/turnaround")["rows"] if one["group"] == "ปกติ"] == [1] * 5
    late = {**LETTER, "subject": "ค้างมานาน", "doc_no": "1/2567", "received_at": "2026-01-05T09:00:00+07:00"}
    left = registrar.post("/letters", {**late, "doc_date": "2026-01-04", "register": True}, expect=201)

    def listed() -> list[Any]:
        rows: list[Any] = registrar.get("/letter-reports/overdue", by="letter")["rows"]
        return rows

    (row,) = until(listed, what="the letter that is late")
    number = left["numbers"][0]["display_no"]
    assert (row["letter_id"], row["letter"], row["subject"]) == (left["id"], number, "ค้างมานาน")
    query = {"expect": None, "by": "letter"}
    sheet = openpyxl.load_workbook(io.BytesIO(registrar.get("/letter-reports/overdue.xlsx", **query).content)).active
    (*_, titles, values) = sheet.iter_rows(values_only=True)
    assert titles[:2] == ("หนังสือ", "เรื่อง") and values[:2] == (number, "ค้างมานาน")
    written = registrar.get("/letter-reports/overdue.csv", **query)
    assert written.content.startswith(b"\xef\xbb\xbf") and "ค้างมานาน" in written.content.decode("utf-8-sig")
    assert Api(system.url, "officer").get("/letter-reports/workload", expect=403)["code"] == "forbidden"
    assert Api(system.url, "schoolclerk").get("/letter-reports/overdue", by="letter")["rows"] == []
    assert registrar.get("/letter-reports/nothing", expect=404)["code"] == "not_found"
    assert registrar.get("/letter-reports/workload", expect=422, period="week")["errors"][0]["pointer"] == "period"
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


def test_an_old_register_is_looked_at_and_then_taken_over_though_its_process_is_killed(system: System) -> None:
    clerk = Api(system.url, "schoolclerk")
    book = received_book(clerk, "57040001")
    table, planted = make(4, Amounts(rows=4_000, duplicates=2, letters=1, gaps=2, voids=3, bad_cells=2, bad_numbers=1))
    sent = {"files": {"file": ("ทะเบียนรับ.csv", as_csv(table))}}
    place = f"/books/{book}/imports"
    looked = clerk.request("POST", place, expect=200, **sent)
    assert (looked["id"], looked["dry_run"], looked["entered"]) == (None, True, 0)
    assert looked["counts"]["unreadable"] == len(planted.unreadable) and looked["sound"] > 3_500
    order = {"data": {"dry_run": "false"}, "headers": {"Idempotency-Key": "register-1"}, **sent}
    first, again = (clerk.request("POST", place, expect=202, **order) for _ in range(2))
    assert first["id"] == again["id"] and first["state"] == "READING", "sent twice, taken once"

    def found() -> Any:
        return clerk.get(f"{place}/{first['id']}")

    process = system.process_of("documents")
    process.kill()
    process.start()
    process.wait_ready()
    clerk = Api(system.url, "schoolclerk")
    until(lambda: found()["state"] not in ("READING", "ENTERING"), 60, what="the register in the book")
    report = found()
    assert (report["state"], report["entered"]) == ("DONE", looked["sound"])
    assert clerk.get(place)["items"][0] == report
    integrity = clerk.get(f"/books/{book}/integrity", be_year=2569)
    assert integrity["last_no"] == planted.last[2569] and integrity["duplicates"] == []
    counted = {"period": "be_year", "on": "2025-06-01"}
    until(lambda: clerk.get("/letter-reports/workload", **counted)["total"]["received"] > 0, what="them in a report")
    registrar = Api(system.url, "registrar")
    assert registrar.get(f"{place}/{first['id']}", expect=403)["code"] == "forbidden"
