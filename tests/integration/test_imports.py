"""Imports in the service ``schools``, on both databases: read, judged, decided, applied once, forgotten in time."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import func, select, text

from services.schools.access.tables import Account, RoleGrant
from services.schools.database import TABLES
from services.schools.imports import applying, checking, commands, queries
from services.schools.imports.applying import apply_next
from services.schools.imports.checking import check_next
from services.schools.imports.cleaning import purge_next
from services.schools.imports.kinds import registers
from services.schools.imports.tables import Import, ImportRow
from services.schools.organisations.details.queries import get_school
from services.schools.organisations.lifecycle.commands import correct_school
from services.schools.organisations.tables import OrgCode
from services.schools.people.tables import Person
from shared.files.store import FileStore
from shared.runtime.children import JobFailed
from shared.runtime.leases import ATTEMPTS
from tests.running import emis
from tests.running.people_lists import citizen_id, many, people_list, person
from tests.running.schools_service import SMIS, Office, open_offices, refused, together

OTHER = "57040002"
ADMIN, DIRECTOR, OTHER_DIRECTOR = "admin", f"director-{SMIS}", f"director-{OTHER}"
NUMBERS = iter(range(1000, 10_000_000, 1000))


class Killed(BaseException):
    """The process dies here."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    yield from open_offices(request.param, tmp_path_factory.mktemp("schools"))


@pytest.fixture(autouse=True)
def usual_time(office: Office) -> None:
    office.move_clock(seconds=0)


@pytest.fixture
def first() -> int:
    """A number from which on nobody else numbers people."""
    return next(NUMBERS)


class Clerk:
    """Somebody who imports lists."""

    def __init__(self, office: Office, username: str) -> None:
        self.office = office
        self.app = office.app
        self.username = username
        self.who = office.who(username)

    def put_file(self, content: bytes, name: str) -> dict[str, Any]:
        files: FileStore = self.app.adapters.files
        with files.receive("incoming") as writer:
            writer.write(content)
            return {"sha256": writer.finish(), "filename": name, "size": len(content)}

    def send(self, content: bytes, name: str = "a.xlsx", kind: str = "people", **more: Any) -> str:
        received = self.office.command(
            commands.receive, self.who, kind=kind, file=self.put_file(content, name), **more
        )
        return str(received["id"])

    def checked(self, content: bytes, name: str = "a.xlsx", kind: str = "people", **more: Any) -> str:
        import_id = self.send(content, name, kind, **more)
        work_off(check_next, self.app)
        return import_id

    def look(self, import_id: str) -> dict[str, Any]:
        return dict(self.office.query(queries.get_import, self.who, import_id=import_id))

    def rows(self, import_id: str, **narrowed: Any) -> list[dict[str, Any]]:
        found = self.office.query(queries.list_rows, self.who, import_id=import_id, limit=500, **narrowed)
        return list(found["items"])

    def decide(self, import_id: str, **given: Any) -> None:
        self.office.command(commands.decide, self.who, import_id=import_id, **given)
        work_off(check_next, self.app)

    def apply(self, import_id: str) -> dict[str, Any]:
        self.office.command(commands.apply, self.who, import_id=import_id)
        work_off(apply_next, self.app)
        return self.look(import_id)

    def outcomes(self, import_id: str) -> list[str | None]:
        return [row["outcome"] for row in self.rows(import_id) if row["verdict"] != "SKIPPED"]


def work_off(step: Callable[[Any], bool], app: Any) -> None:
    while step(app):
        pass


@pytest.fixture
def admin(office: Office) -> Clerk:
    return Clerk(office, ADMIN)


@pytest.fixture
def director(office: Office) -> Clerk:
    return Clerk(office, DIRECTOR)


def people_named(office: Office, *numbers: int) -> int:
    """How many people of the register bear the citizen ids of these numbers."""
    index = [office.app.vault.blind("person.citizen_id", citizen_id(number)) for number in numbers]
    with office.app.database.read() as session:
        found = select(func.count()).select_from(Person).where(Person.citizen_id_index.in_(index))
        return int(session.execute(found).scalar_one())


