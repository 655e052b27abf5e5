"""The service ``schools`` on both databases: coming in and out, grants, schools and their profiles, the demo office."""

import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from services.schools.access import commands as access
from services.schools.access import queries as sessions
from services.schools.access.rules import AccountState, Period
from services.schools.access.tables import Account, LoginSession, RefreshToken
from services.schools.database import TABLES
from services.schools.organisations import queries as schools
from services.schools.organisations.details import queries as details
from services.schools.organisations.tables import OrgCode, OrgUnit, School
from services.schools.people.tables import Person
from services.schools.seed.load import load
from shared.bus.envelope import new_id
from shared.db.migrate import upgrade
from shared.problems import Problem
from shared.security import secrets
from shared.security.identity import Identity
from shared.settings import Settings, SettingsError
from tests.running.schools_service import PASSWORD, ROOMS, SMIS, Office, open_offices, refused, together


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    yield from open_offices(request.param, tmp_path_factory.mktemp("schools"))


@pytest.fixture(autouse=True)
def usual_time(office: Office) -> None:
    office.move_clock(seconds=0)


class TestDemoOffice:
    def test_loading_it_again_changes_nothing(self, office: Office) -> None:
        before = (office.count(OrgUnit), office.count(Person), office.count(TABLES.outbox))
        load(office.settings)
        assert (office.count(OrgUnit), office.count(Person), office.count(TABLES.outbox)) == before

    def test_it_loads_in_under_two_seconds(self, tmp_path: Path) -> None:
        settings = Settings(data=tmp_path, env="test")
        secrets.create(settings.secrets_root)
        upgrade("schools", settings)
        started = time.process_time()  # other tests may keep the machine busy
        load(settings)
        assert time.process_time() - started < 2

    def test_production_has_none(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError):
            load(Settings(data=tmp_path, env="production"))

    def test_135_schools_are_open_and_their_defects_are_kept(self, office: Office) -> None:
        identity = office.who("officer")
        found = {item["smis"]: item for item in office.query(schools.list_schools, identity)["items"]}
        assert len(found) == 135
        assert list(found) == sorted(found)
        malformed, nowhere = found["57040161"], found["57040139"]
        assert (malformed["ministry_code"], malformed["obec6_code"]) == ("157120742", None)
        assert (nowhere["tambon"], nowhere["amphoe"], nowhere["province"]) == (None, None, "เชียงราย")

    def test_closed_schools_are_known_but_not_listed(self, office: Office) -> None:
        identity = office.who("officer")
        assert len(office.query(schools.list_schools, identity, state="CLOSED")["items"]) == 26
        closed = office.query(details.get_school, identity, smis="57040007")
        assert (closed["state"], closed["name"]) == ("CLOSED", "โรงเรียนที่ยุบเลิกแล้ว (รหัส 57040007)")

    def test_every_school_was_announced(self, office: Office) -> None:
        assert office.count(TABLES.outbox, type="schools.school_recorded.v1") >= 161
        (event, *_) = office.events("school/57040161")
        assert event["aggregateversion"] == 1
        assert event["org"] == "/obec/5704/57040161/"
        assert event["data"]["ministry_code"] == "157120742"
        assert event["data"]["state"] == "OPEN"
        assert office.events("school/57040152")[0]["data"]["state"] == "CLOSED"

    def test_people_are_marked_as_synthetic(self, office: Office) -> None:
        assert office.count(Person, synthetic=False) == 0
        me = office.query(sessions.me, office.who("officer"))
        assert me["name"].endswith("(สาธิต)")
        assert me["unit"]["code"] == "5704-g-ict"
        assert me["grants"] == [
            {
                "role": "officer",
                "role_name": "เจ้าหน้าที่",
                "scope": "/obec/5704/",
                "organisation": "5704",
                "organisation_name": "สพป.เชียงราย เขต 4",
                "acting": False,
                "from": "2022-10-01",
                "until": None,
            }
        ]

    def test_the_same_digits_may_stand_in_two_schemes(self, office: Office) -> None:
        with office.app.write() as unit:
            area_id = unit.session.execute(select(OrgUnit.id).filter_by(code="5704")).scalar_one()
            unit.session.add(OrgCode(id=new_id(), org_unit_id=area_id, scheme="AMPHOE4", code="5704"))
        assert office.count(OrgCode, code="5704") == 2


