"""A round as its people play it: dates, states, gates, reasons, the clock; every refusal with its code."""

from __future__ import annotations

import datetime as dt
import itertools
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from services.rounds.synthetic.generate import Generated
from services.schools.access.commands import give_grant
from services.schools.access.queries import find_member
from services.schools.access.rules import Period
from services.schools.database import TABLES
from services.schools.organisations.tables import OrgUnit
from shared.clock import Clock
from shared.db.engine import database_for
from shared.db.unit import Trace, Unit
from shared.settings import Settings
from tests.running.api import Api
from tests.running.dmc import school_file
from tests.running.system import EmbeddedSystem, System, running
from tests.running.waiting import until

HOUR, DAY = 3600, 24 * 3600
A, B, C, D = "57040001", "57040002", "57040003", "57040004"
CLOSED = "57040007"
ALONE = "57040005"  # where one person does everything
BANGKOK = dt.timezone(dt.timedelta(hours=7))
ORDER = ("open_at", "school_deadline", "certify_deadline", "area_ack_deadline", "close_at")
WARNINGS = ("C03.two-older", "I06.thai")
RETURN = {"reason": "ตรวจห้อง ป.1 อีกครั้ง"}


class Office:
    """A running office whose clock only goes forward, with a fresh round for every test that asks for one."""

    def __init__(self, system: System, folder: Path) -> None:
        self.system, self.folder = system, folder
        self._later = 0.0
        # pupils are born before the round: those with files are of years that there were; drafts may be of any. The
        # newest comes first: a round before it, with other pupils, would want an explanation for each of them
        self._played = itertools.product(range(2569, 2559, -1), (3, 2, 1))
        self._planned = itertools.product(range(2570, 2599), (1, 2, 3))

    @property
    def now(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(time.time() + self._later, BANGKOK)

    def later(self, seconds: float) -> None:
        """Let time pass. Who was logged in should log in again: ``person``."""
        self._later += seconds
        self.system.move_clock(self._later)

    def person(self, username: str) -> Api:
        return Api(self.system.url, username)

    def data(self, smis: str) -> Api:
        return self.person(f"data-{smis}")

    def director(self, smis: str) -> Api:
        return self.person(f"director-{smis}")

    def dates(self, **hours: float) -> dict[str, str]:
        """Instants counted in hours from now; a round that opened yesterday unless something else is said."""
        usual = dict(zip(ORDER, (-24, 240, 264, 288, 312), strict=True))
        return {
            name: (self.now + dt.timedelta(hours=away)).isoformat(timespec="seconds")
            for name, away in {**usual, **hours}.items()
        }

    def draft(
        self, *, schools: tuple[str, ...] = (A, B), played: bool = False, expect: int = 201, **fields: Any
    ) -> Any:
        """A draft of a round that there was not yet."""
        year_be, round_no = next(self._played if played else self._planned)
        template = self.person("officer").get("/rounds/templates", round_no=round_no, year_be=year_be)
        kind = {name: template[name] for name in ("system", "year_be", "round_no", "as_of_date")}
        body = {**kind, **self.dates(), "school_codes": list(schools), **fields}
        return self.person("officer").post("/rounds", body, expect=expect)

    def announced(self, **fields: Any) -> Round:
        round_ = Round(self, self.draft(played=True, **fields))
        round_.step("announce")
        return round_

    def opened(self, **fields: Any) -> Round:
        round_ = self.announced(**fields)
        round_.step("open")
        return round_


class Round:
    """One round of the office and what its people do in it."""

    def __init__(self, office: Office, made: Any) -> None:
        self.office, self.made = office, made
        self.id = made["id"]

    def step(self, name: str, *, expect: int = 200) -> Any:
        return self.office.person("officer").post(f"/rounds/{self.id}/{name}", expect=expect)

    @property
    def state(self) -> str:
        return str(self.office.person("officer").get(f"/rounds/{self.id}")["state"])

    def place(self, smis: str = A) -> str:
        return f"/rounds/{self.id}/schools/{smis}"

    def school(self, smis: str = A) -> Any:
        return self.office.person("officer").get(self.place(smis))

    def history(self, smis: str = A) -> list[Any]:
        items: list[Any] = self.office.person("officer").get(self.place(smis) + "/history")["items"]
        return items

    def board(self) -> Any:
        return self.office.person("officer").get(f"/rounds/{self.id}/progress")

    def file(self, smis: str = A, **options: Any) -> Generated:
        kind = {name: self.made[name] for name in ("year_be", "round_no")}
        return school_file(self.office.folder, smis, **{"pupils": 24, **kind, **options})

    def send(self, path: Path, smis: str = A) -> Any:
        """Upload as the school's data officer; the submission once it was checked."""
        data = self.office.data(smis)
        return data.checked(data.upload(self.id, smis, path)["id"])

    def sent(self, smis: str = A, **options: Any) -> Any:
        return self.send(self.file(smis, **options).path, smis)

    def confirm(self, smis: str = A, *, expect: int = 200, **body: Any) -> Any:
        return self.office.data(smis).post(self.place(smis) + "/confirm", body, expect=expect)

    def certify(self, smis: str = A, *, expect: int = 200, **body: Any) -> Any:
        return self.office.director(smis).post(self.place(smis) + "/certify", body, expect=expect)

    def judge(self, gate: str, smis: str = A, *, by: str = "officer", expect: int = 200, **body: Any) -> Any:
        return self.office.person(by).post(f"{self.place(smis)}/{gate}", body, expect=expect)

    def certified(self, smis: str = A) -> None:
        assert self.sent(smis)["state"] == "READY"
        self.confirm(smis)
        self.certify(smis)


@pytest.fixture(scope="module", params=["embedded"])
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp(request.param)
    with running(EmbeddedSystem(folder)) as system:
        yield Office(system, tmp_path_factory.mktemp("files"))


def pointers(problem: Any) -> set[str]:
    return {error["pointer"] for error in problem["errors"]}


# dates


@pytest.mark.parametrize(("earlier", "later"), list(itertools.pairwise(ORDER)))
def test_a_date_before_the_one_it_must_follow_is_named(office: Office, earlier: str, later: str) -> None:
    dates = office.dates()
    wrong = {earlier: dates[later], later: dates[earlier]}
    problem = office.draft(expect=422, **wrong)
    assert problem["code"] == "invalid"
    assert later in pointers(problem)
    assert {error["code"] for error in problem["errors"]} == {"date_order"}


def test_all_deadlines_may_fall_together_but_not_with_the_opening(office: Office) -> None:
    together = dict.fromkeys(ORDER[1:], office.dates()["close_at"])
    assert office.draft(**together)["state"] == "DRAFT"
    problem = office.draft(expect=422, **dict.fromkeys(ORDER, office.dates()["close_at"]))
    assert pointers(problem) == {"school_deadline"}


def test_dates_that_are_past_and_an_as_of_date_anywhere_are_allowed(office: Office) -> None:
    long_ago = {"open_at": "2019-05-16", **dict.fromkeys(ORDER[1:], "2019-06-10")}
    assert office.draft(as_of_date="2031-03-31", **long_ago)["as_of_date"] == "2031-03-31"
    assert office.draft(confirm_from="2050-01-01")["confirm_from"].startswith("2050-01-01")


@pytest.mark.parametrize(
    "written", ["10/06/2569", "2569-06-10", "2026-02-30", "0001-01-01", "9999-12-31T23:59:59-12:00", "", "วันนี้", "1e9"]
)
@pytest.mark.parametrize("name", ["as_of_date", "open_at", "confirm_from", "close_at"])
def test_what_is_no_date_of_the_common_era_is_named(office: Office, name: str, written: str) -> None:
    problem = office.person("officer").post(
        "/rounds",
        {"system": "dmc", "year_be": 2569, "round_no": 1, "as_of_date": "2026-06-10", **office.dates(), name: written},
        expect=422,
    )
    assert pointers(problem) == {name}


def test_a_bare_date_is_the_last_second_of_that_day_in_bangkok(office: Office) -> None:
    made = office.draft(open_at="2026-05-16", **dict.fromkeys(ORDER[1:], "2026-06-10"))
    assert {made[name] for name in ORDER[1:]} == {"2026-06-10T23:59:59+07:00"}
    assert made["open_at"].startswith("2026-05-16T")


def test_a_time_without_a_zone_is_bangkoks_and_any_other_is_kept_as_the_same_instant(office: Office) -> None:
    made = office.draft(
        **{**office.dates(), "open_at": "2026-05-16T08:30:00", "school_deadline": "2026-06-10T09:30:00Z"}
    )
    assert (made["open_at"], made["school_deadline"]) == ("2026-05-16T08:30:00+07:00", "2026-06-10T16:30:00+07:00")


@pytest.mark.parametrize("round_no", [1, 2, 3])
def test_the_handbooks_rounds_are_proposed_and_can_be_created_as_they_are(office: Office, round_no: int) -> None:
    officer = office.person("officer")
    template = officer.get("/rounds/templates", round_no=round_no, year_be=2599)
    as_of = {1: "2056-06-10", 2: "2056-11-10", 3: "2057-03-31"}
    assert template["as_of_date"] == as_of[round_no], "round 3 is counted at the end of the year, which is the next one"
    fields = ("system", "year_be", "round_no", "as_of_date", *ORDER)
    made = officer.post("/rounds", {name: template[name] for name in fields}, expect=201)
    assert (made["state"], made["as_of_date"], made["year_be"]) == ("DRAFT", as_of[round_no], 2599)
    assert f"รอบที่ {round_no}" in made["title"]


def test_there_is_no_fourth_round_and_no_year_of_the_common_era(office: Office) -> None:
    officer = office.person("officer")
    assert officer.get("/rounds/templates", expect=422, round_no=4, year_be=2569)["code"] == "invalid"
    assert officer.get("/rounds/templates", expect=422, round_no=1, year_be=2026)["code"] == "invalid"
    for wrong in ({"round_no": 0}, {"round_no": 4}, {"year_be": 2026}, {"year_be": 10**18}, {"system": "emis"}):
        assert pointers(office.draft(expect=422, **wrong)) == set(wrong)


# creating


def test_a_round_is_of_the_schools_that_were_named_and_closed_ones_are_not_expected(office: Office) -> None:
    round_ = office.announced(schools=(A, B, CLOSED))
    board = round_.board()
    assert (board["expected"], board["by_state"]["NOT_STARTED"], board["by_state"]["EXEMPT"]) == (2, 2, 1)
    assert [school["smis"] for school in board["schools"]] == [A, B, CLOSED]
    closed = round_.school(CLOSED)
    assert (closed["state"], closed["late"]) == ("EXEMPT", False)
    assert "ยุบ" in closed["reason"]
    answer = office.data(C).get(round_.place(C), expect=404)
    assert answer["code"] == "not_found"


@pytest.mark.parametrize("codes", [[], ["99999999"], [A, "99999999"], ["5704"], ["x"], [A + "0"], [1], A, None])
def test_schools_that_there_are_not_are_named(office: Office, codes: Any) -> None:
    problem = office.draft(expect=422, school_codes=codes)
    assert {pointer.partition(".")[0] for pointer in pointers(problem)} == {"school_codes"}


def test_a_round_exists_once(office: Office) -> None:
    made = office.draft()
    again = {name: made[name] for name in ("system", "year_be", "round_no", "as_of_date", *ORDER)}
    assert office.person("officer").post("/rounds", again, expect=409)["code"] == "round.exists"


def test_a_draft_can_be_thrown_away_and_made_anew_but_an_announced_round_stays(office: Office) -> None:
    officer, made = office.person("officer"), office.draft()
    again = {name: made[name] for name in ("system", "year_be", "round_no", "as_of_date", *ORDER)}
    assert officer.request("DELETE", f"/rounds/{made['id']}").status_code == 204
    assert officer.get(f"/rounds/{made['id']}", expect=404)["code"] == "not_found"
    round_id = officer.post("/rounds", again, expect=201)["id"]
    officer.post(f"/rounds/{round_id}/announce")
    assert officer.request("DELETE", f"/rounds/{round_id}", expect=409)["code"] == "round.state"


def test_the_same_key_creates_the_round_once(office: Office) -> None:
    officer = office.person("officer")
    body = {"system": "dmc", "year_be": 2600, "round_no": 1, "as_of_date": "2057-06-10", **office.dates()}
    key = {"Idempotency-Key": "round-2600-1"}
    wrong = officer.post("/rounds", {**body, "close_at": body["open_at"]}, expect=422, headers=key)
    assert wrong["code"] == "invalid", "what was refused was not done, and its key is free"
    first = officer.post("/rounds", body, expect=201, headers=key)
    assert officer.post("/rounds", body, expect=201, headers=key) == first
    other = officer.post("/rounds", {**body, "round_no": 2}, expect=422, headers=key)
    assert other["code"] == "idempotency.mismatch"
    officer.post(f"/rounds/{first['id']}/announce", headers=key)
    for malformed in ("with space", "x" * 256):
        assert officer.post("/rounds", body, expect=400, headers={"Idempotency-Key": malformed})["title"]
    assert [item["id"] for item in officer.get("/rounds")["items"]].count(first["id"]) == 1


def test_rounds_are_listed_page_by_page_newest_first(office: Office) -> None:
    office.draft()
    office.draft()
    officer = office.person("officer")
    whole = [item["id"] for item in officer.get("/rounds", limit=200)["items"]]
    pages, cursor = [], None
    while True:
        page = officer.get("/rounds", limit=2, **({"cursor": cursor} if cursor else {}))
        pages += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert pages == whole == sorted(whole, reverse=True)


# states of the round


def test_a_round_goes_from_draft_to_closed_and_never_back(office: Office) -> None:
    round_ = Round(office, office.draft(played=True))
    for refused in ("open", "close"):
        assert round_.step(refused, expect=409)["code"] == "round.state"
    assert round_.step("announce")["state"] == "ANNOUNCED"
    for refused in ("announce", "close"):
        assert round_.step(refused, expect=409)["code"] == "round.state"
    assert office.data(A).upload(round_.id, A, round_.file().path, expect=409)["code"] == "round.not_open"
    assert round_.judge("return", expect=409, **RETURN)["code"] in {"round.not_open", "school_round.state"}
    assert round_.step("open")["state"] == "OPEN"
    for refused in ("announce", "open"):
        assert round_.step(refused, expect=409)["code"] == "round.state"
    assert round_.step("close")["state"] == "CLOSED"
    for refused in ("announce", "open", "close"):
        assert round_.step(refused, expect=409)["code"] == "round.state"


def test_a_round_that_is_still_a_draft_has_no_schools(office: Office) -> None:
    round_ = Round(office, office.draft())
    assert office.person("officer").get(round_.place(), expect=404)["code"] == "not_found"
    assert round_.board()["expected"] == 0


def test_a_round_opens_begins_its_window_and_closes_by_itself(office: Office) -> None:
    hours = dict(zip(ORDER, (1, 2, 3, 4, 5), strict=True))
    round_ = office.announced(schools=(A, B, C, D), **office.dates(**hours))
    round_.judge("exempt", D, by="groupdirector", reason="น้ำท่วม")
    assert office.data(A).upload(round_.id, A, round_.file().path, expect=409)["code"] == "round.not_open"

    office.later(HOUR + 1)
    until(lambda: round_.state == "OPEN", what="the opening by itself")
    round_.sent(A)
    assert round_.confirm(A)["on_time"]
    assert [school["late"] for school in round_.board()["schools"]] == [False] * 4

    office.later(HOUR)
    until(lambda: round_.state == "CONFIRM_WINDOW", what="the confirm window")
    round_.sent(B)
    late = round_.confirm(B)
    assert (late["late"], late["on_time"]) == (True, False), "late is a flag, not a lock"
    round_.certify(A)
    expect_board(round_, {A: (False, True), B: (True, False), C: (True, False), D: (False, False)})

    office.later(3 * HOUR)
    until(lambda: round_.state == "CLOSED", what="the close by itself")
    locked = {smis: (round_.school(smis)["state"], round_.school(smis)["locked_from"]) for smis in (A, B, C, D)}
    assert locked == {
        A: ("LOCKED", "CERTIFIED"),
        B: ("LOCKED", "CONFIRMED"),
        C: ("LOCKED", "NOT_STARTED"),
        D: ("EXEMPT", None),
    }
    assert (round_.history(A)[-1]["event"], round_.history(A)[-1]["actor"]) == ("lock", "ระบบ")
    office.later(30 * DAY)
    expect_board(round_, {A: (False, True), B: (True, False), C: (True, False), D: (False, False)})


def expect_board(round_: Round, wanted: dict[str, tuple[bool, bool]]) -> None:
    """Every school's (late, on time), and their sums."""
    board = round_.board()
    assert {school["smis"]: (school["late"], school["on_time"]) for school in board["schools"]} == wanted
    late, on_time = (sum(values) for values in zip(*wanted.values(), strict=True))
    assert (board["expected"], board["late"], board["on_time"]) == (3, late, on_time)
    assert sum(line["late"] for line in board["by_amphoe"]) == late


def test_what_is_done_by_hand_is_done_before_its_time_and_written_down(office: Office) -> None:
    round_ = office.announced(**office.dates(open_at=100))
    assert round_.step("open")["opened_at"] < round_.made["open_at"]
    assert round_.step("close")["closed_at"] < round_.made["close_at"]


def test_a_closed_round_keeps_the_numbers_of_those_who_signed_and_lets_nobody_do_anything(office: Office) -> None:
    round_ = office.opened(schools=(A, B))
    path = round_.file().path
    round_.certified(A)
    round_.sent(B)
    round_.step("close")
    assert (round_.school(B)["state"], round_.school(B)["locked_from"]) == ("LOCKED", "READY")
    officer = office.person("officer")

    def report(smis: str) -> Any:
        return officer.get("/reports/headcount", round_id=round_.id, school=smis)

    until(lambda: not report(A)["provisional"] and report(A)["total"]["total"], what="the numbers of the school")
    assert report(B)["missing_schools"] or report(B)["provisional"], "READY is not signed"
    closed = {"round.closed", "school_round.state"}
    assert office.data(A).upload(round_.id, A, path, expect=409)["code"] in closed
    assert round_.confirm(B, expect=409)["code"] in closed
    assert round_.certify(A, expect=409)["code"] in closed
    for gate in ("return", "revoke"):
        assert round_.judge(gate, expect=409, **RETURN)["code"] in closed
    assert round_.judge("acknowledge", expect=409)["code"] in closed
    assert round_.judge("exempt", by="groupdirector", expect=409, reason="x")["code"] in closed


# gates


def test_confirming_waits_for_its_first_day(office: Office) -> None:
    round_ = office.opened(confirm_from=(office.now + dt.timedelta(hours=1)).isoformat())
    round_.sent()
    assert round_.confirm(expect=409)["code"] == "round.confirm_from"
    office.later(HOUR)
    assert round_.confirm()["state"] == "CONFIRMED"


def test_only_a_clean_file_is_confirmed_and_only_the_version_that_was_looked_at(office: Office) -> None:
    round_ = office.opened()
    assert round_.confirm(expect=409)["code"] == "school_round.state"
    assert round_.sent(defects=("G01.blank",))["state"] == "HAS_ERRORS"
    assert round_.confirm(expect=409)["code"] == "school_round.state"
    assert round_.sent(seed=2)["version"] == 2
    stale = round_.confirm(expect=409, version=1)
    assert (stale["code"], stale["version"], stale["asked"]) == ("school_round.version", 2, 1)
    assert round_.certify(expect=409)["code"] == "school_round.state"
    assert round_.confirm(version=2)["state"] == "CONFIRMED"
    assert round_.confirm(expect=409)["code"] == "school_round.state"
    assert round_.certify(expect=409, version=1)["code"] == "school_round.version"
    assert round_.judge("acknowledge", expect=409)["code"] == "school_round.state"
    assert round_.certify(version=2)["state"] == "CERTIFIED"


def test_of_two_confirmations_at_once_one_counts(office: Office) -> None:
    round_ = office.opened()
    round_.sent()
    people = [office.data(A) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: one.post(round_.place() + "/confirm", expect=None).status_code, people))
    assert sorted(answers) == [200, 409, 409, 409]
    assert [line["event"] for line in round_.history()].count("confirm") == 1