class TestSchools:
    def test_the_list_of_emis_from_the_file_to_the_register(self, office: Office, admin: Clerk) -> None:
        import_id = admin.checked(emis.emis_list(), "รายชื่อ.xls", "schools")
        found = admin.look(import_id)
        assert (found["state"], found["as_of"], found["counts"]["rows_in"]) == ("CHECKED", "2020-06-10", 138)
        assert [found["counts"][verdict] for verdict in ("CHANGE", "ERROR", "SKIPPED")] == [134, 1, 3]
        (defect,) = admin.rows(import_id, verdict="ERROR")
        assert (defect["row"], defect["repairs"][0]["before"], defect["repairs"][0]["after"]) == (
            138, "157120742", "1057120742",
        )  # fmt: skip
        before = office.query(get_school, admin.who, smis=emis.DEFECT)
        assert before["ministry_code"] == "157120742", "nothing is repaired before somebody says so"
        admin.decide(import_id, groups=[{"repair": "insert_zero", "accept": True}])
        assert admin.look(import_id)["counts"]["CHANGE"] == 135
        assert office.query(get_school, admin.who, smis=emis.DEFECT)["ministry_code"] == "157120742"

        applied = admin.apply(import_id)
        assert (applied["state"], applied["counts"]["outcome_APPLIED"]) == ("APPLIED", 135)
        after = office.query(get_school, admin.who, smis=emis.DEFECT)
        assert (after["ministry_code"], after["obec6_code"]) == ("1057120742", "120742")
        assert after["details"]["postcode"] == "57140"
        told = office.events(f"school/{emis.DEFECT}")[-1]["data"]
        assert told["ministry_code"] == "1057120742"

        again = admin.checked(emis.emis_list(), "อีกครั้ง.xls", "schools")
        assert admin.look(again)["counts"]["SAME"] == 134, "what was applied is the same now"
        assert admin.rows(again, verdict="CHANGE") == []

    def test_a_list_without_a_decision_changes_no_code(self, office: Office, admin: Clerk) -> None:
        rows = [["รหัส Smis", "โรงเรียน"], ["57040003.0", "โรงเรียนบ้านครึ่ง"], ["๕๗๐๔๐๐๐๔", "บ้านครึ่งใต้"]]
        import_id = admin.checked(emis.text(rows), "a.csv", "schools")
        assert [row["verdict"] for row in admin.rows(import_id)] == ["SKIPPED", "ERROR", "ERROR"]
        with refused("import.nothing", 409):
            office.command(commands.apply, admin.who, import_id=import_id)

    def test_a_new_school_is_opened_with_its_codes(self, office: Office, admin: Clerk) -> None:
        headers = ["รหัส Smis", "รหัสกระทรวง", "รหัส PER CODE", "โรงเรียน", "ระดับที่เปิดสอน", "ตำบล", "อำเภอ", "จังหวัด"]
        new = ["57040171", "1057129871", "129871", "บ้านดอยใหม่", "อนุบาล-ประถมศึกษา", "ครึ่ง", "เชียงของ", "เชียงราย"]
        import_id = admin.checked(emis.workbook([headers, new]), "a.xlsx", "schools")
        assert admin.apply(import_id)["created"] == ["57040171"]
        opened = office.query(get_school, admin.who, smis="57040171")
        assert (opened["state"], opened["ministry_code"], opened["area_code"]) == ("OPEN", "1057129871", "5704")
        assert office.count(OrgCode, code="57040171", scheme="SMIS8") == 1

    def test_what_was_changed_meanwhile_is_not_overwritten(self, office: Office, admin: Clerk) -> None:
        rows = [["รหัส Smis", "โรงเรียน", "ตำบล"], ["57040010", "บ้านชื่อใหม่สิบ", ""], ["57040011", "บ้านชื่อใหม่สิบเอ็ด", ""]]
        import_id = admin.checked(emis.workbook(rows), "a.xlsx", "schools")
        office.command(correct_school, admin.who, smis="57040010", name="บ้านแก้ก่อน", reason="พิมพ์ผิด")
        assert admin.apply(import_id)["counts"]["outcome_STALE"] == 1
        assert admin.outcomes(import_id) == ["STALE", "APPLIED"]
        assert office.query(get_school, admin.who, smis="57040010")["name"] == "บ้านแก้ก่อน"
        (stale,) = admin.rows(import_id, outcome="STALE")
        assert "เปลี่ยนไปหลังการตรวจ" in stale["said"]

    def test_only_the_area_imports_schools(self, office: Office, admin: Clerk, director: Clerk) -> None:
        file = director.put_file(b"a,b\n", "a.csv")
        with refused("forbidden", 403):
            office.command(commands.receive, director.who, kind="schools", file=file)
        with refused("invalid", 422):
            office.command(commands.receive, admin.who, kind="schools", file=file, smis=SMIS)