class TestComingIn:
    def test_login_identify_revoke(self, office: Office) -> None:
        tokens = office.login("Director-57040001 ")
        assert tokens["expires_in"] >= 900
        identity = office.app.verifier.verify(office.identify(tokens))
        assert [grant.role for grant in identity.grants] == ["school_director"]
        assert office.command(access.revoke, office.identify(tokens)) == {"revoked": 1}
        with refused("unauthenticated", 401):
            office.identify(tokens)
        with refused("unauthenticated", 401):
            office.refresh(tokens["refresh_token"])

    def test_an_identity_is_short_and_an_access_token_ends(self, office: Office) -> None:
        tokens = office.login("teacher")
        identity = office.identify(tokens)
        office.move_clock(seconds=121)
        with refused("unauthenticated", 401):
            office.query(sessions.me, identity)
        assert office.query(sessions.me, office.identify(tokens))["username"] == "teacher"
        office.move_clock(seconds=901)
        with refused("unauthenticated", 401):
            office.identify(tokens)
        assert office.identify(office.refresh(tokens["refresh_token"]))

    def test_refresh_tokens_rotate_and_a_copy_ends_the_session(self, office: Office) -> None:
        first = office.login("data-57040002")
        second = office.refresh(first["refresh_token"])
        assert second["refresh_token"] != first["refresh_token"]
        with refused("unauthenticated", 401):
            office.refresh(first["refresh_token"])
        for ended in (lambda: office.identify(second), lambda: office.refresh(second["refresh_token"])):
            with refused("unauthenticated", 401):
                ended()
        person_id = office.person_id("data-57040002")
        assert "session.token_reused" in [row.action for row in office.audited(f"person/{person_id}")]

    def test_of_two_refreshes_at_once_at_most_one_succeeds(self, office: Office) -> None:
        token = office.login("data-57040003")["refresh_token"]
        answers = together(2, lambda: office.refresh(token))
        assert [answer for answer in answers if isinstance(answer, Problem)]

    def test_a_session_ends_when_idle_and_after_a_week(self, office: Office) -> None:
        idle = office.login("data-57040004")
        office.move_clock(hours=8)
        with refused("unauthenticated", 401):
            office.refresh(idle["refresh_token"])
        office.move_clock(seconds=0)
        tokens = office.login("data-57040004")
        for hours in range(7, 7 * 24, 7):
            office.move_clock(hours=hours)
            tokens = office.refresh(tokens["refresh_token"])
        office.move_clock(days=7, seconds=1)
        with refused("unauthenticated", 401):
            office.refresh(tokens["refresh_token"])

    def test_a_browser_stays_while_it_comes_by_and_is_revoked_like_all(self, office: Office) -> None:
        tokens = office.login("data-57040028")
        for hours in (7, 14, 21):
            office.move_clock(hours=hours)
            with refused("unauthenticated", 401):
                office.identify(tokens)
            assert office.identify(tokens, browser=True)
        office.command(access.revoke, office.identify(tokens, browser=True))
        with refused("unauthenticated", 401):
            office.identify(tokens, browser=True)
        idle = office.login("data-57040029")
        office.move_clock(hours=29)
        with refused("unauthenticated", 401):
            office.identify(idle, browser=True)

    def test_a_refresh_token_alone_logs_out_and_an_unknown_one_is_no_error(self, office: Office) -> None:
        tokens = office.login("data-57040005")
        assert office.command(access.revoke, refresh_token="nobody's") == {"revoked": 0}
        assert office.command(access.revoke, refresh_token=tokens["refresh_token"]) == {"revoked": 1}
        with refused("unauthenticated", 401):
            office.command(access.revoke)

    def test_all_sessions_of_a_person_and_nobody_elses(self, office: Office) -> None:
        here, there, other = (office.login(name) for name in ("data-57040006", "data-57040006", "data-57040008"))
        assert office.command(access.revoke, office.identify(here), all=True) == {"revoked": 2}
        with refused("unauthenticated", 401):
            office.identify(there)
        assert office.identify(other)

    def test_a_locked_account_stops_at_once(self, office: Office) -> None:
        tokens = office.login("data-57040009")
        with office.app.write() as unit:
            account = unit.session.execute(select(Account).filter_by(username="data-57040009")).scalar_one()
            account.state = AccountState.LOCKED
        with refused("unauthenticated", 401):
            office.identify(tokens)
        with refused("unauthenticated", 401):
            office.refresh(tokens["refresh_token"])
        with refused("login.failed", 401):
            office.login("data-57040009")

    def test_nothing_secret_is_stored_in_the_clear(self, office: Office) -> None:
        tokens = office.login("data-57040010")
        audit = str([row.change for row in office.audited(f"person/{office.person_id('data-57040010')}")])
        assert "session_id" in audit
        with office.app.database.read() as session:
            stored = str(session.execute(select(RefreshToken.digest)).all())
        for secret in (PASSWORD, tokens["refresh_token"], tokens["access_token"]):
            assert secret not in audit
            assert secret not in stored