def test_a_repeated_confirmation_with_the_same_key_gets_the_same_answer(office: Office) -> None:
    round_ = office.opened()
    round_.sent()
    data, key = office.data(A), {"Idempotency-Key": "confirm-1"}
    first = data.post(round_.place() + "/confirm", expect=200, headers=key)
    assert data.post(round_.place() + "/confirm", expect=200, headers=key) == first


def test_the_area_returns_with_reason_rows_and_a_due_date(office: Office) -> None:
    round_ = office.opened()
    round_.certified()
    for reason in ({}, {"reason": ""}, {"reason": "  "}):
        assert pointers(round_.judge("return", expect=422, **reason)) == {"reason"}
    for due in ("พรุ่งนี้", "10/06/2569", "0001-01-01"):
        assert pointers(round_.judge("return", expect=422, **RETURN, due=due)) == {"due"}
    returned = round_.judge("return", **RETURN, rules=["C02"], rows=[3, 4], due="2027-01-15")
    assert (returned["state"], returned["reason"]) == ("RETURNED", RETURN["reason"])
    assert returned["due"] == "2027-01-15T23:59:59+07:00"
    line = round_.history()[-1]
    assert (line["event"], line["from"], line["to"], line["reason"]) == (
        "return",
        "CERTIFIED",
        "RETURNED",
        RETURN["reason"],
    )
    assert (line["detail"]["rules"], line["detail"]["rows"]) == (["C02"], [3, 4])
    again = round_.confirm()
    assert (again["state"], again["reason"], again["due"]) == ("CONFIRMED", None, None)


