"""The sample workbook: the register's headers over prepared lines with lists and text formats, and a page of words.

It is filled in without a network. It holds no pupil, so that nothing made up can be sent in by mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.datavalidation import DataValidation

from services.rounds.rules.dmc.code_lists import CHOICES, CLOSED
from services.rounds.rules.dmc.layout import COLUMNS, Column
from services.rounds.workbooks.rebuilding import TEXT_FORMAT, comment
from services.rounds.workbooks.sample_words import WORDS

Progress = Callable[[str, int, int], None]

LINES = 500
DATA, ABOUT, LISTS = "Sheet1", "คำอธิบาย", "รายการ"
HEADER_ROW = 2
NUMBERS = {"age": "0", "weight_kg": "0.0", "height_cm": "0.0"}
WIDTHS = {"citizen_id": 20, "school_name": 24, "first_name": 18, "last_name": 18, "guardian_relation": 20}
USUAL_WIDTH = 13
HEADER_FILL = PatternFill("solid", fgColor="FFE3ECF7")
NEEDED = "ต้องมี"
OPTIONAL = "ควรมี ไม่มีจะได้คำเตือนหรือไม่ตรวจ"


def make_sample(job: Mapping[str, Any], _progress: Progress) -> dict[str, Any]:
    """Write the sample of a round: job {out, title, smis, school}; ``smis`` None leaves the school's columns empty."""
    book = Workbook(write_only=True)
    _write_lines(book.create_sheet(DATA), job)
    _write_words(book.create_sheet(ABOUT), job["title"])
    _write_lists(book.create_sheet(LISTS))
    book.save(Path(job["out"]))
    return {"lines": LINES}


def _write_lines(sheet: Any, job: Mapping[str, Any]) -> None:
    for place, column in enumerate(COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(place)].width = WIDTHS.get(column.field, USUAL_WIDTH)
    sheet.freeze_panes = f"D{HEADER_ROW + 1}"
    for place, column in enumerate(COLUMNS, 1):
        if column.field in CHOICES:
            sheet.data_validations.append(_choice(column, get_column_letter(place)))
    sheet.append([f"แบบกรอกข้อมูลนักเรียน {job['title']} กรอกนักเรียนหนึ่งคนต่อหนึ่งแถว ใต้หัวตาราง ดูวิธีกรอกที่ชีต {ABOUT}"])
    sheet.append([_header(sheet, column) for column in COLUMNS])
    given = {"school_smis": job["smis"], "school_name": job["school"]}
    for _ in range(LINES):
        sheet.append([_line_cell(sheet, column.field, given.get(column.field)) for column in COLUMNS])


def _choice(column: Column, letter: str) -> DataValidation:
    """The list of a column; a word that is not in it is refused where the list is complete, else asked about."""
    rule = DataValidation(
        type="list",
        formula1=f"'{LISTS}'!{_range_of(column.field)}",
        allow_blank=True,
        showErrorMessage=True,
        errorStyle="stop" if column.field in CLOSED else "warning",
        errorTitle=column.header[:32],
        error="เลือกจากรายการ" if column.field in CLOSED else "ไม่อยู่ในรายการที่ใช้ทั่วไป ใช้ค่านี้หรือไม่",
    )
    rule.add(f"{letter}{HEADER_ROW + 1}:{letter}{HEADER_ROW + LINES}")
    return rule


def _range_of(field: str) -> str:
    letter = get_column_letter(list(CHOICES).index(field) + 1)
    return f"${letter}$2:${letter}${len(CHOICES[field]) + 1}"


def _header(sheet: WriteOnlyWorksheet, column: Column) -> Any:
    cell = WriteOnlyCell(sheet, value=column.header)
    cell.font, cell.fill = Font(bold=True), HEADER_FILL
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    if column.field in ("citizen_id", "student_no"):
        # DMC gives both columns one name
        cell.comment = comment(WORDS[column.field].rule)
    return cell


def _line_cell(sheet: WriteOnlyWorksheet, field: str, value: str | None) -> Any:
    cell = WriteOnlyCell(sheet, value=value)
    cell.number_format = NUMBERS.get(field, TEXT_FORMAT)
    return cell


def _write_words(sheet: Any, title: str) -> None:
    for letter, width in zip("ABCDEF", (10, 34, 16, 60, 24, 40), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append([f"วิธีกรอก {title}"])
    sheet.append(["คอลัมน์", "หัวข้อ", "จำเป็น", "วิธีกรอก", "ตัวอย่าง", "ค่าที่เลือกได้"])
    for place, column in enumerate(COLUMNS, 1):
        words = WORDS[column.field]
        need = NEEDED if column.mandatory else OPTIONAL
        choices = ", ".join(CHOICES.get(column.field, ()))
        cells = (get_column_letter(place), column.header, need, words.rule, words.example, choices)
        sheet.append([_word(sheet, text) for text in cells])


def _word(sheet: WriteOnlyWorksheet, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=text)
    cell.number_format = TEXT_FORMAT
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _write_lists(sheet: WriteOnlyWorksheet) -> None:
    headers = {column.field: column.header for column in COLUMNS}
    sheet.append([headers[field] for field in CHOICES])
    for number in range(max(map(len, CHOICES.values()))):
        sheet.append([_word(sheet, words[number]) if number < len(words) else None for words in CHOICES.values()])


