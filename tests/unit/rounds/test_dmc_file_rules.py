"""The file as a whole: headers, school, round, formulas, an absent school; and what must never leave it."""

from __future__ import annotations

import ast
import json
import re
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from dmc_files_for_tests import (
    HEADERS,
    NEWEST_SET,
    OLDEST_SET,
    check_pupils,
    check_rows,
    codes,
    job,
    make_id,
    pupil,
    table,
    write_csv,
    write_xlsx,
)

from services.rounds.calendar.rules import RULE_SETS
from services.rounds.rules import check as check_module
from services.rounds.rules.check import check
from services.rounds.rules.dmc.layout import find_layout
from services.rounds.rules.dmc.rulebook import RULES
from services.rounds.rules.registry import load_rule_set
from shared.workbooks import container


def test_every_rule_has_its_words_and_every_words_their_rule():
    assert set(load_rule_set(RULE_SETS["dmc"]).rules) == set(RULES.cases())


@pytest.mark.parametrize("rule_set", [OLDEST_SET, NEWEST_SET])
def test_a_set_words_every_case_of_the_rules_it_has(rule_set):
    """A round keeps the set it was opened with: rules that were added since do not run there."""
    cases = RULES.cases()
    for rule_id, rule in load_rule_set(rule_set).rules.items():
        assert set(rule.wordings) == cases[rule_id] | {""}, rule_id
        assert all(wording.message and wording.suggestion for wording in rule.wordings.values())


def test_every_rule_of_the_newest_set_has_an_example():
    examples = [(rule.id, rule.example) for rule in load_rule_set(NEWEST_SET).rules.values()]
    assert [rule_id for rule_id, example in examples if not (example and example.wrong and example.right)] == []


def test_rules_import_nothing_but_the_standard_library_thai_and_each_other():
    folder = Path(check_module.__file__).parent
    for path in folder.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        froms = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        allowed = ("shared.thai", "services.rounds.rules")
        if path.name == "check.py":
            allowed += ("shared.workbooks",)
        foreign = {name for name in froms | names if name.partition(".")[0] not in sys.stdlib_module_names}
        assert all(name.startswith(allowed) for name in foreign), path.name


def test_an_unknown_rule_set_is_a_defect_of_ours(tmp_path):
    with pytest.raises(LookupError):
        load_rule_set("../dmc-2569-1")
    with pytest.raises(LookupError):
        check(job(None, register="emis"), lambda *_: None)


def test_no_header_and_a_missing_mandatory_column_block(tmp_path):
    assert codes(check_rows(tmp_path, [["ชื่อ", "คะแนน"], ["สมชาย", 5]])) == ["F02"]
    result = check_rows(tmp_path, table([pupil()], without=("sex", "birth_date")))
    assert codes(result) == ["F02.columns"]
    assert "เพศ, วันเกิด" in result["findings"][0]["message"]
    assert not result["accepted"]
    assert {"I01", "H01"} <= {rule["rule"] for rule in result["not_evaluated"]}


def test_one_id_column_alone_is_told_apart_by_its_content(tmp_path):
    without_number = check_rows(tmp_path, table([pupil()], without=("student_no",)))
    assert "เลขประจำตัวของโรงเรียน" in without_number["findings"][0]["message"]
    without_id = check_rows(tmp_path, table([pupil()], without=("citizen_id",)))
    assert "13 หลัก" in without_id["findings"][0]["message"]


@pytest.mark.parametrize("header_row", [1, 2, 3])
def test_the_header_is_found_and_rows_keep_their_numbers(tmp_path, header_row):
    rows = [[None]] * (header_row - 1) + table([pupil(), pupil(sex=None)], stamp=False)
    result = check_rows(tmp_path, rows)
    assert [(one["code"], one["row"], one["column"]) for one in result["findings"]] == [("P05", header_row + 2, "G")]


def test_blank_rows_are_no_pupils_and_do_not_shift_the_others(tmp_path):
    rows = table([pupil(), pupil(sex=None)])
    rows[3:3] = [[None] * 39, [" "] * 39]
    result = check_rows(tmp_path, rows)
    assert [(one["code"], one["row"]) for one in result["findings"]] == [("P05", 6)]
    assert result["counts"]["rows"] == 2


