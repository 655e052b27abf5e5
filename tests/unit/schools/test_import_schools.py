"""Judging school lists: EMIS's file with its real defect, codes in every disguise, names only as a proposal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from import_lists_for_tests import changes, codes, judge_file, notes, repairs, school, school_register

from tests.running import emis
from tests.running.emis import as_headers

PLAIN = ("รหัส Smis", "รหัสกระทรวง", "รหัส PER CODE", "ชื่อโรงเรียน", "ระดับที่เปิดสอน", "ตำบล", "อำเภอ", "จังหวัด")
FIRST, SECOND, *_ = emis.public_schools()
DEFECT = next(row for row in emis.public_schools() if row["smis_code"] == emis.DEFECT)


def plain(row: dict[str, str], **cells: Any) -> list[Any]:
    """A school of the public list as a row of the simple list."""
    values = dict(
        zip(PLAIN, (row["smis_code"], row["ministry_code"], row["obec6_code"], row["name_th"], row["education_range"],
                    row["tambon"], row["amphoe"], row["province"]), strict=True)
    )  # fmt: skip
    return [{**values, **as_headers(cells)}[header] for header in PLAIN]


def judged(
    *rows: Sequence[Any], known: dict[str, Any] | None = None, decisions: dict[int, Any] | None = None
) -> list[dict[str, Any]]:
    """The judgements on rows of the simple list, which begin in row 2."""
    register = known or school_register()
    found = judge_file(emis.workbook([PLAIN, *rows]), "schools.xlsx", "schools", register, decisions)
    return [found[number] for number in sorted(found) if number > 1]


def one(**cells: Any) -> dict[str, Any]:
    """The judgement on the first school, with other cells."""
    (found,) = judged(plain(FIRST, **cells))
    return found


class TestTheListOfEmis:
    def test_the_public_list_changes_nothing_in_the_register_but_what_emis_has_more(self) -> None:
        found = judge_file(emis.emis_list(), "รายชื่อ.xls", "schools", school_register())
        verdicts = [judgement["verdict"] for judgement in found.values()]
        assert [verdicts.count(verdict) for verdict in ("SKIPPED", "CHANGE", "ERROR")] == [3, 134, 1]
        assert set(changes(found[4])) == {"name_en", "postcode", "km_to_area"}

    def test_the_ministry_code_that_lost_a_zero_is_offered_back_for_its_per_code_is_known(self) -> None:
        found = judge_file(emis.emis_list([DEFECT]), "a.xls", "schools", school_register())[4]
        assert repairs(found) == {"ministry_code": ("insert_zero", "1057120742")}
        assert (found["verdict"], codes(found)) == ("ERROR", {"repair.undecided"})
        assert found["repairs"][0]["before"] == "157120742"

    def test_it_is_not_offered_where_no_per_code_bears_it_out(self) -> None:
        (found,) = judged(plain(DEFECT, รหัสกระทรวง="157120999"))
        assert (repairs(found), codes(found)) == ({}, {"EM01"})

    def test_accepted_it_changes_both_codes(self) -> None:
        decisions = {4: {"ministry_code": {"accept": True, "after": "1057120742"}}}
        found = judge_file(emis.emis_list([DEFECT]), "a.xls", "schools", school_register(), decisions)[4]
        assert found["verdict"] == "CHANGE"
        assert found["plan"]["codes"] == {"MOE10": "1057120742", "PER6": "120742"}
        assert changes(found)["ministry_code"] == ("157120742", "1057120742")

    def test_rejected_it_leaves_the_code_out(self) -> None:
        decisions = {4: {"ministry_code": {"accept": False, "after": "1057120742"}}}
        found = judge_file(emis.emis_list([DEFECT]), "a.xls", "schools", school_register(), decisions)[4]
        assert found["verdict"] == "CHANGE"
        assert found["plan"]["codes"] == {"PER6": "120742"}
        assert "repair.rejected" in notes(found)

    def test_a_decision_about_another_value_does_not_count(self) -> None:
        decisions = {4: {"ministry_code": {"accept": True, "after": "1057999999"}}}
        found = judge_file(emis.emis_list([DEFECT]), "a.xls", "schools", school_register(), decisions)[4]
        assert codes(found) == {"repair.undecided"}

    def test_what_is_wrong_in_the_register_in_the_same_way_keeps_nothing_back(self) -> None:
        (found,) = judged(plain(DEFECT))
        assert (found["verdict"], notes(found)) == ("SAME", {"EM01"})

    def test_head_counts_are_kept_beside_and_never_planned(self) -> None:
        found = judge_file(emis.emis_list([FIRST]), "a.xls", "schools", school_register())[4]
        assert not {"pupils", "rooms", "teachers"} & {*changes(found), *found["plan"]["details"]}

    def test_the_same_list_as_csv_and_as_a_workbook_says_the_same(self) -> None:
        headers = [header.replace("<br>", "") for header in emis.HEADERS]
        rows = [headers, *(emis.emis_row(number, row) for number, row in enumerate([FIRST, DEFECT], start=1))]
        as_html = judge_file(emis.emis_list([FIRST, DEFECT]), "a.xls", "schools", school_register())
        for content, name in (
            (emis.workbook(rows), "a.xlsx"),
            (emis.text(rows), "a.csv"),
            (emis.text(rows, "cp874"), "b.csv"),
        ):
            found = judge_file(content, name, "schools", school_register())
            assert [found[2], found[3]] == [as_html[4], as_html[5]], name


class TestCodes:
    @pytest.mark.parametrize(
        ("typed", "repair"),
        [
            ("57040001.0", "float"),
            ("๕๗๐๔๐๐๐๑", "thai_digits"),
            ("5704-0001", "separators"),
            ('="57040001"', "literal"),
        ],
    )
    def test_a_smis_code_in_disguise_is_a_proposal(self, typed: str, repair: str) -> None:
        found = one(**{"รหัส Smis": typed})
        assert repairs(found) == {"smis": (repair, "57040001")}
        assert codes(found) == {"repair.undecided"}
        assert found["target"] == "57040001"

    def test_a_number_cell_is_its_digits(self) -> None:
        assert one(**{"รหัส Smis": 57040001})["verdict"] == "SAME"

    def test_a_per_code_without_its_zero_is_padded_when_somebody_agrees(self) -> None:
        known = school_register([school(FIRST, obec6_code="080005", ministry_code="1057080005")])
        cells = {"รหัส PER CODE": 80005, "รหัสกระทรวง": "1057080005"}
        (found,) = judged(plain(FIRST, **cells), known=known)
        assert repairs(found) == {"obec6_code": ("pad", "080005")}
        agreed = {2: {"obec6_code": {"accept": True, "after": "080005"}}}
        assert judged(plain(FIRST, **cells), known=known, decisions=agreed)[0]["verdict"] == "SAME"

    def test_what_excel_threw_away_cannot_be_repaired(self) -> None:
        assert codes(one(**{"รหัสกระทรวง": "1.06E+09"})) == {"code.damaged"}

    @pytest.mark.parametrize(
        ("cell", "value"), [("รหัส Smis", "5704001"), ("รหัส PER CODE", "12"), ("รหัสกระทรวง", "10571")]
    )
    def test_a_code_of_the_wrong_length_is_an_error(self, cell: str, value: str) -> None:
        assert "EM01" in codes(one(**{cell: value}))

    def test_the_ministry_code_ends_with_the_per_code(self) -> None:
        assert codes(one(**{"รหัส PER CODE": "999999"})) == {"EM02"}

    def test_codes_of_two_schools_in_a_row_are_an_error(self) -> None:
        found = one(รหัสกระทรวง=SECOND["ministry_code"], **{"รหัส PER CODE": SECOND["obec6_code"]})
        assert codes(found) == {"codes.disagree"}
        assert FIRST["name_th"] in found["errors"][0]["message"]

    def test_another_smis_code_for_a_known_school_is_not_simply_taken(self) -> None:
        assert codes(one(**{"รหัส Smis": "57049999"})) == {"smis.differs"}

    def test_the_code_of_a_closed_school_asks_whether_it_was_closed(self) -> None:
        cells = {"รหัส Smis": "57040007", "รหัสกระทรวง": "", "รหัส PER CODE": ""}
        (found,) = judged(plain(FIRST, **cells))
        assert codes(found) == {"school.closed"}
        assert "ยุบ/เลิกแล้ว?" in found["errors"][0]["message"]

    def test_the_former_code_of_a_school_leads_to_its_present_one(self) -> None:
        known = school_register(former={"57049901": "57040001"})
        (found,) = judged(plain(FIRST, **{"รหัส Smis": "57049901"}), known=known)
        assert repairs(found) == {"smis": ("former_code", "57040001")}

    def test_a_code_that_somebody_elsewhere_has_is_refused(self) -> None:
        known = school_register(taken={"SMIS8": ["57030001"], "MOE10": [], "PER6": []})
        cells = {"รหัส Smis": "57030001", "รหัสกระทรวง": "", "รหัส PER CODE": "", "ชื่อโรงเรียน": "บ้านใหม่จริง"}
        assert codes(judged(plain(FIRST, **cells), known=known)[0]) == {"code.taken"}

    def test_a_smis_prefix_of_another_area_is_only_noted(self) -> None:
        cells = {"รหัส Smis": "57012001", "รหัสกระทรวง": "", "รหัส PER CODE": "", "ชื่อโรงเรียน": "บ้านมาใหม่"}
        found = one(**cells)
        assert (found["verdict"], notes(found)) == ("NEW", {"EM03"})


class TestNames:
    NAMELESS_CODES = {"รหัส Smis": "", "รหัสกระทรวง": "", "รหัส PER CODE": ""}  # noqa: RUF012

    @pytest.mark.parametrize("name", ["บ้านศรีลานนา", "โรงเรียนบ้านศรีลานนา", "บ้าน ศรีลานนา", "รร.บ้านศรีลานนา"])
    def test_a_row_without_codes_is_found_by_name_as_a_proposal(self, name: str) -> None:
        found = one(ชื่อโรงเรียน=name, **self.NAMELESS_CODES)
        assert repairs(found)["smis.name"] == ("name_match", "57040001")
        assert "repair.undecided" in codes(found)

    def test_what_stands_in_brackets_may_be_missing(self) -> None:
        (found,) = judged(plain(DEFECT, ชื่อโรงเรียน="สมถวิลจินตมัยบ้านห้วยแล้ง", **self.NAMELESS_CODES))
        assert repairs(found)["smis.name"] == ("name_match", emis.DEFECT)

    def test_agreed_it_is_that_school_and_denied_it_is_a_new_one(self) -> None:
        unknown = {**self.NAMELESS_CODES, "รหัส Smis": "57049001"}
        for accept, verdict in ((True, "ERROR"), (False, "NEW")):
            decisions = {2: {"smis.name": {"accept": accept, "after": "57040001"}}}
            (found,) = judged(plain(FIRST, **unknown), decisions=decisions)
            assert found["verdict"] == verdict, found
        # agreed, the code in the file is another than the school's: that is no matter of a list
        (agreed,) = judged(plain(FIRST, **unknown), decisions={2: {"smis.name": {"accept": True, "after": "57040001"}}})
        assert codes(agreed) == {"smis.differs"}

    def test_of_two_schools_with_one_name_none_is_proposed(self) -> None:
        known = school_register([school(FIRST), school({**SECOND, "name_th": FIRST["name_th"]})])
        (found,) = judged(plain(FIRST, **self.NAMELESS_CODES), known=known)
        assert (repairs(found), "name.ambiguous" in codes(found)) == ({}, True)

    def test_the_word_for_school_before_a_name_is_no_part_of_it(self) -> None:
        assert repairs(one(ชื่อโรงเรียน="โรงเรียนบ้านศรีลานนา")) == {"name": ("school_word", "บ้านศรีลานนา")}


class TestSchools:
    NEW = {"รหัส Smis": "57040170", "รหัสกระทรวง": "1057129999", "รหัส PER CODE": "129999", "ชื่อโรงเรียน": "บ้านดอยใหม่"}  # noqa: RUF012

    def test_an_unknown_school_with_a_code_is_new(self) -> None:
        found = one(**self.NEW)
        assert found["verdict"] == "NEW"
        assert found["plan"]["open"]["codes"] == {"SMIS8": "57040170", "MOE10": "1057129999", "PER6": "129999"}

    @pytest.mark.parametrize("cell", ["ระดับที่เปิดสอน", "รหัส Smis"])
    def test_a_new_school_needs_code_and_grades(self, cell: str) -> None:
        assert one(**{**self.NEW, cell: ""})["verdict"] == "ERROR"

    def test_a_place_that_is_none_is_an_error(self) -> None:
        assert codes(one(ตำบล="ไม่มีตำบลนี้")) == {"EM04"}

    def test_grades_that_nobody_knows_are_left_out_and_said(self) -> None:
        found = one(ระดับที่เปิดสอน="ประถม-มัธยม")
        assert (found["verdict"], notes(found)) == ("SAME", {"range.unknown"})

    def test_an_empty_cell_takes_nothing_away(self) -> None:
        assert one(ตำบล="", อำเภอ="-", จังหวัด="")["verdict"] == "SAME"

    def test_two_rows_of_one_school_are_both_reported(self) -> None:
        first, other, second = judged(plain(FIRST), plain(SECOND), plain(FIRST, ตำบล="ครึ่ง "))
        assert (codes(first), other["verdict"], codes(second)) == ({"row.duplicate"}, "SAME", {"row.duplicate"})
        assert "แถว 4" in first["errors"][0]["message"]

    def test_two_new_rows_with_one_code_are_both_reported(self) -> None:
        assert [codes(found) for found in judged(plain(FIRST, **self.NEW), plain(SECOND, **self.NEW))] == [
            {"row.duplicate"}, {"row.duplicate"},
        ]  # fmt: skip

    def test_a_list_of_another_area_is_stopped_row_by_row(self) -> None:
        rows = [["area_code", "smis_code", "name_th"], ["5703", "57040001", "บ้านศรีลานนา"]]
        found = judge_file(emis.text(rows), "a.csv", "schools", school_register())
        assert codes(found[2]) == {"area.differs"}


class TestSecondaryAreas:
    """An area of six digits has schools of several provinces: its code says nothing of theirs."""

    def one(self, row: dict[str, str], **cells: str) -> dict[str, Any]:
        (found,) = judged(plain(row, **cells), known=school_register([], area="101736"))
        return found

    def test_a_school_is_new_with_the_ministry_code_of_its_own_province(self) -> None:
        new = {"รหัส Smis": "57042801", "รหัสกระทรวง": "1057120801", "รหัส PER CODE": "120801"}
        found = self.one(FIRST, **new)
        assert (found["verdict"], codes(found), notes(found)) == ("NEW", set(), set())
        assert codes(self.one(FIRST, **new | {"รหัสกระทรวง": "1157120801"})) == {"EM01"}

    def test_a_lost_zero_is_offered_back_by_the_province_of_the_smis_code(self) -> None:
        found = self.one(DEFECT, **{"รหัส PER CODE": emis.DEFECT_PER})
        assert repairs(found) == {"ministry_code": ("insert_zero", "1057120742")}


class TestRecords:
    def emis_school(self, **cells: str) -> dict[str, Any]:
        return judge_file(emis.emis_list([FIRST], **cells), "a.xls", "schools", school_register())[4]

    def test_a_postcode_that_became_a_number_is_a_proposal(self) -> None:
        assert repairs(self.emis_school(**{"รหัส ปณ.": "25000.0"})) == {"postcode": ("float", "25000")}

    def test_thousands_are_read_as_numbers(self) -> None:
        assert self.emis_school(**{"ระยะทางถึงอำเภอ (กม.)": "1,012.5"})["plan"]["details"]["km_to_amphoe"] == 1012.5

    def test_a_telephone_number_without_its_zero_is_a_proposal(self) -> None:
        assert repairs(self.emis_school(โทรศัพท์="53123456")) == {"phone": ("pad", "053123456")}

    def test_what_cannot_be_read_is_said_and_left_out(self) -> None:
        found = self.emis_school(**{"ระยะทางถึงอำเภอ (กม.)": "ไกลมาก", "อีเมล์": "no-mail"})
        assert found["verdict"] == "CHANGE"
        assert {"number", "EM06"} <= notes(found)
        assert "km_to_amphoe" not in found["plan"]["details"]

    def test_an_unknown_cluster_is_said_and_a_known_one_is_planned(self) -> None:
        assert "cluster.unknown" in notes(self.emis_school(เครือข่าย="เวียงเหนือ"))
        known = school_register(clusters={"เวียงเหนือ": "c1"})
        found = judge_file(emis.emis_list([FIRST], เครือข่าย="เวียงเหนือ"), "a.xls", "schools", known)[4]
        assert (found["plan"]["cluster"], changes(found)["cluster"]) == ("c1", ("", "เวียงเหนือ"))

    def test_a_formula_in_a_cell_is_no_value(self) -> None:
        content = emis.workbook([PLAIN, plain(FIRST, ตำบล='=CONCATENATE("ค","รึ่ง")')])
        assert "cell.formula" in codes(judge_file(content, "a.xlsx", "schools", school_register())[2])
