"""The files are laid out as DMC's, say what was planted in them, and come out the same every time."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from services.rounds.synthetic.defects import DEFECTS
from services.rounds.synthetic.defects.model import Stage
from services.rounds.synthetic.disguises import DISGUISES
from services.rounds.synthetic.draft import NoRowLeft
from services.rounds.synthetic.generate import Expected, generate, generate_dmc
from services.rounds.synthetic.grades import EDUCATION_RANGES
from services.rounds.synthetic.layout import letter
from services.rounds.synthetic.pupils import School
from services.rounds.synthetic.spec import FORMATS, Spec

SCHOOL = School("57040001", "บ้านตัวอย่าง", EDUCATION_RANGES[1], pupils=80)
RULES = {
    "F": (2, 3, 4, 5, 6, 7, 8, 9, 11, 12),
    "I": (1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15),
    "P": range(1, 10),
    "C": range(1, 8),
    "A": range(1, 5),
    "G": range(1, 6),
    "H": range(1, 7),
    "T": (1,),
    "W": (1, 2, 3),
    "R": (1, 2, 3, 7, 9, 10),
    "S": (1, 3),
}


def test_the_workbook_has_the_layout_of_the_export(tmp_path: Path) -> None:
    made = generate(Spec(SCHOOL), tmp_path)
    assert made.path.name == "2569-1-student.xlsx"
    book = openpyxl.load_workbook(made.path)
    assert book.sheetnames == ["Sheet1"]
    rows = list(book["Sheet1"].iter_rows(values_only=True))
    assert re.fullmatch(r"วันและเวลาที่สร้างรายงาน 2026-06-10 \d\d:\d\d:\d\d\.\d{6}", str(rows[0][0]))
    assert not any(rows[0][1:])
    assert len(rows[1]) == 39
    assert rows[1][2] == rows[1][5] == "เลขประจำตัวนักเรียน"
    assert rows[2][2] == made.pupils[0].citizen_id
    assert len(rows) == 2 + len(made.pupils)


def test_a_file_passed_on_begins_with_its_headers_and_calls_the_ids_by_name(tmp_path: Path) -> None:
    made = generate(Spec(SCHOOL, file_format="csv-bom", passed_on=True), tmp_path)
    content = made.path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(content.decode("utf-8-sig").splitlines()))
    assert rows[0][2] == "เลขประจำตัวประชาชน"
    assert rows[0][5] == "เลขประจำตัวนักเรียน"
    assert len(rows) == 1 + len(made.pupils)


def test_every_format_is_written_in_its_encoding(tmp_path: Path) -> None:
    starts = {"csv": "วัน".encode(), "csv-bom": b"\xef\xbb\xbf", "csv-cp874": "วัน".encode("cp874"), "html": b"<html>"}
    for file_format, start in starts.items():
        assert generate(Spec(SCHOOL, file_format=file_format), tmp_path).path.read_bytes().startswith(start)
    assert generate(Spec(SCHOOL, file_format="html"), tmp_path).filename.endswith(".xls")


@pytest.mark.parametrize("file_format", [name for name in FORMATS if name != "xlsx"])
def test_the_same_spec_gives_the_same_bytes(file_format: str, tmp_path: Path) -> None:
    spec = Spec(SCHOOL, seed=4, file_format=file_format, defects=("I03.digit", "C03.two-older"), disguises=DISGUISES)
    first = generate(spec, tmp_path)
    content = first.path.read_bytes()
    again = generate(spec, tmp_path)
    assert again.path.read_bytes() == content
    assert again.findings == first.findings


def test_the_same_spec_gives_the_same_cells(tmp_path: Path) -> None:
    spec = Spec(SCHOOL, seed=4, defects=("I07.twice",), disguises=DISGUISES)
    cells = [list(openpyxl.load_workbook(generate(spec, tmp_path).path)["Sheet1"].values) for _ in range(2)]
    assert cells[0] == cells[1]


def test_the_expected_head_count_adds_up_to_the_pupils_who_are_there(tmp_path: Path) -> None:
    made = generate(Spec(School("57040001", "บ้านใหญ่", pupils=400), file_format="csv"), tmp_path)
    heads = sum(row["male"] + row["female"] for row in made.tables["classes"])
    assert heads == made.counts["pupils"]
    assert made.counts["pupils"] + made.counts["pending"] == made.counts["rows"] == 400
    assert made.counts["pending"] > 0


def test_every_rule_that_a_file_can_break_can_be_planted() -> None:
    assert sorted({defect.rule for defect in DEFECTS.values()}) == sorted(
        f"{group}{number:02d}" for group, numbers in RULES.items() for number in numbers
    )


def test_a_planted_defect_is_where_it_is_said_to_be(tmp_path: Path) -> None:
    made = generate(Spec(SCHOOL, defects=("H01.weight-zero",)), tmp_path)
    (finding,) = [finding for finding in made.findings if finding.rule != "S02"]
    assert (finding.rule, finding.severity, finding.column) == ("H01", "ERROR", "M")
    sheet = openpyxl.load_workbook(made.path)["Sheet1"]
    assert sheet[f"M{finding.row}"].value == 0


def test_defects_of_rows_never_share_a_row(tmp_path: Path) -> None:
    of_rows = [defect for defect in DEFECTS.values() if defect.stage is Stage.ROW and not defect.compared]
    names = tuple(defect.name for defect in of_rows if defect.rule != "F12")
    big = School("57040001", "บ้านใหญ่", EDUCATION_RANGES[1], pupils=400)
    made = generate(Spec(big, defects=names, file_format="csv"), tmp_path)
    planted = [generate_rows(name, made.findings) for name in ("I03", "P07", "G01", "C01")]
    assert not set.intersection(*planted)
    assert sum(map(len, planted)) == len(set.union(*planted))


def generate_rows(rule: str, findings: list[Expected]) -> set[int | None]:
    return {finding.row for finding in findings if finding.rule == rule}


def test_a_school_too_small_for_its_defects_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoRowLeft):
        generate(Spec(School("57040001", "บ้านเล็ก", pupils=1), defects=("I07.twice",)), tmp_path)


def test_a_defect_of_the_whole_file_stands_alone(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="whole file"):
        generate(Spec(SCHOOL, defects=("F08.empty", "I03.digit")), tmp_path)


def test_letters_are_those_of_a_spreadsheet() -> None:
    assert [letter(place) for place in (0, 25, 26, 38)] == ["A", "Z", "AA", "AM"]


def test_the_command_writes_the_file_and_tells_what_was_planted(tmp_path: Path) -> None:
    arguments = [
        "--smis",
        "57040009",
        "--pupils",
        "40",
        "--defect",
        "G01.blank",
        "--format",
        "csv",
        "-o",
        str(tmp_path),
    ]
    outcome = CliRunner().invoke(generate_dmc, arguments)
    assert outcome.exit_code == 0, outcome.output
    assert (tmp_path / "2569-1-student.csv").exists()
    assert '"rule": "G01"' in outcome.output


def test_the_command_says_when_the_school_is_too_small(tmp_path: Path) -> None:
    outcome = CliRunner().invoke(generate_dmc, ["--pupils", "1", "--defect", "I07.twice", "-o", str(tmp_path)])
    assert outcome.exit_code == 1
    assert "too small" in outcome.output