def test_swapped_id_columns_are_only_mentioned(tmp_path):
    swapped = [pupil() for _ in range(3)]
    for one in swapped:
        one["citizen_id"], one["student_no"] = one["student_no"], one["citizen_id"]
    assert codes(check_pupils(tmp_path, *swapped)) == ["F10"]


def test_headers_are_matched_without_spaces_markup_and_loose_vowels():
    row = [header.replace("น้ำหนัก", "น้ํา หนัก").replace(" (3.1.8)", "(3.1.8)") for header in HEADERS]
    row[36] = "เป็นลูกเสือ/เนตรนาร"
    layout = find_layout([row])
    assert layout is not None
    assert layout.absent == ()
    assert layout.unknown == ()


def test_headers_of_passed_on_csv_files():
    row = list(HEADERS)
    row[2], row[5] = "เลขประจำตัวประชาชน", "เลขประจำตัวนักเรียน"
    for number_header in ("เลขประจำตัวนักเรียน", "เลขประจำตัวนักเรียน2"):
        row[5] = number_header
        layout = find_layout([row])
        assert layout is not None
        assert (layout.at["citizen_id"], layout.at["student_no"], layout.absent) == (2, 5, ())


def test_unknown_columns_are_reported_and_ignored(tmp_path):
    rows = table([pupil()])
    rows[1].append("หมายเหตุ")
    rows[2].append("x")
    (finding,) = check_rows(tmp_path, rows)["findings"]
    assert (finding["code"], finding["severity"], finding["column"], finding["header"]) == (
        "F07", "WARN", "AN", "หมายเหตุ",
    )  # fmt: skip


def test_our_own_column_of_rows_is_no_unknown_one(tmp_path):
    rows = table([pupil()])
    rows[1].append("แถวเดิม")
    rows[2].append(12)
    assert check_rows(tmp_path, rows)["findings"] == []


def test_a_line_that_tells_only_the_school_is_no_pupil(tmp_path):
    prepared = dict.fromkeys(pupil(), "") | {"school_smis": "57040001", "school_name": "บ้านศรีลานนา"}
    result = check_pupils(tmp_path, pupil(), prepared, prepared)
    assert (result["findings"], result["counts"]["rows"]) == ([], 1)
    started = {**prepared, "first_name": "สมชาย"}
    assert check_pupils(tmp_path, pupil(), started)["counts"]["rows"] == 2


def test_another_school_blocks_and_a_closed_one_is_asked_about(tmp_path):
    result = check_pupils(tmp_path, pupil(), pupil(school_smis="57040002"), pupil(school_smis="57040007"))
    assert [(one["code"], one["row"]) for one in result["findings"]] == [("F03", 4), ("F03.closed", 5)]
    assert "ยุบ/เลิกแล้ว?" in result["findings"][1]["message"]
    assert not result["accepted"]
    known = check_pupils(tmp_path, pupil(school_smis="57049999"), known_smis=["57040001"])
    assert codes(known) == ["F03.unknown"]
    assert codes(check_pupils(tmp_path, pupil(), pupil(school_smis=None)), "ERROR") == ["F03.blank"]
    assert codes(check_pupils(tmp_path, pupil(school_smis=None))) == ["F03.none"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2568-1-student.xlsx", ["F04"]),
        ("2569-3-student (1).xlsx", ["F04"]),
        ("2569-1-student.xlsx", []),
        ("2569-1-student-แก้ไข.xlsx", []),
        ("นักเรียน 2568.xlsx", []),
    ],
)
def test_only_a_name_of_dmcs_own_form_is_compared_with_the_round(tmp_path, name, expected):
    path = write_xlsx(tmp_path / name, table([pupil()]))
    result = check(job(path), lambda *_: None)
    assert codes(result) == expected
    assert ("F04" in {rule["rule"] for rule in result["not_evaluated"]}) == ("student" not in name)


