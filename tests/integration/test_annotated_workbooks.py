"""The school's own workbook with what was found in it: each finding at its cell, everything else as it was.

Opened again by openpyxl and, saved by it, by LibreOffice.
"""

from __future__ import annotations

import dataclasses
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from services.rounds.rules.dmc.layout import COLUMNS
from services.rounds.synthetic.defects import DEFECTS
from services.rounds.synthetic.defects.model import Defect, Stage
from services.rounds.synthetic.generate import Generated, generate
from services.rounds.synthetic.grades import EDUCATION_RANGES
from services.rounds.synthetic.pupils import School
from services.rounds.synthetic.spec import FORMATS, Spec
from services.rounds.workbooks import opening
from services.rounds.workbooks.annotating import annotate
from services.rounds.workbooks.correcting import correct
from services.rounds.workbooks.rebuilding import rebuild
from services.rounds.workbooks.rules import FILLS, SEPARATOR, SUMMARY_TITLE
from services.rounds.workbooks.sample import LINES, make_sample
from tests.integration.test_planted_defects import found, judge
from tests.running.spreadsheet import saved_by_libreoffice

SCHOOL = School("57040012", "บ้านตัวอย่าง", EDUCATION_RANGES[1], pupils=70)
HEADING = ["โรงเรียนบ้านตัวอย่าง (57040012)", "DMC 2569 รอบที่ 1 ฉบับที่ 1"]


def is_of_one_file(defect: Defect) -> bool:
    """Whether a row alone shows the defect, beside others and without another round."""
    return defect.stage is Stage.ROW and not (defect.alone or defect.compared or defect.last_round)


ROW_DEFECTS = sorted(defect.name for defect in DEFECTS.values() if is_of_one_file(defect))

Findings = list[dict[str, Any]]


def quietly(*_: Any) -> None:
    """Progress that nobody looks at."""


def annotated(path: Path, kind: str, findings: Findings, out: Path) -> dict[str, Any]:
    job = {"path": str(path), "kind": kind, "out": str(out), "heading": HEADING, "findings": findings}
    return annotate(job, quietly)


def places(findings: Findings) -> set[str]:
    return {f"{finding['column']}{finding['row']}" for finding in findings if finding["row"] and finding["column"]}


def expect_marked(path: Path, findings: Findings) -> None:
    """Every cell with a finding, and no other, bears words and the colour of its gravest; the last sheet lists all."""
    book = openpyxl.load_workbook(path)
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert {cell.coordinate for cell in cells if cell.comment and SEPARATOR in cell.comment.text} == places(findings)
    assert {cell.coordinate for cell in cells if cell.fill.fgColor.rgb in FILLS.values()} == places(findings)
    for finding in findings:
        if finding["row"] and finding["column"]:
            cell = book.worksheets[0][f"{finding['column']}{finding['row']}"]
            assert finding["rule"] in cell.comment.text
            if finding["severity"] in ("BLOCK", "ERROR"):
                assert cell.fill.fgColor.rgb == FILLS["ERROR"]
    assert book.sheetnames[-1] == SUMMARY_TITLE
    listed = [row[1] for row in book.worksheets[-1].iter_rows(min_row=len(HEADING) + 5, values_only=True)]
    assert sorted(listed) == sorted(finding["code"] for finding in findings)


@st.composite
def specs(draw: st.DrawFn) -> Spec:
    return Spec(
        SCHOOL,
        seed=draw(st.integers(0, 10_000)),
        file_format=draw(st.sampled_from(FORMATS)),
        defects=tuple(draw(st.lists(st.sampled_from(ROW_DEFECTS), min_size=1, max_size=12, unique=True))),
        disguises=tuple(draw(st.lists(st.sampled_from(["ids-int", "spaces", "grade-words"]), max_size=2, unique=True))),
    )


def test_planted_is_found_is_marked_also_for_libreoffice(tmp_path: Path) -> None:
    files: list[tuple[Path, Findings]] = []

    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
    @given(specs())
    def one_file(spec: Spec) -> None:
        made = generate(spec, tmp_path)
        result = judge(made, spec)
        assert sorted(found(result, made.findings), key=str) == sorted(made.findings, key=str)
        out = tmp_path / f"annotated-{len(files)}.xlsx"
        answer = annotated(made.path, made.kind, result["findings"], out)
        assert answer == {"ending": ".xlsx", "rebuilt": made.kind != "xlsx"}
        expect_marked(out, result["findings"])
        expect_same_findings(out, made, spec, result["findings"])
        files.append((out, result["findings"]))

    one_file()
    saved = saved_by_libreoffice([path for path, _ in files], tmp_path)
    for path, (_, findings) in zip(saved, files, strict=True):
        expect_marked(path, findings)