class TestAttempts:
    def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(self, office: Office) -> None:
        with refused("login.failed", 401) as unknown:
            office.login("nobody-at-all")
        with refused("login.failed", 401) as wrong:
            office.login("data-57040011", "wrong")
        assert unknown.value.as_dict() == wrong.value.as_dict()

    @pytest.mark.parametrize("username", ["data-57040012", "nobody-here"])
    def test_ten_failures_close_an_account_for_a_while_even_one_that_is_not_there(
        self, office: Office, username: str
    ) -> None:
        for _ in range(10):
            with refused("login.failed", 401):
                office.login(username, "wrong")
        with refused("login.limited", 429) as limited:
            office.login(username)
        assert 0 < limited.value.extra["retry_after"] <= 900
        office.move_clock(seconds=limited.value.extra["retry_after"] + 1)
        if username == "data-57040012":
            assert office.login(username)

    def test_success_forgets_the_failures(self, office: Office) -> None:
        for _ in range(3):
            for _ in range(9):
                with refused("login.failed", 401):
                    office.login("data-57040013", "wrong")
            assert office.login("data-57040013")

    def test_guessing_side_by_side_gives_no_more_answers(self, office: Office) -> None:
        answers = together(24, lambda: office.login("data-57040014", "wrong"))
        codes = [answer.code for answer in answers]
        assert (codes.count("login.failed"), codes.count("login.limited")) == (10, 14)

    def test_logging_in_side_by_side_is_no_failure(self, office: Office) -> None:
        assert all(isinstance(answer, dict) for answer in together(24, lambda: office.login("ops")))


class TestPasswords:
    def test_a_new_password_ends_the_other_sessions_only(self, office: Office) -> None:
        here, elsewhere = office.login("data-57040015"), office.login("data-57040015")
        answer = office.procedure(access.change_password, office.identify(here), current=PASSWORD, new="ฝนตกที่เชียงของ")
        assert answer == {"revoked": 1}
        assert office.identify(here)
        with refused("unauthenticated", 401):
            office.identify(elsewhere)
        with refused("login.failed", 401):
            office.login("data-57040015")
        assert office.login("data-57040015", "ฝนตกที่เชียงของ")

    @pytest.mark.parametrize("new", ["short", PASSWORD, "DATA-57040016"])
    def test_weak_ones_are_refused(self, office: Office, new: str) -> None:
        with refused("password.weak", 422) as weak:
            office.procedure(access.change_password, office.who("data-57040016"), current=PASSWORD, new=new)
        assert weak.value.errors[0].pointer == "new_password"

    def test_the_old_one_must_be_known_and_guesses_are_limited(self, office: Office) -> None:
        identity = office.who("data-57040017")
        for _ in range(10):
            with refused("password.wrong", 422):
                office.procedure(access.change_password, identity, current="wrong", new="ฝนตกที่เชียงของ")
        with refused("login.limited", 429):
            office.procedure(access.change_password, identity, current=PASSWORD, new="ฝนตกที่เชียงของ")

    def test_nobody_has_no_password(self, office: Office) -> None:
        with refused("unauthenticated", 401):
            office.procedure(access.change_password, current=PASSWORD, new="ฝนตกที่เชียงของ")


class TestGrants:
    def test_an_acting_director_serves_from_a_day_until_a_day(self, office: Office) -> None:
        today = office.app.clock.today()
        person_id = office.person_id("data-57040018")
        with office.app.write() as unit:
            school = unit.session.execute(select(OrgUnit).filter_by(code="57040018")).scalar_one()
            term = Period(today + dt.timedelta(days=2), today + dt.timedelta(days=3))
            access.give_grant(unit, person_id, "school_director", school, term, acting=True)

        def acting_on(day: int) -> bool:
            office.move_clock(days=day)
            grants = office.query(sessions.me, office.who("data-57040018"))["grants"]
            identity = office.app.verifier.verify(office.who("data-57040018"))
            held = [grant for grant in identity.grants if grant.role == "school_director"]
            assert held == [grant for grant in held if grant.acting]
            return len(grants) == 2 and bool(held)

        assert [acting_on(day) for day in range(1, 5)] == [False, True, True, False]
        assert [row.action for row in office.audited(f"person/{person_id}")].count("grant.give") == 2

    def test_a_grant_that_ends_stops_a_session_that_goes_on(self, office: Office) -> None:
        with office.app.write() as unit:
            school = unit.session.execute(select(OrgUnit).filter_by(code="57040019")).scalar_one()
            today = Period(office.app.clock.today(), office.app.clock.today())
            access.give_grant(unit, office.person_id("teacher"), "data_officer", school, today)
        tokens = office.login("teacher")
        assert len(office.app.verifier.verify(office.identify(tokens)).grants) == 2
        for hours in (6, 12, 18, 24):
            office.move_clock(hours=hours)
            tokens = office.refresh(tokens["refresh_token"])
        assert len(office.app.verifier.verify(office.identify(tokens)).grants) == 1


