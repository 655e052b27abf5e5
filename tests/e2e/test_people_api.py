"""People and accounts over HTTP: an admin and a director look after theirs; everybody looks after their own account."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, ClassVar

import jwt
import pyotp
import pytest
import requests

from shared.clock import BANGKOK
from tests.running.api import PASSWORD, Api
from tests.running.system import EmbeddedSystem, System, running

OWN, OTHER = "57040001", "57040002"
NAME = {"title": "นาย", "given_name": "อาทิตย์", "family_name": "ผาตั้ง"}
NEW_PASSWORD = "ลมหนาวบนดอยช้าง"


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running(EmbeddedSystem(tmp_path_factory.mktemp("office"))) as started:
        yield started


@pytest.fixture(scope="module")
def admin(system: System) -> Api:
    return Api(system.url, "admin")


@pytest.fixture(scope="module")
def director(system: System) -> Api:
    return Api(system.url, f"director-{OWN}")


def refused(answer: requests.Response, status: int, code: str) -> Any:
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), answer.text
    return problem


def enter(manager: Api, unit: str = OWN, **more: Any) -> Any:
    return manager.post("/people", {**NAME, "unit": unit, **more}, expect=201)


def with_slip(manager: Api, username: str, **more: Any) -> tuple[str, str]:
    """A person with an account: id and temporary password."""
    person_id = enter(manager, username=username, **more)["person_id"]
    return person_id, manager.post(f"/people/{person_id}/password-slip")["password"]


def come_in(system: System, username: str, temporary: str) -> Api:
    """Somebody on their first day, with a password of their own."""
    person = Api(system.url, username, temporary)
    change = {"current_password": temporary, "new_password": NEW_PASSWORD}
    assert person.post("/auth/password", change, expect=None).status_code == 200
    return person


def today(offset: int = 0) -> str:
    return (dt.datetime.now(BANGKOK).date() + dt.timedelta(days=offset)).isoformat()


class TestPeople:
    def test_a_director_enters_a_teacher_who_begins_to_work(self, system: System, director: Api) -> None:
        person = enter(director, username="first.day", position="ครูผู้ช่วย", citizen_id="1-5704-05990-38-7")
        assert person["citizen_id"] == "1-5704-xxxxx-xx-7"
        assert person["account"]["has_password"] is False
        grant = director.post(
            f"/people/{person['person_id']}/grants", {"organisation": OWN, "role": "data_officer"}, expect=201
        )
        assert (grant["state"], grant["from"], grant["until"]) == ("CURRENT", today(), None)
        slip = director.post(f"/people/{person['person_id']}/password-slip")
        teacher = come_in(system, "first.day", slip["password"])
        me = teacher.get("/me")
        assert (me["unit"]["code"], [held["role"] for held in me["grants"]]) == (OWN, ["data_officer"])
        profile = {"year_be": 2575, "rooms_by_grade": {"ป.1": 1}}
        written = teacher.request(
            "PUT", f"/schools/{OWN}/profile", json=profile, headers={"If-None-Match": "*"}, expect=200
        )
        assert written["rooms_by_grade"] == {"ป.1": 1}

    def test_the_list_is_searched_narrowed_and_paged(self, admin: Api, director: Api) -> None:
        for number in range(3):
            enter(director, given_name=f"{'กขค'[number]}านี", family_name="ค้นหา")
        found = admin.get("/people", q="ค้นหา", unit=OWN, limit=2)
        assert [person["name"].split()[0] for person in found["items"]] == ["นายกานี", "นายขานี"]
        rest = admin.get("/people", q="ค้นหา", unit=OWN, limit=2, cursor=found["next_cursor"])
        assert ([person["name"].split()[0] for person in rest["items"]], rest["next_cursor"]) == (["นายคานี"], None)
        assert len(admin.get("/people", role="school_director", limit=200)["items"]) == 135
        assert admin.get("/people", q="ค้นหา", state="LOCKED")["items"] == []
        refused(admin.get("/people", state="x", expect=None), 422, "invalid")

    def test_a_change_names_the_version_that_was_seen(self, director: Api) -> None:
        person = enter(director)
        path = f"/people/{person['person_id']}"
        answer = director.get(path, expect=None)
        assert answer.headers["ETag"] == '"p1"'
        assert answer.headers["Cache-Control"] == "no-store"
        change = {"json": {"position": "ครู"}}
        refused(director.request("PATCH", path, **change), 428, "if_match_required")
        changed = director.request("PATCH", path, headers={"If-Match": '"p1"'}, **change)
        assert (changed.status_code, changed.headers["ETag"]) == (200, '"p2"')
        refused(director.request("PATCH", path, headers={"If-Match": '"p1"'}, **change), 412, "precondition.stale")

    def test_a_repeated_command_is_done_once(self, director: Api) -> None:
        body = {**NAME, "unit": OWN, "family_name": "ซ้ำครั้งเดียว"}
        once = {"Idempotency-Key": "once"}
        first, again = (director.post("/people", body, expect=201, headers=once)["person_id"] for _ in range(2))
        assert first == again
        assert len(director.get("/people", q="ซ้ำครั้งเดียว")["items"]) == 1

    def test_a_citizen_id_is_told_in_full_with_a_reason_alone(self, director: Api) -> None:
        person_id = enter(director, citizen_id="2570457466024")["person_id"]
        refused(director.post(f"/people/{person_id}/reveal", {"reason": ""}, expect=None), 422, "invalid")
        told = director.post(f"/people/{person_id}/reveal", {"reason": "ทำบัตรประจำตัวเจ้าหน้าที่"})
        assert told == {"person_id": person_id, "citizen_id": "2570457466024"}

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("title", None), ("given_name", 3), ("citizen_id", "1234567890123"), ("citizen_id", "G640000000123"),
            ("email", "x"), ("phone", "12"), ("username", "ก"), ("unit", None), ("colour", "x"), ("title", "x\x00"),
        ],
    )  # fmt: skip
    def test_a_wrong_field_is_named(self, director: Api, field: str, value: Any) -> None:
        problem = refused(director.post("/people", {**NAME, "unit": OWN, field: value}, expect=None), 422, "invalid")
        assert field in [error["pointer"] for error in problem["errors"]]

    def test_two_schools_one_person(self, system: System, admin: Api, director: Api) -> None:
        citizen_id = "3570489566197"
        person_id, temporary = with_slip(director, "two.schools", citizen_id=citizen_id)
        director.post(f"/people/{person_id}/grants", {"organisation": OWN, "role": "data_officer"}, expect=201)
        again = {**NAME, "unit": OTHER, "citizen_id": citizen_id}
        known = refused(admin.post("/people", again, expect=None), 409, "person.exists")
        neighbour = Api(system.url, f"director-{OTHER}")
        unknown = refused(neighbour.post("/people", again, expect=None), 409, "person.exists")
        assert (known["person_id"], "person_id" in unknown) == (person_id, False)
        admin.post(f"/people/{person_id}/grants", {"organisation": OTHER, "role": "data_officer"}, expect=201)
        person = come_in(system, "two.schools", temporary)
        assert [held["organisation"] for held in person.get("/me")["grants"]] == [OWN, OTHER]
        for smis in (OWN, OTHER):
            profile = {"year_be": 2577, "rooms_by_grade": {"ป.2": 1}}
            person.request("PUT", f"/schools/{smis}/profile", json=profile, headers={"If-None-Match": "*"}, expect=200)


class TestAccounts:
    def test_who_was_given_a_password_does_nothing_before_choosing_one(self, system: System, director: Api) -> None:
        _person_id, temporary = with_slip(director, "must.change")
        person = Api(system.url, "must.change", temporary)
        assert person.get("/me")["must_change_password"] is True
        for method, path in (("GET", "/schools"), ("GET", "/me/sessions"), ("POST", "/me/totp"), ("GET", "/inbox")):
            refused(person.request(method, path, json={} if method == "POST" else None), 403, "password.must_change")
        change = {"current_password": temporary, "new_password": NEW_PASSWORD}
        person.post("/auth/password", change)
        assert len(person.get("/me/sessions")["items"]) == 1

    def test_who_is_known_already_gets_an_account_and_the_list_says_when_they_came_in(
        self, system: System, director: Api
    ) -> None:
        person_id = enter(director, family_name="บัญชีทีหลัง")["person_id"]
        opened = director.post(f"/people/{person_id}/account", {"username": "Later.on"}, expect=201)
        assert (opened["standing"], opened["account"]["username"]) == ("NEVER_IN", "later.on")
        again = director.post(f"/people/{person_id}/account", {"username": "once.more"}, expect=None)
        refused(again, 409, "account.exists")

        def listed() -> Any:
            (item,) = director.get("/people", q="บัญชีทีหลัง")["items"]
            return item

        assert (listed()["standing"], listed()["last_login_at"]) == ("NEVER_IN", None)
        slip = director.post(f"/people/{person_id}/password-slip")
        before = dt.datetime.now(dt.UTC)
        person = come_in(system, "later.on", slip["password"])
        assert person.get("/me")["person_id"] == person_id
        came_in = dt.datetime.fromisoformat(listed()["last_login_at"])
        assert before - dt.timedelta(seconds=1) <= came_in <= dt.datetime.now(dt.UTC)
        assert listed()["standing"] == "ACTIVE"
        seen = dt.datetime.fromisoformat(director.get(f"/people/{person_id}")["account"]["last_login_at"])
        assert seen == came_in

    def test_locking_stops_at_once_and_unlocking_lets_back_in(self, system: System, director: Api) -> None:
        person_id, temporary = with_slip(director, "lock.api")
        person = come_in(system, "lock.api", temporary)
        director.post(f"/people/{person_id}/account/lock", {"reason": "เครื่องหาย"})
        refused(person.get("/me", expect=None), 401, "unauthenticated")
        problem = Api(system.url).post("/auth/token", {"username": "lock.api", "password": NEW_PASSWORD}, expect=None)
        refused(problem, 401, "login.failed")
        assert director.post(f"/people/{person_id}/account/unlock")["standing"] == "ACTIVE"
        assert Api(system.url, "lock.api", NEW_PASSWORD).get("/me")["username"] == "lock.api"

    def test_slips_for_many(self, system: System, director: Api) -> None:
        people = [enter(director, username=f"bulk.{number}")["person_id"] for number in range(3)]
        slips = director.post("/people/password-slips", {"person_ids": people})["items"]
        assert [slip["username"] for slip in slips] == ["bulk.0", "bulk.1", "bulk.2"]
        assert Api(system.url, "bulk.1", slips[1]["password"]).get("/me")["must_change_password"] is True
        own = director.get("/me")["person_id"]
        problem = director.post("/people/password-slips", {"person_ids": [*people, own]}, expect=None)
        assert refused(problem, 422, "invalid")["errors"][0]["code"] == "account.self"

    def test_retiring_closes_the_account_and_ends_what_was_held(self, system: System, director: Api) -> None:
        person_id, temporary = with_slip(director, "retire.api")
        director.post(f"/people/{person_id}/grants", {"organisation": OWN, "role": "teacher"}, expect=201)
        person = come_in(system, "retire.api", temporary)
        gone = director.post(f"/people/{person_id}/retire", {"reason": "ลาออก"})
        assert (gone["standing"], gone["grants"][0]["until"]) == ("RETIRED", today())
        refused(person.get("/me", expect=None), 401, "unauthenticated")
        assert director.post(f"/people/{person_id}/reinstate")["account"]["state"] == "LOCKED"

    def test_a_grant_is_planned_and_ended(self, admin: Api) -> None:
        person_id = enter(admin)["person_id"]
        body = {
            "organisation": OWN, "role": "school_director", "from": today(1), "until": today(30), "acting": True,
            "order_no": "57/2569", "order_date": "2026-09-30",
        }  # fmt: skip
        grant = admin.post(f"/people/{person_id}/grants", body, expect=201)
        assert (grant["state"], grant["order_no"]) == ("FUTURE", "57/2569")
        refused(admin.post(f"/people/{person_id}/grants", body, expect=None), 409, "grant.overlap")
        problem = admin.post(f"/people/{person_id}/grants", {**body, "order_no": None, "order_date": None}, expect=None)
        assert [error["pointer"] for error in refused(problem, 422, "invalid")["errors"]] == ["order_no", "order_date"]
        ended = admin.post(f"/grants/{grant['grant_id']}/end", {"reason": "เปลี่ยนคำสั่ง"})
        assert (ended["state"], ended["end_reason"]) == ("WITHDRAWN", "เปลี่ยนคำสั่ง")
        assert [held["state"] for held in admin.get(f"/people/{person_id}/grants")["items"]] == ["WITHDRAWN"]

    def test_an_area_never_loses_its_last_admin(self, admin: Api) -> None:
        me = admin.get("/me")["person_id"]
        person = admin.get(f"/people/{me}")
        grant = next(held for held in person["grants"] if held["role"] == "area_admin")
        refused(admin.post(f"/grants/{grant['grant_id']}/end", {"reason": "x"}, expect=None), 409, "area_admin.last")


class TestSessions:
    def test_one_sees_ones_sessions_and_ends_the_one_that_was_lost(self, system: System) -> None:
        username = f"data-{OTHER}"
        phone, desk = Api(system.url), Api(system.url, username)
        phone.session.headers["User-Agent"] = "Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36"
        tokens = phone.post("/auth/token", {"username": username, "password": PASSWORD})
        phone.session.headers["Authorization"] = f"Bearer {tokens['access_token']}"
        sessions = desk.get("/me/sessions")["items"]
        lost = next(one for one in sessions if one["device"] == "Chrome · Android")
        assert [one["current"] for one in sessions if one is not lost] == [True]
        assert (lost["remote"], lost["current"]) == ("127.0.0.1", False)
        assert desk.request("DELETE", f"/me/sessions/{lost['session_id']}", expect=200) == {"revoked": 1}
        refused(phone.get("/me", expect=None), 401, "unauthenticated")
        refused(desk.request("DELETE", f"/me/sessions/{lost['session_id']}"), 404, "not_found")

    def test_a_manager_sees_and_ends_the_sessions_of_others(self, system: System, director: Api) -> None:
        person_id, temporary = with_slip(director, "sessions.api")
        person = Api(system.url, "sessions.api", temporary)
        assert len(director.get(f"/people/{person_id}/sessions")["items"]) == 1
        assert director.post(f"/people/{person_id}/sessions/revoke") == {"revoked": 1}
        refused(person.get("/me", expect=None), 401, "unauthenticated")

    def test_a_login_always_begins_a_new_session(self, system: System) -> None:
        """What an attacker planted in a browser before is not what the person gets (session fixation)."""
        credentials = {"username": "officer", "password": PASSWORD}
        planted = Api(system.url).post("/auth/token", credentials)["access_token"]
        answer = requests.post(
            f"{system.url}/login",
            data={**credentials, "next": "/"},
            headers={"Origin": system.url},
            cookies={"khet_session": planted},
            allow_redirects=False,
            timeout=10,
        )
        assert answer.status_code == 303
        given = answer.cookies["khet_session"]
        sessions = [jwt.decode(token, options={"verify_signature": False})["sid"] for token in (planted, given)]
        assert sessions[0] != sessions[1]


class TestSecondFactor:
    def test_from_the_picture_to_the_code_at_the_door(self, system: System, director: Api, admin: Api) -> None:
        person_id, temporary = with_slip(director, "totp.api")
        person = come_in(system, "totp.api", temporary)
        begun = person.post("/me/totp")
        assert begun["qr_svg"].startswith("<svg")
        assert f"secret={begun['secret']}" in begun["uri"]
        refused(person.post("/me/totp/confirm", {"code": "000000"}, expect=None), 422, "totp.code")
        generator = pyotp.TOTP(begun["secret"])
        first = generator.now()
        codes = person.post("/me/totp/confirm", {"code": first})["recovery_codes"]
        assert person.get("/me/totp")["recovery_codes_left"] == len(codes) == 10
        credentials = {"username": "totp.api", "password": NEW_PASSWORD}
        door = Api(system.url)
        required = refused(door.post("/auth/token", credentials, expect=None), 401, "login.code_required")
        for worthless in ("000000", first):  # the second one was used by the set-up
            answer = door.post("/auth/token", {**credentials, "code": worthless}, expect=None)
            refused(answer, 401, "login.code_wrong")
        step = {"username": "totp.api", "challenge": required["challenge"], "code": codes[0]}
        assert door.post("/auth/token", step)["token_type"] == "Bearer"
        refused(door.post("/auth/token", step, expect=None), 401, "login.code_wrong")
        assert director.post(f"/people/{person_id}/account/totp-reset")["account"]["totp"] is False
        assert door.post("/auth/token", credentials)["token_type"] == "Bearer"

    def test_switching_it_off_asks_for_the_password(self, system: System, director: Api) -> None:
        _person_id, temporary = with_slip(director, "totp.off")
        person = come_in(system, "totp.off", temporary)
        generator = pyotp.TOTP(person.post("/me/totp")["secret"])
        person.post("/me/totp/confirm", {"code": generator.now()})
        refused(person.post("/me/totp", expect=None), 409, "totp.enabled")
        refused(person.post("/me/totp/disable", {"password": "wrong"}, expect=None), 422, "password.wrong")
        codes = person.post("/me/recovery-codes", {"password": NEW_PASSWORD})["recovery_codes"]
        assert len(set(codes)) == 10
        assert person.post("/me/totp/disable", {"password": NEW_PASSWORD}) == {"enabled": False}
        assert person.get("/me/totp")["enabled"] is False


class TestScope:
    PATHS = (
        ("GET", ""), ("POST", "/retire"), ("POST", "/reinstate"), ("POST", "/reveal"), ("POST", "/account"),
        ("POST", "/account/lock"), ("POST", "/account/unlock"), ("POST", "/account/totp-reset"),
        ("POST", "/password-slip"), ("GET", "/grants"), ("POST", "/grants"), ("GET", "/sessions"),
        ("POST", "/sessions/revoke"), ("PATCH", ""),
    )  # fmt: skip
    BODIES: ClassVar = {
        "/retire": {"reason": "x"}, "/reveal": {"reason": "x"}, "/account": {"username": "abc"},
        "/account/lock": {"reason": "x"}, "/grants": {"organisation": OTHER, "role": "teacher"},
    }  # fmt: skip

    @pytest.mark.parametrize(("method", "ending"), PATHS)
    def test_people_of_others_are_not_there(self, system: System, director: Api, method: str, ending: str) -> None:
        theirs = enter(director)["person_id"]
        neighbour = Api(system.url, f"director-{OTHER}")
        answers = [
            neighbour.request(
                method,
                f"/people/{person_id}{ending}",
                json=self.BODIES.get(ending, {}) if method != "GET" else None,
                headers={"If-Match": '"p1"'},
            )
            for person_id in (theirs, "01a204ea-23ee-7173-892f-747905b6ded6")
        ]
        problems = [{**refused(answer, 404, "not_found"), "trace_id": ""} for answer in answers]
        assert problems[0] == problems[1]

    def test_a_grant_of_others_is_not_there(self, system: System, director: Api) -> None:
        person_id = enter(director)["person_id"]
        grant = director.post(f"/people/{person_id}/grants", {"organisation": OWN, "role": "teacher"}, expect=201)
        neighbour = Api(system.url, f"director-{OTHER}")
        for grant_id in (grant["grant_id"], "01a204ea-23ee-7173-892f-747905b6ded6"):
            refused(neighbour.post(f"/grants/{grant_id}/end", {"reason": "x"}, expect=None), 404, "not_found")
        slips = neighbour.post("/people/password-slips", {"person_ids": [person_id]}, expect=None)
        refused(slips, 404, "not_found")