def expect_same_findings(path: Path, made: Generated, spec: Spec, findings: Findings) -> None:
    """An annotated workbook that is sent again gives what was found before, notes of the format aside.

    What a text file would have run as a formula is a text in the workbook made of it, and runs no more.
    """
    again = judge(dataclasses.replace(made, path=path, kind="xlsx"), spec)["findings"]

    def settled(some: Findings) -> list[tuple[Any, ...]]:
        left = {"F12"} if made.kind != "xlsx" else set()
        grave = (one for one in some if one["severity"] != "INFO" and one["rule"] not in left)
        return [(one["rule"], one["row"], one["column"], one["value_hash"], one["value_masked"]) for one in grave]

    assert settled(again) == settled(findings)


# a workbook in which a school has put something of everything


def decorated(made: Generated, path: Path, *, macros: bool = False) -> Path:
    book = openpyxl.load_workbook(made.path)
    sheet = book.active
    sheet.merge_cells("A1:D1")
    sheet["A1"].font = Font(name="TH Sarabun New", size=20, bold=True, color="FF7030A0")
    sheet.column_dimensions["C"].width = 31.5
    sheet.row_dimensions[5].height = 33
    sheet.freeze_panes = "D3"
    red = Font(color="FFFF0000")
    sheet.conditional_formatting.add("M3:M200", CellIsRule(operator="lessThan", formula=["10"], font=red))
    choice = DataValidation(type="list", formula1='"ช,ญ"', allow_blank=True)
    choice.add("G3:G200")
    sheet.add_data_validation(choice)
    for row in range(3, 20):
        sheet[f"K{row}"].fill = PatternFill("solid", fgColor="FFE2EFDA")
        sheet[f"I{row}"].font = Font(name="Angsana New", size=16, italic=True)
        sheet[f"M{row}"].number_format = '0.00" กก."'
    sheet["T4"] = CellRichText("หมู่ ", TextBlock(InlineFont(b=True), "4"))
    sheet["S4"].comment = Comment("ถามผู้ปกครองแล้ว", "ครูสมศรี")
    legend = book.create_sheet("คำอธิบายสี")
    legend["A1"], legend["B1"] = "นักเรียนทั้งหมด", "=COUNTA(Sheet1!C3:C200)"
    book.defined_names["รายชื่อ"] = DefinedName("รายชื่อ", attr_text="Sheet1!$C$3:$C$200")
    book.save(path)
    if macros:
        _add_macros(path)
    return path


def _add_macros(path: Path) -> None:
    """Make an .xlsm of it: the program's part and the content type that goes with it."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    types = parts["[Content_Types].xml"].decode()
    plain = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    types = types.replace(plain, "application/vnd.ms-excel.sheet.macroEnabled.main+xml")
    program = '<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/>'
    parts["[Content_Types].xml"] = types.replace("</Types>", f"{program}</Types>").encode()
    parts["xl/vbaProject.bin"] = b"\xd0\xcf\x11\xe0 a program that nobody runs"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def looks(path: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    """Value, number format, font and fill of every cell of the school's own sheets."""
    book = openpyxl.load_workbook(path, rich_text=True, keep_vba=path.suffix == ".xlsm")
    return {
        (sheet.title, cell.coordinate): tuple(map(repr, (cell.value, cell.number_format, cell.font, cell.fill)))
        for sheet in book.worksheets
        if sheet.title != SUMMARY_TITLE
        for row in sheet.iter_rows()
        for cell in row
    }