@pytest.fixture(scope="module")
def other_area(office: Office) -> str:
    """A second area with one school; the identity of its officer."""
    with office.app.write() as unit:
        obec_id = unit.session.execute(select(OrgUnit.id).filter_by(code="obec")).scalar_one()
        area = _node("AREA", "5703", "สพป.เชียงราย เขต 3", "/obec/5703/", obec_id)
        school = _node("SCHOOL", "57030001", "บ้านสันทราย", "/obec/5703/57030001/", area.id)
        for row in (area, school):
            unit.session.add(row)
            unit.session.flush()
        code = OrgCode(id=new_id(), org_unit_id=school.id, scheme="SMIS8", code="57030001")
        unit.session.add_all([code, School(unit_id=school.id, education_range="ประถมศึกษา", one_teacher=False)])
        person = Person(id=new_id(), unit_id=area.id, title="นาย", given_name="ก", family_name="ข", synthetic=True)
        unit.session.add(person)
        unit.session.flush()
        access.open_account(unit, person.id, "officer3", office.app.adapters.passwords.hash(PASSWORD))
        access.give_grant(unit, person.id, "officer", area, Period(dt.date(2022, 10, 1)))
    return "officer3"


def _node(kind: str, code: str, name: str, org_path: str, parent_id: str) -> OrgUnit:
    return OrgUnit(
        id=new_id(), kind=kind, code=code, name=name, org_path=org_path, parent_id=parent_id, state="OPEN", version=1
    )