def test_a_returned_school_with_errors_has_to_send_a_better_file(office: Office) -> None:
    round_ = office.opened()
    clean = round_.file()
    round_.send(clean.path)
    round_.confirm()
    assert round_.sent(seed=3, defects=("G01.blank",))["state"] == "HAS_ERRORS"
    assert round_.school()["state"] == "HAS_ERRORS", "the confirmation is gone with the file it was given for"
    assert round_.judge("return", expect=409, **RETURN)["code"] == "school_round.state"
    round_.sent(seed=4)
    round_.confirm()
    round_.judge("return", **RETURN)
    assert round_.sent(seed=5)["state"] == "READY"
    assert round_.school()["state"] == "READY"


def test_a_returned_school_may_send_what_stands_once_more_as_often_as_it_is_returned(office: Office) -> None:
    round_ = office.opened()
    path = round_.file().path
    round_.send(path)
    for version in (2, 3):
        round_.confirm()
        assert office.data(A).upload(round_.id, A, path, expect=409)["code"] == "submission.same_file"
        round_.judge("return", **RETURN)
        again = round_.send(path)
        assert (again["state"], again["version"]) == ("READY", version)


def test_a_revoked_school_waits_until_the_hold_is_lifted(office: Office) -> None:
    round_ = office.opened()
    assert round_.judge("revoke", expect=409, **RETURN)["code"] == "school_round.state"
    round_.certified()
    assert pointers(round_.judge("revoke", expect=422)) == {"reason"}
    revoked = round_.judge("revoke", reason="จำนวนไม่ตรงกับทะเบียน")
    assert (revoked["state"], revoked["on_hold"]) == ("RETURNED", True)
    assert round_.confirm(expect=409)["code"] == "school_round.hold"
    assert round_.sent(seed=6)["state"] == "READY"
    assert round_.confirm(expect=409)["code"] == "school_round.hold", "a new file does not lift the hold"
    assert round_.judge("lift-hold", expect=403)["code"] == "forbidden"
    assert round_.judge("lift-hold", by="groupdirector")["on_hold"] is False
    assert round_.judge("lift-hold", by="groupdirector", expect=409)["code"] == "school_round.no_hold"
    assert round_.confirm()["state"] == "CONFIRMED"
    assert [line["event"] for line in round_.history()][-5:] == ["revoke", "upload", "validate", "lift_hold", "confirm"]
    kinds = until(lambda: told(office.data(A), round_, "school_round.hold_lifted"), what="the message")
    assert "school_round.revoked" in kinds


