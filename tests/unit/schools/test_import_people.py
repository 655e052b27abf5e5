"""Judging lists of people: who is whom, ids that Excel damaged, roles and where they are held, dates."""

from __future__ import annotations

from typing import Any

import pytest
from import_lists_for_tests import changes, codes, judge_file, notes, people_register, repairs, someone

from services.schools.access.rules import PLACES
from services.schools.imports.kinds.people.roles import read_roles
from shared.security.access import ROLES
from tests.running.people_lists import citizen_id, people_list, person


def judged(
    *rows: list[Any], known: dict[str, Any] | None = None, decisions: dict[int, Any] | None = None
) -> list[dict[str, Any]]:
    """The judgements on rows, which begin in row 2."""
    register = known or people_register()
    found = judge_file(people_list(rows), "people.xlsx", "people", register, decisions)
    return [found[number] for number in sorted(found) if number > 1]


def one(known: dict[str, Any] | None = None, **cells: Any) -> dict[str, Any]:
    (found,) = judged(person(1, **cells), known=known)
    return found


def dashed(number: int) -> str:
    text = citizen_id(number)
    return f"{text[0]}-{text[1:5]}-{text[5:10]}-{text[10:12]}-{text[12]}"


ZERO = next(text for number in range(1, 50) if (text := citizen_id(number, first="0")))


class TestWho:
    def test_somebody_unknown_is_new_and_everything_of_them_is_shown(self) -> None:
        found = one()
        assert (found["verdict"], found["target"]) == ("NEW", None)
        assert changes(found)["username"] == ("", "dara1")
        assert changes(found)["role"] == ("", "ครู ที่ บ้านศรีลานนา ตั้งแต่วันที่นำเข้า")
        assert found["plan"]["grants"][0]["organisation"] == "57040001"

    def test_the_same_person_is_found_by_citizen_id_whatever_the_name(self) -> None:
        known = people_register(someone("p1", citizen_id=citizen_id(1), username="dara1", family_name="ก่อนแต่ง"))
        found = one(known)
        assert (found["verdict"], found["target"]) == ("CHANGE", "p1")
        assert changes(found)["family_name"] == ("ก่อนแต่ง", "สมมติชน")

    def test_else_by_user_name(self) -> None:
        known = people_register(someone("p1", username="dara1"))
        found = one(known, เลขประจำตัวประชาชน="")
        assert (found["target"], found["verdict"]) == ("p1", "CHANGE")
        assert set(changes(found)) == {"role"}

    def test_nothing_new_is_the_same(self) -> None:
        held = {"role": "teacher", "organisation": "57040001", "from": "2020-05-16", "until": None}
        known = people_register(someone("p1", citizen_id=citizen_id(1), username="dara1", grants=[held]))
        assert one(known)["verdict"] == "SAME"

    def test_a_role_that_ran_out_is_given_again(self) -> None:
        held = {"role": "teacher", "organisation": "57040001", "from": "2020-05-16", "until": "2021-05-15"}
        known = people_register(someone("p1", citizen_id=citizen_id(1), username="dara1", grants=[held]))
        assert set(changes(one(known))) == {"role"}

    def test_empty_cells_take_nothing_away(self) -> None:
        known = people_register(someone("p1", citizen_id=citizen_id(1), username="dara1", email="a@b.go.th"))
        blank = dict.fromkeys(("คำนำหน้า", "ชื่อ", "นามสกุล", "ตำแหน่ง", "บทบาท", "หน่วยงาน", "ชื่อผู้ใช้"), "")
        (found,) = judged(person(1, **{**blank, "หน่วยงาน": "57040001"}), known=known)
        assert (found["verdict"], codes(found)) == ("SAME", set())

    def test_of_somebody_elsewhere_nothing_is_told(self) -> None:
        known = people_register({"id": "p1", "visible": False}, by_citizen_id={citizen_id(1): "p1"})
        found = one(known)
        assert codes(found) == {"person.elsewhere"}
        assert found["target"] is None

    def test_a_user_name_of_somebody_else_is_taken(self) -> None:
        known = people_register(someone("p2", username="dara1", citizen_id=citizen_id(77)))
        assert codes(one(known)) == {"username.taken"}
        hidden = people_register({"id": "p2", "visible": False}, by_username={"dara1": "p2"})
        assert codes(one(hidden)) == {"username.taken"}

    def test_a_user_name_is_not_changed_by_a_list(self) -> None:
        known = people_register(someone("p1", citizen_id=citizen_id(1), username="somebody"))
        assert codes(one(known)) == {"username.differs"}

    def test_nobody_is_moved_by_a_list(self) -> None:
        known = people_register(someone("p1", citizen_id=citizen_id(1), username="dara1", unit="57040002"))
        found = one(known)
        assert "unit.stays" in notes(found)
        assert "organisation" not in changes(found)

    def test_the_record_of_somebody_of_another_school_is_not_a_directors(self) -> None:
        guest = someone("p1", citizen_id=citizen_id(1), username="dara1", covered=False, family_name="เดิม")
        found = one(people_register(guest, director_of="57040001"))
        assert set(changes(found)) == {"role"}
        assert "record.elsewhere" in notes(found)

    def test_who_has_left_is_not_taken_back_by_a_list(self) -> None:
        known = people_register(someone("p1", citizen_id=citizen_id(1), username="dara1", state="RETIRED"))
        assert codes(one(known)) == {"person.retired"}

    def test_another_citizen_id_than_the_recorded_one_is_an_error(self) -> None:
        known = people_register(someone("p1", citizen_id=citizen_id(9), username="dara1"))
        assert codes(one(known)) == {"username.taken"}

    def test_nobody_gives_rights_to_themselves(self) -> None:
        known = people_register(someone("caller", citizen_id=citizen_id(1), username="dara1"))
        assert "account.self" in codes(one(known))

    def test_without_citizen_id_and_user_name_it_could_be_anybody(self) -> None:
        assert codes(one(เลขประจำตัวประชาชน="", ชื่อผู้ใช้="")) == {"identity"}

    def test_without_a_user_name_there_is_no_account(self) -> None:
        found = one(ชื่อผู้ใช้="")
        assert (found["verdict"], notes(found), found["plan"]["username"]) == ("NEW", {"account.none"}, None)


