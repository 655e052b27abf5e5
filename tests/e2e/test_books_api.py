"""Numbers over HTTP in both modes: many at once across the new year, with a process that is killed, sent twice."""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import requests

from shared.clock import BANGKOK
from shared.thai.dates import be_year
from tests.bench.pages import signed_in
from tests.running.api import Api
from tests.running.system import ServicesSystem, System
from tests.running.waiting import until

KINDS = ("sent", "circular", "order", "certificate")
AT_ONCE = 16


def now() -> dt.datetime:
    return dt.datetime.now(BANGKOK)


class Books:
    """The registrar of a running office, who wants numbers of four books at once."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.api = Api(system.url, "registrar")
        self.ids = {one["kind"]: one["id"] for one in self.api.get("/books", owner="office")["items"]}
        self.asked = count()

    def issue(self, kind: str, key: str) -> tuple[str, int, int] | None:
        """The number that was given, as (kind, year, number); None when nobody knows whether one was."""
        address = f"{self.system.url}/api/v1/books/{self.ids[kind]}/numbers"
        headers = {**self.api.session.headers, "Idempotency-Key": key}
        try:
            answer = requests.post(address, json={"for": f"หนังสือ {key}"}, headers=headers, timeout=30)
        except (requests.ConnectionError, requests.Timeout):
            return None
        if answer.status_code in (502, 503):
            return None
        assert answer.status_code == 201, answer.text
        return kind, answer.json()["be_year"], answer.json()["no"]

    def certainly(self, number: int) -> tuple[str, int, int]:
        """A number: who was not answered asks again with the same key."""
        key = str(uuid.uuid4())
        kind = KINDS[number % len(KINDS)]
        given = until(lambda: self.issue(kind, key), 90, f"number {number}")
        assert given is not None
        return given

    def many(self, how_many: int) -> Iterator[tuple[str, int, int]]:
        """So many numbers, asked for at once, as they come."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            yield from [future.result() for future in self.begin(pool, how_many)]

    def begin(self, pool: ThreadPoolExecutor, how_many: int) -> list[Any]:
        return [pool.submit(self.certainly, next(self.asked)) for _ in range(how_many)]

    def last_numbers(self) -> dict[tuple[str, int], int]:
        """The last number of each of the four books in the years that have any."""
        years = {(kind, year) for kind in KINDS for year in self.api.get(f"/books/{self.ids[kind]}")["years"]}
        found = {key: self.year(*key)["last_no"] for key in years}
        return {key: last for key, last in found.items() if last}

    def year(self, kind: str, year: int) -> Any:
        return self.api.get(f"/books/{self.ids[kind]}/integrity", be_year=year)

    def check(self, given: list[tuple[str, int, int]], before: Mapping[tuple[str, int], int]) -> None:
        """Nothing was given twice, nothing left out, and the books say so themselves."""
        assert len(given) == len(set(given))
        for (kind, year), last in self.last_numbers().items():
            first = before.get((kind, year), 0) + 1
            numbers = sorted(no for its_kind, its_year, no in given if (its_kind, its_year) == (kind, year))
            assert numbers == list(range(first, last + 1)), (kind, year)
            account = self.year(kind, year)
            assert account["is_sound"] and account["issued"] == last, account


def test_two_hundred_at_once_across_the_new_year(system: System) -> None:
    """The clock passes midnight in Bangkok (17:00 UTC) while two processes of documents give numbers of four books."""
    if isinstance(system, ServicesSystem):
        system.start_another("documents")
    year = be_year(now().year)
    midnight = dt.datetime(now().year + 1, 1, 1, tzinfo=BANGKOK)
    ahead = midnight - dt.timedelta(seconds=1.5) - now()
    system.move_clock(ahead.total_seconds())
    books = Books(system)
    given = list(books.many(200))
    while now() + ahead < midnight:
        given += books.many(AT_ONCE)
    given += books.many(AT_ONCE)
    assert {its_year for _, its_year, _ in given} == {year, year + 1}
    books.check(given, {})


def test_a_process_that_is_killed_leaves_no_gap_and_no_double(system: System) -> None:
    books = Books(system)
    before = books.last_numbers()
    process = system.process_of("documents")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        begun = books.begin(pool, 120)
        begun[40].result()
        process.kill()
        assert not all(one.done() for one in begun)
        process.start()
        process.wait_ready()
        given = [one.result() for one in begun]
    books.check(given, before)


def test_a_number_is_reserved_used_inserted_behind_and_void(system: System) -> None:
    """Every step over HTTP; the year stands in the address as digits."""
    registrar = Api(system.url, "schoolclerk")
    [book] = [one for one in registrar.get("/books")["items"] if one["kind"] == "sent"]
    place, year = f"/books/{book['id']}", {"be_year": book["be_year"]}
    until_day = (now() + dt.timedelta(days=500)).date().isoformat()
    registrar.post(f"{place}/numbers", {"for": "จอง", "reserve_until": until_day}, expect=422)
    clock = registrar.post(f"{place}/numbers", {"for": "ออก"}, expect=201)
    entered = registrar.get(f"{place}/entries/{clock['no']}", **year)["entry_date"]
    soon = (dt.date.fromisoformat(entered) + dt.timedelta(days=2)).isoformat()
    held = registrar.post(f"{place}/numbers", {"for": "จอง", "reserve_until": soon}, expect=201)
    assert held["state"] == "reserved" and held["book_id"] == book["id"]
    one = f"{place}/entries/{held['no']}"
    assert registrar.get(place)["reservations_ending"] == 1
    used = registrar.post(f"{one}/use", {"for": "ใช้แล้ว"}, params=year)
    assert used["state"] == "issued"
    late = {"after_no": held["no"], "entry_date": entered, "for": "ตกค้าง", "reason": "ลืม", **year}
    assert registrar.post(f"{place}/entries", late, expect=201)["suffix"] == "1"
    gone = registrar.post(f"{one}/void", {"reason": "พิมพ์ผิด"}, params={**year, "suffix": "1"})
    assert (gone["state"], gone["void_reason"]) == ("void", "พิมพ์ผิด")
    assert registrar.get(one, **year)["state"] == "issued"
    assert registrar.get(one, expect=404, be_year=year["be_year"], suffix="2")