def told(reader: Api, round_: Round, wanted: str) -> set[str]:
    """The kinds of messages about a round, once ``wanted`` is among them."""
    kinds = {item["kind"] for item in reader.get("/inbox", limit=200)["items"] if item["round_id"] == round_.id}
    return kinds if wanted in kinds else set()


def test_an_exempt_school_is_no_longer_expected(office: Office) -> None:
    round_ = office.opened(schools=(A, B, C))
    round_.sent(B)
    assert pointers(round_.judge("exempt", B, by="groupdirector", expect=422)) == {"reason"}
    exempt = round_.judge("exempt", B, by="groupdirector", reason="เรียนรวมกับโรงเรียนอื่น")
    assert (exempt["state"], exempt["reason"], exempt["late"]) == ("EXEMPT", "เรียนรวมกับโรงเรียนอื่น", False)
    board = round_.board()
    assert (board["expected"], board["by_state"]["EXEMPT"]) == (2, 1)
    assert sum(line["expected"] for line in board["by_amphoe"]) == 2
    assert office.data(B).upload(round_.id, B, round_.file(B, seed=7).path, expect=409)["code"] == "school_round.state"
    assert round_.confirm(B, expect=409)["code"] == "school_round.state"
    assert round_.judge("exempt", B, by="groupdirector", expect=409, reason="x")["code"] == "school_round.state"


