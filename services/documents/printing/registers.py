"""Registers of letters on paper and as tables: form 13 (received), form 14 (sent), and the sheet of a day.

Columns and their order are those of the regulation on correspondence (ระเบียบสำนักนายกรัฐมนตรีว่าด้วยงานสารบรรณ
พ.ศ. 2526, ข้อ 38 and ข้อ 43). Input is plain data; nothing is looked up here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from services.documents.registers.rules import EntryState
from shared.printing.typst import compile_paper, printable
from shared.thai.dates import BANGKOK, MONTHS_FULL, be_year, format_full, format_short
from shared.workbooks.writing import BOX, FONT, SIZE, csv_of_table, print_on_a4, repeat_header, row_of, saved

TEMPLATE = Path(__file__).with_name("register.typ")
VOID_WORD = "ยกเลิก"
RESERVED_WORD = "จองเลขไว้"
EMPTY = "ไม่มีรายการในช่วงนี้"
_WIDTH_OF_ALL = 150.0
"""What the columns of a workbook's sheet are wide together, in letters."""

_LONG_CELL = 300

Progress = Callable[[str, int, int], None]


class Form(StrEnum):
    """Which register: ทะเบียนหนังสือรับ (แบบ 13), ทะเบียนหนังสือส่ง (แบบ 14), or the sheet of a day for signing."""

    RECEIVED = "received"
    SENT = "sent"
    DAILY = "daily"


@dataclass(frozen=True)
class RegisterRow:
    """One entry. ``note`` of a cancelled one is the reason; ``doc_no`` is the number printed on the letter.

    ``display_no`` is ``no`` as people write it (``7``, ``7/2569``, ``7/1``); ``entered_at`` is shown in Bangkok time.
    """

    no: int
    display_no: str
    doc_no: str
    doc_date: date | None
    sender: str
    receiver: str
    subject: str
    action: str
    note: str
    state: EntryState
    entered_at: datetime

    def __post_init__(self) -> None:
        if self.entered_at.tzinfo is None:
            raise ValueError("entered_at needs a time zone")


@dataclass(frozen=True)
class RegisterSheet:
    """A register of one office from day to day (both included), its rows in the order they are to be printed."""

    title: str
    office: str
    be_year: int
    form: Form
    from_day: date
    to_day: date
    rows: Sequence[RegisterRow]

    def __post_init__(self) -> None:
        if self.to_day < self.from_day:
            raise ValueError("the last day lies before the first")


@dataclass(frozen=True)
class _Column:
    """``share`` of the width; ``struck`` columns are crossed out in a cancelled entry."""

    title: str
    share: float
    text: Callable[[RegisterRow], str]
    struck: bool = True
    numeric: bool = False


def as_pdf(sheet: RegisterSheet, made_at: datetime) -> bytes:
    """The register as PDF, A4 landscape; ``made_at`` is printed below and dates the file."""
    columns = _columns(sheet.form)
    data = {
        "title": printable(sheet.title),
        "office": printable(sheet.office),
        "period": printable(_period(sheet)),
        "footer": printable(_made(made_at)),
        "empty": EMPTY,
        "columns": [
            {"title": one.title, "share": one.share, "struck": one.struck, "numeric": one.numeric} for one in columns
        ],
        "rows": [_printed(row, columns) for row in sheet.rows],
    }
    return compile_paper(TEMPLATE, data, made_at)


def as_xlsx(sheet: RegisterSheet, made_at: datetime) -> bytes:
    """The register as XLSX for A4 landscape: the header row in view and on every page, running numbers as numbers,
    dates as the Buddhist Era text of the form, cancelled entries crossed out.
    """
    columns = _columns(sheet.form)
    heading = [sheet.title, sheet.office, _period(sheet)]
    workbook = Workbook(write_only=True)
    page = workbook.create_sheet("ทะเบียน")
    all_shares = sum(column.share for column in columns)
    for index, column in enumerate(columns, 1):
        page.column_dimensions[get_column_letter(index)].width = round(column.share / all_shares * _WIDTH_OF_ALL, 1)
    print_on_a4(page, header=_clean(sheet.office), footer=_made(made_at))
    repeat_header(page, len(heading) + 1)
    for line in heading:
        page.append(row_of(page, [_clean(line)], bold=True))
    titles = row_of(page, [column.title for column in columns], bold=True)
    for cell in titles:
        cell.alignment, cell.border = Alignment("center", "center", wrap_text=True), BOX
    page.append(titles)
    for row in sheet.rows:
        cells = row_of(page, _values(row, columns))
        for column, cell in zip(columns, cells, strict=True):
            cell.border, cell.alignment = BOX, Alignment(vertical="top", wrap_text=True)
            if row.state is EntryState.VOID and column.struck:
                cell.font = Font(name=FONT, size=SIZE, strike=True)
        page.append(cells)
    return saved(workbook)


