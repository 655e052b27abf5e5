"""People, accounts and grants in the service ``schools``, on both databases: who may do what to whom, what is kept."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select, text

from services.schools.access import commands as access
from services.schools.access import queries as sessions
from services.schools.access.rules import Period
from services.schools.access.tables import RoleGrant
from services.schools.database import TABLES
from services.schools.organisations.tables import OrgUnit
from services.schools.people import commands as people
from services.schools.people import members, names
from services.schools.people import queries as persons
from services.schools.people.tables import Person
from shared.bus.envelope import new_id
from shared.problems import Problem
from tests.running.schools_service import PASSWORD, SMIS, Office, open_offices, refused, together

OTHER = "57040002"
AREA = "5704"
ADMIN, DIRECTOR, OTHER_DIRECTOR = "admin", f"director-{SMIS}", f"director-{OTHER}"
NAME = {"title": "นาง", "given_name": "เกศินี", "family_name": "ดอยตุง"}
IDS = iter(
    ("1570405990387", "2570457466024", "3570489566197", "5570478492924", "6570426829683", "7570429659884",
     "8570412345677", "1570498765435", "2570412345091") * 2
)  # fmt: skip
NEW_PASSWORD = "ลมหนาวบนดอยช้าง"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    yield from open_offices(request.param, tmp_path_factory.mktemp("schools"))


@pytest.fixture(autouse=True)
def usual_time(office: Office) -> None:
    office.move_clock(seconds=0)


@pytest.fixture(scope="module")
def stranger(office: Office) -> str:
    """The user name of the admin of a second area."""
    with office.app.write() as unit:
        obec_id = unit.session.execute(select(OrgUnit.id).filter_by(code="obec")).scalar_one()
        area = OrgUnit(
            id=new_id(), kind="AREA", code="5703", name="สพป.เชียงราย เขต 3", org_path="/obec/5703/", parent_id=obec_id,
            state="OPEN", version=1,
        )  # fmt: skip
        unit.session.add(area)
        unit.session.flush()
        person = people.create_person(unit, area, {**NAME, "given_name": "ไกลบ้าน"})
        access.open_account(unit, person.id, "admin3", office.app.adapters.passwords.hash(PASSWORD))
        access.give_grant(unit, person.id, "area_admin", area, Period(dt.date(2022, 10, 1)))
    return "admin3"


class Manager:
    """Somebody who administers people, by user name."""

    def __init__(self, office: Office, username: str, password: str = PASSWORD) -> None:
        self.office = office
        self.identity = office.who(username, password)

    def enter(self, organisation: str = SMIS, username: str | None = None, **fields: str) -> Any:
        given = {**NAME, **fields}
        return self.office.command(
            people.add_person, self.identity, organisation=organisation, fields=given, username=username
        )

    def see(self, person_id: str) -> Any:
        return self.office.query(persons.get_person, self.identity, person_id=person_id)

    def find(self, **filters: Any) -> Any:
        return self.office.query(persons.list_people, self.identity, **filters)

    def do(self, command: Any, person_id: str, **args: Any) -> Any:
        return self.office.command(command, self.identity, person_id=person_id, **args)

    def slip(self, person_id: str) -> Any:
        return self.office.procedure(access.password_slip, self.identity, person_id=person_id)

    def grant(self, person_id: str, role: str, organisation: str, **args: Any) -> Any:
        return self.do(access.add_grant, person_id, role=role, organisation=organisation, **args)

    def end(self, grant_id: str, **args: Any) -> Any:
        return self.office.command(access.end_grant, self.identity, grant_id=grant_id, **{"reason": "ทดสอบ", **args})


@pytest.fixture
def admin(office: Office) -> Manager:
    return Manager(office, ADMIN)


@pytest.fixture
def director(office: Office) -> Manager:
    return Manager(office, DIRECTOR)


def day(office: Office, offset: int) -> str:
    return (office.app.clock.today() + dt.timedelta(days=offset)).isoformat()


class TestPeople:
    def test_a_person_is_entered_seen_and_found_by_everybody_who_looks_after_them(
        self, office: Office, admin: Manager, director: Manager
    ) -> None:
        person = director.enter(position="ครูชำนาญการ", email="k@example.go.th", phone="081-234-5678")
        assert person["name"] == "นางเกศินี ดอยตุง"
        assert (person["unit"]["code"], person["state"], person["standing"]) == (SMIS, "ACTIVE", "NO_ACCOUNT")
        assert (person["phone"], person["etag"], person["account"], person["grants"]) == ("0812345678", "p1", None, [])
        for manager in (admin, director):
            assert manager.see(person["person_id"])["name"] == person["name"]
            assert person["person_id"] in ids(manager.find(q="ดอยตุง เกศ"))
        assert person["person_id"] not in ids(Manager(office, OTHER_DIRECTOR).find())

    def test_what_is_not_yours_and_what_is_not_there_look_alike(
        self, office: Office, director: Manager, stranger: str
    ) -> None:
        person_id = director.enter()["person_id"]
        for manager in (Manager(office, OTHER_DIRECTOR), Manager(office, stranger)):
            refusals = []
            for wanted in (person_id, new_id()):
                with refused("not_found", 404) as nothing:
                    manager.see(wanted)
                refusals.append(nothing.value.as_dict())
            assert refusals[0] == refusals[1]
            for command, args in (
                (people.retire_person, {"reason": "x"}),
                (access.lock_account, {"reason": "x"}),
                (access.add_account, {"username": "somebody"}),
                (access.revoke_sessions, {}),
            ):
                with refused("not_found", 404):
                    manager.do(command, person_id, **args)
            with refused("not_found", 404):
                manager.slip(person_id)

    @pytest.mark.parametrize("username", ["officer", "teacher", f"data-{SMIS}", "auditor", "ops", "areadirector"])
    def test_others_administer_nobody(self, office: Office, director: Manager, username: str) -> None:
        person_id = director.enter()["person_id"]
        other = Manager(office, username)
        with refused("forbidden", 403):
            other.find()
        with refused("forbidden", 403):
            other.see(person_id)
        with refused("forbidden", 403):
            other.enter()
        with refused("forbidden", 403):
            other.grant(person_id, "teacher", SMIS)

    def test_a_director_enters_people_at_the_own_school_alone(
        self, office: Office, director: Manager, stranger: str
    ) -> None:
        with refused("forbidden", 403):
            director.enter(OTHER)
        with refused("forbidden", 403):
            director.enter(AREA)
        with refused("not_found", 404):
            director.enter("57049999")
        with refused("not_found", 404):
            Manager(office, stranger).enter(SMIS)
        with refused("unit.closed", 409):
            Manager(office, ADMIN).enter("57040007")

    def test_every_wrong_field_is_named_and_nothing_is_kept(self, office: Office, director: Manager) -> None:
        before = office.count(Person)
        with refused("invalid", 422) as wrong:
            director.enter(username="ก", given_name="", citizen_id="1", email="x")
        pointers = [error.pointer for error in wrong.value.errors]
        assert pointers == ["given_name", "citizen_id", "email", "username"]
        assert office.count(Person) == before

    def test_changes_are_made_by_who_has_seen_the_last_version(self, director: Manager) -> None:
        person = director.enter()
        changed = director.do(
            people.change_person, person["person_id"], fields={"family_name": "แม่สาย", "phone": ""}, if_match='"p1"'
        )
        assert (changed["name"], changed["version"], changed["given_name"]) == ("นางเกศินี แม่สาย", 2, "เกศินี")
        with refused("precondition.stale", 412) as stale:
            director.do(people.change_person, person["person_id"], fields={"title": "นางสาว"}, if_match="p1")
        assert stale.value.extra == {"current": "p2", "given": "p1"}
        again = director.do(people.change_person, person["person_id"], fields={"family_name": "แม่สาย"}, if_match="p2")
        assert again["version"] == 2, "nothing changed"

    def test_a_person_moves_to_another_school(self, office: Office, admin: Manager, director: Manager) -> None:
        person = director.enter()
        move = {"fields": {}, "if_match": "p1", "organisation": OTHER}
        with refused("forbidden", 403):
            director.do(people.change_person, person["person_id"], **move)
        assert admin.do(people.change_person, person["person_id"], **move)["unit"]["code"] == OTHER
        with refused("not_found", 404):
            director.see(person["person_id"])
        assert Manager(office, OTHER_DIRECTOR).see(person["person_id"])

    def test_names_and_ids_are_not_readable_where_they_are_stored(self, office: Office, director: Manager) -> None:
        citizen_id = next(IDS)
        fields = {"given_name": "ปกปิดมิด", "family_name": "ซ่อนนาม", "email": "hid@example.go.th", "phone": "0891111111"}
        person = director.enter(citizen_id=citizen_id, **fields)
        director.do(people.change_person, person["person_id"], fields={"family_name": "เปลี่ยนนาม"}, if_match="p1")
        office.procedure(people.reveal_citizen_id, director.identity, person_id=person["person_id"], reason="ทดสอบ")
        with office.app.database.read() as session:
            row = session.execute(text("SELECT * FROM person WHERE id = :id"), {"id": person["person_id"]}).one()
        stored = json.dumps([str(value) for value in row], ensure_ascii=False)
        changes = [line.change for line in office.audited(f"person/{person['person_id']}")]
        audit = json.dumps(changes, ensure_ascii=False)
        for secret in (*fields.values(), citizen_id, "เปลี่ยนนาม"):
            assert secret not in stored
            assert secret not in audit

    def test_the_list_is_in_thai_order_and_its_pages_follow_each_other(self, director: Manager) -> None:
        for given_name in ("แก้วตา", "กมล", "ขจร", "เก่งกาจ"):
            director.enter(given_name=given_name, family_name="เรียงลำดับ")
        found = [item["name"] for item in director.find(q="เรียงลำดับ")["items"]]
        assert [name.split()[0] for name in found] == ["นางกมล", "นางเก่งกาจ", "นางแก้วตา", "นางขจร"]
        seen: list[str] = []
        cursor = None
        while True:
            page = director.find(limit=2, cursor=cursor)
            seen += ids(page)
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert len(seen) == len(set(seen)) == director.find()["total"]
        with refused("invalid", 422):
            director.find(cursor=new_id())

    def test_who_is_meant_by_a_name_is_told_within_the_area_alone(
        self, office: Office, director: Manager, stranger: str
    ) -> None:
        fields = {"title": "นาย", "given_name": "ธงชัยเฉลิม", "family_name": "ตามหาพบ"}
        person = director.enter(**fields)["person_id"]
        texts = ["ขอเชิญ นายธงชัยเฉลิม", "ตามหาพบ", "ไม่มีใครชื่อนี้"]
        told = office.query(names.find_named, office.who("registrar"), texts=texts)["found"]
        assert [(one["person_ids"], one["rest"]) for one in told] == [
            ([person], "ขอเชิญ"), ([person], ""), ([], "ไม่มีใครชื่อนี้"),
        ]  # fmt: skip
        elsewhere = office.query(names.find_named, office.who(stranger), texts=["ธงชัยเฉลิม"])["found"]
        assert elsewhere[0]["person_ids"] == []

    @pytest.mark.parametrize(
        ("filters", "expected"),
        [
            ({"role": "school_director", "organisation": SMIS}, {DIRECTOR}),
            ({"role": "data_officer", "q": "57040002"}, {f"data-{OTHER}"}),
            ({"q": "no such person"}, set()),
            ({"organisation": "5703"}, set()),
            ({"organisation": "5704-g-audit"}, {"auditor"}),
            ({"state": "NEVER_IN", "q": "director-57040099"}, {"director-57040099"}),
        ],
    )
    def test_filters(self, admin: Manager, filters: dict[str, str], expected: set[str]) -> None:
        assert {item["username"] for item in admin.find(**filters)["items"]} == expected

    @pytest.mark.parametrize("wrong", [{"limit": 0}, {"limit": 201}, {"role": "king"}, {"state": "dead"}])
    def test_wrong_filters(self, admin: Manager, wrong: dict[str, Any]) -> None:
        with refused("invalid", 422):
            admin.find(**wrong)


class TestCitizenIds:
    def test_an_id_is_masked_and_told_in_full_to_who_says_why(self, office: Office, director: Manager) -> None:
        citizen_id = next(IDS)
        person = director.enter(citizen_id=citizen_id)
        assert person["citizen_id"] == f"{citizen_id[0]}-{citizen_id[1:5]}-xxxxx-xx-{citizen_id[-1]}"
        assert citizen_id not in json.dumps(director.see(person["person_id"]))

        def reveal(reason: str) -> Any:
            return office.procedure(
                people.reveal_citizen_id, director.identity, person_id=person["person_id"], reason=reason
            )

        with refused("invalid", 422):
            reveal("  ")
        assert reveal("ตรวจกับบัตรประชาชน")["citizen_id"] == citizen_id
        (row,) = [
            line for line in office.audited(f"person/{person['person_id']}") if line.action == "reveal.citizen_id"
        ]
        assert (row.actor, row.reason) == (office.person_id(DIRECTOR), "ตรวจกับบัตรประชาชน")

    def test_an_id_names_one_person_in_the_whole_country(
        self, office: Office, admin: Manager, director: Manager, stranger: str
    ) -> None:
        citizen_id = next(IDS)
        person = director.enter(citizen_id=citizen_id)
        with refused("person.exists", 409) as known:
            admin.enter(OTHER, citizen_id=citizen_id)
        assert known.value.extra == {"person_id": person["person_id"]}
        for manager, organisation in ((Manager(office, OTHER_DIRECTOR), OTHER), (Manager(office, stranger), "5703")):
            with refused("person.exists", 409) as hidden:
                manager.enter(organisation, citizen_id=citizen_id)
            told = json.dumps(hidden.value.as_dict(), ensure_ascii=False)
            assert not any(secret in told for secret in (person["person_id"], "ดอยตุง", SMIS))
        other = director.enter()
        with refused("person.exists", 409):
            director.do(people.change_person, other["person_id"], fields={"citizen_id": citizen_id}, if_match="p1")

    def test_another_area_enters_whom_the_former_one_has_released(
        self, office: Office, director: Manager, stranger: str
    ) -> None:
        citizen_id, elsewhere = next(IDS), Manager(office, stranger)
        person_id = director.enter(citizen_id=citizen_id)["person_id"]
        director.do(people.retire_person, person_id, reason="ย้ายไปเขตอื่น")
        with refused("person.exists", 409):
            elsewhere.enter("5703", citizen_id=citizen_id)
        etag = director.see(person_id)["etag"]
        released = director.do(people.change_person, person_id, fields={"citizen_id": ""}, if_match=etag)
        assert released["citizen_id"] is None
        assert elsewhere.enter("5703", citizen_id=citizen_id)["person_id"] != person_id

    def test_of_two_who_enter_one_person_at_once_one_wins(self, director: Manager) -> None:
        citizen_id = next(IDS)
        answers = together(4, lambda: director.enter(citizen_id=citizen_id))
        codes = sorted(answer.code if isinstance(answer, Problem) else "entered" for answer in answers)
        assert codes == ["entered", *["person.exists"] * 3]

    def test_nobody_reads_the_id_of_somebody_who_only_helps_out(
        self, office: Office, admin: Manager, director: Manager
    ) -> None:
        person_id = director.enter(citizen_id=next(IDS))["person_id"]
        admin.grant(person_id, "data_officer", OTHER)
        neighbour = Manager(office, OTHER_DIRECTOR)
        assert "reveal" not in neighbour.see(person_id)["allowed"]
        with refused("forbidden", 403):
            office.procedure(people.reveal_citizen_id, neighbour.identity, person_id=person_id, reason="อยากรู้")


    def test_what_is_kept_of_a_call_gives_no_id_away(self, office: Office, director: Manager) -> None:
        """An id has so few values that an open digest of the call is as good as the id itself."""
        arguments = {"organisation": SMIS, "fields": {**NAME, "citizen_id": next(IDS)}, "username": None}
        request = {"identity": director.identity, "args": arguments, "idempotency_key": "keyed"}
        entered, again = (office.app.command(people.add_person, request)["result"]["person_id"] for _ in range(2))
        assert entered == again
        other = {**arguments, "fields": {**NAME, "citizen_id": next(IDS)}}
        refusal = office.app.command(people.add_person, {**request, "args": other})
        assert refusal["problem"]["code"] == "idempotency.mismatch"
        with office.app.database.read() as session:
            kept = session.execute(select(TABLES.idempotency.fingerprint).filter_by(key="keyed")).scalar_one()
        plain = json.dumps(arguments, sort_keys=True, default=str)
        assert kept != hashlib.sha256(plain.encode()).hexdigest()
        assert kept == office.app.vault.blind("idempotency.fingerprint", plain)


class TestAccounts:
    def test_from_a_slip_to_the_first_own_password(self, office: Office, director: Manager) -> None:
        person = director.enter(username="Kesinee.d ")
        assert (person["account"]["username"], person["account"]["has_password"]) == ("kesinee.d", False)
        with refused("login.failed", 401):
            office.login("kesinee.d", "")
        slip = director.slip(person["person_id"])
        assert slip["organisation"] == "บ้านศรีลานนา"
        assert "".join(slip["groups"]) == slip["password"]
        tokens = office.login("kesinee.d", slip["password"])
        assert office.query(sessions.me, office.identify(tokens))["must_change_password"] is True
        office.procedure(
            access.change_password, office.identify(tokens), current=slip["password"], new=NEW_PASSWORD
        )
        assert office.query(sessions.me, office.identify(tokens))["must_change_password"] is False
        account = director.see(person["person_id"])["account"]
        assert account["last_login_remote"] == "10.0.0.9"
        assert account["last_login_at"] is not None

    def test_the_password_of_a_slip_is_stored_nowhere(self, office: Office, director: Manager) -> None:
        person = director.enter(username="slip.nowhere")
        password = director.slip(person["person_id"])["password"]
        with office.app.database.read() as session:
            for table in (TABLES.audit, TABLES.idempotency, TABLES.outbox):
                rows = session.execute(select(table.__table__)).all()
                assert password not in str([tuple(row) for row in rows])

    def test_a_new_slip_ends_every_session_and_forgives_failures(self, office: Office, director: Manager) -> None:
        person = director.enter(username="slip.again")
        first = director.slip(person["person_id"])["password"]
        tokens = office.login("slip.again", first)
        for _ in range(10):
            with refused("login.failed", 401):
                office.login("slip.again", "wrong")
        second = director.slip(person["person_id"])["password"]
        assert first != second
        with refused("unauthenticated", 401):
            office.identify(tokens)
        assert office.login("slip.again", second)

    def test_slips_for_many_are_all_or_none(self, office: Office, director: Manager, admin: Manager) -> None:
        with_account = [director.enter(username=f"many.{number}")["person_id"] for number in range(3)]
        without = director.enter()["person_id"]

        def slips(manager: Manager, wanted: list[str]) -> Any:
            return office.procedure(access.password_slips, manager.identity, person_ids=wanted)["items"]

        made = slips(director, with_account)
        assert [slip["person_id"] for slip in made] == with_account
        assert len({slip["password"] for slip in made}) == 3
        with refused("invalid", 422) as wrong:
            slips(director, [*with_account, without])
        assert [(error.pointer, error.code) for error in wrong.value.errors] == [("person_ids.3", "account.none")]
        assert office.login("many.0", made[0]["password"]), "nobody got another password"
        with refused("not_found", 404):
            slips(Manager(office, OTHER_DIRECTOR), with_account)
        for wrong_list in ([], with_account * 20, [with_account[0]] * 2):
            with refused("invalid", 422):
                slips(director, wrong_list)

    def test_a_locked_account_stops_at_once_until_it_is_unlocked(self, office: Office, director: Manager) -> None:
        person_id = director.enter(username="locked.one")["person_id"]
        password = director.slip(person_id)["password"]
        tokens = office.login("locked.one", password)
        with refused("invalid", 422):
            director.do(access.lock_account, person_id, reason="")
        locked = director.do(access.lock_account, person_id, reason="โทรศัพท์หาย")
        assert (locked["standing"], locked["account"]["lock_reason"]) == ("LOCKED", "โทรศัพท์หาย")
        with refused("unauthenticated", 401):
            office.identify(tokens)
        with refused("login.failed", 401):
            office.login("locked.one", password)
        with refused("account.state", 409):
            director.do(access.lock_account, person_id, reason="อีกครั้ง")
        with refused("account.locked", 409):
            director.slip(person_id)
        director.do(access.unlock_account, person_id)
        assert office.login("locked.one", password)
        with refused("account.state", 409):
            director.do(access.unlock_account, person_id)

    def test_a_user_name_is_somebodys_alone(self, director: Manager, admin: Manager) -> None:
        director.enter(username="only.one")
        with refused("account.username_taken", 409):
            admin.enter(OTHER, username="ONLY.ONE")
        person_id = director.enter(username="second.one")["person_id"]
        with refused("account.exists", 409):
            director.do(access.add_account, person_id, username="third.one")

    def test_of_two_who_take_a_user_name_at_once_one_gets_it(self, director: Manager) -> None:
        answers = together(4, lambda: director.enter(username="wanted.by.all"))
        codes = sorted(answer.code if isinstance(answer, Problem) else "" for answer in answers)
        assert codes == ["", *["account.username_taken"] * 3]

    def test_nobody_manages_an_account_with_rights_beyond_their_reach(
        self, office: Office, admin: Manager, director: Manager
    ) -> None:
        person_id = director.enter(username="also.officer")["person_id"]
        admin.grant(person_id, "data_officer", OTHER, valid_from=day(office, 30))
        seen = director.see(person_id)
        assert seen["grants"] == [], "what one holds elsewhere is not theirs to know"
        assert not {"slip", "lock", "retire"} & set(seen["allowed"])
        for step in (
            lambda: director.slip(person_id),
            lambda: director.do(access.lock_account, person_id, reason="x"),
            lambda: director.do(people.retire_person, person_id, reason="x"),
            lambda: director.do(access.revoke_sessions, person_id),
            lambda: office.query(sessions.list_sessions, director.identity, person_id=person_id),
        ):
            with refused("forbidden", 403):
                step()
        assert admin.slip(person_id)

    def test_a_director_does_not_manage_the_area_admin_who_came_from_the_school(
        self, admin: Manager, director: Manager
    ) -> None:
        person_id = director.enter(username="teacher.admin")["person_id"]
        admin.grant(person_id, "area_admin", AREA)
        with refused("forbidden", 403):
            director.slip(person_id)

    def test_of_two_directors_of_a_school_neither_manages_the_other(self, office: Office, admin: Manager) -> None:
        person_id = admin.enter(username="acting.director")["person_id"]
        admin.grant(
            person_id, "school_director", SMIS, acting=True, order_no="9/2569", order_date="2026-05-01"
        )
        with refused("forbidden", 403):
            Manager(office, DIRECTOR).slip(person_id)

    @pytest.mark.parametrize("username", [ADMIN, DIRECTOR])
    def test_nobody_decides_about_themselves(self, office: Office, username: str) -> None:
        manager, own_id = Manager(office, username), office.person_id(username)
        assert manager.see(own_id)["allowed"] == ["edit", "reveal"]
        scope = AREA if username == ADMIN else SMIS
        role = "officer" if username == ADMIN else "data_officer"
        for step in (
            lambda: manager.grant(own_id, role, scope),
            lambda: manager.slip(own_id),
            lambda: manager.do(access.lock_account, own_id, reason="x"),
            lambda: manager.do(people.retire_person, own_id, reason="x"),
        ):
            with refused("account.self", 409):
                step()

    def test_sessions_are_listed_and_ended(self, office: Office, director: Manager) -> None:
        person_id = director.enter(username="many.sessions")["person_id"]
        password = director.slip(person_id)["password"]
        phone, desk = (
            office.procedure(access.login, username="many.sessions", password=password, remote=remote, device=device)
            for remote, device in (("10.1.1.1", "Mozilla/5.0 (iPhone) Safari/604"), ("10.1.1.2", "curl/8"))
        )
        mine = office.query(sessions.list_my_sessions, office.identify(desk))["items"]
        assert {(one["device"], one["remote"], one["current"]) for one in mine} == {
            ("Safari · iPhone", "10.1.1.1", False),
            ("curl/8", "10.1.1.2", True),
        }
        (lost,) = [one["session_id"] for one in mine if not one["current"]]
        with refused("not_found", 404):
            office.command(access.end_my_session, director.identity, session_id=lost)
        assert office.command(access.end_my_session, office.identify(desk), session_id=lost) == {"revoked": 1}
        with refused("unauthenticated", 401):
            office.identify(phone)
        theirs = office.query(sessions.list_sessions, director.identity, person_id=person_id)["items"]
        assert [one["device"] for one in theirs] == ["curl/8"]
        assert director.do(access.revoke_sessions, person_id) == {"revoked": 1}
        with refused("unauthenticated", 401):
            office.identify(desk)


class TestRetiring:
    def test_who_leaves_keeps_nothing_and_is_not_forgotten(self, office: Office, admin: Manager) -> None:
        person_id = admin.enter(username="leaver")["person_id"]
        admin.grant(person_id, "teacher", SMIS)
        admin.grant(person_id, "data_officer", SMIS, valid_from=day(office, 10))
        tokens = office.login("leaver", admin.slip(person_id)["password"])
        with refused("invalid", 422) as wrong:
            admin.do(people.retire_person, person_id, reason="", retired_on=day(office, 1))
        assert [error.pointer for error in wrong.value.errors] == ["retired_on", "reason"]
        gone = admin.do(people.retire_person, person_id, reason="เกษียณอายุราชการ", retired_on=day(office, -1))
        assert (gone["state"], gone["retired_on"], gone["standing"]) == ("RETIRED", day(office, -1), "RETIRED")
        assert gone["account"]["state"] == "RETIRED"
        assert [(grant["state"], grant["until"]) for grant in gone["grants"]] == [
            ("CURRENT", day(office, 0)),
            ("WITHDRAWN", None),
        ]
        with refused("unauthenticated", 401):
            office.identify(tokens)
        assert person_id not in ids(admin.find(q="leaver"))
        assert person_id in ids(admin.find(q="leaver", state="RETIRED"))
        with refused("person.retired", 409):
            admin.grant(person_id, "teacher", SMIS)
        with refused("person.retired", 409):
            admin.do(access.unlock_account, person_id)

    def test_who_comes_back_begins_with_a_locked_account(self, office: Office, admin: Manager) -> None:
        person_id = admin.enter(username="returner")["person_id"]
        password = admin.slip(person_id)["password"]
        admin.do(people.retire_person, person_id, reason="ย้าย")
        back = admin.do(people.reinstate_person, person_id)
        assert (back["state"], back["retired_on"], back["account"]["state"]) == ("ACTIVE", None, "LOCKED")
        with refused("login.failed", 401):
            office.login("returner", password)
        admin.do(access.unlock_account, person_id)
        assert office.login("returner", password)
        with refused("person.active", 409):
            admin.do(people.reinstate_person, person_id)


class TestGrants:
    def test_a_grant_counts_from_its_first_to_its_last_day(self, office: Office, admin: Manager) -> None:
        person_id = admin.enter(username="term.holder")["person_id"]
        password = admin.slip(person_id)["password"]
        given = admin.grant(person_id, "teacher", SMIS, valid_from=day(office, 1), valid_until=day(office, 2))
        assert (given["state"], given["organisation_name"]) == ("FUTURE", "บ้านศรีลานนา")
        office.login("term.holder", password)

        def held(offset: int) -> list[str]:
            office.move_clock(days=offset)
            me = office.query(sessions.me, office.identify(office.login("term.holder", password)))
            return [grant["role"] for grant in me["grants"]]

        assert [held(offset) for offset in range(4)] == [[], ["teacher"], ["teacher"], []]

    @pytest.mark.parametrize(
        ("role", "organisation"),
        [("school_director", SMIS), ("area_admin", AREA), ("officer", AREA), ("data_officer", OTHER)],
    )
    def test_a_director_gives_three_roles_at_the_own_school(
        self, director: Manager, role: str, organisation: str
    ) -> None:
        person_id = director.enter()["person_id"]
        with refused("forbidden", 403):
            director.grant(person_id, role, organisation)
        for own in ("data_officer", "teacher", "registrar"):
            assert director.grant(person_id, own, SMIS)["state"] == "CURRENT"

    def test_a_role_of_the_area_is_not_given_at_a_school(self, admin: Manager) -> None:
        person_id = admin.enter()["person_id"]
        with refused("invalid", 422) as wrong:
            admin.grant(person_id, "area_admin", SMIS, acting=True, valid_from="x", valid_until="2020-01-01")
        pointers = [error.pointer for error in wrong.value.errors]
        assert pointers == ["from", "role", "until", "order_no", "order_date"]

    def test_acting_shows_its_order_everywhere(self, office: Office, admin: Manager) -> None:
        person_id = admin.enter(username="acting.one")["person_id"]
        with refused("invalid", 422):
            admin.grant(person_id, "school_director", OTHER, acting=True)
        order = {"acting": True, "order_no": "57/2569", "order_date": "2026-10-01"}
        given = admin.grant(person_id, "school_director", OTHER, **order)
        assert (given["acting"], given["order_no"], given["order_date"]) == (True, "57/2569", "2026-10-01")
        slip = admin.slip(person_id)
        identity = office.app.verifier.verify(office.identify(office.login("acting.one", slip["password"])))
        assert [(grant.role, grant.acting) for grant in identity.grants] == [("school_director", True)]

    def test_equal_grants_do_not_overlap(self, office: Office, admin: Manager) -> None:
        person_id = admin.enter()["person_id"]
        admin.grant(person_id, "teacher", SMIS, valid_until=day(office, 10))
        before = {"valid_from": day(office, -5), "valid_until": day(office, 0)}
        for period in ({}, {"valid_from": day(office, 10)}, before):
            with refused("grant.overlap", 409):
                admin.grant(person_id, "teacher", SMIS, **period)
        admin.grant(person_id, "teacher", SMIS, valid_from=day(office, 11))
        admin.grant(person_id, "data_officer", SMIS)
        admin.grant(person_id, "teacher", OTHER)

    def test_of_two_equal_grants_at_once_one_is_given(self, office: Office, admin: Manager) -> None:
        person_id = admin.enter()["person_id"]
        answers = together(4, lambda: admin.grant(person_id, "teacher", SMIS))
        assert sum(isinstance(answer, dict) for answer in answers) == 1
        assert office.count(RoleGrant, person_id=person_id) == 1

    def test_a_grant_ends_today_at_once_or_as_planned(self, office: Office, admin: Manager) -> None:
        person_id = admin.enter()["person_id"]

        def given(**period: str) -> str:
            return str(admin.grant(person_id, "teacher", SMIS, **period)["grant_id"])

        old = given(valid_from=day(office, -30))
        planned = admin.end(old, last_day=day(office, 5))
        assert (planned["state"], planned["until"]) == ("CURRENT", day(office, 5))
        assert admin.end(old, last_day=day(office, -1))["state"] == "PAST"
        with refused("grant.over", 409):
            admin.end(old)
        mistaken = given(valid_from=day(office, 0))
        assert admin.end(mistaken, last_day=day(office, -1))["state"] == "WITHDRAWN"
        future = given(valid_from=day(office, 5), valid_until=day(office, 9))
        with refused("invalid", 422):
            admin.end(future, last_day=day(office, 10))
        with refused("invalid", 422) as nothing_said:
            admin.end(future, reason=" ", last_day=day(office, -9))
        assert [error.pointer for error in nothing_said.value.errors] == ["last_day", "reason"]
        assert admin.end(future)["state"] == "WITHDRAWN"
        endings = [row.reason for row in office.audited(f"person/{person_id}") if row.action == "grant.end"]
        assert endings == ["ทดสอบ"] * 4

    def test_grants_of_others_are_not_there(
        self, office: Office, admin: Manager, director: Manager, stranger: str
    ) -> None:
        person_id = admin.enter()["person_id"]
        at_school = admin.grant(person_id, "teacher", SMIS)["grant_id"]
        higher = admin.grant(person_id, "school_director", SMIS)["grant_id"]
        elsewhere = admin.grant(person_id, "teacher", OTHER)["grant_id"]
        listed = office.query(persons.list_grants, director.identity, person_id=person_id)["items"]
        assert {grant["grant_id"]: grant["may_end"] for grant in listed} == {at_school: True, higher: False}
        for unknown in (elsewhere, new_id()):
            with refused("not_found", 404):
                director.end(unknown)
        with refused("forbidden", 403):
            director.end(higher)
        with refused("not_found", 404):
            Manager(office, stranger).end(at_school)
        assert director.end(at_school)["may_end"] is True

    def test_a_closing_unit_ends_what_is_held_there(self, office: Office, admin: Manager) -> None:
        person_id = admin.enter("57040098")["person_id"]
        for role, period in (("teacher", {}), ("data_officer", {"valid_from": day(office, 9)})):
            admin.grant(person_id, role, "57040098", **period)
        today = office.app.clock.today()
        with office.app.write() as unit:
            school = unit.session.execute(select(OrgUnit).filter_by(code="57040098")).scalar_one()
            # with the director and the data officer of the demo office
            assert access.end_grants_at(unit, school.id, today, "ยุบโรงเรียน") == 4
        with office.app.write() as unit:
            assert access.end_grants_at(unit, school.id, today, "ยุบโรงเรียน") == 0
        held = admin.see(person_id)["grants"]
        assert {(grant["role"], grant["until"], grant["state"]) for grant in held} == {
            ("teacher", today.isoformat(), "CURRENT"),
            ("data_officer", None, "WITHDRAWN"),
        }


class TestOverview:
    """What "my work" of an admin and of a director says of the accounts they look after."""

    def overview(self, manager: Manager) -> Any:
        return manager.office.query(persons.accounts_overview, manager.identity)

    def test_it_counts_the_people_whom_the_list_shows(self, office: Office, director: Manager, stranger: str) -> None:
        locked = director.enter(username="overview.locked")["person_id"]
        director.do(access.lock_account, locked, reason="ทดสอบ")
        director.enter()
        for username in (DIRECTOR, OTHER_DIRECTOR, ADMIN, stranger):
            manager = Manager(office, username)
            overview = self.overview(manager)
            for count in ("no_account", "never_in", "locked"):
                assert overview[count] == manager.find(state=count.upper())["total"], (username, count)
        assert self.overview(director)["no_account"] > 0
        assert self.overview(Manager(office, stranger))["locked"] == 0

    def test_a_grant_that_ends_is_told_to_those_alone_whose_unit_it_is_for(
        self, office: Office, admin: Manager, director: Manager, stranger: str
    ) -> None:
        others = (Manager(office, OTHER_DIRECTOR), Manager(office, stranger))
        before = [self.overview(manager)["ending"] for manager in others]
        person_id = director.enter()["person_id"]
        director.grant(person_id, "data_officer", SMIS, valid_until=day(office, 1))
        for manager in (admin, director):
            (ending,) = [one for one in self.overview(manager)["ending_soonest"] if one["person_id"] == person_id]
            assert (ending["role"], ending["until"]) == ("data_officer", day(office, 1))
        for manager, ended in zip(others, before, strict=True):
            overview = self.overview(manager)
            assert overview["ending"] == ended
            assert person_id not in [one["person_id"] for one in overview["ending_soonest"]]


class TestLastAdmin:
    def test_an_area_keeps_its_last_admin(self, office: Office, stranger: str) -> None:
        first = Manager(office, stranger)
        second = first.enter("5703", username="admin3.second")
        grant = first.grant(second["person_id"], "area_admin", "5703")
        manager = Manager(office, stranger)
        own = manager.see(office.person_id(stranger))["grants"][0]["grant_id"]
        # the second one cannot come in yet, but the account is there: either may go, not both
        manager.end(grant["grant_id"])
        with refused("area_admin.last", 409):
            manager.end(own)
        office.move_clock(days=1)
        later = Manager(office, stranger)
        with refused("area_admin.last", 409):
            later.end(own)

    def test_who_is_the_last_one_is_neither_locked_nor_retired(self, office: Office, stranger: str) -> None:
        office.move_clock(days=2)
        manager = Manager(office, stranger)
        helper = manager.enter("5703", username="admin3.helper")
        manager.grant(helper["person_id"], "area_admin", "5703")
        password = manager.slip(helper["person_id"])["password"]
        acting = Manager(office, "admin3.helper", password)
        own_id = office.person_id(stranger)
        acting.do(access.lock_account, own_id, reason="ทดสอบ")
        # now the helper is the only one left who may give grants; the locked one does not count
        with refused("area_admin.last", 409):
            acting.end(acting.see(helper["person_id"])["grants"][0]["grant_id"])
        acting.do(access.unlock_account, own_id)
        back = Manager(office, stranger)
        back.do(access.lock_account, helper["person_id"], reason="ทดสอบ")
        assert back.do(people.retire_person, helper["person_id"], reason="ทดสอบ")["state"] == "RETIRED"

    def test_of_two_who_lock_each_other_at_once_one_stays(self, office: Office, stranger: str) -> None:
        office.move_clock(days=3)
        first = Manager(office, stranger)
        twin = first.enter("5703", username="admin3.twin")
        first.grant(twin["person_id"], "area_admin", "5703")
        password = first.slip(twin["person_id"])["password"]
        second = Manager(office, "admin3.twin", password)
        steps = iter(
            [
                lambda: first.do(access.lock_account, twin["person_id"], reason="x"),
                lambda: second.do(access.lock_account, office.person_id(stranger), reason="x"),
            ]
        )
        answers = together(2, lambda: next(steps)())  # noqa: PLW0108 - each call takes the next step
        codes = sorted(answer.code if isinstance(answer, Problem) else "locked" for answer in answers)
        assert codes == ["area_admin.last", "locked"]
        # either may have been the quicker one; the others of this module come in as the stranger
        [locked] = [answer["person_id"] for answer in answers if not isinstance(answer, Problem)]
        (first if locked == twin["person_id"] else second).do(access.unlock_account, locked)
        Manager(office, stranger)


class TestTwoSchools:
    def test_one_person_serves_two_schools_and_sees_both(
        self, office: Office, admin: Manager, director: Manager
    ) -> None:
        citizen_id = next(IDS)
        person_id = director.enter(username="two.schools", citizen_id=citizen_id)["person_id"]
        director.grant(person_id, "data_officer", SMIS)
        with refused("person.exists", 409) as known:
            admin.enter(OTHER, citizen_id=citizen_id)
        assert "เพิ่มสิทธิ์" in known.value.detail
        admin.grant(known.value.extra["person_id"], "data_officer", OTHER)
        tokens = office.login("two.schools", admin.slip(person_id)["password"])
        grants = office.query(sessions.me, office.identify(tokens))["grants"]
        assert [grant["organisation"] for grant in grants] == [SMIS, OTHER]
        for smis in (SMIS, OTHER):
            profile = {"year_be": 2571, "rooms_by_grade": {"ป.1": 1}}
            assert office.put_profile(office.identify(tokens), smis, body=profile, if_none_match="*")["version"] == 1
        assert person_id in ids(Manager(office, OTHER_DIRECTOR).find())


class TestPasswordPolicy:
    @pytest.mark.parametrize(
        "new", ["ninechars", "password1234", "1234567890", "qwertyuiop", "data-57040040!", "khet-demo", "aaaaaaaaaaaa"]
    )
    def test_weak_ones_are_refused_in_words(self, office: Office, new: str) -> None:
        with refused("password.weak", 422) as weak:
            office.procedure(access.change_password, office.who("data-57040040"), current=PASSWORD, new=new)
        assert weak.value.errors[0].pointer == "new_password"

    def test_ones_own_name_is_no_password(self, office: Office, admin: Manager) -> None:
        own = admin.see(office.person_id("data-57040040"))
        with refused("password.weak", 422) as weak:
            new = f"{own['given_name']}-2569-ok"
            office.procedure(access.change_password, office.who("data-57040040"), current=PASSWORD, new=new)
        assert "ชื่อหรือนามสกุล" in weak.value.detail


def ids(page: dict[str, Any]) -> list[str]:
    return [item["person_id"] for item in page["items"]]


# ── who works in a unit, for those who give out work ──


def members_of(office: Office, username: str, organisation: str) -> list[dict[str, Any]]:
    listed = office.command(members.list_members, office.who(username), organisation=organisation)
    found: list[dict[str, Any]] = listed["items"]
    return found


def test_a_director_sees_who_works_in_the_unit_and_it_is_written_down(office: Office) -> None:
    group = members_of(office, "groupdirector", "5704-g-ict")
    assert {one["unit"] for one in group} == {"5704-g-ict"}
    assert office.person_id("officer") in {one["person_id"] for one in group}
    assert set(group[0]) == {"person_id", "name", "position", "unit", "unit_name"}
    [*_, looked] = office.audited("group/5704-g-ict")
    assert (looked.action, looked.change) == ("person.listed", {"people": len(group)})
    whole = members_of(office, "areadirector", AREA)
    units = [one["unit"] for one in whole]
    assert {"5704", "5704-g-ict", "5704-g-admin"} <= set(units) and SMIS not in units
    assert units[0] == AREA
    school = members_of(office, DIRECTOR, SMIS)
    assert {one["unit"] for one in school} == {SMIS}


@pytest.mark.parametrize(
    ("username", "organisation"),
    [
        ("officer", "5704-g-ict"), ("registrar", AREA), ("admin", "5704-g-ict"), ("groupdirector", "5704-g-admin"),
        ("groupdirector", AREA), (OTHER_DIRECTOR, SMIS), (f"data-{SMIS}", SMIS), ("auditor", "5704-g-audit"),
    ],
)  # fmt: skip
def test_nobody_else_sees_them(office: Office, username: str, organisation: str) -> None:
    with refused("forbidden", 403):
        members_of(office, username, organisation)


def test_the_people_of_another_area_are_not_there(office: Office, stranger: str) -> None:
    with refused("not_found", 404):
        members_of(office, stranger, "5704-g-ict")
    with refused("not_found", 404):
        members_of(office, "areadirector", "5703")


def test_who_has_left_is_no_longer_among_them(office: Office) -> None:
    admin = Manager(office, ADMIN)
    leaver = admin.enter("5704-g-ict", given_name="ลาไป")["person_id"]
    assert leaver in {one["person_id"] for one in members_of(office, "groupdirector", "5704-g-ict")}
    office.command(people.retire_person, admin.identity, person_id=leaver, reason="เกษียณ", retired_on=None)
    assert leaver not in {one["person_id"] for one in members_of(office, "groupdirector", "5704-g-ict")}