def test_what_was_acknowledged_can_be_returned_until_the_close(office: Office) -> None:
    round_ = office.opened()
    round_.certified()
    acknowledged = round_.judge("acknowledge")
    assert (acknowledged["state"], bool(acknowledged["acknowledged_at"])) == ("ACKNOWLEDGED", True)
    assert office.data(A).upload(round_.id, A, round_.file(seed=8).path, expect=409)["code"] == "school_round.state"
    assert round_.judge("revoke", expect=409, **RETURN)["code"] == "school_round.state"
    assert round_.judge("exempt", by="groupdirector", expect=409, reason="x")["code"] == "school_round.state"
    returned = round_.judge("return", **RETURN)
    assert (returned["state"], returned["acknowledged_at"]) == ("RETURNED", None)
    round_.confirm()
    round_.certify()
    assert round_.judge("acknowledge")["state"] == "ACKNOWLEDGED"
    round_.step("close")
    assert round_.school()["locked_from"] == "ACKNOWLEDGED"
    assert round_.judge("return", expect=409, **RETURN)["code"] in {"round.closed", "school_round.state"}


def test_the_area_may_upload_for_a_school_but_not_sign_for_it(office: Office) -> None:
    round_ = office.opened()
    officer = office.person("officer")
    accepted = officer.upload(round_.id, A, round_.file().path)
    submission = officer.checked(accepted["id"])
    assert (submission["state"], submission["on_behalf"]) == ("READY", True)
    assert officer.post(round_.place() + "/confirm", expect=403)["code"] == "forbidden"
    assert round_.confirm()["state"] == "CONFIRMED"