class TestPeople:
    @pytest.mark.parametrize("batch", [1, 20])
    def test_people_get_account_and_role_but_no_password(
        self, office: Office, admin: Clerk, first: int, monkeypatch: pytest.MonkeyPatch, batch: int
    ) -> None:
        """A second row of one person is the same whether the first one was entered in the same step or before."""
        monkeypatch.setattr(applying, "BATCH", batch)
        rows = [person(first), person(first, หน่วยงาน=OTHER), person(first + 1, ชื่อผู้ใช้="", บทบาท="")]
        import_id = admin.checked(people_list(rows))
        assert [row["verdict"] for row in admin.rows(import_id)] == ["SKIPPED", "NEW", "CHANGE", "NEW"]
        applied = admin.apply(import_id)
        assert applied["counts"]["outcome_APPLIED"] == 3
        person_id = office.person_id(f"dara{first}")
        assert applied["without_password"] == [person_id]
        assert len(applied["created"]) == 2
        assert office.count(Account, username=f"dara{first}", password_hash="") == 1
        assert office.count(RoleGrant, person_id=person_id, role="teacher") == 2

    def test_who_asked_is_who_did_it_and_the_log_names_nobody(self, office: Office, admin: Clerk, first: int) -> None:
        import_id = admin.checked(people_list([person(first)]))
        admin.apply(import_id)
        actor = office.person_id(ADMIN)
        lines = [*office.audited(f"import/{import_id}"), *office.audited(f"person/{office.person_id(f'dara{first}')}")]
        own = {"import.receive", "import.apply", "person.create", "grant.give"}
        assert own <= {line.action for line in lines if line.actor == actor}
        written = json.dumps([line.change for line in lines], ensure_ascii=False)
        assert not any(secret in written for secret in ("สมมติชน", "ดารา", citizen_id(first)))

    def test_a_director_imports_for_the_own_school_alone(self, office: Office, director: Clerk, first: int) -> None:
        rows = [
            person(first, หน่วยงาน=""),
            person(first + 1, หน่วยงาน=OTHER),
            person(first + 2, บทบาท="ผู้อำนวยการโรงเรียน"),
        ]
        import_id = director.checked(people_list(rows))
        assert director.look(import_id)["organisation"]["code"] == SMIS
        assert [row["verdict"] for row in director.rows(import_id)] == ["SKIPPED", "NEW", "ERROR", "ERROR"]
        assert director.apply(import_id)["counts"]["outcome_APPLIED"] == 1
        with refused("forbidden", 403):
            office.command(
                commands.receive, director.who, kind="people", smis=OTHER, file=director.put_file(b"a,b\n", "a.csv")
            )

    def test_another_director_does_not_know_of_it(
        self, office: Office, admin: Clerk, director: Clerk, first: int
    ) -> None:
        import_id = director.checked(people_list([person(first, หน่วยงาน="")]))
        other = Clerk(office, OTHER_DIRECTOR)
        for function in (queries.get_import, queries.list_rows):
            with refused("not_found", 404):
                office.query(function, other.who, import_id=import_id)
        for function in (commands.apply, commands.cancel):
            with refused("not_found", 404):
                office.command(function, other.who, import_id=import_id)
        with refused("not_found", 404):
            office.procedure(queries.get_report, other.who, import_id=import_id)
        listed = [one["id"] for one in office.query(queries.list_imports, other.who)["items"]]
        assert import_id not in listed
        assert import_id in [one["id"] for one in office.query(queries.list_imports, admin.who)["items"]]

    def test_of_somebody_of_another_school_a_director_learns_nothing(
        self, office: Office, admin: Clerk, director: Clerk, first: int
    ) -> None:
        admin.apply(admin.checked(people_list([person(first, หน่วยงาน=OTHER)])))
        import_id = director.checked(people_list([person(first, ชื่อ="ใครก็ได้", หน่วยงาน="", ชื่อผู้ใช้="")]))
        (row,) = director.rows(import_id, verdict="ERROR")
        assert row["errors"][0]["code"] == "person.elsewhere"
        assert "ดารา" not in json.dumps(row, ensure_ascii=False)

    def test_a_row_that_fails_half_way_leaves_nothing_of_itself(
        self, office: Office, admin: Clerk, first: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The person is entered, the account too; then the grant fails: nothing of the row may stay."""
        import_id = admin.checked(people_list([person(first), person(first + 1)]))
        give = registers._people.add_grant
        calls = Counter[str]()

        def failing_once(*given: Any) -> Any:
            calls["grants"] += 1
            if calls["grants"] == 1:
                raise ZeroDivisionError("for the test")
            return give(*given)

        monkeypatch.setattr(registers._people, "add_grant", failing_once)
        assert admin.apply(import_id)["counts"]["outcome_REFUSED"] == 1
        assert admin.outcomes(import_id) == ["REFUSED", "APPLIED"]
        assert people_named(office, first) == 0
        assert office.count(Account, username=f"dara{first}") == 0
        assert people_named(office, first + 1) == 1
        (row,) = admin.rows(import_id, outcome="REFUSED")
        assert "ไม่ใช่ความผิดของไฟล์" in row["said"]

    def test_rows_at_which_we_stumble_every_time_do_not_hold_up_the_others(
        self, office: Office, admin: Clerk, first: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import_id = admin.checked(people_list(list(many(first, 5))))
        knows = registers.REGISTERS["people"].know

        def stumbling(unit: Any, scope: Any, rows: Any) -> Any:
            if any(row.text("username") == f"dara{first + 1}" for row in rows):
                raise ZeroDivisionError("for the test")
            return knows(unit, scope, rows)

        faulty = dataclasses.replace(registers.REGISTERS["people"], know=stumbling)
        monkeypatch.setattr(applying, "REGISTERS", {**registers.REGISTERS, "people": faulty})
        monkeypatch.setattr(applying, "BATCH", 2)
        admin.apply(import_id)
        assert admin.outcomes(import_id) == ["REFUSED", "REFUSED", "APPLIED", "APPLIED", "APPLIED"]

    def test_who_lost_the_right_meanwhile_imports_nothing(self, office: Office, admin: Clerk, first: int) -> None:
        director = Clerk(office, "director-57040005")
        import_id = director.checked(people_list([person(first, หน่วยงาน="57040005")]))
        office.command(commands.apply, director.who, import_id=import_id)
        with office.app.write() as unit:
            unit.session.execute(
                select(Account).filter_by(username="director-57040005")
            ).scalar_one().state = "LOCKED"
        work_off(apply_next, office.app)
        assert admin.outcomes(import_id) == ["REFUSED"]
        assert admin.look(import_id)["state"] == "APPLIED"
        assert people_named(office, first) == 0


class TestOnce:
    def test_applying_twice_changes_nothing(self, office: Office, admin: Clerk, first: int) -> None:
        import_id = admin.checked(people_list(list(many(first, 3))))
        once = admin.apply(import_id)
        seen = (office.count(Person), office.count(TABLES.audit), office.count(TABLES.outbox))
        assert admin.apply(import_id) == once
        assert (office.count(Person), office.count(TABLES.audit), office.count(TABLES.outbox)) == seen

    @pytest.mark.parametrize("dies_at", [1, 5, 12])
    def test_killed_in_the_middle_it_goes_on_where_it_stood(
        self, office: Office, admin: Clerk, first: int, monkeypatch: pytest.MonkeyPatch, dies_at: int
    ) -> None:
        """What the dying process had in hand is undone with its transaction; nothing is entered twice or missing."""
        count = 14
        import_id = admin.checked(people_list(list(many(first, count))))
        write = registers.REGISTERS["people"].write
        calls = Counter[str]()

        def dying(unit: Any, scope: Any, judgement: Any) -> str:
            calls["rows"] += 1
            subject = write(unit, scope, judgement)
            if calls["rows"] == dies_at:
                raise Killed
            return subject

        monkeypatch.setattr(applying, "BATCH", 4)
        dangerous = dataclasses.replace(registers.REGISTERS["people"], write=dying)
        office.command(commands.apply, admin.who, import_id=import_id)
        with monkeypatch.context() as patched:
            patched.setattr(applying, "REGISTERS", {**registers.REGISTERS, "people": dangerous})
            with pytest.raises(Killed):
                work_off(apply_next, office.app)
        entered = people_named(office, *range(first, first + count))
        told = [outcome for outcome in admin.outcomes(import_id) if outcome == "APPLIED"]
        assert entered == len(told) < count, "what was done and that it was done are stored together"
        assert admin.look(import_id)["state"] == "APPLYING"

        work_off(apply_next, office.app)
        assert admin.outcomes(import_id) == ["APPLIED"] * count
        assert people_named(office, *range(first, first + count)) == count
        created = Counter(
            row.subject for row in audits(office, "person.create") if row.subject in
            {f"person/{person_id}" for person_id in admin.look(import_id)["created"]}
        )  # fmt: skip
        assert set(created.values()) == {1}
        assert len(created) == count

    def test_two_processes_that_apply_at_once_enter_each_row_once(
        self, office: Office, admin: Clerk, first: int
    ) -> None:
        count = 30
        import_id = admin.checked(people_list(list(many(first, count))))
        office.command(commands.apply, admin.who, import_id=import_id)
        together(3, lambda: work_off(apply_next, office.app))
        work_off(apply_next, office.app)
        assert admin.outcomes(import_id) == ["APPLIED"] * count
        assert people_named(office, *range(first, first + count)) == count


def audits(office: Office, action: str) -> list[Any]:
    with office.app.database.read() as session:
        found = list(session.execute(select(TABLES.audit).filter_by(action=action)).scalars())
        session.expunge_all()
        return found


class TestDecisions:
    def test_rows_are_decided_one_by_one_and_a_decision_can_be_changed(
        self, office: Office, admin: Clerk, first: int
    ) -> None:
        rows = [person(first + number, โทรศัพท์=812345670 + number) for number in range(3)]
        import_id = admin.checked(people_list(rows))
        (group,) = admin.look(import_id)["repairs"]
        assert (group["repair"], group["total"], group["undecided"]) == ("pad", 3, 3)
        admin.decide(import_id, groups=[{"repair": "pad", "accept": True}],
                     decisions=[{"row_id": "1-3", "key": "phone", "accept": False}])  # fmt: skip
        assert [row["verdict"] for row in admin.rows(import_id)] == ["SKIPPED", "NEW", "NEW", "NEW"]
        assert [row["repairs"][0]["accepted"] for row in admin.rows(import_id, verdict="NEW")] == [True, False, True]
        admin.apply(import_id)
        assert phones(office, *range(first, first + 3)) == ["0812345670", None, "0812345672"]

    @pytest.mark.parametrize(
        "given",
        [
            {},
            {"groups": [{"repair": "nothing", "accept": True}]},
            {"decisions": [{"row_id": "1-2", "key": "title", "accept": True}]},
            {"decisions": [{"row_id": "1-99", "key": "phone", "accept": True}]},
            {"decisions": [{"row_id": "../etc", "key": "phone", "accept": True}]},
        ],
    )
    def test_what_is_not_proposed_cannot_be_decided(
        self, office: Office, admin: Clerk, first: int, given: dict[str, Any]
    ) -> None:
        import_id = admin.checked(people_list([person(first, โทรศัพท์=812345678)]))
        with refused("invalid", 422):
            office.command(commands.decide, admin.who, import_id=import_id, **given)
        assert admin.look(import_id)["state"] == "CHECKED"

    def test_who_has_not_seen_the_latest_decides_nothing(self, office: Office, admin: Clerk, first: int) -> None:
        import_id = admin.checked(people_list([person(first, โทรศัพท์=812345678), person(first + 1)]))
        seen = admin.look(import_id)["etag"]
        admin.decide(import_id, groups=[{"repair": "pad", "accept": True}], if_match=seen)
        other_way = {"groups": [{"repair": "pad", "accept": False}]}
        for function, more in ((commands.decide, other_way), (commands.apply, {}), (commands.cancel, {})):
            with refused("precondition.stale", 412):
                office.command(function, admin.who, import_id=import_id, if_match=seen, **more)

    def test_nothing_is_decided_or_applied_before_it_was_read_or_after_it_is_over(
        self, office: Office, admin: Clerk, first: int
    ) -> None:
        import_id = admin.send(people_list([person(first)]))
        with refused("import.state", 409):
            office.command(commands.apply, admin.who, import_id=import_id)
        assert office.command(commands.cancel, admin.who, import_id=import_id)["state"] == "CANCELLED"
        work_off(check_next, office.app)
        assert admin.look(import_id)["state"] == "CANCELLED", "a cancelled one is not read any more"
        with refused("import.state", 409):
            office.command(commands.apply, admin.who, import_id=import_id)

    def test_the_same_file_does_not_wait_twice(self, office: Office, admin: Clerk, first: int) -> None:
        content = people_list([person(first)])
        import_id = admin.checked(content)
        with pytest.raises(Exception, match=r"import.same_file") as told:
            admin.send(content)
        assert told.value.extra["import_id"] == import_id
        office.command(commands.cancel, admin.who, import_id=import_id)
        assert admin.checked(content) != import_id


def phones(office: Office, *numbers: int) -> list[str | None]:
    index = {office.app.vault.blind("person.citizen_id", citizen_id(number)): number for number in numbers}
    with office.app.database.read() as session:
        found = session.execute(
            select(Person.citizen_id_index, Person.phone).where(Person.citizen_id_index.in_(index))
        ).all()
    return [phone for _number, phone in sorted((index[key], phone) for key, phone in found)]


class FailingChildren:
    """Children whose jobs all fail in the same way."""

    def __init__(self, cause: str) -> None:
        self.cause = cause

    def run(self, *_: Any) -> Any:
        raise JobFailed(self.cause, "for the test")


class TestFailures:
    @pytest.mark.parametrize(
        ("cause", "state"), [("raised", "FAILED"), ("memory", "REJECTED"), ("timeout", "REJECTED")]
    )
    def test_a_file_that_cannot_be_checked_is_tried_again_and_then_left(
        self, office: Office, admin: Clerk, first: int, monkeypatch: pytest.MonkeyPatch, cause: str, state: str
    ) -> None:
        import_id = admin.send(people_list([person(first)]))
        failing = dataclasses.replace(office.app.adapters, children=FailingChildren(cause))
        monkeypatch.setattr(office.app, "adapters", failing)
        for later in range(ATTEMPTS):
            office.move_clock(seconds=30 * later)
            assert check_next(office.app)
        office.move_clock(seconds=100)
        assert not check_next(office.app)
        found = admin.look(import_id)
        assert found["state"] == state
        assert (found["fault"] or {}).get("code") == ("F01.unreadable" if state == "REJECTED" else None)

    def test_a_reading_whose_process_died_is_taken_over_and_the_late_answer_is_dropped(
        self, office: Office, admin: Clerk, first: int
    ) -> None:
        import_id = admin.send(people_list([person(first)]))
        lost = checking.claim_next(office.app)
        assert lost is not None
        assert not check_next(office.app), "somebody has it in hand"
        office.move_clock(seconds=31)
        assert check_next(office.app)
        assert admin.look(import_id)["state"] == "CHECKED"
        with office.app.write() as unit:
            checking._store(unit, lost, checking.Checked([], [], []))
        assert len(admin.rows(import_id)) == 2

    def test_a_file_that_is_gone_says_so(self, office: Office, admin: Clerk, first: int) -> None:
        import_id = admin.send(people_list([person(first)]))
        with office.app.read() as unit:
            sha256 = unit.session.get_one(Import, import_id).sha256
        office.app.adapters.files.delete("schools", sha256)
        work_off(check_next, office.app)
        found = admin.look(import_id)
        assert (found["state"], found["fault"]["code"]) == ("REJECTED", "not_found")

    @pytest.mark.parametrize(
        ("content", "name", "code"),
        [
            (emis.workbook([["ก", "ข"], ["1", "2"]]), "a.xlsx", "import.columns"),
            (emis.text([["ชื่อ", "นามสกุล"], ["ก", "ข"]]), "a.csv", "import.columns"),
        ],
    )
    def test_what_is_no_such_list_is_refused_with_the_columns_it_lacks(
        self, admin: Clerk, content: bytes, name: str, code: str
    ) -> None:
        found = admin.look(admin.checked(content, name))
        assert (found["state"], found["fault"]["code"]) == ("REJECTED", code)
        assert "เลขประจำตัวประชาชน หรือ ชื่อผู้ใช้" in found["fault"]["detail"]
        assert found["fault"]["errors"]


class TestForgetting:
    def test_thirty_days_after_the_end_the_file_and_the_rows_go_and_the_sums_stay(
        self, office: Office, admin: Clerk, first: int
    ) -> None:
        import_id = admin.checked(people_list([person(first)]), "ครู.xlsx")
        applied = admin.apply(import_id)
        sha256 = stored(office, import_id).sha256
        office.move_clock(days=29)
        work_off(purge_next, office.app)
        assert len(admin_again(office).rows(import_id)) == 2
        office.move_clock(days=31)
        work_off(purge_next, office.app)
        late = admin_again(office)
        found = late.look(import_id)
        assert (found["state"], found["counts"], found["filename"]) == ("APPLIED", applied["counts"], "")
        assert found["purged_at"]
        assert office.count(ImportRow, import_id=import_id) == 0
        assert not office.app.adapters.files.exists("schools", sha256)
        with refused("import.purged", 410):
            late.rows(import_id)
        with refused("import.purged", 410):
            office.procedure(queries.get_report, late.who, import_id=import_id)
        assert people_named(office, first) == 1, "who was entered stays"

    def test_bytes_that_another_import_needs_stay(self, office: Office, admin: Clerk, first: int) -> None:
        content = people_list([person(first)])
        cancelled = admin.send(content)
        office.command(commands.cancel, admin.who, import_id=cancelled)
        office.move_clock(days=20)
        later = admin_again(office)
        standing = later.checked(content)
        office.move_clock(days=31)
        work_off(purge_next, office.app)
        assert stored(office, cancelled).purged_at is not None
        assert office.app.adapters.files.exists("schools", stored(office, standing).sha256)

    def test_what_nobody_decides_about_is_cancelled_in_time(self, office: Office, admin: Clerk, first: int) -> None:
        import_id = admin.checked(people_list([person(first)]))
        office.move_clock(days=31)
        work_off(purge_next, office.app)
        assert admin_again(office).look(import_id)["state"] == "CANCELLED"
        office.move_clock(days=62)
        work_off(purge_next, office.app)
        assert office.count(ImportRow, import_id=import_id) == 0

    def test_a_stolen_database_names_nobody(self, office: Office, admin: Clerk, first: int) -> None:
        import_id = admin.checked(people_list([person(first)]), "ดาราผู้มาใหม่.xlsx")
        admin.apply(import_id)
        with office.app.database.read() as session:
            rows = session.execute(text("SELECT * FROM import_row WHERE import_id = :id"), {"id": import_id}).all()
            job = session.execute(text("SELECT * FROM import_job WHERE id = :id"), {"id": import_id}).all()
        written = "\n".join(str(value) for row in [*rows, *job] for value in row)
        assert len(rows) == 2
        assert not any(secret in written for secret in ("ดารา", "สมมติชน", citizen_id(first), f"dara{first}", "ชื่อ"))


def admin_again(office: Office) -> Clerk:
    """The admin after the clock was moved: an older login would have ended."""
    return Clerk(office, ADMIN)


def stored(office: Office, import_id: str) -> Import:
    with office.app.database.read() as session:
        found = session.get_one(Import, import_id)
        session.expunge_all()
        return found


def test_a_page_of_rows_goes_on_where_the_last_one_ended(office: Office, admin: Clerk, first: int) -> None:
    import_id = admin.checked(people_list(list(many(first, 5))))
    seen: list[int] = []
    cursor = None
    while True:
        page = office.query(queries.list_rows, admin.who, import_id=import_id, limit=2, cursor=cursor)
        seen += [row["row"] for row in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == [1, 2, 3, 4, 5, 6]
    with refused("invalid", 422):
        office.query(queries.list_rows, admin.who, import_id=import_id, cursor="x")


def test_a_list_of_imports_goes_on_where_the_last_page_ended(office: Office, admin: Clerk, first: int) -> None:
    for number in range(3):
        admin.send(people_list([person(first + number)]))
    listed: list[str] = []
    cursor = None
    while len(listed) < 3:
        page = office.query(queries.list_imports, admin.who, limit=1, cursor=cursor)
        listed += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
    everything = [one["id"] for one in office.query(queries.list_imports, admin.who, limit=500)["items"]]
    assert listed == everything[:3]
    assert len(set(everything)) == len(everything)
    work_off(check_next, office.app)


def test_ids_are_masked_in_every_answer(office: Office, admin: Clerk, first: int) -> None:
    rows = [person(first), person(first + 1, เลขประจำตัวประชาชน=f'="{citizen_id(first + 1)}"')]
    import_id = admin.checked(people_list(rows))
    answers = [admin.rows(import_id), admin.look(import_id), office.query(queries.list_imports, admin.who)]
    written = json.dumps(answers, ensure_ascii=False)
    assert citizen_id(first) not in written
    assert citizen_id(first + 1) not in written
    assert f"1-5799-xxxxx-xx-{citizen_id(first)[-1]}" in written
