"""Workbooks that leave: a report in which nothing is executed and no id is readable, a form that can be sent back."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest
from import_lists_for_tests import judge_file, nobody_listens, people_register, read_file
from openpyxl import load_workbook

from services.schools.imports.kinds import KINDS
from services.schools.imports.workbooks import report, template
from tests.running import emis
from tests.running.people_lists import HEADERS, citizen_id, people_list, person

COMMANDS = ("=HYPERLINK(A1)", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1,1)", "\t=1")


def opened(made: dict[str, str]) -> Any:
    return load_workbook(io.BytesIO(base64.b64decode(made["content"])))


def report_of(content: bytes, name: str = "a.xlsx") -> list[list[Any]]:
    """The rows of a report on a list of people, below its heading."""
    return [[cell.value for cell in row] for row in report_sheet(content, name).iter_rows(min_row=3)]


def report_sheet(content: bytes, name: str) -> Any:
    result = read_file(content, name, "people")
    judgements = judge_file(content, name, "people", people_register())
    verdicts = [judgement["verdict"] for judgement in judgements.values()]
    rows = [
        {"read": row, "judged": judgements[row["row"]], "outcome": None, "said": None, "subject": None}
        for row in result["rows"]
    ]
    counts = {"rows_in": len(rows), **{verdict: verdicts.count(verdict) for verdict in
              ("NEW", "CHANGE", "SAME", "ERROR", "SKIPPED")}}  # fmt: skip
    found = {"kind": "people", "title": "รายชื่อบุคลากร", "organisation": {"name": "เขต"}, "counts": counts}
    job = {"import": found, "sheets": result["sheets"], "rows": rows}
    return opened(report(job, nobody_listens)).active


def test_every_row_of_the_file_stands_in_the_report_with_what_happened_to_it() -> None:
    header, *rows = report_of(people_list([person(1), [], person(2, บทบาท="พ่อบ้าน")], title="รายชื่อ"))
    assert header[:5] == ["แผ่นงาน", "แถวใน Excel", "ผลการตรวจ", "สิ่งที่เกิดขึ้น", "รายละเอียด"]
    assert [(row[1], row[2]) for row in rows] == [
        (1, "ไม่ใช่แถวข้อมูล"), (2, "ไม่ใช่แถวข้อมูล"), (3, "เพิ่มใหม่"), (4, "ไม่ใช่แถวข้อมูล"), (5, "มีข้อผิดพลาด"),
    ]  # fmt: skip
    assert "พ่อบ้าน" in rows[4][4]
    assert rows[2][header.index("นามสกุล")] == "สมมติชน"


def test_citizen_ids_are_masked_wherever_they_stand() -> None:
    content = emis.workbook([[*HEADERS, "หมายเหตุ"], [*person(1), f"บัตร {citizen_id(2)}"]])
    written = "\n".join(str(cell) for row in report_of(content) for cell in row)
    assert citizen_id(1) not in written
    assert citizen_id(2) not in written
    assert f"1-5799-xxxxx-xx-{citizen_id(1)[-1]}" in written


@pytest.mark.parametrize("command", COMMANDS)
def test_what_looks_like_a_command_is_text(command: str) -> None:
    rows = [[*HEADERS, command], [*person(1), command]]
    sheet = report_sheet(emis.text(rows), "a.csv")
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    texts = [cell for cell in cells if cell.data_type == "s"]
    assert all(cell.quotePrefix for cell in texts)
    assert any(command.strip() in str(cell.value) for cell in texts)


def test_letters_that_no_workbook_holds_are_left_out() -> None:
    rows = report_of(emis.text([HEADERS, person(1, ตำแหน่ง="ครู\ufffe")]), "a.csv")
    assert any(cell == "ครู" for cell in rows[2])


@pytest.mark.parametrize("kind", KINDS)
def test_the_form_is_a_list_of_its_kind_with_nothing_in_it(kind: str) -> None:
    made = template({"kind": kind}, nobody_listens)
    content = base64.b64decode(made["content"])
    result = read_file(content, "form.xlsx", kind)
    assert [row["skipped"] for row in result["rows"]] == ["header"]
    assert result["sheets"][0]["is_list"]
    assert all(column["field"] for column in result["sheets"][0]["columns"])


def test_the_form_keeps_zeros_explains_its_columns_and_offers_roles() -> None:
    book = opened(template({"kind": "people"}, nobody_listens))
    sheet = book.worksheets[0]
    headers = [cell.value for cell in sheet[1]]
    assert headers[:4] == ["คำนำหน้า", "ชื่อ", "นามสกุล", "เลขประจำตัวประชาชน"]
    assert all(cell.comment for cell in sheet[1])
    assert all(sheet.column_dimensions[letter].number_format == "@" for letter in "ABCDEFGHIJKLM")
    assert book.worksheets[1].sheet_state == "hidden"
    assert "ครู" in [cell.value for cell in book.worksheets[1]["A"]]