# one person who does everything


def appoint(system: System, username: str, role: str, smis: str) -> None:
    """Give a person one more role at a school, as the administrator of the office will."""
    database = database_for("schools", Settings(data=system.folder / "data"))
    try:
        with database.write() as session:
            unit = Unit("schools", session, Clock(), TABLES, None, Trace(), database.vault)
            member = find_member(unit, username=username)
            assert member is not None
            scope = session.query(OrgUnit).filter_by(code=smis).one()
            give_grant(unit, member.person_id, role, scope, Period(dt.date(2022, 10, 1)))
    finally:
        database.close()


def test_who_confirmed_does_not_certify_unless_the_school_has_one_teacher(office: Office) -> None:
    appoint(office.system, f"data-{ALONE}", "school_director", ALONE)
    round_ = office.opened(schools=(ALONE,))
    round_.sent(ALONE)
    round_.confirm(ALONE)
    alone = office.data(ALONE)
    assert alone.post(round_.place(ALONE) + "/certify", expect=409)["code"] == "school_round.same_person"
    assert round_.certify(ALONE)["same_person"] is False

    profile = {"year_be": 2569, "rooms_by_grade": {"ป.1": 1}, "teachers": 1}
    alone.request("PUT", f"/schools/{ALONE}/profile", expect=200, json=profile, headers={"If-None-Match": "*"})
    ops = office.person("ops")
    until(lambda: all(not one["outbox_pending"] for one in ops.get("/ops/queues")["items"]), what="the news of it")
    round_ = office.opened(schools=(ALONE,))
    round_.sent(ALONE)
    round_.confirm(ALONE)
    certified = office.data(ALONE).post(round_.place(ALONE) + "/certify")
    assert (certified["state"], certified["same_person"]) == ("CERTIFIED", True), "allowed, and shown to the area"


# files


def test_the_same_key_uploads_the_file_once(office: Office) -> None:
    round_ = office.opened()
    data, path = office.data(A), f"{round_.place()}/submissions"
    first, second = (round_.file(seed=seed).path for seed in (1, 2))

    def upload(file: Path, expect: int) -> Any:
        with file.open("rb") as stream:
            return data.request(
                "POST", path, expect=expect, files={"file": (file.name, stream)}, headers={"Idempotency-Key": "file-1"}
            )

    accepted = upload(first, 202)
    assert upload(first, 202) == accepted
    data.checked(accepted["id"])
    assert upload(first, 202) == accepted
    assert upload(second, 422)["code"] == "idempotency.mismatch"
    assert round_.school()["last_version"] == 1


def test_of_the_same_file_sent_many_times_at_once_one_counts(office: Office) -> None:
    round_ = office.opened()
    path = round_.file().path
    people = [office.data(A) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: one.upload(round_.id, A, path, expect=None), people))
    assert sorted(answer.status_code for answer in answers) == [202, 409, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"submission.same_file"}


def test_versions_sent_one_upon_the_other_end_with_the_last(office: Office) -> None:
    round_ = office.opened()
    data = office.data(A)
    ids = [data.upload(round_.id, A, round_.file(seed=seed).path)["id"] for seed in range(1, 5)]
    states = [data.checked(one)["state"] for one in ids]
    assert states[-1] == "READY"
    until(lambda: data.get(round_.place())["version"] == 4, what="the last version")
    assert [data.get(f"/submissions/{one}")["state"] for one in ids] == ["SUPERSEDED"] * 3 + ["READY"]