def as_csv(sheet: RegisterSheet) -> bytes:
    """The columns of the form and the rows as CSV in UTF-8 with a byte order mark."""
    columns = _columns(sheet.form)
    return csv_of_table([column.title for column in columns], [_values(row, columns) for row in sheet.rows])


def register_task(job: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """As a child task: job {out, as: pdf|xlsx|csv, made_at, sheet} → {size}, the file lies at ``out``.

    ``sheet`` is :class:`RegisterSheet` as plain JSON: days and instants in ISO 8601, rows as objects.
    """
    sheet, made_at = sheet_of(job["sheet"]), datetime.fromisoformat(job["made_at"])
    progress("print", 0, len(sheet.rows))
    if job["as"] == "csv":
        content = as_csv(sheet)
    else:
        content = as_pdf(sheet, made_at) if job["as"] == "pdf" else as_xlsx(sheet, made_at)
    Path(job["out"]).write_bytes(content)
    return {"size": len(content)}


def sheet_of(plain: Mapping[str, Any]) -> RegisterSheet:
    """A sheet of its plain JSON, as :func:`register_task` takes it."""
    rows = [
        RegisterRow(
            **{
                **row,
                "doc_date": row["doc_date"] and date.fromisoformat(row["doc_date"]),
                "state": EntryState(row["state"]),
                "entered_at": datetime.fromisoformat(row["entered_at"]),
            }
        )
        for row in plain["rows"]
    ]
    days = {name: date.fromisoformat(plain[name]) for name in ("from_day", "to_day")}
    return RegisterSheet(**{**plain, **days, "form": Form(plain["form"]), "rows": rows})


def _columns(form: Form) -> list[_Column]:
    number = "เลขทะเบียนส่ง" if form is Form.SENT else "เลขทะเบียนรับ"
    legal = [
        _Column(number, 1.5, lambda row: row.display_no, struck=False, numeric=True),
        _Column("ที่", 2.9, lambda row: row.doc_no),
        _Column("ลงวันที่", 2.2, lambda row: format_short(row.doc_date) if row.doc_date else ""),
        _Column("จาก", 2.9, lambda row: row.sender),
        _Column("ถึง", 3.1, lambda row: row.receiver),
        _Column("เรื่อง", 6.0, lambda row: row.subject),
        _Column("การปฏิบัติ", 3.4, lambda row: row.action),
        _Column("หมายเหตุ", 2.5, _note, struck=False),
    ]
    if form is not Form.DAILY:
        return legal
    time = _Column("เวลา", 1.4, lambda row: f"{row.entered_at.astimezone(BANGKOK):%H.%M}", struck=False, numeric=True)
    return [legal[0], time, *legal[1:], _Column("ลงชื่อผู้รับ", 2.2, lambda _: "", struck=False)]


def _printed(row: RegisterRow, columns: Sequence[_Column]) -> dict[str, Any]:
    cells = [printable(column.text(row)) for column in columns]
    # an entry stays on one page, unless it might be longer than a page
    breakable = max(map(len, cells)) > _LONG_CELL
    return {"struck": row.state is EntryState.VOID, "breakable": breakable, "cells": cells}


def _note(row: RegisterRow) -> str:
    if row.state is EntryState.ISSUED:
        return row.note
    word = VOID_WORD if row.state is EntryState.VOID else RESERVED_WORD
    return f"{word}: {row.note}" if row.note.strip() else word


def _period(sheet: RegisterSheet) -> str:
    """``วันที่ 10 เดือน มิถุนายน พ.ศ. 2569``, as the head of the form has it; from day to day when they are several."""
    if sheet.from_day == sheet.to_day:
        day = sheet.from_day
        return f"วันที่ {day.day} เดือน {MONTHS_FULL[day.month - 1]} พ.ศ. {be_year(day.year)}"
    return f"วันที่ {format_full(sheet.from_day)} ถึงวันที่ {format_full(sheet.to_day)} (ทะเบียนปี พ.ศ. {sheet.be_year})"


def _made(made_at: datetime) -> str:
    here = made_at.astimezone(BANGKOK)
    return f"พิมพ์จากระบบเมื่อ {format_full(here.date())} เวลา {here:%H.%M} น."


def _values(row: RegisterRow, columns: Sequence[_Column]) -> list[str | int]:
    """Cells of a table: the running number as a number, unless it is written in a way that a number cannot be."""
    texts = [_clean(column.text(row)) for column in columns]
    return [row.no if row.display_no == str(row.no) else texts[0], *texts[1:]]


def _clean(text: str) -> str:
    """One line without control characters, which a workbook cannot hold."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable() or letter > "\x9f")
