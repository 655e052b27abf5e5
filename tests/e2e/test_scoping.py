"""Everybody gets what the office says and nothing else: every operation × every caller, and what lists let through."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import requests

from tests.running.api import Api
from tests.running.dmc import school_file
from tests.running.matrix import CALLERS, NO_LOGIN, OTHER, OWN, PASSES, TABLE, Caller, Operation
from tests.running.rounds import draft_round, open_round
from tests.running.system import EmbeddedSystem, System, running
from tests.running.waiting import until

METHODS = {"get", "post", "put", "patch", "delete"}
OPERATIONS = sorted(TABLE, key=lambda key: (key[1], key[0]))
ACCESS_SECONDS = 15 * 60


@dataclass(frozen=True)
class Office:
    """A round with files of two schools; ``submission`` and ``message`` are those of the school OWN."""

    system: System
    round_id: str
    draft_id: str
    submission: str
    other_submission: str
    message: str
    people: dict[str, Api]

    def path(self, template: str) -> str:
        """The path of an operation, all of its parameters those of the school OWN."""
        by_place = {
            "/rounds/{id}/close": self.draft_id,  # nobody may close the round that the other tests look at
            "/rounds/{id}": self.round_id,
            "/submissions/{id}": self.submission,
            "/inbox/{id}": self.message,
            "/parked/{id}": "rounds.01a2045e-4429-7361-b545-8f3084c753bc",
        }
        found = next((value for place, value in by_place.items() if place in template), "")
        return template.replace("{id}", found).replace("{smis}", OWN).replace("{service}", "schools")

    def ask(self, key: tuple[str, str], operation: Operation, session: requests.Session) -> requests.Response:
        method, template = key
        options = dict(operation.asks)
        if "params" in options:
            filled = {"{round}": self.round_id}
            options["params"] = {name: filled.get(value, value) for name, value in options["params"].items()}
        return session.request(method, self.system.url + self.path(template), timeout=30, **options)


@pytest.fixture(scope="module", params=["embedded"])
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp(request.param)
    with running(EmbeddedSystem(folder)) as system:
        yield prepared(system, folder)


def prepared(system: System, folder: Path) -> Office:
    people = {caller.username: Api(system.url, caller.username) for caller in CALLERS}
    officer, data, other = people["officer"], people[f"data-{OWN}"], people[f"data-{OTHER}"]
    draft_id = draft_round(officer, year_be=2568)
    round_id = open_round(officer, school_codes=[OWN, OTHER, "57040003"])
    wrong = school_file(folder, OWN, pupils=20, defects=("G01.blank", "C03.two-older"))
    submission = data.checked(data.upload(round_id, OWN, wrong.path)["id"])
    clean = school_file(folder, OTHER, pupils=30)
    other_submission = other.checked(other.upload(round_id, OTHER, clean.path)["id"])
    assert other.post(f"/rounds/{round_id}/schools/{OTHER}/confirm")["state"] == "CONFIRMED"
    message = until(lambda: data.get("/inbox")["items"], what="the announcement")[0]
    until(lambda: counted(officer, round_id) == 2, what="both schools in the head count")
    return Office(system, round_id, draft_id, submission["id"], other_submission["id"], message["id"], people)


def counted(reader: Api, round_id: str, **scope: str) -> int:
    """How many of the schools in the head count have numbers."""
    report = reader.get("/reports/headcount", round_id=round_id, **scope)
    return int(report["schools"]) - len(report["missing_schools"])


def document(office: Office) -> Any:
    return requests.get(f"{office.system.url}/api/openapi.json", timeout=10).json()


def operations(office: Office) -> dict[tuple[str, str], Any]:
    return {
        (method.upper(), path): operation
        for path, methods in document(office)["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    }


# what everybody may read about everybody comes first: the matrix below leaves the round in another state


def test_the_board_of_a_school_shows_that_school_alone(office: Office) -> None:
    for username in (f"data-{OWN}", f"director-{OWN}"):
        board = office.people[username].get(f"/rounds/{office.round_id}/progress")
        assert [school["smis"] for school in board["schools"]] == [OWN]
        assert (board["expected"], sum(board["by_state"].values()), board["on_time"]) == (1, 1, 0)
        assert [line["expected"] for line in board["by_amphoe"]] == [1]
    area = office.people["areadirector"].get(f"/rounds/{office.round_id}/progress")
    assert [school["smis"] for school in area["schools"]] == [OWN, OTHER, "57040003"]


def test_the_inbox_of_a_school_holds_its_own_messages_alone(office: Office) -> None:
    for smis in (OWN, OTHER):
        reader = office.people[f"data-{smis}"]
        messages = until(lambda reader=reader: reader.get("/inbox")["items"], what=f"a message to {smis}")
        assert {message["smis"] for message in messages} == {smis}
    ours = {message["id"] for message in office.people[f"data-{OWN}"].get("/inbox")["items"]}
    for caller in CALLERS:
        if caller.username != f"data-{OWN}":
            theirs = {message["id"] for message in office.people[caller.username].get("/inbox")["items"]}
            assert not ours & theirs, caller.username


def test_the_head_count_of_a_school_counts_its_own_pupils_alone(office: Office) -> None:
    reader, other, area = (office.people[name] for name in (f"data-{OWN}", f"data-{OTHER}", "auditor"))
    totals = [
        one.get("/reports/headcount", round_id=office.round_id)["total"]["total"] for one in (reader, other, area)
    ]
    assert totals[0] + totals[1] == totals[2]
    assert min(totals) > 0
    report = reader.get("/reports/headcount", round_id=office.round_id)
    assert (report["schools"], len(report["amphoes"])) == (1, 1)
    by_amphoe = reader.get("/reports/headcount", round_id=office.round_id, amphoe=report["amphoes"][0])
    assert by_amphoe["total"] == report["total"]
    answer = reader.get("/reports/headcount.xlsx", expect=None, round_id=office.round_id)
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[-1][3] == totals[0]


@pytest.mark.parametrize("path", ["/reports/headcount", "/reports/headcount.xlsx"])
def test_nobody_asks_for_the_head_count_of_another_school(office: Office, path: str) -> None:
    for username in (f"data-{OWN}", f"director-{OWN}"):
        for smis, refusals in ((OTHER, {403, 404}), ("57040139", {404})):
            answer = office.people[username].get(path, expect=None, round_id=office.round_id, school=smis)
            assert answer.status_code in refusals, f"{username} {smis}: {answer.text[:200]}"


def test_a_draft_is_not_for_schools(office: Office) -> None:
    for username in (f"data-{OWN}", f"director-{OWN}"):
        reader = office.people[username]
        assert [item["id"] for item in reader.get("/rounds")["items"]] == [office.round_id]
        assert reader.get(f"/rounds/{office.draft_id}", expect=None).status_code in {403, 404}
        assert reader.get("/reports/headcount", expect=None, round_id=office.draft_id).status_code in {403, 404}
        assert office.draft_id not in {item["id"] for item in reader.get("/reports")["rounds"]}
    assert {item["id"] for item in office.people["officer"].get("/rounds")["items"]} == {
        office.round_id,
        office.draft_id,
    }


def test_what_nobody_may_see_and_what_is_not_there_look_alike(office: Office) -> None:
    reader = office.people[f"data-{OWN}"]
    for ending in ("", "/findings", "/events"):
        hidden = reader.get(f"/submissions/{office.other_submission}{ending}", expect=None)
        absent = reader.get(f"/submissions/{office.round_id}{ending}", expect=None)
        assert (hidden.status_code, absent.status_code) == (404, 404)
        without_trace = [{**answer.json(), "trace_id": ""} for answer in (hidden, absent)]
        assert without_trace[0] == without_trace[1]


def test_the_schools_of_the_area_are_known_to_whoever_works_there(office: Office) -> None:
    for username in ("registrar", "teacher", f"data-{OWN}"):
        assert len(office.people[username].get("/schools", limit=500)["items"]) == 135


def test_a_search_finds_nothing_by_wildcards(office: Office) -> None:
    for wildcard in ("%", "_", "5704%", "%' OR 1=1 --"):
        assert office.people["teacher"].get("/schools", q=wildcard)["items"] == []


# the matrix


def test_every_operation_of_the_document_stands_in_the_table(office: Office) -> None:
    assert set(operations(office)) == set(TABLE), "a new operation is entered in tests/running/matrix.py first"


def test_the_document_says_of_access_what_the_table_says(office: Office) -> None:
    wrong = {}
    for key, described in operations(office).items():
        wanted, access = TABLE[key], described["x-access"]
        roles = set() if "*" in wanted.roles else set(wanted.roles)
        said = (access["public"], set(access["roles"]), access["scope"])
        if said != (wanted.is_public, roles, wanted.scope) or bool(described["security"]) == wanted.is_public:
            wrong[key] = said
    assert wrong == {}


@pytest.mark.parametrize("key", OPERATIONS, ids=" ".join)
def test_each_caller_gets_what_the_table_says(office: Office, key: tuple[str, str]) -> None:
    operation = TABLE[key]
    callers: tuple[Caller | None, ...] = (None,) if operation.is_public else (None, *CALLERS)
    wrong = {}
    for caller in callers:
        session = office.people[caller.username].session if caller else requests.Session()
        answer = office.ask(key, operation, session)
        if not is_as_wanted(answer, operation.expected(caller)):
            wrong[caller.username if caller else "nobody"] = (answer.status_code, answer.text[:200])
    assert wrong == {}, f"{key} should be {({c.username if c else 'nobody': operation.expected(c) for c in callers})}"


def is_as_wanted(answer: requests.Response, wanted: int) -> bool:
    if wanted == PASSES:
        return answer.status_code not in {401, 403} and answer.status_code < 500
    return answer.status_code == wanted and answer.headers["Content-Type"] == "application/problem+json"


def test_refused_commands_have_left_nothing_behind(office: Office) -> None:
    """Of all the commands above, only those of the right people are in the history."""
    history = office.people["officer"].get(f"/rounds/{office.round_id}/schools/{OWN}/history")["items"]
    actors = {line["actor"] for line in history if line["event"] not in {"announce", "upload", "validate"}}
    names = {
        office.people[name].get("/me")["name"]
        for name in ("officer", "groupdirector", f"data-{OWN}", f"director-{OWN}")
    }
    assert actors <= names
    other = office.people["officer"].get(f"/rounds/{office.round_id}/schools/{OTHER}/history")["items"]
    assert [line["event"] for line in other] == ["announce", "upload", "validate", "confirm"]
    assert office.people["officer"].get(f"/rounds/{office.draft_id}")["state"] == "DRAFT"


# logins that are over


def readable(office: Office) -> list[tuple[str, str]]:
    return [key for key in OPERATIONS if key[0] == "GET" and not TABLE[key].is_public]


def test_a_revoked_token_opens_nothing_from_that_moment(office: Office) -> None:
    leaver = Api(office.system.url, "officer")
    assert leaver.get("/me")["username"] == "officer"
    assert leaver.post("/auth/revoke") == {"revoked": 1}
    answers = {key: office.ask(key, TABLE[key], leaver.session).status_code for key in readable(office)}
    assert set(answers.values()) == {NO_LOGIN}, answers


def test_an_expired_token_opens_nothing(office: Office) -> None:
    sleeper = Api(office.system.url, "officer")
    assert sleeper.get("/me")["username"] == "officer"
    office.system.move_clock(ACCESS_SECONDS + 60)
    try:
        answers = {key: office.ask(key, TABLE[key], sleeper.session).status_code for key in readable(office)}
        assert set(answers.values()) == {NO_LOGIN}, answers
        assert Api(office.system.url, "officer").get("/me")["username"] == "officer"
    finally:
        office.system.move_clock(0)
