"""Workbooks that leave: the report of an import, and the form to be filled in. Written by a child process.

Whatever came from outside is written as text with the mark that Excel itself puts before text (``quotePrefix``), so
that nothing in it is taken for a formula, now or after somebody has edited the cell.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.datavalidation import DataValidation

from services.schools.imports.kinds import KINDS
from services.schools.imports.layout import Column
from services.schools.imports.rules import MOST_ROWS
from services.schools.imports.views import OUTCOMES, VERDICTS, row_view

FONT, SIZE = "TH Sarabun New", 16
WIDTH, WIDE = 18, 60
TEXT_FORMAT = "@"
LISTS = "lists"
SAYING = ("แผ่นงาน", "แถวใน Excel", "ผลการตรวจ", "สิ่งที่เกิดขึ้น", "รายละเอียด")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

Progress = Callable[[str, int, int], None]


def report(job: Mapping[str, Any], progress: Progress) -> dict[str, str]:
    """Every row of the file, what was said of it and what became of it, in the order of the file."""
    found, columns = job["import"], KINDS[job["import"]["kind"]].columns
    rows = [row_view(row, job["sheets"], columns) for row in job["rows"]]
    titles = list(dict.fromkeys(_title(value) for row in rows for value in row["values"]))
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("ผลการนำเข้า")
    _set_widths(sheet, [WIDTH, WIDTH, WIDTH, WIDTH, WIDE, *[WIDTH] * len(titles)])
    heading = [f"ผลการนำเข้า{found['title']} {found['organisation']['name']}", _sums(found["counts"])]
    sheet.freeze_panes = f"E{len(heading) + 2}"
    for line in heading:
        sheet.append([_cell(sheet, line, bold=True)])
    sheet.append([_cell(sheet, title, bold=True) for title in (*SAYING, *titles)])
    for done, row in enumerate(rows):
        sheet.append(_report_row(sheet, row, titles))
        if done % 1000 == 0:
            progress("report", done, len(rows))
    return _saved(workbook)


def template(job: Mapping[str, Any], _progress: Progress) -> dict[str, str]:
    """A sheet with the header of a kind: what belongs in a column stands in a note, codes keep their zeros."""
    kind = KINDS[job["kind"]]
    known = [column for column in kind.columns.known if column.meaning]
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(kind.title[:30])
    sheet.freeze_panes = "A2"
    for index, column in enumerate(known, start=1):
        dimension = sheet.column_dimensions[get_column_letter(index)]
        dimension.width, dimension.number_format = max(WIDTH, len(column.header) + 4), TEXT_FORMAT
    sheet.append([_header(sheet, column) for column in known])
    choices = [column.choices for column in known if column.choices]
    for index, column in enumerate(known, start=1):
        if column.choices:
            sheet.data_validations.append(_choice(get_column_letter(index), choices.index(column.choices), column))
    lists = workbook.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    for line in range(max((len(names) for names in choices), default=0)):
        lists.append([names[line] if line < len(names) else None for names in choices])
    return _saved(workbook)


def _report_row(sheet: WriteOnlyWorksheet, row: Mapping[str, Any], titles: Sequence[str]) -> list[Cell]:
    values = {_title(value): value["value"] for value in row["values"]}
    said = [row["sheet"], row["row"], VERDICTS[row["verdict"]], OUTCOMES.get(row["outcome"] or "", "ยังไม่ได้นำเข้า")]
    told = "\n".join(_told(row))
    return [_cell(sheet, value) for value in (*said, told, *(values.get(title, "") for title in titles))]


def _told(row: Mapping[str, Any]) -> Iterator[str]:
    """All that is said of a row, line by line."""
    if row["skipped"]:
        yield row["skipped"]
    if row["said"]:
        yield row["said"]
    yield from (error["message"] for error in row["errors"])
    for repair in row["repairs"]:
        state = {None: "รอตัดสิน", True: "รับ", False: "ไม่รับ"}[repair["accepted"]]
        why = " และ".join(repair["reasons"])
        yield f"เสนอแก้ {repair['title']}: {repair['before']} → {repair['after']} ({why}) [{state}]"
    for change in row["changes"]:
        yield f"{change['title']}: {change['before'] or 'ว่าง'} → {change['after'] or 'ว่าง'}"
    yield from (note["message"] for note in row["notes"])


def _title(value: Mapping[str, Any]) -> str:
    return value["header"] or f"คอลัมน์ {value['column']}"


def _sums(counts: Mapping[str, int]) -> str:
    parts = [f"{name} {counts[verdict]:,}" for verdict, name in VERDICTS.items()]
    return f"แถวทั้งไฟล์ {counts['rows_in']:,} = {' + '.join(parts)}"


def _header(sheet: WriteOnlyWorksheet, column: Column) -> Cell:
    cell = _cell(sheet, column.header, bold=True)
    example = f"\nตัวอย่าง: {column.example}" if column.example else ""
    cell.comment = Comment(f"{column.meaning}{example}", "Khet", height=120, width=300)
    return cell


def _choice(letter: str, place: int, column: Column) -> DataValidation:
    source = get_column_letter(place + 1)
    validation = DataValidation(
        type="list",
        formula1=f"{LISTS}!${source}$1:${source}${len(column.choices)}",
        allow_blank=True,
        # several may stand in a cell, and whoever knows better is told by the check, not kept from typing
        showErrorMessage=False,
    )
    validation.add(f"{letter}2:{letter}{MOST_ROWS}")
    return validation


def _set_widths(sheet: Any, widths: Sequence[int]) -> None:
    for index, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width


def _cell(sheet: WriteOnlyWorksheet, value: Any, *, bold: bool = False) -> Cell:
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, value=_CONTROL.sub("", value))
        cell.data_type = "s"
        cell.quotePrefix = True
    else:
        cell = WriteOnlyCell(sheet, value=value)
    cell.font = Font(name=FONT, size=SIZE, bold=bold)
    return cell


def _saved(workbook: Workbook) -> dict[str, str]:
    stream = io.BytesIO()
    workbook.save(stream)
    return {"content": base64.b64encode(stream.getvalue()).decode()}
