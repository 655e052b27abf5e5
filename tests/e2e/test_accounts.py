"""Coming in, staying in, leaving: accounts of the office over HTTP."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jwt
import pytest
import requests

from tests.running.api import PASSWORD, Api
from tests.running.system import EmbeddedSystem, System, running
from tests.running.waiting import until

MINUTE, HOUR = 60.0, 3600.0
MEMORY_SECONDS = 15  # the gateway remembers an identity for a few seconds
FAILURES = 10
NEW = "รหัสใหม่ของครู-2569"


class Office:
    """A running office whose clock only goes forward: every test begins where the last one left it."""

    def __init__(self, system: System) -> None:
        self.system = system
        self._later = 0.0

    def later(self, seconds: float) -> None:
        self._later += seconds
        self.system.move_clock(self._later)

    def person(self, username: str, password: str = PASSWORD) -> Api:
        return Api(self.system.url, username, password)

    def login(self, username: str, password: str) -> requests.Response:
        stranger = Api(self.system.url)
        return stranger.post("/auth/token", {"username": username, "password": password}, expect=None)

    def refresh(self, token: str) -> requests.Response:
        return Api(self.system.url).post("/auth/refresh", {"refresh_token": token}, expect=None)

    def me(self, access_token: str, scheme: str = "Bearer") -> requests.Response:
        headers = {"Authorization": f"{scheme} {access_token}".strip()}
        return requests.get(f"{self.system.url}/api/v1/me", headers=headers, timeout=10)


@pytest.fixture(scope="module", params=["embedded"])
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with running(EmbeddedSystem(tmp_path_factory.mktemp(request.param))) as system:
        yield Office(system)


def is_thai(text: str) -> bool:
    return any("\u0e01" <= letter <= "\u0e5b" for letter in text)


def refused(answer: requests.Response, status: int, code: str) -> Any:
    """The problem, after it was seen to be one that a person understands and a program recognises."""
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), answer.text
    assert is_thai(problem["title"]), problem
    return problem


# coming in


def test_a_login_lasts_at_least_a_quarter_of_an_hour(office: Office) -> None:
    answer = office.login("officer", PASSWORD)
    tokens = answer.json()
    assert answer.status_code == 200
    assert tokens["expires_in"] >= 900
    assert tokens["token_type"] == "Bearer"
    assert tokens["access_token"] != tokens["refresh_token"]
    assert office.me(tokens["access_token"]).json()["username"] == "officer"


def test_me_says_who_one_is_where_one_works_and_what_one_may_do(office: Office) -> None:
    me = office.person("data-57040001").get("/me")
    assert me["username"] == "data-57040001"
    assert is_thai(me["name"])
    assert me["person_id"]
    assert me["must_change_password"] is False
    assert (me["unit"]["code"], me["unit"]["name"]) == ("57040001", "บ้านศรีลานนา")
    (grant,) = me["grants"]
    assert (grant["role"], grant["organisation"], grant["organisation_name"]) == (
        "data_officer",
        "57040001",
        "บ้านศรีลานนา",
    )
    assert grant["scope"].endswith("/5704/57040001/")
    assert is_thai(grant["role_name"])
    assert (grant["acting"], grant["until"]) == (False, None)
    assert grant["from"] <= "2026-01-01"


def test_one_person_may_hold_two_roles(office: Office) -> None:
    grants = office.person("admin").get("/me")["grants"]
    assert {grant["role"] for grant in grants} == {"area_admin", "ops"}
    assert {grant["organisation"] for grant in grants} == {"5704"}


def test_the_name_may_be_typed_as_telephones_type_it(office: Office) -> None:
    assert office.login(" Officer ", PASSWORD).status_code == 200


@pytest.mark.parametrize("username", ["officer", "nobody-of-that-name", "data-99999999", "' OR 1=1 --", "ก"])
def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(office: Office, username: str) -> None:
    problem = refused(office.login(username, "wrong"), 401, "login.failed")
    assert problem["detail"] == "ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "username"),
        ({"username": "officer"}, "password"),
        ({"username": "", "password": "x"}, "username"),
        ({"username": "officer", "password": ""}, "password"),
        ({"username": ["officer"], "password": "x"}, "username"),
        ({"username": "officer", "password": "x\x00"}, "password"),
        ({"username": "x" * 101, "password": "x"}, "username"),
        ({"username": "officer", "password": "x" * 1001}, "password"),
        ({"username": "officer", "password": "x", "totp": "1"}, "totp"),
    ],
)
def test_a_login_with_something_missing_names_the_field(office: Office, body: Any, field: str) -> None:
    problem = refused(Api(office.system.url).post("/auth/token", body, expect=None), 422, "invalid")
    assert field in {error["pointer"] for error in problem["errors"]}


def test_too_many_wrong_passwords_close_an_account_for_a_while_and_no_other(office: Office) -> None:
    victim, neighbour = "data-57040005", "data-57040006"
    before = office.person(victim)
    for _ in range(FAILURES):
        refused(office.login(victim, "wrong"), 401, "login.failed")
    problem = refused(office.login(victim, PASSWORD), 429, "login.limited")
    assert 0 < problem["retry_after"] <= 15 * MINUTE
    assert office.login(neighbour, PASSWORD).status_code == 200
    assert before.get("/me")["username"] == victim, "who is inside stays inside"
    office.later(problem["retry_after"] + 1)
    assert office.login(victim, PASSWORD).status_code == 200


def test_an_account_that_does_not_exist_is_limited_like_one_that_does(office: Office) -> None:
    for _ in range(FAILURES):
        refused(office.login("ghost", "wrong"), 401, "login.failed")
    refused(office.login("ghost", "wrong"), 429, "login.limited")


def test_a_right_password_forgets_the_wrong_ones_before_it(office: Office) -> None:
    for _ in range(2):
        for _ in range(FAILURES - 1):
            refused(office.login("data-57040008", "wrong"), 401, "login.failed")
        assert office.login("data-57040008", PASSWORD).status_code == 200


# staying in


def test_a_refresh_token_serves_once_and_gives_new_tokens(office: Office) -> None:
    first = office.login("officer", PASSWORD).json()
    second = office.refresh(first["refresh_token"]).json()
    assert second["expires_in"] >= 900
    assert second["refresh_token"] != first["refresh_token"]
    assert office.me(second["access_token"]).status_code == 200
    assert office.me(first["access_token"]).status_code == 200, "what was given out lives until it expires"
    assert office.refresh(second["refresh_token"]).status_code == 200


def test_a_refresh_token_that_comes_back_ends_its_session_and_no_other(office: Office) -> None:
    elsewhere = office.login("officer", PASSWORD).json()
    first = office.login("officer", PASSWORD).json()
    second = office.refresh(first["refresh_token"]).json()
    refused(office.refresh(first["refresh_token"]), 401, "unauthenticated")
    refused(office.refresh(second["refresh_token"]), 401, "unauthenticated")
    until(lambda: office.me(second["access_token"]).status_code == 401, MEMORY_SECONDS, "the end of the session")
    assert office.me(elsewhere["access_token"]).status_code == 200
    assert office.refresh(elsewhere["refresh_token"]).status_code == 200


def test_of_two_refreshes_at_once_one_wins(office: Office) -> None:
    token = office.login("officer", PASSWORD).json()["refresh_token"]
    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(lambda _: office.refresh(token).status_code, range(4)))
    assert statuses == [200, 401, 401, 401]


def test_an_expired_access_token_is_renewed_by_the_refresh_token(office: Office) -> None:
    tokens = office.login("officer", PASSWORD).json()
    office.later(tokens["expires_in"] + 1)
    refused(office.me(tokens["access_token"]), 401, "unauthenticated")
    renewed = office.refresh(tokens["refresh_token"]).json()
    assert office.me(renewed["access_token"]).status_code == 200


def test_a_working_day_of_silence_ends_a_session(office: Office) -> None:
    tokens = office.login("officer", PASSWORD).json()
    office.later(7 * HOUR)
    tokens = office.refresh(tokens["refresh_token"]).json()
    office.later(8 * HOUR + 1)
    refused(office.refresh(tokens["refresh_token"]), 401, "unauthenticated")


def test_nobody_stays_longer_than_a_week_without_the_password(office: Office) -> None:
    answer = office.login("officer", PASSWORD)
    for _ in range(24 * 7 // 7 - 1):
        office.later(7 * HOUR)
        answer = office.refresh(answer.json()["refresh_token"])
        assert answer.status_code == 200
    office.later(7 * HOUR + 1)
    refused(office.refresh(answer.json()["refresh_token"]), 401, "unauthenticated")


@pytest.mark.parametrize("token", ["", "x", "x" * 501, "\x00", "ก" * 40])
def test_a_refresh_token_of_nobody_is_refused(office: Office, token: str) -> None:
    answer = office.refresh(token)
    assert answer.status_code in {401, 422}
    assert is_thai(answer.json()["title"])


def forged(token: str) -> Iterator[tuple[str, str]]:
    """The token as somebody who has no key would change it."""
    head, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    claims["grants"] = [["area_admin", "/", "obec", "สพฐ.", False]]
    changed = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    yield "other grants", f"{head}.{changed}.{signature}"
    yield "no signature", f"{head}.{changed}."
    yield "no algorithm", jwt.encode(claims, None, algorithm="none")
    yield "own key", jwt.encode(claims, "x" * 32, algorithm="HS256")
    yield "cut short", token[:-10]


def test_a_token_of_ones_own_making_opens_nothing(office: Office) -> None:
    token = office.login("teacher", PASSWORD).json()["access_token"]
    for how, made in forged(token):
        answer = office.me(made)
        assert answer.status_code == 401, f"{how}: {answer.text}"
        assert is_thai(answer.json()["title"])
    for scheme in ("Basic", "Token", ""):
        refused(office.me(token, scheme), 401, "unauthenticated")


# leaving


def test_logging_out_ends_this_session_at_once_and_no_other(office: Office) -> None:
    here, there = office.person("officer"), office.person("officer")
    assert here.get("/me")["username"] == there.get("/me")["username"]
    assert here.post("/auth/revoke") == {"revoked": 1}
    assert office.me(here.tokens["access_token"]).status_code == 401
    refused(office.refresh(here.tokens["refresh_token"]), 401, "unauthenticated")
    assert there.get("/me")["username"] == "officer"


def test_a_program_logs_out_with_its_refresh_token_alone(office: Office) -> None:
    tokens = office.login("officer", PASSWORD).json()
    assert office.me(tokens["access_token"]).status_code == 200
    stranger = Api(office.system.url)
    assert stranger.post("/auth/revoke", {"refresh_token": tokens["refresh_token"]}) == {"revoked": 1}
    assert office.me(tokens["access_token"]).status_code == 401
    assert stranger.post("/auth/revoke", {"refresh_token": tokens["refresh_token"]}) == {"revoked": 0}


def test_logging_out_everywhere_ends_every_session_of_that_person_alone(office: Office) -> None:
    here, there, colleague = (office.person(name) for name in ("auditor", "auditor", "officer"))
    assert here.post("/auth/revoke", {"all": True})["revoked"] >= 2
    for gone in (here, there):
        assert office.me(gone.tokens["access_token"]).status_code == 401
        refused(office.refresh(gone.tokens["refresh_token"]), 401, "unauthenticated")
    assert colleague.get("/me")["username"] == "officer"


def test_logging_out_without_saying_who_is_refused(office: Office) -> None:
    refused(Api(office.system.url).post("/auth/revoke", expect=None), 401, "unauthenticated")
    assert Api(office.system.url).post("/auth/revoke", {"refresh_token": "unknown"}) == {"revoked": 0}


# the password


def change(person: Api, current: str, new: str) -> requests.Response:
    answer: requests.Response = person.post(
        "/auth/password", {"current_password": current, "new_password": new}, expect=None
    )
    return answer


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(office: Office) -> None:
    username = "data-57040009"
    here, there = office.person(username), office.person(username)
    assert there.get("/me")["username"] == username
    assert change(here, PASSWORD, NEW).status_code < 300
    assert here.get("/me")["username"] == username
    assert office.me(there.tokens["access_token"]).status_code == 401
    refused(office.refresh(there.tokens["refresh_token"]), 401, "unauthenticated")
    refused(office.login(username, PASSWORD), 401, "login.failed")
    assert office.person(username, NEW).get("/me")["must_change_password"] is False
    assert office.refresh(here.tokens["refresh_token"]).status_code == 200


def test_the_old_password_must_be_known(office: Office) -> None:
    person = office.person("data-57040010")
    refused(change(person, "wrong", NEW), 422, "password.wrong")
    assert office.login("data-57040010", PASSWORD).status_code == 200


@pytest.mark.parametrize("new", ["", "short", "1234567", "x" * 201, "data-57040011", "DATA-57040011", PASSWORD])
def test_a_weak_password_is_refused_in_words(office: Office, new: str) -> None:
    problem = refused(change(office.person("data-57040011"), PASSWORD, new), 422, "password.weak")
    assert is_thai(problem["errors"][0]["message"])
    assert office.login("data-57040011", PASSWORD).status_code == 200


def test_guessing_the_old_password_is_limited_like_guessing_at_the_door(office: Office) -> None:
    person = office.person("data-57040012")
    for _ in range(FAILURES):
        refused(change(person, "wrong", NEW), 422, "password.wrong")
    refused(change(person, PASSWORD, NEW), 429, "login.limited")
    refused(office.login("data-57040012", PASSWORD), 429, "login.limited")


def test_nobody_changes_a_password_without_being_logged_in(office: Office) -> None:
    answer = change(Api(office.system.url), PASSWORD, NEW)
    assert answer.status_code == 401
    assert is_thai(answer.json()["title"])
