"""What is personal stays sealed: shown for a reason and written down, readable with new keys, never without any."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import psycopg
import pytest
import requests

from shared.security.vault import SETTLE_SECONDS
from tests.running.api import Api
from tests.running.browser import Browser
from tests.running.dmc import school_file
from tests.running.people_lists import HEADERS, people_list, person, send, settled
from tests.running.rounds import open_round
from tests.running.system import EmbeddedSystem, ServicesSystem, System
from tests.running.waiting import until

OWN, OTHER, NAMED = "57040001", "57040002", "57040003"
CITIZEN_ID = "1570400000061"
PERSON = {
    "title": "นาง", "given_name": "ปิดมิดชิด", "family_name": "ไม่ให้ใครรู้", "citizen_id": "3570489566197",
    "email": "pit.mitchit@school.test", "phone": "0891234567",
}  # fmt: skip
REASON = {"reason": "ตรวจเลขประจำตัวกับทะเบียนบ้าน"}
SERVICES = ("schools", "documents", "rounds", "notifications", "reporting")


class Office:
    """A round in which one school sent a file with wrong ids; a person and a list of people were entered."""

    def __init__(self, system: System, folder: Path) -> None:
        self.system = system
        schools = [f"{role}-{smis}" for smis in (OWN, OTHER, NAMED) for role in ("data", "director")]
        self.people = {name: Api(system.url, name) for name in ("officer", "auditor", "admin", *schools)}
        self.round_id = open_round(self.people["officer"], school_codes=[OWN, OTHER, NAMED])
        # of seed 1 a pupil bears a name that is also part of a school's
        self.file = school_file(folder, OWN, pupils=25, seed=3, defects=("I03.digit", "C03.two-older")).path
        data = self.people[f"data-{OWN}"]
        self.submission = data.checked(data.upload(self.round_id, OWN, self.file)["id"])["id"]
        findings = data.get(f"/submissions/{self.submission}/findings")["items"]
        self.masked = next(item for item in findings if item["is_masked"])
        director = self.people[f"director-{OWN}"]
        self.person = director.post("/people", {**PERSON, "unit": OWN, "username": "pit.mitchit"}, expect=201)
        self.listed = dict(zip(HEADERS, person(1, อีเมล="dara@school.test", โทรศัพท์="0817654321"), strict=True))
        sent = send(director, people_list([list(self.listed.values())]), "รายชื่อครู.xlsx", "people")
        assert settled(director, sent["id"])["state"] == "CHECKED"

    def let_keys_settle(self) -> None:
        """It is so late that processes re-seal; who was signed in before signs in again."""
        self.system.move_clock(SETTLE_SECONDS + 5)
        self.people = {name: Api(self.system.url, name) for name in self.people}

    def reveal(self, who: str, body: Any, expect: int | None = None) -> Any:
        path = f"/submissions/{self.submission}/findings/{self.masked['id']}/reveal"
        return self.people[who].post(path, body, expect=expect)

    def fetch(self, who: str, body: Any) -> requests.Response:
        answer: requests.Response = self.people[who].post(f"/submissions/{self.submission}/download", body, expect=None)
        return answer

    def disclosures(self, who: str) -> list[dict[str, Any]]:
        return list(self.people[who].get("/disclosures", limit=200)["items"])


@pytest.fixture(scope="module")
def office(system: System, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    yield Office(system, tmp_path_factory.mktemp("files"))


def ids_and_names(file: Path) -> set[str]:
    """Every citizen id and every name of a pupil or parent in a DMC file."""
    rows = list(openpyxl.load_workbook(file).active.iter_rows(values_only=True))
    header = next(index for index, row in enumerate(rows) if "ชั้น" in row)
    wanted = [
        index
        for index, title in enumerate(rows[header])
        if title and (index == 2 or (str(title).startswith(("ชื่อ", "นามสกุล")) and title != "ชื่อโรงเรียน"))
    ]
    values = {str(row[index]) for row in rows[header + 1 :] for index in wanted if row[index]}
    return {value for value in values if len(value) >= 4 and not value.startswith("ไม่ปราก")}


def test_a_value_is_shown_outside_the_school_for_a_reason_only(office: Office) -> None:
    assert "x" in office.masked["value_masked"]
    refused = office.reveal("officer", {})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "reason")
    full = office.reveal("officer", REASON, 200)["value"]
    assert full in ids_and_names(office.file)
    assert office.reveal(f"data-{OWN}", {}, 200)["value"] == full, "the school needs no reason for its own data"


def test_a_value_is_shown_to_nobody_else(office: Office) -> None:
    for who, status in ((f"data-{OTHER}", 404), (f"director-{OTHER}", 404), ("auditor", 403), ("admin", 403)):
        assert office.reveal(who, REASON).status_code == status, who


def test_the_file_comes_back_as_it_was_sent(office: Office) -> None:
    answer = office.fetch("officer", REASON)
    assert answer.status_code == 200, answer.text
    assert answer.content == office.file.read_bytes()
    assert office.file.name in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert office.fetch("officer", {}).status_code == 422
    assert office.fetch(f"data-{OWN}", {}).content == office.file.read_bytes()
    assert office.fetch(f"data-{OTHER}", REASON).status_code == 404


def test_who_saw_what_is_written_down_for_those_whose_business_it_is(office: Office) -> None:
    office.reveal("officer", REASON, 200)
    office.fetch("officer", REASON)
    name = office.people["officer"].get("/me")["name"]
    for reader in ("auditor", "admin", f"director-{OWN}"):
        seen = [item for item in office.disclosures(reader) if item["actor_name"] == name]
        assert {"reveal.value", "reveal.file"} <= {item["action"] for item in seen}, reader
        assert {item["reason"] for item in seen} == {REASON["reason"]}
        assert {item["subject"] for item in seen} == {f"school/{OWN}"}
    assert office.disclosures(f"director-{OTHER}") == []
    for outsider in ("officer", f"data-{OWN}"):
        assert office.people[outsider].get("/disclosures", expect=None).status_code == 403


def test_an_id_typed_where_none_belongs_is_shown_to_nobody(office: Office, tmp_path: Path) -> None:
    """As the name of a file and in reasons: neither answers nor pages, messages and the log show it whole."""
    officer, director, data = (office.people[name] for name in ("officer", f"director-{NAMED}", f"data-{NAMED}"))
    school = f"/rounds/{office.round_id}/schools/{NAMED}"
    reason = {"reason": f"เลขประจำตัว {CITIZEN_ID} ไม่ตรงกับ 1-5704-00000-06-1"}
    file = tmp_path / f"{CITIZEN_ID}.xlsx"
    school_file(tmp_path, NAMED, pupils=12).path.rename(file)
    submission = data.checked(data.upload(office.round_id, NAMED, file)["id"])
    said: list[Any] = [submission, data.post(f"{school}/confirm"), officer.post(f"{school}/return", reason)]
    given = {"title": "นาย", "given_name": "ถูกล็อก", "family_name": "ก่อนลาออก"}
    person_id = director.post("/people", {**given, "unit": NAMED, "username": "locked.out"}, expect=201)["person_id"]
    grant = director.post(f"/people/{person_id}/grants", {"organisation": NAMED, "role": "teacher"}, expect=201)
    said.append(director.post(f"/grants/{grant['grant_id']}/end", reason))
    said.append(director.post(f"/people/{person_id}/account/lock", reason))
    said.append(director.post(f"/people/{person_id}/retire", reason))
    listed = send(director, people_list([person(2)]), file.name, "people")
    said.append(settled(director, listed["id"]))
    inbox = until(lambda: [one for one in data.get("/inbox")["items"] if "ไม่ตรง" in one["body"]], what="the message")
    answers = [school, f"{school}/history", f"/submissions/{submission['id']}", f"/rounds/{office.round_id}/progress"]
    for reader in (officer, director, data, office.people["auditor"]):
        said += [reader.get(path) for path in answers]
    said += [inbox, *(director.get(f"/people/{person_id}{ending}") for ending in ("", "/grants"))]
    said += [director.get("/imports"), *(office.people[who].get("/audit", limit=200) for who in ("auditor", "admin"))]
    told = [json.dumps(answer, ensure_ascii=False) for answer in said]
    pages = {
        "officer": [school, f"/rounds/{office.round_id}"],
        f"data-{NAMED}": ["/", school, "/inbox"],
        f"director-{NAMED}": [f"/people/{person_id}", "/imports", f"/imports/{listed['id']}", school, "/inbox"],
        "auditor": ["/audit"],
    }
    for who, paths in pages.items():
        browser = Browser(office.system.url, who)
        for page in map(browser.get, paths):
            assert page.status_code == 200, page.url
            told.append(page.text)
    shown = [text[max(0, place - 60) : place + 40] for text in told for place in places_of(text)]
    assert shown == []
    assert sum("1-5704-xxxxx-xx-1" in text for text in told) > 12


def places_of(text: str) -> Iterator[int]:
    """Where the id stands whole, as digits alone or with its hyphens."""
    for form in (CITIZEN_ID, "1-5704-00000-06-1"):
        if form in text:
            yield text.index(form)


def test_the_log_is_read_page_by_page_without_gaps(office: Office) -> None:
    auditor = office.people["auditor"]
    whole = auditor.get("/audit", limit=200)
    assert whole["unavailable"] == []
    assert {"rounds", "schools"} <= {item["service"] for item in whole["items"]}
    assert [item["at"] for item in whole["items"]] == sorted((item["at"] for item in whole["items"]), reverse=True)
    seen: list[str] = []
    cursor = None
    while len(seen) < 40:
        found = auditor.get("/audit", limit=7, **({"cursor": cursor} if cursor else {}))
        seen += [item["id"] for item in found["items"]]
        cursor = found["next_cursor"]
        if cursor is None:
            break
    wanted = [item["id"] for item in whole["items"]][: len(seen)]
    assert seen[-len(wanted) :] and set(wanted) <= set(seen)
    assert len(seen) == len(set(seen))
    for wrong in ({"since": "ไม่ใช่วันที่"}, {"cursor": "ไม่ใช่ที่"}):
        assert auditor.get("/audit", expect=None, **wrong).status_code == 422


def test_the_log_is_sound(office: Office) -> None:
    assert office.system.khet("audit", "verify").count(": sound;") == len(SERVICES)


def test_keys_change_while_people_work_and_nothing_is_lost(office: Office, tmp_path: Path) -> None:
    """Uploads and reveals go on during a rotation; when all is sealed anew, the older keys may go."""
    before = office.reveal("officer", REASON, 200)["value"]
    errors: list[BaseException] = []
    settle, stop = threading.Event(), threading.Event()

    def work() -> None:
        try:
            for number in range(100):
                if stop.is_set():
                    return
                if settle.is_set():
                    office.let_keys_settle()
                    settle.clear()
                data = office.people[f"data-{OTHER}"]
                file = school_file(tmp_path, OTHER, pupils=12, seed=100 + number).path
                data.checked(data.upload(office.round_id, OTHER, file)["id"])
                assert office.reveal("officer", REASON, 200)["value"] == before
        except BaseException as error:
            errors.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        office.system.khet("keys", "rotate")
        refused = pytest.raises(subprocess.CalledProcessError)
        with refused as caught:
            office.system.khet("keys", "prune", "--yes", "incoming")
        assert "incoming" in caught.value.stderr, "files may still come in under the older key"
        with refused as caught:
            office.system.khet("keys", "prune", "--yes", "schools")
        assert "schools" in caught.value.stderr
        settle.set()
        # a login that is under way when the clock is moved has expired when it is answered
        until(lambda: not settle.is_set(), 60, "the clock moved")
        until(lambda: "still sealing" not in office.system.khet("keys", "status"), 60, "everything sealed anew")
    finally:
        stop.set()
        worker.join()
    assert errors == []
    older = office.system.khet("keys", "status")
    assert "older: k" in older
    office.system.khet("keys", "prune", "--yes", *SERVICES, "incoming")
    until(lambda: "older: k" not in office.system.khet("keys", "status"), 10, "the older keys gone")
    assert office.reveal("officer", REASON, 200)["value"] == before
    assert office.fetch("officer", REASON).content == office.file.read_bytes()
    assert Api(office.system.url, "officer").get("/me")["name"]
    assert office.system.khet("audit", "verify").count(": sound;") == len(SERVICES)


def everything_stored(system: System) -> Iterator[tuple[str, bytes]]:
    """The bytes of every file of the system but its keys: databases, files, logs; of PostgreSQL, every row as text."""
    keys = system.folder / "data" / "secrets"
    for path in system.folder.rglob("*"):
        if path.is_file() and not path.is_relative_to(keys):
            yield str(path), path.read_bytes()
    if isinstance(system, ServicesSystem):
        for service in SERVICES:
            yield from rows_of(system.database_url(service).replace("postgresql+psycopg", "postgresql"))


def rows_of(dsn: str) -> Iterator[tuple[str, bytes]]:
    with psycopg.connect(dsn) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            rows = connection.execute(f'SELECT t::text FROM "{table}" t').fetchall()  # noqa: S608 - the catalogue's names
            yield f"{dsn} {table}", "\n".join(row for (row,) in rows).encode()


def test_a_stolen_database_and_file_store_show_no_id_and_no_name(office: Office) -> None:
    staff = {part for api in office.people.values() for part in api.get("/me")["name"].split() if "สาธิต" not in part}
    entered = {PERSON[name] for name in ("given_name", "family_name", "citizen_id", "email", "phone")}
    listed = {office.listed[name] for name in ("ชื่อ", "นามสกุล", "เลขประจำตัวประชาชน", "อีเมล", "โทรศัพท์")}
    wanted = ids_and_names(office.file) | staff | entered | listed | {CITIZEN_ID}
    assert len(wanted) > 60
    stolen = list(everything_stored(office.system))
    assert sum(len(content) for _, content in stolen) > 100_000
    assert any(place.endswith(".log") and content for place, content in stolen)
    shown = {
        (place, value)
        for place, content in stolen
        for value in wanted
        if value.encode() in content or value.encode("utf-16-le") in content
    }
    assert shown == set()


def test_a_log_that_was_touched_is_found_by_the_command(office: Office) -> None:
    """Last: it leaves the log of this system broken."""
    statement = "UPDATE audit SET reason = 'อื่น' WHERE action = 'reveal.file'"
    if isinstance(office.system, EmbeddedSystem):
        with sqlite3.connect(office.system.folder / "data" / "db" / "rounds.sqlite", timeout=30) as connection:
            connection.execute(statement)
    elif isinstance(office.system, ServicesSystem):
        with psycopg.connect(office.system.database_url("rounds").replace("postgresql+psycopg", "postgresql")) as pg:
            pg.execute(statement)
    with pytest.raises(subprocess.CalledProcessError) as caught:
        office.system.khet("audit", "verify", "--service", "rounds")
    assert caught.value.returncode == 1
    assert "changed: row" in caught.value.stdout
