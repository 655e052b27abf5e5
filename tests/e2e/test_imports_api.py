"""Imports over HTTP: a list from its file to the register, hostile files at this door too, kill -9 in the middle."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from openpyxl import load_workbook

from tests.running import emis, hostile
from tests.running.api import Api
from tests.running.events import events_of
from tests.running.people_lists import (
    HEADERS,
    WORKING,
    citizen_id,
    many,
    people_list,
    person,
    rows_of,
    send,
    settled,
)
from tests.running.system import EmbeddedSystem, System, running
from tests.running.waiting import until

OWN, OTHER = "57040001", "57040002"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NUMBERS = iter(range(500_000, 10_000_000, 1000))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedSystem]:
    with running(EmbeddedSystem(tmp_path_factory.mktemp("office"))) as started:
        yield started


@pytest.fixture(scope="module")
def admin(office: EmbeddedSystem) -> Api:
    return Api(office.url, "admin")


@pytest.fixture(scope="module")
def director(office: EmbeddedSystem) -> Api:
    return Api(office.url, f"director-{OWN}")


@pytest.fixture
def first() -> int:
    """A number from which on nobody else numbers people."""
    return next(NUMBERS)


def refused(answer: requests.Response, status: int, code: str) -> Any:
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), answer.text
    assert any("\u0e01" <= letter <= "\u0e5b" for letter in problem["title"]), problem
    return problem


def sheet_of(answer: requests.Response) -> Any:
    assert answer.headers["Content-Type"] == XLSX
    assert "attachment" in answer.headers["Content-Disposition"]
    return load_workbook(io.BytesIO(answer.content)).worksheets[0]


def test_a_list_from_the_form_to_the_register(admin: Api, first: int) -> None:
    kinds = {kind["kind"]: kind for kind in admin.get("/imports/kinds")["items"]}
    assert set(kinds) == {"people", "schools"}
    form = sheet_of(admin.request("GET", "/imports/templates/people.xlsx"))
    headers = [cell.value for cell in form[1]]
    assert headers == [column["header"] for column in kinds["people"]["columns"] if column["meaning"]]

    rows = [person(first), person(first + 1, โทรศัพท์=812345678), person(first + 2, บทบาท="พ่อบ้าน")]
    received = send(admin, people_list(rows, title="รายชื่อ"), "ครู.xlsx", "people")
    assert received["state"] == "RECEIVED"
    checked = settled(admin, received["id"])
    assert (checked["state"], checked["counts"]["rows_in"]) == ("CHECKED", 5)
    assert checked["repairs"] == [
        {"repair": "pad", "reasons": ["เติม 0 ข้างหน้าที่โปรแกรมตารางคำนวณตัดออก"], "total": 1, "undecided": 1}
    ]
    place = f"/imports/{received['id']}"
    decided = admin.request(
        "POST", f"{place}/decisions", json={"decisions": [{"row_id": "1-4", "key": "phone", "accept": True}]},
        headers={"If-Match": f'"{checked["etag"]}"'},
    )  # fmt: skip
    assert decided.status_code == 202, decided.text
    assert [row["verdict"] for row in rows_of(admin, settled(admin, received["id"])["id"])] == [
        "SKIPPED", "SKIPPED", "NEW", "NEW", "ERROR",
    ]  # fmt: skip
    stale = {"If-Match": f'"{checked["etag"]}"'}
    refused(admin.request("POST", f"{place}/apply", headers=stale), 412, "precondition.stale")
    admin.post(f"{place}/apply", expect=202)
    applied = settled(admin, received["id"])
    assert applied["state"] == "APPLIED"
    assert [applied["counts"][f"outcome_{outcome}"] for outcome in ("APPLIED", "LEFT", "SKIPPED")] == [2, 1, 2]
    assert admin.post(f"{place}/apply", expect=202)["state"] == "APPLIED"
    assert settled(admin, received["id"])["counts"] == applied["counts"]
    refused(admin.request("POST", f"{place}/cancel"), 409, "import.state")
    refused(admin.request("POST", f"{place}/decisions", json={"groups": [{"repair": "pad", "accept": True}]}), 409,
            "import.state")  # fmt: skip

    slips = admin.post("/people/password-slips", {"person_ids": applied["without_password"]})["items"]
    assert {slip["username"] for slip in slips} == {f"dara{first}", f"dara{first + 1}"}
    assert admin.get(place)["without_password"] == []
    assert Api(admin.url, slips[0]["username"], slips[0]["password"]).tokens["access_token"]

    report = sheet_of(admin.request("GET", f"{place}/report.xlsx"))
    written = [[cell.value for cell in row] for row in report.iter_rows()]
    assert [row[3] for row in written[3:]] == [
        "ไม่ใช่แถวข้อมูล", "ไม่ใช่แถวข้อมูล", "นำเข้าแล้ว", "นำเข้าแล้ว", "ไม่นำเข้า มีข้อผิดพลาด",
    ]  # fmt: skip
    assert not any(citizen_id(first + number) in str(cell) for row in written for cell in row for number in range(3))


def test_progress_is_followed_until_nothing_is_being_done(admin: Api, first: int) -> None:
    received = send(admin, people_list(list(many(first, 40))), "a.xlsx", "people")
    names, last = follow(admin, received["id"])
    assert names == ["progress"] * (len(names) - 1) + ["done"]
    assert (last["state"], last["counts"]["NEW"]) == ("CHECKED", 40)
    admin.post(f"/imports/{received['id']}/apply", expect=202)
    names, last = follow(admin, received["id"])
    assert (names[-1], last["state"], last["progress"]["done"]) == ("done", "APPLIED", 40)


def follow(api: Api, import_id: str) -> tuple[list[str], Any]:
    with api.session.get(f"{api.url}/api/v1/imports/{import_id}/events", stream=True, timeout=60) as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        events = list(events_of(answer))
    return [name for name, _ in events], events[-1][1]


def test_one_key_takes_a_file_once(admin: Api, first: int) -> None:
    content = people_list([person(first)])
    key = {"Idempotency-Key": f"import-{first}"}
    sent = {"data": {"kind": "people"}, "headers": key}
    answers = [
        admin.request("POST", "/imports", expect=202, files={"file": ("a.xlsx", content)}, **sent) for _ in range(2)
    ]
    assert answers[0]["id"] == answers[1]["id"]
    problem = refused(
        send(admin, content, "b.xlsx", "people", expect=None), 409, "import.same_file"
    )
    assert problem["import_id"] == answers[0]["id"]


def test_a_director_imports_for_the_own_school_and_sees_no_others(admin: Api, director: Api, first: int) -> None:
    own = settled(director, send(director, people_list([person(first, หน่วยงาน="")]), "a.xlsx", "people")["id"])
    assert own["organisation"]["code"] == OWN
    areas = settled(admin, send(admin, people_list([person(first + 1)]), "b.xlsx", "people")["id"])
    other = Api(admin.url, f"director-{OTHER}")
    for api, import_id in ((director, areas["id"]), (other, own["id"])):
        for path in ("", "/rows", "/report.xlsx", "/events"):
            refused(api.request("GET", f"/imports/{import_id}{path}"), 404, "not_found")
        for path in ("/apply", "/cancel"):
            refused(api.request("POST", f"/imports/{import_id}{path}"), 404, "not_found")
    refused(send(director, people_list([person(first)]), "c.xlsx", "people", expect=None, smis=OTHER), 403, "forbidden")
    refused(send(director, emis.emis_list(), "d.xls", "schools", expect=None), 403, "forbidden")
    assert [kind["kind"] for kind in director.get("/imports/kinds")["items"]] == ["people"]
    for username in ("officer", f"data-{OWN}", "auditor", "ops"):
        refused(Api(admin.url, username).request("GET", "/imports"), 403, "forbidden")


@pytest.mark.parametrize(
    ("form", "files", "pointer"),
    [
        ({"kind": "people"}, None, "file"),
        ({"kind": "pupils"}, {"file": ("a.csv", b"a,b\n")}, "kind"),
        ({}, {"file": ("a.csv", b"a,b\n")}, "kind"),
        ({"kind": "people", "smis": "123456789"}, {"file": ("a.csv", b"a,b\n")}, "smis"),
        ({"kind": "people", "colour": "red"}, {"file": ("a.csv", b"a,b\n")}, "colour"),
        ({"kind": "people"}, {"datei": ("a.csv", b"a,b\n")}, "datei"),
        ({"kind": "people"}, [("file", ("a.csv", b"a,b\n")), ("file", ("b.csv", b"c,d\n"))], "file"),
    ],
)
def test_what_was_left_out_or_is_too_much_is_named(admin: Api, form: dict[str, str], files: Any, pointer: str) -> None:
    answer = admin.request("POST", "/imports", data=form, files=files) if files else admin.request(
        "POST", "/imports", json=form
    )
    assert refused(answer, 422, "invalid")["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize("import_id", ["0", "x" * 200, "%00", "..%2F..", "ก", "{import_id}", "'%20OR%201=1--"])
def test_wrong_ids_are_not_found(admin: Api, import_id: str) -> None:
    for path in ("", "/rows", "/report.xlsx"):
        assert admin.request("GET", f"/imports/{import_id}{path}").status_code in (400, 404)
    assert admin.request("GET", "/imports/templates/nothing.xlsx").status_code == 404


# hostile files: turned away at the door


def always(content: bytes) -> Callable[[bytes], bytes]:
    return lambda _clean: content


AT_THE_DOOR: dict[str, tuple[str, Callable[[bytes], bytes], str, int]] = {
    "an empty file": ("empty", always(b""), "a.xlsx", 422),
    "a picture called xlsx": ("type", always(hostile.PNG), "a.xlsx", 415),
    "a PDF called csv": ("type", always(hostile.PDF), "a.csv", 415),
    "a Word document called xlsx": ("type", lambda _: hostile.docx(), "a.xlsx", 415),
    "a text called xlsx": ("extension", always(b"a,b\n1,2\n"), "a.xlsx", 415),
    "a workbook called csv": ("extension", lambda clean: clean, "a.csv", 415),
    "half a workbook": ("unreadable", lambda clean: clean[: len(clean) // 2], "a.xlsx", 422),
    "a workbook with a password": ("encrypted", lambda _: hostile.encrypted_workbook(), "a.xlsx", 422),
    "an old workbook with a password": ("encrypted", lambda _: hostile.locked_old_workbook(), "a.xls", 422),
    "a bomb by its ratio": ("bomb", hostile.bomb_by_ratio, "a.xlsx", 422),
    "a bomb by its size": ("bomb", hostile.bomb_by_size, "a.xlsx", 422),
    "a bomb by the number of its parts": ("bomb", hostile.bomb_by_number, "a.xlsx", 422),
    "a bomb of overlapping parts": ("bomb", hostile.bomb_by_overlap, "a.xlsx", 422),
    "two parts of one name": ("bomb", hostile.two_of_one_name, "a.xlsx", 422),
    "more than 20 MB": ("too_large", lambda _: hostile.too_big(), "a.csv", 413),
}


@pytest.mark.parametrize("what", AT_THE_DOOR)
def test_turned_away_at_the_door(admin: Api, first: int, what: str) -> None:
    cause, make, name, status = AT_THE_DOOR[what]
    before = admin.get("/imports", limit=200)["items"]
    answer = send(admin, make(people_list([person(first)])), name, "people", expect=None)
    refused(answer, status, f"F01.{cause}")
    assert admin.get("/imports", limit=200)["items"] == before


# hostile files: what only reading shows

WHEN_READ: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "a part that unpacks to more than it says": ("F01.bomb", hostile.bomb_by_lie),
    "a value at XFD1048576": ("F01.range", hostile.with_far_cell),
    "an external entity": ("F01.bomb", lambda clean: hostile.with_doctype(clean, hostile.SHEET, hostile.XXE)),
    "a billion laughs": ("F01.bomb", lambda clean: hostile.with_doctype(clean, hostile.SHEET, hostile.LAUGHS)),
    "a sheet that breaks off": (
        "F01.unreadable",
        lambda clean: hostile.rewritten(clean, {hostile.SHEET: hostile.part(clean)[:1200]}),
    ),
    "no header": ("import.columns", always(emis.workbook([["a", "b"], ["1", "2"]]))),
    "too many rows": ("import.too_many_rows", always(emis.workbook([HEADERS, *[["x"]] * 5000]))),
    "pages of nothing": ("import.columns", always(emis.workbook([[None]]))),
}


@pytest.mark.parametrize("what", WHEN_READ)
def test_rejected_when_it_is_read(admin: Api, first: int, what: str) -> None:
    code, make = WHEN_READ[what]
    found = settled(admin, send(admin, make(people_list([person(first)])), "a.xlsx", "people")["id"])
    assert (found["state"], found["fault"]["code"]) == ("REJECTED", code), found
    assert any("\u0e01" <= letter <= "\u0e5b" for letter in found["fault"]["detail"])
    assert "root:" not in json.dumps(found)
    refused(admin.request("POST", f"/imports/{found['id']}/apply"), 409, "import.state")
    refused(admin.request("GET", f"/imports/{found['id']}/report.xlsx"), 409, "import.not_checked")


def test_a_page_that_is_called_xls_and_is_no_list_is_rejected(admin: Api) -> None:
    for content, code in (
        (b"<html><p>no table</p></html>", "F01.unreadable"),
        (b"<!doctype html><table></table>", "F01.unreadable"),
        (b"<table><tr><td>1<td>2</table>", "import.columns"),
    ):
        found = settled(admin, send(admin, content, "a.xls", "schools")["id"])
        assert (found["state"], found["fault"]["code"]) == ("REJECTED", code)


def test_a_script_in_a_list_is_text(admin: Api) -> None:
    script = "<script>alert(1)</script>"
    rows = [emis.emis_row(1, emis.public_schools()[0], ภาษาอังกฤษ=script)]
    import_id = settled(admin, send(admin, emis.emis_html(rows), "a.xls", "schools")["id"])["id"]
    (row,) = rows_of(admin, import_id, verdict="CHANGE")
    assert [change["after"] for change in row["changes"] if change["field"] == "name_en"] == [script]
    admin.post(f"/imports/{import_id}/cancel")


# kill -9


def test_killed_in_the_middle_each_row_is_applied_once(system: System, first: int) -> None:
    """In both modes: the process that applies dies, starts again, and goes on where it stood."""
    count = 60
    admin = Api(system.url, "admin")
    found = settled(admin, send(admin, people_list(list(many(first, count))), "a.xlsx", "people")["id"])
    assert found["counts"]["NEW"] == count
    admin.post(f"/imports/{found['id']}/apply", expect=202)
    until(lambda: admin.get(f"/imports/{found['id']}")["progress"]["done"] > 5, 60, "some rows")
    process = system.process_of("schools")
    process.kill()
    process.start()
    process.wait_ready()
    admin = Api(system.url, "admin")
    state = until(lambda: admin.get(f"/imports/{found['id']}"), 30, "the import")["state"]
    assert state in WORKING | {"APPLIED"}
    applied = settled(admin, found["id"], 240)
    assert (applied["state"], applied["counts"]["outcome_APPLIED"]) == ("APPLIED", count)
    assert len(set(applied["created"])) == count
    outcomes = Counter(row["outcome"] for row in rows_of(admin, found["id"]))
    assert outcomes == {"APPLIED": count, "SKIPPED": 1}
    people = admin.get("/people", q="สมมติชน", limit=1)
    assert people["total"] >= count