def test_settings_are_changed_by_who_has_seen_them(system: System) -> None:
    clerk = Api(system.url, "groupclerk")
    [book] = [one for one in clerk.get("/books")["items"] if one["kind"] == "memo"]
    seen = clerk.request("GET", f"/books/{book['id']}")
    assert seen.headers["ETag"] == f'"{book["etag"]}"'
    change = {"json": {"prefix": "ศธ 04047"}, "headers": {"If-Match": seen.headers["ETag"]}}
    assert clerk.request("PATCH", f"/books/{book['id']}", expect=200, **change)["prefix"] == "ศธ 04047"
    assert clerk.request("PATCH", f"/books/{book['id']}", **change).status_code == 412


def test_what_waits_is_told_to_who_keeps_the_books(system: System) -> None:
    officer, registrar = Api(system.url, "officer"), Api(system.url, "registrar")
    [book] = [one for one in officer.get("/books", owner="office")["items"] if one["kind"] == "announcement"]
    officer.post(f"/books/{book['id']}/requests", {"for": "ประกาศรับสมัคร"}, expect=201)
    waiting = registrar.get("/books/waiting")
    assert [one["for"] for one in waiting["requests"]] == ["ประกาศรับสมัคร"] and waiting["requests_total"] == 1
    assert Api(system.url, "schoolclerk").get("/books/waiting")["requests_total"] == 0
    assert officer.get("/books/waiting", expect=403)
    owners = {one["owner"] for one in registrar.get("/books/owners")["items"]}
    assert {"office", "5704-g-ict", "57040001", "57040161"} <= owners
    assert [one["owner"] for one in Api(system.url, "teacher").get("/books/owners")["items"]] == ["57040001"]


class Form:
    """The form of a page that gives numbers, opened once and sent as often as somebody likes."""

    def __init__(self, system: System) -> None:
        self.browser = signed_in(system.url, "registrar")
        self.book = Books(system).ids["merit"]
        self.address = f"{system.url}/books/{self.book}"
        self.key = self.key_of(self.browser.get(self.address, timeout=30).text)

    @staticmethod
    def key_of(page: str) -> str:
        found = re.search(r'/issue".*?name="idempotency_key" value="([^"]+)"', page, re.DOTALL)
        assert found
        return found[1]

    def send(self, purpose: str, key: str = "") -> requests.Response:
        form = {"for": purpose, "idempotency_key": key or self.key}
        origin = {"Origin": self.address.split("/books")[0]}
        return self.browser.post(f"{self.address}/issue", data=form, headers=origin, timeout=60)


def test_a_form_sent_twice_gives_one_number(system: System) -> None:
    form = Form(system)
    with ThreadPoolExecutor(4) as pool:
        answers = [one.result() for one in [pool.submit(form.send, "เกียรติบัตร") for _ in range(4)]]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.url for answer in answers}) == 1
    assert Api(system.url, "registrar").get(f"/books/{form.book}/entries")["last_no"] == 1
    other = form.send("อย่างอื่น")
    assert other.status_code == 409 and "แบบนี้ส่งไปแล้วครั้งหนึ่ง" in other.text and 'value="อย่างอื่น"' in other.text
    assert form.key_of(other.text) != form.key
    refused = form.send(" ", "one-more")
    assert refused.status_code == 422 and form.key_of(refused.text) == "one-more", "perhaps only its answer was lost"
    assert form.send("อย่างอื่น", "one-more").status_code == 200
    assert Api(system.url, "registrar").get(f"/books/{form.book}/entries")["last_no"] == 2


def test_the_download_is_proven_without_the_system(system: System, tmp_path: Path) -> None:
    books = Books(system)
    for kind in ("order", "merit"):
        browser = signed_in(system.url, "auditor")
        answer = browser.get(f"{system.url}/books/{books.ids[kind]}/export.jsonl", timeout=60)
        assert answer.headers["Content-Type"] == "application/x-ndjson"
        assert "jsonl" in answer.headers["Content-Disposition"]
        file = tmp_path / f"{kind}.jsonl"
        file.write_bytes(answer.content)
        head = json.loads(answer.text.splitlines()[0])["computed_head"]
        assert f"head {head}" in system.khet("register", "verify", str(file), "--head", head)


@pytest.mark.parametrize(
    ("username", "status", "ending"),
    [("officer", 200, "/requests"), ("director-57040001", 403, "/requests"), ("", 200, "/login")],
)
def test_a_page_of_a_book_leads_only_where_one_may_go(system: System, username: str, status: int, ending: str) -> None:
    """Who may not read the lines is led to the own requests; who has no part in the book is refused."""
    book = Books(system).ids["sent"]
    browser = signed_in(system.url, username) if username else requests.Session()
    answer = browser.get(f"{system.url}/books/{book}", timeout=30)
    assert answer.status_code == status
    assert answer.url.partition("?")[0].endswith(ending)