class TestCitizenIds:
    @pytest.mark.parametrize(
        ("typed", "repair"),
        [
            (dashed(1), "separators"),
            (f'="{citizen_id(1)}"', "literal"),
            (f"{citizen_id(1)}.0", "float"),
            (citizen_id(1).translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")), "thai_digits"),
        ],
    )
    def test_a_damaged_id_is_a_proposal_and_no_more(self, typed: str, repair: str) -> None:
        found = one(เลขประจำตัวประชาชน=typed)
        assert repairs(found) == {"citizen_id": (repair, citizen_id(1))}
        assert codes(found) == {"repair.undecided"}

    def test_a_zero_in_front_that_was_lost_is_a_proposal_where_the_check_digit_agrees(self) -> None:
        assert repairs(one(เลขประจำตัวประชาชน=int(ZERO))) == {"citizen_id": ("pad", ZERO)}

    @pytest.mark.parametrize("typed", ["1.57E+12", "1.57041E+12"])
    def test_what_excel_threw_away_is_an_error(self, typed: str) -> None:
        found = one(เลขประจำตัวประชาชน=typed)
        assert (repairs(found), codes(found)) == ({}, {"citizen_id.damaged"})

    def test_a_wrong_check_digit_is_an_error(self) -> None:
        text = citizen_id(1)
        assert codes(one(เลขประจำตัวประชาชน=f"{text[:12]}{(int(text[12]) + 1) % 10}")) == {"citizen_id.check_digit"}

    def test_accepted_it_is_the_persons(self) -> None:
        decided = {2: {"citizen_id": {"accept": True, "after": citizen_id(1)}}}
        (found,) = judged(person(1, เลขประจำตัวประชาชน=dashed(1)), decisions=decided)
        assert (found["verdict"], found["plan"]["citizen_id"]) == ("NEW", citizen_id(1))

    def test_rejected_it_is_left_out(self) -> None:
        decided = {2: {"citizen_id": {"accept": False, "after": citizen_id(1)}}}
        (found,) = judged(person(1, เลขประจำตัวประชาชน=dashed(1)), decisions=decided)
        assert (found["verdict"], found["plan"]["citizen_id"]) == ("NEW", None)

    def test_a_telephone_number_without_its_zero_is_a_proposal(self) -> None:
        assert repairs(one(โทรศัพท์=812345678)) == {"phone": ("pad", "0812345678")}
        assert repairs(one(โทรศัพท์="081-234-5678")) == {}


class TestRoles:
    @pytest.mark.parametrize("role", sorted(ROLES))
    def test_every_role_is_known_by_its_name_and_its_code(self, role: str) -> None:
        assert read_roles(ROLES[role]) == ([role], [])
        assert read_roles(role) == ([role], [])

    def test_several_stand_in_a_cell_however_they_are_divided(self) -> None:
        assert read_roles("ครู, ครูข้อมูล / ธุรการ และ ครู") == (["teacher", "data_officer", "registrar"], [])

    def test_what_is_no_role_is_named(self) -> None:
        found = one(บทบาท="ครู, พ่อบ้าน")
        assert codes(found) == {"role.unknown"}
        assert "พ่อบ้าน" in found["errors"][0]["message"]

    @pytest.mark.parametrize(
        ("role", "unit", "place"),
        [
            ("ผู้อำนวยการโรงเรียน", "บ้านหลวง", "57040002"),
            ("เจ้าหน้าที่", "กลุ่มส่งเสริมการศึกษาทางไกล", "5704"),
            ("สารบรรณ", "5704-g-ict", "5704-g-ict"),
            ("ผู้อำนวยการเขต", "5704", "5704"),
        ],
    )
    def test_a_role_is_held_where_its_work_is(self, role: str, unit: str, place: str) -> None:
        found = one(บทบาท=role, หน่วยงาน=unit)
        assert [grant["organisation"] for grant in found["plan"]["grants"]] == [place]

    def test_the_list_may_say_otherwise(self) -> None:
        from_group = {"บทบาท": "เจ้าหน้าที่", "หน่วยงาน": "5704-g-ict", "ให้บทบาทที่": "5704-g-ict"}
        headers_and = judge_with_place(from_group)
        assert [grant["organisation"] for grant in headers_and["plan"]["grants"]] == ["5704-g-ict"]

    def test_a_role_of_a_school_is_not_given_in_a_group(self) -> None:
        assert codes(one(บทบาท="ครู", หน่วยงาน="5704-g-ict")) == {"role.place"}

    def test_a_director_gives_the_roles_of_the_own_school(self) -> None:
        at_home = people_register(director_of="57040001")
        assert one(at_home, บทบาท="ครูข้อมูล", หน่วยงาน="")["verdict"] == "NEW"
        assert codes(one(at_home, บทบาท="ผู้อำนวยการโรงเรียน", หน่วยงาน="")) == {"role.forbidden"}
        assert codes(one(at_home, หน่วยงาน="57040002")) == {"unit.unknown"}

    def test_no_admin_who_is_not_ops_gives_ops(self) -> None:
        assert codes(one(บทบาท="ops", หน่วยงาน="5704")) == {"role.forbidden"}

    def test_every_role_can_be_held_somewhere(self) -> None:
        assert set(PLACES) == set(ROLES)

    def test_for_an_area_the_unit_must_be_said(self) -> None:
        assert codes(one(หน่วยงาน="")) == {"required"}


class TestDates:
    @pytest.mark.parametrize("typed", ["16/05/2569", "16 พ.ค. 2569", "๑๖/๐๕/๒๕๖๙", "2026-05-16"])
    def test_days_of_the_buddhist_era(self, typed: str) -> None:
        assert one(ตั้งแต่วันที่=typed)["plan"]["grants"][0]["from"] == "2026-05-16"

    @pytest.mark.parametrize("typed", ["31/02/2569", "16/05/69", "พรุ่งนี้"])
    def test_what_is_no_day_is_an_error(self, typed: str) -> None:
        assert codes(one(ตั้งแต่วันที่=typed)) == {"date"}

    def test_a_period_that_ends_before_it_begins_is_an_error(self) -> None:
        assert codes(one(ตั้งแต่วันที่="16/05/2570", ถึงวันที่="15/05/2570")) == {"period"}

    def test_a_period_that_is_over_is_an_error(self) -> None:
        assert codes(one(ตั้งแต่วันที่="16/05/2568", ถึงวันที่="15/05/2569")) == {"past"}


class TestRowsOfOnePerson:
    def test_a_second_school_is_a_second_row(self) -> None:
        first, second = judged(person(1), person(1, หน่วยงาน="57040002"))
        assert (first["verdict"], second["verdict"]) == ("NEW", "CHANGE")
        assert set(changes(second)) == {"role"}

    def test_the_same_row_twice_is_reported_twice(self) -> None:
        first, other, second = judged(person(1), person(2), person(1))
        assert (codes(first), other["verdict"], codes(second)) == ({"row.duplicate"}, "NEW", {"row.duplicate"})

    def test_rows_that_contradict_each_other_are_both_reported(self) -> None:
        found = judged(person(1), person(1, ชื่อ="อีกคน", หน่วยงาน="57040002"))
        assert [codes(judgement) for judgement in found] == [{"row.contradiction"}] * 2

    def test_one_user_name_for_two_people_is_reported_at_both(self) -> None:
        found = judged(person(1), person(2, ชื่อผู้ใช้="Dara1"))
        assert [codes(judgement) for judgement in found] == [{"username.twice"}] * 2


def judge_with_place(cells: dict[str, str]) -> dict[str, Any]:
    """A row of a list that has the column "ให้บทบาทที่"."""
    headers = ("คำนำหน้า", "ชื่อ", "นามสกุล", "ชื่อผู้ใช้", "บทบาท", "หน่วยงาน", "ให้บทบาทที่")
    values = {"คำนำหน้า": "นาย", "ชื่อ": "ดี", "นามสกุล": "งาม", "ชื่อผู้ใช้": "dee.ngam", **cells}
    content = "\n".join([",".join(headers), ",".join(values[header] for header in headers)]).encode()
    return judge_file(content, "a.csv", "people", people_register())[2]