def test_the_same_bytes_as_an_older_version_are_an_error(tmp_path):
    result = check_pupils(tmp_path, pupil(), same_bytes_as_version=3)
    assert codes(result, "ERROR") == ["F05"]
    assert "ฉบับที่ 3" in result["findings"][0]["message"]


def test_a_school_without_pupils_has_to_say_so(tmp_path):
    assert codes(check_pupils(tmp_path)) == ["F08"]
    assert codes(check_pupils(tmp_path, no_pupils=True), "INFO") == ["F08.declared"]
    declared = check(job(None, no_pupils=True), lambda *_: None)
    assert (declared["accepted"], codes(declared)) == (True, ["F08.declared"])
    assert declared["tables"]["classes"] == []
    assert codes(check_pupils(tmp_path, pupil(), no_pupils=True)) == ["F08.contradiction"]
    assert codes(check_pupils(tmp_path, pupil(pending_discharge="x")), "ERROR") == ["F08"]


def test_formulas_block_and_literal_ones_are_values(tmp_path):
    rows = table([pupil(weight_kg="=20+2"), pupil(citizen_id=f'="{make_id()}"'), pupil(weight_kg='=HYPERLINK("a")')])
    result = check_rows(tmp_path, rows)
    found = {one["code"]: one for one in result["findings"]}
    assert (found["F12"]["column"], found["F12"]["row"], found["F12"]["severity"]) == ("M", 3, "BLOCK")
    assert "แถว 3, 5" in found["F12"]["message"]
    assert (found["F12.literal"]["column"], found["F12.literal"]["severity"]) == ("C", "INFO")
    assert "I01" not in found


def test_a_formula_beside_the_table_is_no_data(tmp_path):
    rows = table([pupil()])
    rows[0].append("=1+1")
    rows[2].extend([None, "=1+1"])
    assert codes(check_rows(tmp_path, rows)) == []


def test_links_to_other_files_block(tmp_path):
    path = write_xlsx(tmp_path / "2569-1-student.xlsx", table([pupil()]))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/externalLinks/externalLink1.xml", "<externalLink/>")
    assert codes(check(job(path), lambda *_: None)) == ["F12.links"]