class TestSchools:
    def test_each_area_sees_its_own_schools(self, office: Office, other_area: str) -> None:
        ours, theirs = office.who("data-57040020"), office.who(other_area)
        assert len(office.query(schools.list_schools, ours)["items"]) == 135
        assert [item["smis"] for item in office.query(schools.list_schools, theirs)["items"]] == ["57030001"]
        with refused("not_found", 404):
            office.query(details.get_school, theirs, smis=SMIS)
        with refused("not_found", 404):
            office.put_profile(theirs, if_none_match="*")

    def test_who_holds_no_grant_sees_nothing(self, office: Office) -> None:
        nobody = Identity("p", "x", "x", "s", ())
        signed = office.app.adapters.signer.sign(nobody, dt.timedelta(minutes=1))
        assert office.query(schools.list_schools, signed)["items"] == []
        with refused("forbidden", 403):
            office.query(schools.list_schools)

    def test_pages_follow_each_other(self, office: Office) -> None:
        identity, seen, cursor = office.who("auditor"), [], None
        while True:
            page = office.query(schools.list_schools, identity, limit=50, cursor=cursor)
            seen += [item["smis"] for item in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert len(seen) == len(set(seen)) == 135

    @pytest.mark.parametrize(
        ("filters", "expected"),
        [
            ({"q": "รร.บ้านศรีลานนา"}, 1),
            ({"q": "5704000"}, 8),
            ({"q": "%"}, 0),
            ({"amphoe": "เวียงแก่น"}, 20),
            ({"amphoe": "ไม่ระบุอำเภอ"}, 1),
            ({"amphoe": "เทิง", "q": "ไม่มีโรงเรียนชื่อนี้"}, 0),
        ],
    )
    def test_filters(self, office: Office, filters: dict[str, str], expected: int) -> None:
        assert len(office.query(schools.list_schools, office.who("auditor"), **filters)["items"]) == expected

    @pytest.mark.parametrize("wrong", [{"limit": 0}, {"limit": 501}, {"state": "open"}])
    def test_wrong_filters(self, office: Office, wrong: dict[str, Any]) -> None:
        with refused("invalid", 422):
            office.query(schools.list_schools, office.who("auditor"), **wrong)

    def test_one_school(self, office: Office) -> None:
        school = office.query(details.get_school, office.who("officer"), smis="57040022")
        assert (school["profile"], school["etag"]) == (None, "u1")
        assert school["grades"][0] == "อ.1"
        with refused("not_found", 404):
            office.query(details.get_school, office.who("officer"), smis="99999999")


class TestProfiles:
    def test_first_write_then_changes_with_the_tag(self, office: Office) -> None:
        identity = office.who(f"data-{SMIS}")
        first = office.put_profile(identity, if_none_match="*")
        assert (first["etag"], first["rooms_by_grade"]) == ("p1", ROOMS)
        body = {"year_be": 2569, "rooms_by_grade": {"ป.1": 3}, "teachers": 9}
        second = office.put_profile(identity, body=body, if_match='"p1"')
        assert second["etag"] == "p2"
        assert office.query(schools.get_profile, identity, smis=SMIS, year_be=2569) == second
        school = office.query(details.get_school, identity, smis=SMIS)
        assert school["profile"] == second
        events = office.events(f"profile/{SMIS}/2569")
        assert [event["aggregateversion"] for event in events] == [1, 2]
        assert events[-1]["data"] == {
            "smis": SMIS,
            "org_path": "/obec/5704/57040001/",
            "year_be": 2569,
            "rooms_by_grade": {"ป.1": 3},
        }
        audit = office.audited(f"profile/{SMIS}/2569")
        assert [row.change["before"] for row in audit] == [None, first]
        assert {row.actor for row in audit} == {office.person_id(f"data-{SMIS}")}

    def test_preconditions(self, office: Office) -> None:
        identity = office.who("officer")
        with refused("precondition.required", 428):
            office.put_profile(identity, smis="57040023")
        with refused("precondition.stale", 412) as nothing_there:
            office.put_profile(identity, smis="57040023", if_match="p1")
        assert nothing_there.value.extra == {"current": None, "given": "p1"}
        office.put_profile(identity, smis="57040023", if_none_match="*")
        office.put_profile(identity, smis="57040023", if_match="p1")
        for stale in ({"if_match": "p1"}, {"if_none_match": "*"}):
            with refused("precondition.stale", 412) as newer:
                office.put_profile(identity, smis="57040023", **stale)
            assert newer.value.extra == {"current": "p2", "given": next(iter(stale.values()))}
        assert len(office.events("profile/57040023/2569")) == 2

    def test_of_many_first_writes_one_wins(self, office: Office) -> None:
        identity = office.who("officer")
        answers = together(8, lambda: office.put_profile(identity, smis="57040024", if_none_match="*"))
        assert sorted(getattr(answer, "code", "won") for answer in answers) == ["precondition.stale"] * 7 + ["won"]

    @pytest.mark.parametrize("username", ["director-57040001", "data-57040025", "teacher", "areadirector", "auditor"])
    def test_others_may_not(self, office: Office, username: str) -> None:
        with refused("forbidden", 403):
            office.put_profile(office.who(username), smis=SMIS, if_none_match="*")

    def test_every_wrong_field_is_named(self, office: Office) -> None:
        body = {"year_be": 2026, "rooms_by_grade": {"ม.1": 1, "ป.1": -1}, "teachers": "สิบ"}
        with refused("invalid", 422) as wrong:
            office.put_profile(office.who("officer"), smis="57040026", body=body, if_none_match="*")
        assert [error.pointer for error in wrong.value.errors] == [
            "year_be",
            "rooms_by_grade.ม.1",
            "rooms_by_grade.ป.1",
            "teachers",
        ]

    def test_unknown_closed_and_missing(self, office: Office) -> None:
        identity = office.who("officer")
        with refused("not_found", 404):
            office.put_profile(identity, smis="57049999", if_none_match="*")
        with refused("school.closed", 409):
            office.put_profile(identity, smis="57040007", if_none_match="*")
        with refused("not_found", 404):
            office.query(schools.get_profile, identity, smis=SMIS, year_be=2501)

    def test_a_school_with_one_teacher_is_announced_as_such(self, office: Office) -> None:
        identity = office.who("officer")

        def record(year_be: int, teachers: int) -> None:
            body = {"year_be": year_be, "rooms_by_grade": ROOMS, "teachers": teachers}
            office.put_profile(identity, smis="57040027", body=body, if_none_match="*")

        record(2569, 1)
        record(2568, 7)  # an older year does not say how the school stands today
        record(2570, 2)
        told = office.events("school/57040027")
        assert [(event["aggregateversion"], event["data"]["one_teacher"]) for event in told] == [
            (1, False),
            (2, True),
            (3, False),
        ]


def test_sessions_are_counted_per_login(office: Office) -> None:
    person_id = office.person_id("recordsofficer")
    for _ in range(2):
        office.login("recordsofficer")
    assert office.count(LoginSession, person_id=person_id) == 2