def test_a_school_without_pupils_says_so_twice(office: Office) -> None:
    round_ = office.opened()
    data = office.data(A)
    assert pointers(data.upload(round_.id, A, None, expect=422)) == {"file"}
    accepted = data.upload(round_.id, A, None, no_pupils=True)
    submission = data.checked(accepted["id"])
    assert (submission["state"], submission["counts"]["rows"], submission["no_pupils"]) == ("READY", 0, True)
    found = data.get(f"/submissions/{submission['id']}/findings")["items"]
    assert [(item["rule"], item["severity"]) for item in found] == [("F08", "INFO")]
    assert round_.confirm(expect=409)["code"] == "no_pupils.declare"
    assert round_.confirm(expect=409, no_pupils=False)["code"] == "no_pupils.declare"
    assert round_.confirm(no_pupils=True)["state"] == "CONFIRMED"
    assert round_.certify()["state"] == "CERTIFIED"
    officer = office.person("officer")

    def report() -> Any:
        return officer.get("/reports/headcount", round_id=round_.id, school=A)

    until(lambda: not report()["missing_schools"], what="the school in the head count")
    assert (report()["total"]["total"], report()["provisional"]) == (0, False)


# reasons for warnings


def open_findings(reader: Api, submission: Any, **filters: str) -> list[Any]:
    items: list[Any] = reader.get(f"/submissions/{submission['id']}/findings", limit=500, **filters)["items"]
    return items


def explain(reader: Api, submission: Any, *, expect: int = 200, **body: Any) -> Any:
    return reader.post(f"/submissions/{submission['id']}/acknowledgements", body, expect=expect)


def edited(office: Office, path: Path, cell: str, value: str) -> Path:
    """The file with another value in one cell, under the same name."""
    book = openpyxl.load_workbook(path)
    book.active[cell] = value
    target = office.folder / f"edited-{time.monotonic_ns()}" / path.name
    target.parent.mkdir()
    book.save(target)
    return target


def test_every_warning_needs_a_reason_and_then_the_file_is_ready(office: Office) -> None:
    round_ = office.opened()
    file = round_.file(pupils=40, defects=WARNINGS)
    submission, data = round_.send(file.path), office.data(A)
    assert submission["state"] == "HAS_ERRORS"
    warnings = open_findings(data, submission, severity="WARN")
    assert {(item["rule"], item["row"], item["column"]) for item in warnings} == {
        (finding.rule, finding.row, finding.column) for finding in file.findings if finding.severity == "WARN"
    }
    by_rule = {item["rule"]: item for item in warnings}
    one_by_id = {"finding_ids": [by_rule["I06"]["id"]]}

    assert pointers(explain(data, submission, expect=422, rule="C03")) == {"reason"}
    assert pointers(explain(data, submission, expect=422, rule="C03", reason=" ")) == {"reason"}
    for choice in ({}, {"rule": "C03", **one_by_id}, {"finding_ids": []}):
        assert pointers(explain(data, submission, expect=422, reason="เข้าเรียนช้า", **choice)) == {"rule"}
    assert pointers(explain(data, submission, expect=422, reason="x", rule="H01")) == {"rule"}
    assert pointers(explain(data, submission, expect=422, reason="x", finding_ids=[round_.id])) == {"finding_ids"}
    assert explain(office.person("officer"), submission, expect=403, reason="x", rule="C03")["code"] == "forbidden"

    assert explain(data, submission, rule="C03", reason="เข้าเรียนช้า")["state"] == "HAS_ERRORS"
    assert round_.confirm(expect=409)["code"] == "school_round.state"
    assert explain(data, submission, **one_by_id, reason="รอเปลี่ยนสัญชาติ")["state"] == "READY"
    explained = {item["rule"]: item for item in open_findings(data, submission, state="acknowledged")}
    assert (explained["C03"]["reason"], explained["I06"]["reason"]) == ("เข้าเรียนช้า", "รอเปลี่ยนสัญชาติ")
    assert explained["C03"]["reason_by"] == data.get("/me")["name"]
    lines = [line for line in round_.history() if line["event"] == "explain"]
    assert [line["to"] for line in lines] == ["HAS_ERRORS", "READY"]
    assert round_.confirm()["state"] == "CONFIRMED"
    assert explain(data, submission, expect=409, rule="C03", reason="อีกครั้ง")["code"] == "school_round.state"


def test_an_error_cannot_be_explained_away(office: Office) -> None:
    round_ = office.opened()
    submission, data = round_.sent(pupils=40, defects=("G01.blank", "C03.two-older")), office.data(A)
    (error,) = open_findings(data, submission, severity="ERROR")
    assert pointers(explain(data, submission, expect=422, reason="x", finding_ids=[error["id"]])) == {"finding_ids"}
    assert pointers(explain(data, submission, expect=422, reason="x", rule="G01")) == {"rule"}
    assert explain(data, submission, rule="C03", reason="เข้าเรียนช้า")["state"] == "HAS_ERRORS"


def test_a_reason_goes_with_its_pupil_into_the_next_version_until_the_value_changes(office: Office) -> None:
    round_ = office.opened()
    file = round_.file(pupils=40, defects=("C03.two-older",))
    first, data = round_.send(file.path), office.data(A)
    (warning,) = open_findings(data, first, severity="WARN")
    assert explain(data, first, rule="C03", reason="เข้าเรียนช้า")["state"] == "READY"

    elsewhere = 3 if warning["row"] != 3 else 4
    unchanged = edited(office, file.path, f"U{elsewhere}", "ถนนพหลโยธิน")
    second = round_.send(unchanged)
    assert second["state"] == "READY"
    (carried,) = open_findings(data, second, severity="WARN")
    assert (carried["state"], carried["reason"], carried["first_version"]) == ("acknowledged", "เข้าเรียนช้า", 1)

    place = f"{warning['column']}{warning['row']}"
    day, month, year = openpyxl.load_workbook(unchanged).active[place].value.split("/")
    changed = edited(office, unchanged, place, f"{'02' if day == '01' else '01'}/{month}/{year}")
    third = round_.send(changed)
    assert third["state"] == "HAS_ERRORS"
    (again,) = [item for item in open_findings(data, third, severity="WARN") if item["rule"] == "C03"]
    assert (again["state"], again["reason"]) == ("open", None)
    older = explain(data, second, expect=409, rule="C03", reason="x")
    assert older["code"] == "submission.state", "only the version that stands is explained"


