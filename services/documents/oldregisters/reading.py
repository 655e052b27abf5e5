"""The job of a child process that reads the register of an old system. Job and result are plain JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from services.documents.oldregisters.columns import find_heading
from services.documents.oldregisters.judging import fault, judge, rows_of
from services.documents.oldregisters.rows import Sheet
from services.documents.oldregisters.rules import Number, Row
from services.documents.registers.rules import BookKind
from shared.workbooks import sheet as workbook
from shared.workbooks.faults import ReadFault
from shared.workbooks.reading import MAX_SHEETS, read_book

Progress = Callable[[str, int, int], None]

# four years of a busy office; more comes in parts
MOST_ROWS = 20_000


def read_register(job: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """What stands in a register export, judged; nothing is changed by that.

    Job: ``path``; ``kind``, the container that ``shared.workbooks.container.inspect`` found (xlsx, xls, html, csv);
    ``filename``; ``book_kind`` (:class:`BookKind`); ``known``, the numbers that the book has, each [year BE, number,
    suffix]; ``today``, ISO 8601; ``most_rows``, where it may have more than :data:`MOST_ROWS`. The result is what
    :func:`judging.judge` gives; a file that cannot be read is {fault} with ``F01.<cause>``.
    """
    progress("scan", 0, 1)
    try:
        book = read_book(Path(job["path"]), job["kind"], with_hidden=True)
    except ReadFault as unread:
        return fault(f"F01.{unread.cause}", unread.title, unread.detail)
    if len(book.sheets) >= MAX_SHEETS:
        # the reader stops there, and what stands behind would be lost without a word
        said = f"รับไม่เกิน {MAX_SHEETS - 1} แผ่นงาน รวมแผ่นงานที่ซ่อนไว้ กรุณาแยกเป็นหลายไฟล์"
        return fault("oldregister.sheets", "แผ่นงานมากเกินไป", said)
    kind = BookKind(job["book_kind"])
    today = dt.date.fromisoformat(job["today"])
    hidden = [sheet for sheet in book.sheets if sheet.is_hidden]
    if why := _hidden_register(_as_texts(hidden), kind, today):
        return why
    visible = [sheet for sheet in book.sheets if not sheet.is_hidden]
    rows_in = sum(len(sheet.rows) for sheet in visible)
    most = job.get("most_rows", MOST_ROWS)
    if rows_in > most:
        said = f"ไฟล์มี {rows_in:,} แถว อ่านได้ครั้งละไม่เกิน {most:,} แถว กรุณาแยกเป็นปีละไฟล์"
        return fault("oldregister.too_many_rows", "แถวมากเกินไป", said)
    progress("read", 0, rows_in)
    known = frozenset(Number(*number) for number in job["known"])
    report = judge(_as_texts(visible), kind, known, today, job["filename"])
    progress("read", rows_in, rows_in)
    return report


def _hidden_register(sheets: Sequence[Sheet], kind: BookKind, today: dt.date) -> dict[str, Any] | None:
    """That letters stand where nobody sees them; whether they are meant to be imported only the sender knows."""
    for sheet in sheets:
        rows = rows_of(sheet, find_heading(sheet.rows, kind), kind, today, None)
        if count := sum(isinstance(row, Row) for row in rows):
            said = (
                f"แผ่นงาน “{sheet.name[:40]}” ซ่อนอยู่และมีทะเบียน {count:,} แถว "
                "กรุณาเลิกซ่อน (Unhide) หรือลบแผ่นงานนั้น แล้วส่งใหม่"
            )
            return fault("oldregister.hidden_sheet", "มีทะเบียนในแผ่นงานที่ซ่อนไว้", said)
    return None


def _as_texts(sheets: Sequence[workbook.Sheet]) -> list[Sheet]:
    return [
        Sheet(number, sheet.name, [_texts(sheet, at, row) for at, row in enumerate(sheet.rows, start=1)])
        for number, sheet in enumerate(sheets, start=1)
    ]


def _texts(sheet: workbook.Sheet, number: int, row: Sequence[workbook.Cell]) -> list[str]:
    """The cells of a row as texts; a formula whose value the file does not hold stands as itself, and is no number."""
    formulas = sheet.formulas or {}
    return [
        workbook.written(cell) or _unevaluated(formulas.get((number, column)))
        for column, cell in enumerate(row, start=1)
    ]


def _unevaluated(formula: str | None) -> str:
    return f"={formula.removeprefix('=')}" if formula else ""
