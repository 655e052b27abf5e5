"""Schools that are opened, renamed, renumbered, merged and closed, on both databases: at once, and on their day."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select, update

from services.schools.access.tables import RoleGrant
from services.schools.organisations import queries as schools
from services.schools.organisations.clusters import commands as clusters
from services.schools.organisations.clusters import queries as cluster_lists
from services.schools.organisations.codes import queries as codes
from services.schools.organisations.details import commands as records
from services.schools.organisations.details import queries as details
from services.schools.organisations.lifecycle import commands as lifecycle
from services.schools.organisations.lifecycle import queries as histories
from services.schools.organisations.lifecycle.applying import apply_due
from services.schools.organisations.lifecycle.rules import EventState
from services.schools.organisations.lifecycle.tables import SchoolEvent
from services.schools.organisations.tables import OrgCode, OrgUnit
from services.schools.organisations.tree import commands as groups
from services.schools.organisations.tree import queries as tree
from services.schools.seed.load import load
from shared.clock import BANGKOK
from shared.problems import Problem
from tests.running.schools_service import Office, open_offices, refused, together

RANGE = "อนุบาล-ประถมศึกษา"
DAY = 24 * 3600


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    for office in open_offices(request.param, tmp_path_factory.mktemp("organisations")):
        load(office.settings, areas=2)
        yield office


@pytest.fixture(autouse=True)
def usual_time(office: Office) -> None:
    office.move_clock(seconds=0)


@pytest.fixture
def admin(office: Office) -> str:
    return office.who("admin")


def today(days: int = 0) -> str:
    return (dt.datetime.now(BANGKOK).date() + dt.timedelta(days=days)).isoformat()


def order(days: int = 0, **more: Any) -> dict[str, Any]:
    """An order signed a week before it takes effect, or today."""
    signed = today(min(days - 7, 0))
    return {"order_no": "สพฐ. 104/2569", "order_date": signed, "effective_on": today(days), **more}


def school(office: Office, smis: str, who: str = "auditor", **asked: Any) -> dict[str, Any]:
    found: dict[str, Any] = office.query(details.get_school, office.who(who), smis=smis, **asked)
    return found


def kinds(office: Office, smis: str) -> list[tuple[str, str]]:
    items = office.query(histories.history, office.who("auditor"), smis=smis)["items"]
    return [(item["kind"], item["state"]) for item in items]


def last_event(office: Office, smis: str) -> dict[str, Any]:
    data: dict[str, Any] = office.events(f"school/{smis}")[-1]["data"]
    return data


def let_days_go_by(office: Office, days: int) -> None:
    office.move_clock(seconds=days * DAY)
    apply_due(office.app)


class TestOpening:
    NEW = "57040201"

    def test_a_new_school_is_there_at_once_with_codes_and_place(self, office: Office, admin: str) -> None:
        event = office.command(
            lifecycle.open_school, admin, smis=self.NEW, name=" บ้านใหม่  ไชยพัฒนา", education_range=RANGE,
            ministry_code="1057120999", obec6_code="120999", tambon="งิ้ว", amphoe="เทิง", province="เชียงราย", **order(),
        )  # fmt: skip
        assert (event["kind"], event["state"]) == ("OPENED", "APPLIED")
        assert event["recorded_by"].endswith("(สาธิต)"), "a name, not an id"
        opened = school(office, self.NEW)
        assert (opened["name"], opened["state"], opened["area_code"]) == ("บ้านใหม่ ไชยพัฒนา", "OPEN", "5704")
        assert (opened["ministry_code"], opened["obec6_code"]) == ("1057120999", "120999")
        assert opened["org_path"] == "/obec/5704/57040201/"
        assert last_event(office, self.NEW)["state"] == "OPEN"
        (audited,) = office.audited(f"school/{self.NEW}")
        assert (audited.action, audited.change["order_no"]) == ("school.opened", "สพฐ. 104/2569")

    def test_before_its_day_it_was_not_there(self, office: Office) -> None:
        with refused("not_found", 404):
            school(office, self.NEW, on=today(-1))
        assert school(office, self.NEW, on=today())["state"] == "OPEN"

    def test_everything_wrong_is_said_at_once(self, office: Office, admin: str) -> None:
        with pytest.raises(Problem) as caught:
            office.command(
                lifecycle.open_school, admin, smis="5704020", name="โรงเรียนบ้านหลวง", education_range="อนุบาล-ป.6",
                ministry_code="157120742", amphoe="ไม่มี", province="เชียงราย", order_no="", effective_on="พรุ่งนี้",
            )  # fmt: skip
        pointers = [error.pointer for error in caught.value.errors]
        assert pointers == [
            "name", "education_range", "amphoe", "smis", "ministry_code", "order_no", "order_date", "effective_on",
        ]  # fmt: skip
        assert "1057120742" in caught.value.detail, "what was probably meant is named"

    @pytest.mark.parametrize(
        ("codes_", "pointer"),
        [
            ({"smis": "57040001"}, "smis"),
            ({"smis": "57040007"}, "smis"),  # of a school that was closed
            ({"smis": "57040299", "ministry_code": "1057120116"}, "ministry_code"),
            ({"smis": "57040299", "obec6_code": "120116"}, "obec6_code"),
        ],
    )
    def test_no_code_is_given_twice(self, office: Office, admin: str, codes_: dict[str, str], pointer: str) -> None:
        with pytest.raises(Problem) as caught:
            office.command(lifecycle.open_school, admin, name="ซ้ำ", education_range=RANGE, **codes_, **order())
        assert [(error.pointer, error.code) for error in caught.value.errors] == [(pointer, "code.taken")]

    def test_of_two_who_open_a_school_with_one_code_at_once_one_is_refused(self, office: Office) -> None:
        people = iter([office.who("admin"), office.who("officer")])

        def open_it() -> Any:
            return office.command(
                lifecycle.open_school, next(people), smis="57040202", name="พร้อมกัน", education_range=RANGE, **order()
            )

        answers = together(2, open_it)
        assert sorted(isinstance(answer, Problem) for answer in answers) == [False, True]
        assert office.count(OrgUnit, code="57040202") == 1

    def test_only_officers_and_administrators_of_the_area(self, office: Office) -> None:
        wanted = {"smis": "57040203", "name": "ของเขต", "education_range": RANGE, **order()}
        for username in ("data-57040001", "director-57040001", "groupdirector", "auditor"):
            with refused("forbidden", 403):
                office.command(lifecycle.open_school, office.who(username), **wanted)
        with refused("not_found", 404):
            office.command(lifecycle.open_school, office.who("admin-5703"), **wanted, area="5704")


class TestNamesAndRanges:
    SMIS = "57040010"

    def test_renaming_keeps_how_it_was(self, office: Office, admin: str) -> None:
        before = school(office, self.SMIS)
        event = office.command(lifecycle.rename_school, admin, smis=self.SMIS, name="ชื่อใหม่", **order(-10))
        assert (event["before"], event["after"]) == ({"name": before["name"]}, {"name": "ชื่อใหม่"})
        assert school(office, self.SMIS)["name"] == "ชื่อใหม่"
        assert school(office, self.SMIS, on=today(-11))["name"] == before["name"]
        assert school(office, self.SMIS, on=today(-10))["name"] == "ชื่อใหม่"
        assert last_event(office, self.SMIS)["name"] == "ชื่อใหม่"
        assert int(school(office, self.SMIS)["etag"][1:]) == int(before["etag"][1:]) + 1

    def test_nothing_is_entered_before_it(self, office: Office, admin: str) -> None:
        with refused("school.earlier", 409):
            office.command(lifecycle.rename_school, admin, smis=self.SMIS, name="อีกชื่อ", **order(-11))

    def test_the_same_name_is_no_change(self, office: Office, admin: str) -> None:
        with refused("invalid", 422):
            office.command(lifecycle.rename_school, admin, smis=self.SMIS, name="ชื่อใหม่", **order())

    def test_other_grades(self, office: Office, admin: str) -> None:
        assert school(office, self.SMIS)["grades"][-1] == "ม.3"
        office.command(lifecycle.change_range, admin, smis=self.SMIS, education_range=RANGE, **order())
        assert school(office, self.SMIS)["grades"][-1] == "ป.6"
        assert school(office, self.SMIS, on=today(-1))["grades"][-1] == "ม.3"

    def test_a_correction_counts_for_the_past_too_and_needs_a_reason(self, office: Office, admin: str) -> None:
        with refused("invalid", 422):
            office.command(lifecycle.correct_school, admin, smis=self.SMIS, tambon="งิ้ว")
        with refused("invalid", 422):  # ตำบลปอ lies in เวียงแก่น
            office.command(lifecycle.correct_school, admin, smis=self.SMIS, tambon="ปอ", amphoe="เทิง", reason="พิมพ์ผิด")
        event = office.command(
            lifecycle.correct_school, admin, smis=self.SMIS, name="ชื่อใหม่ที่ถูก", tambon="ปอ", amphoe="เวียงแก่น",
            reason="พิมพ์ผิด",
        )  # fmt: skip
        assert (event["order_no"], event["note"], event["before"]["name"]) == (None, "พิมพ์ผิด", "ชื่อใหม่")
        assert school(office, self.SMIS, on=today(-10))["name"] == "ชื่อใหม่ที่ถูก"
        assert school(office, self.SMIS)["amphoe"] == "เวียงแก่น"


class TestCodes:
    SMIS, NEW = "57040011", "57040211"

    def test_5704_is_an_area_and_an_amphoe(self, office: Office) -> None:
        found = office.query(codes.find_by_code, office.who("auditor"), code="5704")["items"]
        assert [(item["scheme"], item["kind"], item["unit"]) for item in found] == [
            ("AREA4", "AREA", "5704"),
            ("AMPHOE4", "AMPHOE", None),
        ]
        theirs = office.query(codes.find_by_code, office.who("auditor-5703"), code="5704")["items"]
        assert [item["kind"] for item in theirs] == ["AMPHOE"], "another area's units are nobody's business"

    def test_an_old_code_still_finds_a_renumbered_school(self, office: Office, admin: str) -> None:
        director = office.who(f"director-{self.SMIS}")
        office.put_profile(office.who(f"data-{self.SMIS}"), self.SMIS, if_none_match="*")
        office.command(lifecycle.change_code, admin, smis=self.SMIS, scheme="SMIS8", code=self.NEW, **order())
        renumbered = school(office, self.NEW)
        assert renumbered["org_path"] == f"/obec/5704/{self.SMIS}/", "its place in the tree stays"
        assert school(office, self.SMIS) == renumbered
        assert school(office, self.NEW, on=today(-1))["smis"] == self.SMIS
        for wanted in (self.SMIS, self.NEW):
            found = office.query(schools.list_schools, director, q=wanted)["items"]
            assert [item["smis"] for item in found] == [self.NEW]
        assert office.query(details.get_school, office.who(f"director-{self.SMIS}"), smis=self.NEW)["profile"]

    def test_the_others_are_told_of_both_codes(self, office: Office) -> None:
        former, present = last_event(office, self.SMIS), last_event(office, self.NEW)
        assert (former["smis"], former["state"], former["renumbered_to"]) == (self.SMIS, "CLOSED", self.NEW)
        assert (present["smis"], present["state"]) == (self.NEW, "OPEN")
        assert office.events(f"profile/{self.NEW}/2569")[-1]["data"]["smis"] == self.NEW

    def test_periods_of_its_codes(self, office: Office) -> None:
        items = office.query(codes.list_codes, office.who("auditor"), smis=self.NEW)["items"]
        smis = [item for item in items if item["scheme"] == "SMIS8"]
        assert [(item["code"], item["valid_from"], item["valid_to"], item["current"]) for item in smis] == [
            (self.NEW, today(), None, True),
            (self.SMIS, None, today(-1), False),
        ]

    def test_its_former_code_is_given_to_nobody_else(self, office: Office, admin: str) -> None:
        with pytest.raises(Problem) as caught:
            office.command(lifecycle.change_code, admin, smis="57040012", scheme="SMIS8", code=self.SMIS, **order())
        assert [error.code for error in caught.value.errors] == ["code.taken"]

    def test_another_one_of_the_same_day_takes_its_place_as_if_it_had_never_been(
        self, office: Office, admin: str
    ) -> None:
        for code in ("120998", "120997"):
            office.command(lifecycle.change_code, admin, smis="57040013", scheme="PER6", code=code, **order())
        items = office.query(codes.list_codes, admin, smis="57040013")["items"]
        assert next(item["code"] for item in items if item["scheme"] == "PER6") == "120997"
        assert office.count(OrgCode, code="120998") == 0

    def test_a_school_that_lacked_a_code_is_given_one(self, office: Office, admin: str) -> None:
        assert school(office, "57040161")["obec6_code"] is None
        office.command(lifecycle.change_code, admin, smis="57040161", scheme="PER6", code="120742", **order())
        office.command(lifecycle.change_code, admin, smis="57040161", scheme="MOE10", code="1057120742", **order())
        mended = school(office, "57040161")
        assert (mended["obec6_code"], mended["ministry_code"]) == ("120742", "1057120742")

    @pytest.mark.parametrize(
        "wrong",
        [
            {"scheme": "AREA4", "code": "5704"},
            {"scheme": "PER6", "code": "12"},
            {"scheme": "SMIS8", "code": "57040014"},
        ],
    )
    def test_what_is_no_new_code(self, office: Office, admin: str, wrong: dict[str, str]) -> None:
        with refused("invalid", 422):
            office.command(lifecycle.change_code, admin, smis="57040014", **wrong, **order())


class TestEnding:
    def test_a_merged_school_is_closed_and_nobody_serves_there(self, office: Office, admin: str) -> None:
        smis, successor = "57040020", "57040022"
        event = office.command(lifecycle.merge_school, admin, smis=smis, successor=successor, **order())
        assert event["other"] == {"smis": successor, "name": school(office, successor)["name"]}
        merged = school(office, smis)
        assert (merged["state"], merged["successor"]) == ("CLOSED", successor)
        assert (last_event(office, smis)["state"], last_event(office, smis)["successor"]) == ("CLOSED", successor)
        assert school(office, smis, on=today(-1))["state"] == "OPEN"
        assert office.query(schools.list_schools, office.who(f"data-{smis}"))["items"] == [], "they hold nothing now"

    def test_grants_at_a_closed_school_end_the_day_before(self, office: Office) -> None:
        with office.app.database.read() as session:
            statement = select(RoleGrant.valid_until).join(OrgUnit, OrgUnit.id == RoleGrant.unit_id)
            ends = set(session.execute(statement.where(OrgUnit.code == "57040020")).scalars())
        assert ends == {dt.date.fromisoformat(today(-1))}

    def test_a_closed_school_is_not_renamed_nor_is_its_record_kept(self, office: Office, admin: str) -> None:
        with refused("school.closed", 409):
            office.command(lifecycle.rename_school, admin, smis="57040020", name="ช้าไป", **order())
        with refused("school.closed", 409):
            office.command(records.record_details, admin, smis="57040020", body={"phone": "053795123"}, if_match="*")

    def test_closed_by_mistake_it_is_opened_again(self, office: Office, admin: str) -> None:
        office.command(lifecycle.close_school, admin, smis="57040023", **order())
        office.command(lifecycle.reopen_school, admin, smis="57040023", **order(note="ยุบผิดโรงเรียน"))
        again = school(office, "57040023")
        assert (again["state"], again["successor"]) == ("OPEN", None)
        assert kinds(office, "57040023") == [("REOPENED", "APPLIED"), ("CLOSED", "APPLIED")]

    @pytest.mark.parametrize(
        ("successor", "code"),
        [
            ("57040024", "successor.self"),
            ("57040007", "successor.closed"),
            ("57030001", "not_found"),
            ("99999999", "not_found"),
            ("", "required"),
        ],
    )
    def test_where_pupils_cannot_go(self, office: Office, admin: str, successor: str, code: str) -> None:
        with pytest.raises(Problem) as caught:
            office.command(lifecycle.merge_school, admin, smis="57040024", successor=successor, **order())
        assert [(error.pointer, error.code) for error in caught.value.errors] == [("successor", code)]

    def test_two_who_merge_schools_crosswise_do_not_wait_for_ever(self, office: Office) -> None:
        pairs = iter([(office.who("admin"), "57040025", "57040026"), (office.who("officer"), "57040026", "57040025")])

        def merge() -> Any:
            who, smis, successor = next(pairs)
            return office.command(lifecycle.merge_school, who, smis=smis, successor=successor, **order())

        answers = together(2, merge)
        assert sorted(isinstance(answer, Problem) for answer in answers) == [False, True]
        assert {school(office, smis)["state"] for smis in ("57040025", "57040026")} == {"OPEN", "CLOSED"}


class TestCoLocation:
    GUEST, MAIN = "57040030", "57040031"

    def test_it_keeps_its_code_and_is_taught_elsewhere(self, office: Office, admin: str) -> None:
        office.command(lifecycle.co_locate_school, admin, smis=self.GUEST, successor=self.MAIN, **order())
        guest, main = school(office, self.GUEST), school(office, self.MAIN)
        assert (guest["state"], guest["main_school"], main["guests"]) == ("OPEN", self.MAIN, [self.GUEST])
        assert guest["names"] == {self.MAIN: main["name"]}
        assert last_event(office, self.GUEST)["main_school"] == self.MAIN

    def test_a_main_school_does_not_end_while_others_are_taught_there(self, office: Office, admin: str) -> None:
        with refused("school.depended_on", 409):
            office.command(lifecycle.close_school, admin, smis=self.MAIN, **order())
        with refused("school.depended_on", 409):
            office.command(lifecycle.co_locate_school, admin, smis=self.MAIN, successor="57040032", **order())

    def test_a_guest_receives_nobody(self, office: Office, admin: str) -> None:
        with pytest.raises(Problem) as caught:
            office.command(lifecycle.co_locate_school, admin, smis="57040032", successor=self.GUEST, **order())
        assert [error.code for error in caught.value.errors] == ["successor.co_located"]

    def test_back_at_its_own_place(self, office: Office, admin: str) -> None:
        office.command(lifecycle.separate_school, admin, smis=self.GUEST, **order())
        assert school(office, self.GUEST)["main_school"] is None
        with refused("school.not_co_located", 409):
            office.command(lifecycle.separate_school, admin, smis=self.GUEST, **order())


class TestPlans:
    def test_a_change_of_a_later_day_is_planned_and_applied_on_its_day(self, office: Office, admin: str) -> None:
        smis = "57040040"
        name = school(office, smis)["name"]
        event = office.command(lifecycle.rename_school, admin, smis=smis, name="ชื่อปีหน้า", **order(3))
        assert (event["state"], event["before"]) == ("PLANNED", None)
        plans = office.query(histories.list_plans, office.who("auditor"))["items"]
        assert event["id"] in [plan["id"] for plan in plans]
        let_days_go_by(office, 2)
        assert school(office, smis)["name"] == name
        let_days_go_by(office, 3)
        assert school(office, smis)["name"] == "ชื่อปีหน้า"
        (applied,) = office.query(histories.history, office.who("auditor"), smis=smis)["items"]
        assert (applied["state"], applied["settled_by"], applied["before"]) == ("APPLIED", "system", {"name": name})
        assert office.audited(f"school/{smis}")[-1].actor == "system"
        let_days_go_by(office, 3)
        assert len(office.events(f"school/{smis}")) == 2, "once"

    def test_a_school_planned_for_later_does_not_exist_until_its_day(self, office: Office, admin: str) -> None:
        smis = "57040204"
        wanted = {"smis": smis, "name": "โรงเรียนปีหน้า"[8:], "education_range": RANGE}
        event = office.command(lifecycle.open_school, admin, **wanted, **order(2))
        assert (event["state"], event["school"]["smis"]) == ("PLANNED", smis)
        with refused("not_found", 404):
            school(office, smis)
        with pytest.raises(Problem) as caught:  # its code is promised
            office.command(lifecycle.open_school, admin, **wanted, **order())
        assert [error.code for error in caught.value.errors] == ["code.planned"]
        let_days_go_by(office, 2)
        assert school(office, smis)["name"] == "ปีหน้า"
        assert kinds(office, smis) == [("OPENED", "APPLIED")]

    def test_a_withdrawn_plan_stays_in_the_history_and_does_nothing(self, office: Office, admin: str) -> None:
        smis = "57040041"
        event = office.command(lifecycle.close_school, admin, smis=smis, **order(2))
        with refused("invalid", 422):
            office.command(lifecycle.withdraw_plan, admin, event_id=event["id"])
        withdrawn = office.command(lifecycle.withdraw_plan, admin, event_id=event["id"], reason="ชุมชนคัดค้าน")
        assert (withdrawn["state"], withdrawn["settled_note"]) == ("WITHDRAWN", "ชุมชนคัดค้าน")
        with refused("plan.settled", 409):
            office.command(lifecycle.withdraw_plan, admin, event_id=event["id"], reason="อีกครั้ง")
        let_days_go_by(office, 5)
        assert school(office, smis)["state"] == "OPEN"
        assert kinds(office, smis) == [("CLOSED", "WITHDRAWN")]

    def test_plans_of_others_are_not_there(self, office: Office, admin: str) -> None:
        event = office.command(lifecycle.close_school, admin, smis="57040042", **order(5))
        theirs = office.who("admin-5703")
        assert office.query(histories.list_plans, theirs)["items"] == []
        with refused("not_found", 404):
            office.command(lifecycle.withdraw_plan, theirs, event_id=event["id"], reason="ของใคร")
        with refused("forbidden", 403):
            office.command(lifecycle.withdraw_plan, office.who("auditor"), event_id=event["id"], reason="อยากลอง")

    def test_plans_that_contradict_each_other_are_not_made(self, office: Office, admin: str) -> None:
        smis = "57040043"
        closing = office.command(lifecycle.close_school, admin, smis=smis, **order(10))
        with refused("school.closed", 409):
            office.command(lifecycle.rename_school, admin, smis=smis, name="หลังยุบ", **order(11))
        with refused("school.planned", 409):
            office.command(lifecycle.close_school, admin, smis=smis, **order(5))
        office.command(lifecycle.reopen_school, admin, smis=smis, **order(20))
        with refused("school.planned", 409):
            office.command(lifecycle.withdraw_plan, admin, event_id=closing["id"], reason="มีแผนเปิดต่อ")

    def test_nobody_is_sent_to_a_school_that_will_be_closed(self, office: Office, admin: str) -> None:
        office.command(lifecycle.close_school, admin, smis="57040044", **order(10))
        with pytest.raises(Problem) as caught:
            office.command(lifecycle.co_locate_school, admin, smis="57040045", successor="57040044", **order(5))
        assert [error.code for error in caught.value.errors] == ["successor.closed"]
        office.command(lifecycle.merge_school, admin, smis="57040045", successor="57040046", **order(5))
        with refused("school.depended_on", 409):
            office.command(lifecycle.close_school, admin, smis="57040046", **order(8))

    def test_a_plan_that_has_become_impossible_fails_and_says_so(self, office: Office, admin: str) -> None:
        event = office.command(lifecycle.merge_school, admin, smis="57040051", successor="57040052", **order(2))
        with office.app.write() as unit:  # whatever made it so
            unit.session.execute(update(OrgUnit).where(OrgUnit.code == "57040052").values(state="CLOSED"))
        other = office.command(lifecycle.rename_school, admin, smis="57040049", name="ไม่เกี่ยวกัน", **order(2))
        let_days_go_by(office, 2)
        (failed,) = office.query(histories.history, office.who("auditor"), smis="57040051")["items"]
        assert (failed["id"], failed["state"]) == (event["id"], "FAILED")
        assert "ไม่ได้เปิดอยู่" in failed["settled_note"]
        assert school(office, "57040051")["state"] == "OPEN"
        assert (other["state"], school(office, "57040049")["name"]) == ("PLANNED", "ไม่เกี่ยวกัน"), "the others go on"

    def test_two_processes_apply_a_plan_once(self, office: Office, admin: str) -> None:
        smis = "57040050"
        office.command(lifecycle.rename_school, admin, smis=smis, name="ครั้งเดียว", **order(2))
        office.move_clock(seconds=2 * DAY)
        together(3, lambda: apply_due(office.app))
        assert office.count(SchoolEvent, smis=smis, state=EventState.APPLIED) == 1
        assert len(office.events(f"school/{smis}")) == 2


class TestRecord:
    SMIS = "57040061"

    def write(self, office: Office, username: str, body: dict[str, Any], if_match: str | None = None) -> dict[str, Any]:
        tag = if_match or school(office, self.SMIS)["etag"]
        found: dict[str, Any] = office.command(
            records.record_details, office.who(username), smis=self.SMIS, body=body, if_match=tag
        )
        return found

    def test_whoever_keeps_it(self, office: Office) -> None:
        for number, username in enumerate((f"data-{self.SMIS}", f"director-{self.SMIS}", "officer", "admin")):
            written = self.write(office, username, {"phone": f"05379512{number}"})
            assert written["details"]["phone"] == f"05379512{number}"
        for username in ("data-57040001", "auditor", "groupdirector"):
            with refused("forbidden", 403):
                self.write(office, username, {"phone": "053795123"})
        with refused("not_found", 404):
            self.write(office, "officer-5703", {"phone": "053795123"})

    def test_what_is_not_given_stays_and_the_event_tells_everything(self, office: Office) -> None:
        self.write(office, "officer", {"name_en": "Ban Ngio School", "founded": "พ.ค. 2482", "highland": True})
        self.write(office, "officer", {"website": "www.example.ac.th", "highland": None})
        kept = school(office, self.SMIS)
        assert (kept["details"]["name_en"], kept["details"]["founded_year_be"]) == ("Ban Ngio School", 2482)
        assert (kept["details"]["highland"], kept["details_at"] is not None) == (None, True)
        told = last_event(office, self.SMIS)
        assert (told["name_en"], told["founded_year_be"], told["highland"]) == ("Ban Ngio School", 2482, None)

    def test_who_has_not_seen_the_newest_does_not_overwrite_it(self, office: Office) -> None:
        tag = school(office, self.SMIS)["etag"]
        self.write(office, "officer", {"village": "บ้านงิ้ว"})
        with refused("precondition.stale", 412):
            self.write(office, "officer", {"village": "บ้านอื่น"}, if_match=tag)
        with refused("precondition.required", 428):
            office.command(records.record_details, office.who("officer"), smis=self.SMIS, body={"village": "x"})

    def test_doubts_are_answered_and_stored_nonetheless(self, office: Office) -> None:
        written = self.write(office, "officer", {"postcode": "57160.0", "km_to_area": 0, "email": "school"})
        by_field = {doubt["pointer"]: doubt for doubt in written["warnings"]}
        assert {"postcode", "km_to_area", "email"} <= set(by_field)
        assert by_field["postcode"]["suggestion"] == {"postcode": "57160"}
        assert written["details"]["postcode"] == "57160.0", "nothing is put right silently"

    def test_a_position_the_wrong_way_round_is_refused_with_what_was_meant(self, office: Office) -> None:
        with pytest.raises(Problem) as caught:
            self.write(office, "officer", {"latitude": 100.21, "longitude": 19.69})
        assert caught.value.extra["suggestions"] == [{"latitude": 19.69, "longitude": 100.21}]
        written = self.write(office, "officer", {"latitude": 19.69, "longitude": 100.21})
        assert [doubt for doubt in written["warnings"] if doubt["code"] == "EM10"] == []

    def test_a_position_far_from_the_others_of_its_tambon(self, office: Office, admin: str) -> None:
        here = school(office, self.SMIS)
        neighbours = office.query(schools.list_schools, admin, amphoe=here["amphoe"], limit=500)["items"]
        other = next(one["smis"] for one in neighbours if one["tambon"] == here["tambon"] and one["smis"] != self.SMIS)
        tag = school(office, other)["etag"]
        written = office.command(
            records.record_details, admin, smis=other, body={"latitude": 20.4, "longitude": 100.2}, if_match=tag
        )
        assert [doubt["code"] for doubt in written["warnings"] if doubt["pointer"] == "latitude"] == ["EM10"]


class TestClusters:
    @pytest.fixture
    def cluster(self, office: Office, admin: str) -> dict[str, Any]:
        made: dict[str, Any] = office.command(clusters.create_cluster, admin, name=f"เครือข่าย {office.count(OrgUnit)}")
        yield made
        inside = office.query(schools.list_schools, admin, cluster=made["id"])["items"]
        if inside:
            office.command(clusters.remove_schools, admin, cluster_id=made["id"], smis=[one["smis"] for one in inside])
        listed = office.query(cluster_lists.list_clusters, admin)["items"]
        if next(one["state"] for one in listed if one["id"] == made["id"]) == "OPEN":
            office.command(clusters.close_cluster, admin, cluster_id=made["id"])

    def test_schools_are_put_into_it_many_at_once(self, office: Office, admin: str, cluster: dict[str, Any]) -> None:
        smis = ["57040070", "57040071", "57040072"]
        answer = office.command(clusters.add_schools, admin, cluster_id=cluster["id"], smis=smis)
        assert (answer["schools"], answer["moved"]) == (3, smis)
        found = office.query(schools.list_schools, admin, cluster=cluster["id"])["items"]
        assert [one["smis"] for one in found] == smis
        assert {last_event(office, one)["cluster"] for one in smis} == {cluster["name"]}
        again = office.command(clusters.add_schools, admin, cluster_id=cluster["id"], smis=smis)
        assert again["moved"] == [], "those that are in it are left alone"
        without = office.query(schools.list_schools, admin, cluster="none", limit=500)["items"]
        assert not {one["smis"] for one in without} & set(smis)

    def test_renaming_it_is_told_of_each_school(self, office: Office, admin: str, cluster: dict[str, Any]) -> None:
        office.command(clusters.add_schools, admin, cluster_id=cluster["id"], smis=["57040073"])
        with refused("precondition.required", 428):
            office.command(clusters.rename_cluster, admin, cluster_id=cluster["id"], name="ใหม่")
        office.command(
            clusters.rename_cluster, admin, cluster_id=cluster["id"], name="ชื่อเครือข่ายใหม่", if_match=cluster["etag"]
        )
        assert last_event(office, "57040073")["cluster"] == "ชื่อเครือข่ายใหม่"

    def test_it_is_closed_when_nobody_is_in_it(self, office: Office, admin: str, cluster: dict[str, Any]) -> None:
        office.command(clusters.add_schools, admin, cluster_id=cluster["id"], smis=["57040074"])
        with refused("cluster.in_use", 409):
            office.command(clusters.close_cluster, admin, cluster_id=cluster["id"])
        office.command(clusters.remove_schools, admin, cluster_id=cluster["id"], smis=["57040074"])
        assert office.command(clusters.close_cluster, admin, cluster_id=cluster["id"])["state"] == "CLOSED"
        with refused("cluster.closed", 409):
            office.command(clusters.add_schools, admin, cluster_id=cluster["id"], smis=["57040074"])
        reused = office.command(clusters.create_cluster, admin, name=cluster["name"])
        assert reused["id"] != cluster["id"], "a closed one has left its name to another"
        office.command(clusters.close_cluster, admin, cluster_id=reused["id"])

    def test_a_name_is_given_once(self, office: Office, admin: str, cluster: dict[str, Any]) -> None:
        for name in (cluster["name"], "", "ก" * 201):
            with refused("invalid", 422):
                office.command(clusters.create_cluster, admin, name=name)

    def test_it_belongs_to_one_area(self, office: Office, cluster: dict[str, Any]) -> None:
        theirs = office.who("admin-5703")
        assert office.query(cluster_lists.list_clusters, theirs)["items"] == []
        with refused("not_found", 404):
            office.command(clusters.add_schools, theirs, cluster_id=cluster["id"], smis=["57030001"])
        with refused("invalid", 422):
            office.command(clusters.add_schools, office.who("admin"), cluster_id=cluster["id"], smis=["57030001"])
        with refused("forbidden", 403):
            office.command(
                clusters.add_schools, office.who("director-57040001"), cluster_id=cluster["id"], smis=["57040001"]
            )


class TestTree:
    def test_ones_own_part_with_counts(self, office: Office) -> None:
        (area,) = office.query(tree.list_organisations, office.who("teacher"))["items"]
        assert area["code"] == "5704"
        assert {group["code"] for group in area["groups"]} >= {"5704-g-ict", "5704-g-admin"}
        assert sum(one["schools"] for one in area["amphoes"]) == area["schools"]["open"]
        ict = next(group for group in area["groups"] if group["code"] == "5704-g-ict")
        assert ict["people"] >= 4
        (theirs,) = office.query(tree.list_organisations, office.who("officer-5703"))["items"]
        assert theirs["code"] == "5703"

    def test_a_group_is_made_renamed_and_closed(self, office: Office, admin: str) -> None:
        made = office.command(groups.create_group, admin, name="กลุ่มส่งเสริมการศึกษาทางไกล")
        assert (made["code"], made["people"]) == ("5704-g-1", 0)
        second = office.command(groups.create_group, admin, name="กลุ่มที่สอง")
        assert second["code"] == "5704-g-2"
        renamed = office.command(groups.rename_group, admin, code=made["code"], name="กลุ่มใหม่", if_match=made["etag"])
        assert (renamed["name"], renamed["etag"]) == ("กลุ่มใหม่", "u2")
        with refused("precondition.stale", 412):
            office.command(groups.rename_group, admin, code=made["code"], name="อีกชื่อ", if_match=made["etag"])
        assert office.command(groups.close_group, admin, code=made["code"])["state"] == "CLOSED"
        with refused("group.closed", 409):
            office.command(groups.close_group, admin, code=made["code"])
        third = office.command(groups.create_group, admin, name="กลุ่มใหม่")
        assert third["code"] == "5704-g-3", "no number is given twice"

    def test_a_group_in_which_people_work_is_not_closed(self, office: Office, admin: str) -> None:
        with refused("group.in_use", 409):
            office.command(groups.close_group, admin, code="5704-g-ict")

    def test_groups_are_kept_by_the_areas_administrator(self, office: Office, admin: str) -> None:
        with refused("forbidden", 403):
            office.command(groups.create_group, office.who("officer"), name="ของเจ้าหน้าที่")
        with refused("not_found", 404):
            office.command(groups.close_group, admin, code="5703-g-ict")
        with refused("not_found", 404):
            office.command(groups.create_group, admin, name="ของเขตอื่น", area="5703")
        with refused("invalid", 422):
            office.command(groups.create_group, admin, name="กลุ่มอำนวยการ")