def test_findings_come_page_by_page_in_the_order_of_the_sheet(office: Office) -> None:
    round_ = office.opened()
    defects = ("G01.blank", "I03.transposed", "H01.weight-zero", "C03.two-older")
    submission, data = round_.sent(pupils=60, defects=defects), office.data(A)
    whole = open_findings(data, submission)
    paged, cursor = [], None
    while True:
        filters = {"cursor": cursor} if cursor else {}
        page = data.get(f"/submissions/{submission['id']}/findings", limit=2, **filters)
        paged += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert paged == whole
    # what is about the whole file comes first
    assert [item["row"] for item in whole] == sorted((item["row"] for item in whole), key=lambda row: row or 0)
    for wrong in ({"severity": "error"}, {"state": "x"}, {"cursor": "x"}, {"limit": "0"}, {"colour": "red"}):
        problem = data.get(f"/submissions/{submission['id']}/findings", expect=422, **wrong)
        assert pointers(problem) == set(wrong)


# the profile


def put_profile(person: Api, smis: str, body: Any, expect: int, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = person.request("PUT", f"/schools/{smis}/profile", json=body, headers=named)
    assert answer.status_code == expect, answer.text
    return answer


def test_the_profile_is_written_by_who_has_seen_it(office: Office) -> None:
    data, body = office.data(B), {"year_be": 2569, "rooms_by_grade": {"อ.2": 1, "ป.1": 2}}
    assert put_profile(data, B, body, 428).json()["code"] == "precondition.required"
    assert put_profile(data, B, body, 412, If_Match='"p1"').json()["code"] == "precondition.stale"
    first = put_profile(data, B, body, 200, If_None_Match="*")
    tag = first.headers["ETag"]
    assert put_profile(data, B, body, 412, If_None_Match="*").json()["code"] == "precondition.stale"
    assert put_profile(data, B, body, 428, If_None_Match='"other"').json()["code"] == "precondition.required"

    seen = data.get(f"/schools/{B}/profile", expect=None, year_be=2569)
    assert (seen.headers["ETag"], seen.json()["rooms_by_grade"]) == (tag, body["rooms_by_grade"])
    unchanged = data.request("GET", f"/schools/{B}/profile?year_be=2569", headers={"If-None-Match": tag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")

    more = {**body, "rooms_by_grade": {"ป.1": 3}, "teachers": 12}
    second = put_profile(office.person("officer"), B, more, 200, If_Match=tag)
    assert second.headers["ETag"] != tag
    assert second.json()["rooms_by_grade"] == {"ป.1": 3}
    stale = put_profile(data, B, body, 412, If_Match=tag).json()
    assert f'"{stale["given"]}"' == tag
    assert f'"{stale["current"]}"' == second.headers["ETag"]
    assert put_profile(data, B, body, 400, If_Match="no quotes").json()["code"] == "if_match"
    assert put_profile(data, B, body, 200, If_Match="*").status_code == 200
    another_year = {**body, "year_be": 2568}
    assert put_profile(data, B, another_year, 428).json()["code"] == "precondition.required"
    put_profile(data, B, another_year, 200, If_None_Match="*")
    assert data.get(f"/schools/{B}")["profile"]["year_be"] == 2569, "the newest year is shown"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"year_be": 2026}, "year_be"),
        ({"year_be": "2569"}, "year_be"),
        ({"rooms_by_grade": {}}, "rooms_by_grade"),
        ({"rooms_by_grade": {"ป.7": 1}}, "rooms_by_grade.ป.7"),
        ({"rooms_by_grade": {"ม.1": 1}}, "rooms_by_grade.ม.1"),
        ({"rooms_by_grade": {"ป.1": -1}}, "rooms_by_grade.ป.1"),
        ({"rooms_by_grade": {"ป.1": 10**30}}, "rooms_by_grade.ป.1"),
        ({"rooms_by_grade": [1]}, "rooms_by_grade"),
        ({"teachers": -1}, "teachers"),
        ({"director": "x"}, "director"),
    ],
)
def test_a_profile_that_does_not_hold_names_its_fields(office: Office, change: Any, field: str) -> None:
    body = {"year_be": 2569, "rooms_by_grade": {"ป.1": 1}, **change}
    problem = put_profile(office.data(C), C, body, 422, If_None_Match="*").json()
    assert pointers(problem) == {field}


def test_a_school_that_is_no_more_gets_no_profile(office: Office) -> None:
    body = {"year_be": 2569, "rooms_by_grade": {"ป.1": 1}}
    officer = office.person("officer")
    assert put_profile(officer, CLOSED, body, 409, If_None_Match="*").json()["code"] == "school.closed"
    assert put_profile(officer, "99999999", body, 404, If_None_Match="*").json()["code"] == "not_found"