@pytest.mark.parametrize("ending", [".xlsx", ".xlsm"])
def test_everything_that_is_not_wrong_stays_as_the_school_made_it(ending: str, tmp_path: Path) -> None:
    spec = Spec(SCHOOL, seed=4, defects=("G01.blank", "I03.digit", "H02.metres", "C03.two-older"))
    plain = generate(spec, tmp_path)
    own = decorated(plain, tmp_path / f"ของโรงเรียน{ending}", macros=ending == ".xlsm")
    made = dataclasses.replace(plain, path=own)
    findings = judge(made, spec)["findings"]
    out = tmp_path / f"ผล{ending}"
    assert annotated(own, "xlsx", findings, out) == {"ending": ending, "rebuilt": False}

    before, after = looks(own), looks(out)
    marked = {("Sheet1", place) for place in places(findings)}
    assert after.keys() == before.keys()
    assert {place for place in before if before[place] != after[place]} == marked
    # of a marked cell the colour alone differs
    assert all(before[place][:3] == after[place][:3] for place in marked)

    book = openpyxl.load_workbook(out, keep_vba=ending == ".xlsm")
    sheet = book["Sheet1"]
    assert book.sheetnames == ["Sheet1", "คำอธิบายสี", SUMMARY_TITLE]
    assert (sheet.column_dimensions["C"].width, sheet.row_dimensions[5].height, sheet.freeze_panes) == (31.5, 33, "D3")
    assert [str(one.sqref) for one in sheet.conditional_formatting] == ["M3:M200"]
    assert [(str(one.sqref), one.formula1) for one in sheet.data_validations.dataValidation] == [("G3:G200", '"ช,ญ"')]
    assert "รายชื่อ" in book.defined_names and str(sheet.merged_cells) == "A1:D1"
    assert (sheet["S4"].comment.text, sheet["S4"].comment.author) == ("ถามผู้ปกครองแล้ว", "ครูสมศรี")
    with zipfile.ZipFile(out) as archive:
        assert ("xl/vbaProject.bin" in archive.namelist()) == (ending == ".xlsm")
    expect_same_findings(out, made, spec, findings)


def test_marks_go_when_what_they_say_is_mended_and_comments_of_the_school_stay(tmp_path: Path) -> None:
    spec = Spec(SCHOOL, seed=4, defects=("G01.blank", "I03.digit"))
    plain = generate(spec, tmp_path)
    made = dataclasses.replace(plain, path=decorated(plain, tmp_path / "own.xlsx"))
    place = next(f"{one.column}{one.row}" for one in made.findings if one.rule == "G01")
    book = openpyxl.load_workbook(made.path)
    book.active[place].comment = Comment("ถามยายแล้ว", "ครูสมศรี")
    book.save(made.path)
    first, mended, second = (tmp_path / name for name in ("first.xlsx", "mended.xlsx", "second.xlsx"))
    annotated(made.path, "xlsx", judge(made, spec)["findings"], first)
    book = openpyxl.load_workbook(first)
    text = book.active[place].comment.text
    assert text.startswith("ถามยายแล้ว") and "G01" in text
    book.active[place] = "บุญมี"
    book.save(mended)
    left = judge(dataclasses.replace(made, path=mended), spec)["findings"]
    assert annotated(mended, "xlsx", left, second)["rebuilt"] is False
    expect_marked(second, left)
    again = openpyxl.load_workbook(second)
    assert again.active[place].comment.text == "ถามยายแล้ว"
    assert again.sheetnames == ["Sheet1", "คำอธิบายสี", SUMMARY_TITLE]


def test_a_sheet_of_that_name_is_the_schools(tmp_path: Path) -> None:
    spec = Spec(SCHOOL, seed=4, defects=("G01.blank",))
    made = generate(spec, tmp_path)
    book = openpyxl.load_workbook(made.path)
    book.create_sheet(SUMMARY_TITLE)["A1"] = "บันทึกของโรงเรียน"
    own, out = tmp_path / "own.xlsx", tmp_path / "out.xlsx"
    book.save(own)
    annotated(own, "xlsx", judge(made, spec)["findings"], out)
    again = openpyxl.load_workbook(out)
    assert again.sheetnames == ["Sheet1", SUMMARY_TITLE, f"{SUMMARY_TITLE} (2)"]
    assert again[SUMMARY_TITLE]["A1"].value == "บันทึกของโรงเรียน"


def _number_as_a_day(sheet: Any) -> None:
    sheet["F5"] = 1570412345678
    sheet["F5"].number_format = "dd/mm/yyyy"


def _large(_: Any) -> None:
    """Nothing: the limit is lowered instead."""


