"""Reports as workbooks."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

FONT = "TH Sarabun New"
SIZE = 16
WIDTHS = {"A": 30, "B": 12, "C": 12, "D": 12, "E": 14}


def of_headcount(report: Mapping[str, Any]) -> bytes:
    """The head count as XLSX: title, as-of date, the table, the total."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("จำนวนนักเรียน")
    for column, width in WIDTHS.items():
        sheet.column_dimensions[column].width = width
    keys = [column["key"] for column in report["columns"]]
    sheet.append(_row(sheet, [f"จำนวนนักเรียนรายชั้น {report['round_title']}"], bold=True))
    note = " (มีข้อมูลที่ยังไม่ยืนยัน)" if report["provisional"] else ""
    sheet.append(_row(sheet, [f"ข้อมูล ณ วันที่ {report['as_of']}{note}"]))
    sheet.append(_row(sheet, [column["title"] for column in report["columns"]], bold=True))
    for row in report["rows"]:
        sheet.append(_row(sheet, [row[key] for key in keys], bold=row["kind"] != "grade"))
    sheet.append(_row(sheet, [report["total"][key] for key in keys], bold=True))
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _row(sheet: WriteOnlyWorksheet, values: list[Any], *, bold: bool = False) -> list[WriteOnlyCell]:
    cells = []
    for value in values:
        cell = WriteOnlyCell(sheet, value=value)
        cell.font = Font(name=FONT, size=SIZE, bold=bold)
        cells.append(cell)
    return cells
