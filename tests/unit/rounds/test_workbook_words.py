"""What is written into a school's workbook, and what a correction may be."""

from __future__ import annotations

from typing import Any

import pytest

from services.rounds.workbooks.rules import (
    LONGEST_VALUE,
    MOST_CELLS,
    SEPARATOR,
    Correction,
    check_places,
    comment_text,
    notes_by_place,
    own_comment,
    place_name,
    read_corrections,
    stored_value,
)


def finding(severity: str, rule: str, row: int | None = 3, column: str | None = "C", **more: Any) -> dict[str, Any]:
    words = {"message": f"พบ {rule}", "suggestion": "แก้", "reason": None, "code": rule, "header": "ชั้น"}
    return {"severity": severity, "rule": rule, "row": row, "column": column, "value_masked": None, **words, **more}


def test_a_cell_has_one_note_of_all_its_findings_in_the_colour_of_the_gravest() -> None:
    found = [finding("INFO", "P06"), finding("WARN", "C03"), finding("ERROR", "P05")]
    found.append(finding("ERROR", "P01", column="AA"))
    notes = notes_by_place(found)
    assert {place: note.severity for place, note in notes.items()} == {(3, 3): "ERROR", (3, 27): "ERROR"}
    words = notes[3, 3].text
    assert words.index("P05") < words.index("C03") < words.index("P06")


def test_what_has_no_cell_has_no_note() -> None:
    assert notes_by_place([finding("ERROR", "F08", None, None), finding("WARN", "C05", 4, None)]) == {}
    names = [place_name(*place) for place in ((3, "C"), (3, None), (None, "C"), (None, None))]
    assert names == ["C3", "แถว 3", "คอลัมน์ C", "ทั้งไฟล์"]


def test_the_school_keeps_its_own_comment() -> None:
    note = notes_by_place([finding("WARN", "C03", reason="เข้าเรียนช้า")])[3, 3]
    assert "เข้าเรียนช้า" in note.text
    assert own_comment(comment_text("ของโรงเรียน\nสองบรรทัด", note)) == "ของโรงเรียน\nสองบรรทัด"
    assert own_comment(comment_text(None, note)) is None
    assert SEPARATOR in comment_text(None, note)


@pytest.mark.parametrize(
    ("field", "text", "over_number", "over_nothing", "stored"),
    [
        ("citizen_id", "0123456789012", True, False, "0123456789012"),
        ("student_no", "451", True, False, "451"),
        ("weight_kg", "23.5", True, False, 23.5),
        ("weight_kg", "๒๓", False, True, 23),
        ("weight_kg", "23.5", False, False, "23.5"),
        ("weight_kg", "หนัก", True, False, "หนัก"),
        ("room", "2", True, False, 2),
        ("room", "2", False, True, "2"),
        ("room", "02", True, False, "02"),
        ("birth_date", "13/05/2555", False, False, "13/05/2555"),
        ("first_name", "=1+1", False, False, "=1+1"),
        ("first_name", "", False, False, None),
    ],
)
def test_a_value_keeps_the_kind_of_its_cell(
    field: str, text: str, over_number: bool, over_nothing: bool, stored: object
) -> None:
    value = stored_value(field, text, over_number=over_number, over_nothing=over_nothing)
    assert (value, type(value)) == (stored, type(stored))


def test_corrections_are_read_or_refused_each_by_its_place() -> None:
    read, errors = read_corrections(
        [
            {"row": 3, "column": " aa ", "value": 12.0},
            {"row": 4, "column": "B", "value": None},
            {"row": 4, "column": "B", "value": "x"},
            {"row": 5, "column": "1", "value": "x"},
            {"row": 5, "column": "C", "value": True},
            {"row": 6, "column": "C", "value": "ก" * (LONGEST_VALUE + 1)},
            {"row": 7, "column": "C", "value": "ก\x00"},
        ]
    )
    assert read[:2] == [Correction(3, "AA", "12"), Correction(4, "B", "")]
    assert [(error.pointer, error.code) for error in errors] == [
        ("2.column", "repeated"),
        ("3.column", "format"),
        ("4.value", "type"),
        ("5.value", "length"),
        ("6.value", "character"),
    ]
    for cells in ([], [{"row": row, "column": "C", "value": ""} for row in range(1, MOST_CELLS + 2)]):
        assert read_corrections(cells)[1][0].code == "count"


def test_only_cells_of_pupils_are_corrected() -> None:
    asked = [Correction(2, "C", "x"), Correction(9, "C", "x"), Correction(3, "D", "x"), Correction(3, "C", "x")]
    errors = check_places(asked, 2, {3}, {3, 4})
    assert [(error.pointer, error.code) for error in errors] == [
        ("0.row", "header"), ("1.row", "outside"), ("2.column", "unknown"),
    ]  # fmt: skip