@pytest.mark.parametrize("spoil", [_number_as_a_day, _large], ids=["a number in a cell of days", "too large"])
def test_what_cannot_be_kept_is_built_anew_with_every_value(
    spoil: Callable[[Any], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = Spec(SCHOOL, seed=4, defects=("G01.blank", "I03.digit"))
    made = generate(spec, tmp_path)
    book = openpyxl.load_workbook(made.path)
    spoil(book.active)
    own, out = tmp_path / "own.xlsx", tmp_path / "out.xlsx"
    book.save(own)
    if spoil is _large:
        monkeypatch.setattr(opening, "MOST_KEPT_BYTES", 1000)
    findings = judge(dataclasses.replace(made, path=own), spec)["findings"]
    assert annotated(own, "xlsx", findings, out) == {"ending": ".xlsx", "rebuilt": True}
    expect_marked(out, findings)
    sheet = openpyxl.load_workbook(out).worksheets[0]
    assert sheet.cell(2, len(COLUMNS) + 1).value == "แถวเดิม"
    if spoil is _number_as_a_day:
        assert sheet["F5"].value == 1570412345678


def test_part_of_a_larger_file_tells_the_rows_it_had_there(tmp_path: Path) -> None:
    source = opening.read_source(generate(Spec(SCHOOL, seed=4), tmp_path).path, "xlsx")
    part = dataclasses.replace(source.sheet, numbers=[1, 2, *range(1201, 1271)])
    book, title = rebuild(part, source.layout, {}, {})
    book.save(tmp_path / "part.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "part.xlsx")[title]
    column = [row[-1].value for row in sheet.iter_rows(min_row=2)]
    assert column == ["แถวเดิม", *range(1201, 1271)]


def test_a_corrected_cell_is_all_that_changes(tmp_path: Path) -> None:
    spec = Spec(SCHOOL, seed=4, defects=("G01.blank", "I03.digit"))
    plain = generate(spec, tmp_path)
    own = decorated(plain, tmp_path / "own.xlsm", macros=True)
    book = openpyxl.load_workbook(own, keep_vba=True)
    book.active["K7"] = datetime(2555, 5, 13)  # noqa: DTZ001 - a day
    book.active["K7"].number_format = "dd/mm/yyyy"
    book.save(own)
    out = tmp_path / "out.xlsm"
    cells = [
        {"row": 6, "column": "C", "value": "0123456789012"},
        {"row": 6, "column": "M", "value": "23.5"},
        {"row": 7, "column": "K", "value": "14/05/2555"},
        {"row": 8, "column": "I", "value": "=HYPERLINK(1)"},
        {"row": 9, "column": "U", "value": ""},
    ]
    answer = correct({"path": str(own), "kind": "xlsx", "out": str(out), "cells": cells}, quietly)
    fields = ["citizen_id", "weight_kg", "birth_date", "first_name", "road"]
    assert answer == {"ending": ".xlsm", "rebuilt": False, "fields": fields}
    before, after = looks(own), looks(out)
    changed = {place for _, place in (place for place in before if before[place] != after[place])}
    assert changed == {"C6", "M6", "K7", "I8", "U9"}
    sheet = openpyxl.load_workbook(out).active
    written = [(sheet[place].value, sheet[place].data_type, sheet[place].number_format) for place in ("C6", "M6", "K7")]
    assert written == [("0123456789012", "s", "@"), (23.5, "n", '0.00" กก."'), ("14/05/2555", "s", "@")]
    assert (sheet["I8"].data_type, sheet["I8"].value, sheet["U9"].value) == ("s", "=HYPERLINK(1)", None)
    assert sheet["I8"].font.name == "Angsana New"


def test_a_file_that_nobody_can_read_is_not_annotated(tmp_path: Path) -> None:
    broken, out = tmp_path / "broken.xlsx", tmp_path / "out.xlsx"
    broken.write_bytes(b"PK\x03\x04 and nothing else")
    assert annotated(broken, "xlsx", [], out) == {"unreadable": True}


def test_a_sample_filled_in_and_saved_by_libreoffice_passes(tmp_path: Path) -> None:
    spec = Spec(SCHOOL, seed=8)
    made = generate(spec, tmp_path)
    sample = tmp_path / "sample.xlsx"
    job = {"out": str(sample), "title": "DMC 2569 รอบที่ 1", "smis": SCHOOL.smis, "school": SCHOOL.name}
    assert make_sample(job, quietly) == {"lines": LINES}
    book = openpyxl.load_workbook(sample)
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[2]] == [column.header for column in COLUMNS]
    assert {sheet.cell(3, column).number_format for column in (1, 3, 6, 11, 19)} == {"@"}
    for rule in sheet.data_validations.dataValidation:
        title, _, area = rule.formula1.partition("!")
        choices = {cell.value for row in book[title.strip("'")][area.replace("$", "")] for cell in row}
        assert None not in choices and len(choices) > 1
    rows = list(openpyxl.load_workbook(made.path).active.iter_rows(min_row=3, values_only=True))
    for number, row in enumerate(rows, 3):
        for column, value in enumerate(row[2:], 3):
            sheet.cell(number, column).value = value
    filled = tmp_path / "2569-1-student.xlsx"
    book.save(filled)
    for path in (filled, *saved_by_libreoffice([filled], tmp_path)):
        result = judge(dataclasses.replace(made, path=path), spec)
        # that the school is a small one is noted of any file
        found_rules = [finding["rule"] for finding in result["findings"]]
        assert (found_rules, result["counts"]["pupils"]) == (["S02"], made.counts["pupils"]), path
