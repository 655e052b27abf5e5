"""Every rule of the catalogue: a labelled fault it must find, and the nearest sound thing it must leave alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from dmc_files_for_tests import NEWEST_SET, job, make_id, pupil, table, write_xlsx

from services.rounds.rules.check import check
from services.rounds.rules.dmc.rulebook import MISSING
from services.rounds.rules.registry import load_rule_set

CATALOGUE = {
    "F": 12, "I": 15, "P": 9, "C": 7, "A": 4, "G": 5, "H": 6, "T": 1, "W": 3, "R": 10, "S": 4,
}  # fmt: skip
RULE_IDS = [f"{letter}{number:02d}" for letter, count in CATALOGUE.items() for number in range(1, count + 1)]
# I10 is a case between two schools, S04 a mark on the school in the round; four rules wait for the ledger of movements.
JUDGED_ELSEWHERE = {"I10", "S04"}
WITHOUT_LEDGER = {"R04", "R05", "R06", "R08"}

CLASS = tuple(pupil() for _ in range(12))
LAST = CLASS[-1]
LAST_ROW = 2 + len(CLASS)
GOOD_ID = "1570405990387"
Pupils = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class File:
    """A class without a fault, its last pupil changed by ``changes`` or all of them by ``pupils``; what lies beside it.

    ``before``, ``earlier`` and ``standing`` are the pupils of the round before, of the one before that, and of the
    version that stands.
    """

    changes: Mapping[str, Any] = field(default_factory=dict)
    pupils: Callable[[], Pupils] | None = None
    before: Pupils | None = None
    earlier: Pupils | None = None
    standing: Pupils | None = None
    without: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    name: str = "2569-2-student.xlsx"
    job: Mapping[str, Any] = field(default_factory=dict)

    def rows(self) -> list[list[Any]]:
        pupils = self.pupils() if self.pupils else [*CLASS[:-1], {**LAST, **self.changes}]
        return table(pupils, without=self.without, extra=(*self.extra, *(n for n in self.changes if n not in LAST)))


def judge(file: File, folder: Path) -> dict[str, Any]:
    path = write_xlsx(folder / file.name, file.rows())
    return check(round_job(path, folder, file), lambda *_: None)


def round_job(path: Path, folder: Path, file: File) -> dict[str, Any]:
    rounds = {
        "previous": {"year_be": 2569, "round_no": 1, "as_of_date": "2026-06-10"},
        "earlier": {"year_be": 2568, "round_no": 3, "as_of_date": "2026-03-31"},
        "standing": {},
    }
    given = {"previous": file.before, "earlier": file.earlier, "standing": file.standing}
    facts = {
        name: {**rounds[name], "path": roll_of(pupils, folder / name)}
        for name, pupils in given.items()
        if pupils is not None
    }
    times = {"opens_at": "2026-05-16T00:00+07:00", "received_at": "2026-06-01T09:00+07:00"}
    own = dict(file.job)
    if "previous" in own:
        facts["previous"] |= own.pop("previous")
    usual = {"round_no": 2, "as_of_date": "2026-06-10", "rule_set": NEWEST_SET}
    return job(path, **{**usual, **times, **facts, **own})


def roll_of(pupils: Pupils, path: Path) -> str | None:
    """The roll that an accepted file of these pupils leaves; none of a school that had nobody."""
    source = write_xlsx(path.with_suffix(".xlsx"), table(pupils))
    made = check(job(source, rule_set=NEWEST_SET, filename=None, roll_path=str(path)), lambda *_: None)
    return str(path) if made["roll"] else None


def changed(pupils: Pupils, **changes: Any) -> list[dict[str, Any]]:
    return [{**one, **changes} for one in pupils]


def many(count: int, **changes: Any) -> list[dict[str, Any]]:
    return [pupil(**changes) for _ in range(count)]


def but_last(**changes: Any) -> list[dict[str, Any]]:
    """The class, as it was, but for its last pupil."""
    return [*CLASS[:-1], {**LAST, **changes}]


OLDER = {"year_be": 2568, "round_no": 3, "as_of_date": "2026-03-31"}
EXPECTED_ROOMS = {"ป.1": 1}
SLIP_ID = "1570405990378"
PRIMARY_SCHOOL = {"smis": "57040001", "name": "บ้านศรีลานนา", "education_range": "อนุบาล-ประถมศึกษา"}
GIRL = {"sex": "ญ", "title": "เด็กหญิง"}
LEFT = {"citizen_id": make_id(), "student_no": "77", "first_name": "มานี"}

# code, severity, column (None: the file as a whole), the file
FAULTS: list[tuple[str, str, str | None, File]] = [
    ("F02.columns", "BLOCK", None, File(without=("sex",))),
    ("F03", "BLOCK", "A", File({"school_smis": "57040002"})),
    ("F04", "BLOCK", None, File(name="2569-1-student.xlsx")),
    ("F05", "ERROR", None, File(job={"same_bytes_as_version": 1})),
    ("F06", "WARN", None, File(job={"opens_at": "2026-06-01T02:00:13+07:00"})),
    ("F06.old", "WARN", None, File(job={"received_at": "2026-06-02T02:00:13+07:00"})),
    ("F07.absent", "WARN", None, File(without=("religion",))),
    ("F08", "ERROR", None, File(pupils=list)),
    ("F09", "WARN", None, File(pupils=lambda: CLASS[:6], before=CLASS)),
    ("F10", "INFO", "F", File(pupils=lambda: [
        {**one, "citizen_id": one["student_no"], "student_no": one["citizen_id"]} for one in CLASS
    ])),
    ("F11", "ERROR", "C", File({"citizen_id": "1.57041E+12"})),
    ("F12", "BLOCK", "U", File({"road": "=1+1"})),
    ("I01", "ERROR", "C", File({"citizen_id": None})),
    ("I02", "ERROR", "C", File({"citizen_id": "15704059903"})),
    ("I03", "ERROR", "C", File({"citizen_id": "1570405990388"})),
    ("I04", "ERROR", "C", File({"citizen_id": make_id("9")})),
    ("I05", "ERROR", "C", File({"citizen_id": "G705700000001", "nationality": "ลาว"})),
    ("I06", "WARN", "C", File({"citizen_id": "G695700000001"})),
    ("I07", "ERROR", "C", File({"citizen_id": CLASS[0]["citizen_id"]})),
    ("I08", "ERROR", "F", File({"student_no": CLASS[0]["student_no"]})),
    ("I09", "WARN", "C", File({"first_name": CLASS[0]["first_name"]})),
    ("I11", "ERROR", "C", File({"citizen_id": GOOD_ID}, job={"elsewhere": {GOOD_ID: "โรงเรียนเทศบาล 1"}})),
    ("I12", "WARN", "I", File({"first_name": "มานะ"}, before=CLASS)),
    ("I12", "WARN", "K", File({"birth_date": "14/05/2562"}, before=CLASS)),
    ("I12", "WARN", "G", File(GIRL, before=CLASS)),
    ("I13", "WARN", "AN", File({"father_id": LAST["citizen_id"]})),
    ("I14", "WARN", "C", File({"citizen_id": make_id("7")})),
    ("I14.stateless", "WARN", "C", File({"nationality": "ไม่มีสัญชาติ"})),
    ("I15", "INFO", "C", File(pupils=lambda: [
        *CLASS, {**LAST, "citizen_id": SLIP_ID, "student_no": "8", "birth_date": "1/6/2562"},
        {**LAST, "citizen_id": GOOD_ID, "student_no": "9", "birth_date": "2/6/2562"},
    ])),
    ("P01", "ERROR", "I", File({"first_name": None})),
    ("P02", "WARN", "I", File({"first_name": "สมชาย2"})),
    ("P02.latin", "WARN", "J", File({"last_name": "Smith"})),
    ("P02.title", "WARN", "I", File({"first_name": "ด.ช.สมชาย"})),
    ("P02.mark", "WARN", "I", File({"first_name": "ิสมชาย"})),
    ("P02.double_e", "WARN", "I", File({"first_name": "เเดง"})),
    ("P03", "ERROR", "H", File({"title": "เด็กหญิง"})),
    ("P04", "WARN", "H", File({"birth_date": "10/06/2554", "age": 15})),
    ("P04.grown", "WARN", "H", File({"title": "นาย"})),
    ("P05", "ERROR", "G", File({"sex": "?"})),
    ("P06.impossible", "ERROR", "K", File({"birth_date": "29/02/2562"})),
    ("P07", "WARN", "L", File({"age": 9})),
    ("P08", "ERROR", "K", File({"birth_date": "11/06/2567", "age": 1})),
    ("P09", "WARN", "P", File({"religion": "พุธ"})),
    ("P09", "WARN", "O", File({"blood": "C"})),
    ("P09", "WARN", "R", File({"nationality": "ไท"})),
    ("C01.not_offered", "ERROR", "D", File({"grade": "ม.4"})),
    ("C02", "ERROR", "E", File({"room": "0"})),
    ("C03.younger", "ERROR", "K", File({"birth_date": "13/05/2564", "age": 5})),
    ("C04", "ERROR", None, File(job={"rooms": {"ป.1": 1, "ป.2": 1}})),
    ("C04.no_room", "ERROR", "D", File({"grade": "ป.2"}, job={"rooms": EXPECTED_ROOMS})),
    ("C05", "WARN", "E", File(pupils=lambda: many(41))),
    ("C05.few", "WARN", "E", File({"room": "2"})),
    ("C06", "ERROR", "E", File({"room": "2"}, job={"rooms": EXPECTED_ROOMS})),
    ("C07", "WARN", "D", File(before=[{**LAST}], job={"previous": OLDER})),
    ("C07.jump", "WARN", "D", File(before=[{**LAST, "grade": "อ.2"}], job={"previous": OLDER})),
    ("C07.fall", "WARN", "D", File(before=[{**LAST, "grade": "ป.2"}])),
    ("A01", "WARN", "V", File({"tambon": "ปอ"})),
    ("A01.amphoe", "WARN", "W", File({"province": "พะเยา"})),
    ("A01.province", "WARN", "X", File({"province": "เชียงลาย"})),
    ("A01.blank", "WARN", "V", File({"tambon": "-"})),
    ("A02", "WARN", "S", File({"house_no": None})),
    ("A02.date", "WARN", "S", File({"house_no": date(2026, 5, 12)})),
    ("A02.date", "WARN", "S", File({"house_no": "12-พ.ค."})),
    ("A03", "INFO", "X", File({"tambon": "เวียง", "amphoe": "เมือง", "province": "พะเยา"})),
    ("A03.abroad", "INFO", "X", File({"province": "ลาว"})),
    ("A04", "WARN", "AN", File({"house_id": "5704012345"})),
    ("G01", "ERROR", "Y", File({"guardian_first": None})),
    ("G02", "WARN", "AB", File({"guardian_relation": "-"})),
    ("G02.unknown", "WARN", "AB", File({"guardian_relation": "เพื่อนบ้าน"})),
    ("G02.differs", "WARN", "AB", File({"guardian_first": "สมหมาย"})),
    ("G03", "INFO", "AC", File({"father_first": "ไม่ปรากฎ", "mother_first": "-", "guardian_relation": "ลุง"})),
    ("G04", "WARN", "Y", File({"guardian_first": LAST["first_name"], "guardian_relation": "พี่"})),
    ("G05", "WARN", "AN", File({"guardian_phone": "08123"})),
    ("H01", "ERROR", "M", File({"weight_kg": 0})),
    ("H02.metres", "ERROR", "N", File({"height_cm": 1.18})),
    ("H03", "WARN", "M", File({"weight_kg": 11.9, "height_cm": 100})),
    ("H04", "WARN", "M", File({"weight_kg": 12, "height_cm": 111})),
    ("H05", "WARN", "N", File({"height_cm": 110}, before=but_last(height_cm=111.1))),
    ("H05.weight", "WARN", "M", File({"weight_kg": 27.1}, before=but_last(weight_kg=20))),
    ("H06", "WARN", "M", File(pupils=lambda: [*CLASS[:9], *changed(CLASS[9:], weight_kg=25, height_cm=120)])),
    ("T01", "WARN", "AN", File({"paved_distance": 100_001})),
    ("T01.minutes", "WARN", "AN", File({"travel_minutes": 181})),
    ("T01.walking", "WARN", "AN", File({"paved_distance": 10_001, "travel": "เดินเท้า"})),
    ("T01.kilometres", "WARN", "AN", File({"paved_distance": 12, "travel_minutes": 20})),
    ("W01", "WARN", "AI", File({"disadvantage": "จน"})),
    ("W02", "WARN", "AI", File(before=[*changed(CLASS[:4], disadvantage="กำพร้า"), *CLASS[4:]])),
    ("W03", "WARN", "AO", File({"disability": "การได้ยิน", "disability_level": None})),
    ("W03.contradiction", "WARN", "AN", File({"disability": "99", "disability_level": "หูตึง"})),
    ("R01.grade", "WARN", None, File(before=CLASS[:-1])),
    ("R01", "WARN", None, File(before=CLASS[:-1], job={"previous": OLDER})),
    ("R02", "WARN", None, File(before=[*CLASS, pupil(**LEFT)])),
    ("R03", "WARN", "C", File(before=CLASS[:-1])),
    ("R07", "ERROR", "D", File(before=[*CLASS, pupil(grade="ป.6")], job={
        "round_no": 3, "filename": "x.xlsx", "school": PRIMARY_SCHOOL,
    })),
    ("R09", "WARN", "AJ", File({"pending_discharge": "ใช่"}, before=but_last(pending_discharge="ใช่"),
                               earlier=but_last(pending_discharge="ใช่"))),
    ("R10", "WARN", None, File(standing=[*CLASS[:7], *changed(CLASS[7:], room="2")])),
    ("S01", "WARN", None, File(pupils=lambda: [*CLASS, *many(109)], before=CLASS)),
    ("S02", "INFO", None, File()),
    ("S03", "WARN", None, File(job={"reference": 11})),
]  # fmt: skip

SOUND: list[tuple[str, File]] = [
    ("F01", File()),
    ("F02", File(without=("religion",))),
    ("F03", File({"school_smis": 57040001.0})),
    ("F04", File(name="2569-2-student (1).xlsx")),
    ("F05", File()),
    ("F06", File(job={"opens_at": "2026-06-01T02:00:12+07:00", "received_at": "2026-06-02T02:00:12+07:00"})),
    ("F07", File({"house_id": "57040123456"})),
    ("F08", File(pupils=lambda: [pupil()])),
    ("F09", File(pupils=lambda: CLASS[:7], before=CLASS)),
    ("F10", File()),
    ("F11", File({"citizen_id": "1.570405990387E+12"})),
    ("F12", File({"road": "1+1="})),
    ("I01", File({"citizen_id": "G695700000001", "nationality": "ลาว"})),
    ("I02", File({"citizen_id": "1-5704-05990-38-7"})),
    ("I03", File({"citizen_id": GOOD_ID})),
    ("I04", File({"citizen_id": make_id("8")})),
    ("I05", File({"citizen_id": "G695700000001", "nationality": "ลาว"})),
    ("I06", File({"citizen_id": "G695700000001", "nationality": "ไม่มีสัญชาติ"})),
    ("I07", File({"citizen_id": GOOD_ID})),
    ("I08", File({"student_no": "0" + CLASS[0]["student_no"]})),
    ("I09", File({"first_name": CLASS[0]["first_name"], "birth_date": "14/05/2562"})),
    ("I11", File({"citizen_id": GOOD_ID}, job={"elsewhere": {CLASS[0]["citizen_id"][::-1]: "โรงเรียนเทศบาล 1"}})),
    ("I12", File({"first_name": LAST["first_name"] + " ", "title": "สามเณร"}, before=CLASS)),
    ("I13", File({"father_id": make_id("3"), "mother_id": None})),
    ("I14", File({"citizen_id": make_id("7"), "nationality": "เมียนมา"})),
    ("I15", File({"first_name": CLASS[0]["first_name"], "citizen_id": make_id("5", 99999999)})),
    ("P01", File({"first_name": "ก", "last_name": "ณ"})),
    ("P02", File({"first_name": "นายิกา", "last_name": "ณ  อยุธยา"})),
    ("P03", File({"title": "สามเณร"})),
    ("P04", File({"birth_date": "11/06/2554", "age": 14})),
    ("P05", File({"sex": "ชาย"})),
    ("P06", File({"birth_date": "29/02/2563"})),
    ("P07", File({"age": 8})),
    ("P08", File({"birth_date": "10/06/2567", "age": 2})),
    ("P09", File({"religion": "คริสต์", "blood": "AB Rh-", "race": "ม้ง", "nationality": "ไม่มีสัญชาติ"})),
    ("C01", File({"grade": "ประถมศึกษาปีที่ ๑"})),
    ("C02", File({"room": "1/1"})),
    ("C03", File({"birth_date": "31/12/2562", "age": 6})),
    ("C04", File(job={"rooms": {"ป.1": 1, "ป.2": 0}})),
    ("C05", File(pupils=lambda: [*many(40), *many(3, room="2")])),
    ("C06", File(job={"rooms": EXPECTED_ROOMS})),
    ("C07", File(before=[{**LAST, "grade": "อ.3"}], job={"previous": OLDER})),
    ("A01", File({"tambon": "ต.ศรีดอนไชย", "amphoe": "อำเภอเชียงของ", "province": "จ. เชียงราย"})),
    ("A02", File({"house_no": "123/45"})),
    ("A03", File({"tambon": "เวียง", "amphoe": "เมือง", "province": "จังหวัดเชียงราย"})),
    ("A04", File({"house_id": "5704-012345-6"})),
    ("G01", File({"guardian_last": "-"})),
    ("G02", File({"guardian_relation": "บิดา", "guardian_first": "สม ปอง", "guardian_last": "-"})),
    ("G03", File({"father_first": "ไม่ปรากฎ", "guardian_relation": "ลุง"})),
    ("G04", File({"guardian_first": LAST["first_name"], "guardian_last": "ใจงาม", "guardian_relation": "พี่"})),
    ("G05", File({"guardian_phone": "081-234-5678", "phone": 53123456})),
    ("H01", File({"weight_kg": 12, "height_cm": 95})),
    ("H02", File({"weight_kg": 12, "height_cm": 95})),
    ("H03", File({"weight_kg": 12, "height_cm": 95})),
    ("H04", File({"weight_kg": 12.4, "height_cm": 111})),
    ("H05", File({"height_cm": 110.1, "weight_kg": 27}, before=but_last(height_cm=111.1, weight_kg=20))),
    ("H06", File(pupils=lambda: [*CLASS[:10], *changed(CLASS[10:], weight_kg=25, height_cm=120)])),
    ("T01", File({"paved_distance": 100_000, "travel_minutes": 180, "travel": "02"})),
    ("W01", File({"disadvantage": "กำพร้า"})),
    ("W02", File(before=[*changed(CLASS[:3], disadvantage="กำพร้า"), *CLASS[3:]])),
    ("W03", File({"disability": "99", "disability_level": "-"})),
    ("R01", File(before=[*CLASS[:-1], pupil()])),
    ("R02", File({"citizen_id": GOOD_ID}, before=CLASS)),
    ("R03", File({"citizen_id": GOOD_ID}, before=CLASS)),
    ("R07", File(before=[*CLASS, pupil(grade="ป.6")])),
    ("R09", File({"pending_discharge": "ใช่"}, before=but_last(pending_discharge="ใช่"), earlier=CLASS)),
    ("R10", File(standing=[*CLASS[:9], *changed(CLASS[9:], room="2")])),
    ("S01", File(pupils=lambda: [*CLASS, *many(108)], before=CLASS)),
    ("S02", File(pupils=lambda: many(121))),
    ("S03", File(job={"reference": 12})),
]  # fmt: skip


@pytest.mark.parametrize(("code", "severity", "column", "file"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_a_labelled_fault_is_found_where_it_is(code, severity, column, file, tmp_path):
    result = judge(file, tmp_path)
    found = [one for one in result["findings"] if one["code"] == code]
    assert found, [one["code"] for one in result["findings"]]
    assert (severity, column) in {(one["severity"], one["column"]) for one in found}
    if file.changes and column and code not in ("C05.few", "C06"):
        assert LAST_ROW in {one["row"] for one in found}
    for one in found:
        assert one["message"] and one["suggestion"]
        assert "{" not in one["message"] + one["suggestion"]


@pytest.mark.parametrize(("rule", "file"), SOUND, ids=[rule for rule, _ in SOUND])
def test_the_nearest_sound_thing_is_left_alone(rule, file, tmp_path):
    result = judge(file, tmp_path)
    assert rule not in {entry["rule"] for entry in result["not_evaluated"]}, "it did not run: nothing is shown"
    assert [one["code"] for one in result["findings"] if one["rule"] == rule] == []


def test_a_file_nobody_can_read_is_one_finding(tmp_path):
    path = tmp_path / "2569-2-student.xlsx"
    path.write_bytes(b"PK\x03\x04 broken")
    result = check(round_job(path, tmp_path, File()), lambda *_: None)
    assert [one["rule"] for one in result["findings"]] == ["F01"]
    assert {entry["rule"] for entry in result["not_evaluated"]} == set(RULE_IDS) - {"F01"} - JUDGED_ELSEWHERE


def test_every_rule_of_the_catalogue_has_both():
    assert set(RULE_IDS) == set(load_rule_set(NEWEST_SET).rules)
    labelled = {code.partition(".")[0] for code, *_ in FAULTS} | {"F01"}
    assert set(RULE_IDS) - labelled == JUDGED_ELSEWHERE | WITHOUT_LEDGER
    assert set(RULE_IDS) - {rule for rule, _ in SOUND} == JUDGED_ELSEWHERE | WITHOUT_LEDGER


def test_rules_without_their_data_say_so_and_are_not_passed(tmp_path):
    skipped = {entry["rule"]: entry["reason"] for entry in judge(File(), tmp_path)["not_evaluated"]}
    assert {rule for rule, reason in skipped.items() if reason == MISSING["movements"]} == WITHOUT_LEDGER
    assert {rule for rule, reason in skipped.items() if reason == MISSING["rooms"]} == {"C04", "C06"}
    assert {rule for rule, reason in skipped.items() if "คอลัมน์" in reason} == {"A04", "G05", "I13", "T01", "W03"}
    compared = {"F09", "I12", "C07", "H05", "W02", "R01", "R02", "R03", "R07", "R09", "S01"}
    assert {rule for rule, reason in skipped.items() if reason == MISSING["previous"]} == compared
    assert {rule: skipped[rule] for rule in ("I11", "S03", "R10")} == {
        "I11": MISSING["elsewhere"], "S03": MISSING["reference"], "R10": MISSING["standing"],
    }  # fmt: skip
    assert "F06" not in skipped


def test_a_missing_pupil_has_no_row_but_a_key_and_a_masked_id(tmp_path):
    file = File(before=[*CLASS, pupil(**LEFT)])
    (one,) = [found for found in judge(file, tmp_path)["findings"] if found["rule"] == "R02"]
    (again,) = [found for found in judge(file, tmp_path)["findings"] if found["rule"] == "R02"]
    assert (one["row"], one["column"]) == (None, None)
    assert one["row_key"] and one["value_hash"] and (one["row_key"], one["value_hash"]) == (
        again["row_key"], again["value_hash"],
    )  # fmt: skip
    assert "มานี" in one["value_masked"] and LEFT["citizen_id"] not in one["value_masked"]
    assert LEFT["citizen_id"] in one["value"]


def test_a_corrected_id_is_neither_come_nor_gone(tmp_path):
    result = judge(File({"citizen_id": make_id()}, before=CLASS), tmp_path)
    assert {one["rule"] for one in result["findings"]} & {"R01", "R02", "R03"} == set()


def test_a_school_that_had_nobody_is_compared_too(tmp_path):
    result = judge(File(before=[]), tmp_path)
    assert sum(one["rule"] == "R03" for one in result["findings"]) == len(CLASS)
    assert "F09" in {one["rule"] for one in result["findings"]}