def test_commands_in_a_csv_are_formulas_and_literals_are_not(tmp_path):
    rows = table([pupil(first_name="=cmd|' /C calc'!A0"), pupil(citizen_id=f'="{make_id()}"'), pupil(road="-")])
    path = write_csv(tmp_path / "2569-1-student.csv", rows)
    assert codes(check(job(path), lambda *_: None)) == ["F12", "F12.literal"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp874"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_in_the_encodings_and_delimiters_schools_use(tmp_path, encoding, delimiter):
    rows = table([pupil(), pupil(sex=None)], stamp=False)
    path = write_csv(tmp_path / "2569-1-student.csv", rows, encoding, delimiter)
    result = check(job(path), lambda *_: None)
    assert [(one["code"], one["row"], one["header"]) for one in result["findings"]] == [("P05", 3, "เพศ")]


def test_a_number_in_a_csv_may_have_lost_its_zero(tmp_path):
    path = write_csv(tmp_path / "2569-1-student.csv", table([pupil(citizen_id="570407706092")]))
    assert codes(check(job(path), lambda *_: None)) == ["I02.repaired"]


def test_an_html_file_called_xls_is_read_by_its_table_rows(tmp_path):
    rows = table([pupil(), pupil(sex=None)])
    cells = "\r\n".join(
        "<tr>" + "".join(f"<td>{'' if cell is None else cell}</td>" for cell in row) + "</tr>" for row in rows
    )
    path = tmp_path / "2569-1-student.xls"
    path.write_text(f"<html><meta charset=utf-8><body><table border=1>{cells}</table></body></html>", "utf-8")
    kind = container.inspect(path, path.name).kind
    result = check(job(path, kind=kind), lambda *_: None)
    assert kind == "html"
    assert [(one["code"], one["row"], one["column"]) for one in result["findings"]] == [("P05", 4, "G")]


def test_the_sheet_with_the_header_is_read_whichever_it_is(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["คำอธิบาย"])
    data = book.create_sheet("นักเรียน")
    for row in table([pupil(sex=None)]):
        data.append(row)
    path = tmp_path / "2569-1-student.xlsx"
    book.save(path)
    (finding,) = check(job(path), lambda *_: None)["findings"]
    assert (finding["sheet"], finding["row"]) == ("นักเรียน", 3)


def test_no_full_id_leaves_in_any_part_of_the_answer_but_the_value_that_is_sealed(tmp_path):
    secret_ids = [make_id() for _ in range(8)]
    pupils = [
        pupil(citizen_id=secret_ids[0], student_no=secret_ids[0]),
        pupil(citizen_id=secret_ids[0], student_no=secret_ids[0]),
        pupil(citizen_id=secret_ids[1][:-1] + str((int(secret_ids[1][-1]) + 1) % 10), first_name=secret_ids[1]),
        pupil(birth_date=secret_ids[2], grade=secret_ids[3], room=secret_ids[4], sex=secret_ids[5]),
        pupil(
            age=float(secret_ids[6]), weight_kg=int(secret_ids[6]), nationality=secret_ids[6], religion=secret_ids[6]
        ),
        pupil(school_smis=secret_ids[7], disadvantage=f"{secret_ids[7]} ก", title=f"1 {secret_ids[7][1:]}"),
        pupil(citizen_id="G695700000001", nationality="ไทย"),
        pupil(citizen_id=f'="{secret_ids[2]}"', height_cm=f"={secret_ids[2]}+0"),
    ]
    rows = table(pupils)
    rows[1].append(f"คอลัมน์ {secret_ids[0]}")
    path = write_xlsx(tmp_path / f"2568-1-student{secret_ids[0]}.xlsx", rows, sheet=secret_ids[0])
    result = check(job(path), lambda *_: None)
    assert len(result["findings"]) > 15
    sealed = {finding.pop("value") for finding in result["findings"] if finding["value_masked"]}
    assert secret_ids[0] in sealed, "kept in full where a part of it is hidden"
    answer = json.dumps(result, ensure_ascii=False)
    digits = re.sub(r"(?<=\d)[ -](?=\d)", "", re.sub(r'"[0-9a-f]{64}"', "", answer))
    for number in [*secret_ids, "G695700000001"]:
        assert number not in digits
        assert number[:-1] not in digits
    assert "-xxxxx-xx-" in answer
    assert "G69-57-xxxxxxx1" in answer


def test_findings_are_stable_and_ordered(tmp_path):
    pupils = [pupil(sex=None, weight_kg=0, citizen_id=None), pupil(guardian_first=None), pupil(grade="x")]
    first, second = check_pupils(tmp_path, *pupils), check_pupils(tmp_path, *pupils)
    assert first == second
    assert [(one["row"], one["column"]) for one in first["findings"]] == [
        (3, "C"), (3, "G"), (3, "M"), (4, "Y"), (5, "D"),
    ]  # fmt: skip


def test_a_reason_finds_its_row_again_while_the_value_stands(tmp_path):
    one = pupil(age=12)
    before = check_pupils(tmp_path, pupil(), one)["findings"][0]
    moved = check_pupils(tmp_path, one, pupil())["findings"][0]
    assert (before["row"], moved["row"]) == (4, 3)
    assert (before["row_key"], before["value_hash"]) == (moved["row_key"], moved["value_hash"])
    changed = check_pupils(tmp_path, {**one, "age": 13})["findings"][0]
    assert changed["row_key"] == before["row_key"]
    assert changed["value_hash"] != before["value_hash"]
    other_key = check_pupils(tmp_path, one, row_key_secret="aa" * 32)["findings"][0]
    assert other_key["row_key"] != before["row_key"]


def test_progress_tells_the_three_stages(tmp_path):
    path = write_xlsx(tmp_path / "2569-1-student.xlsx", table([pupil()]))
    seen = []
    check(job(path), lambda stage, done, total: seen.append((stage, done <= total)))
    assert list(dict.fromkeys(stage for stage, _ in seen)) == ["scan", "read", "check"]
    assert all(sound for _, sound in seen)
