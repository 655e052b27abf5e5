"""The job of a child process that reads a file from outside into rows: every row of every visible sheet, once.

Job and result are plain JSON. Which rows are data is decided here, by their place and form alone; whether they are
right is not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from services.schools.imports.cells import Read, read_row
from services.schools.imports.kinds import KINDS
from services.schools.imports.layout import Columns, Heading, find_heading, is_repeated
from services.schools.imports.rules import MOST_ROWS
from shared.thai.fold import fold_header
from shared.workbooks.faults import ReadFault
from shared.workbooks.reading import MAX_SHEETS, read_book
from shared.workbooks.sheet import Sheet, column_letter

Progress = Callable[[str, int, int], None]
Row = dict[str, Any]

# "รวม", "รวมทั้งสิ้น 135 โรงเรียน"; a school may be called รวมไทยพัฒนา
TOTAL_WORDS = re.compile(
    "(?:รวม|รวมทั้งสิ้น|รวมทั้งหมด|ยอดรวม|รวมจำนวน|total|grandtotal):?(?:[0-9๐-๙,]+(?:คน|ราย|รายการ|โรงเรียน|แห่ง)?)?\\Z"
)
BLANK, TITLE, HEADER, TOTAL, NO_HEADER, NOT_COMPLETE = "blank", "title", "header", "total", "no_header", "not_complete"


def read(job: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """The rows of the file at ``path`` (a container ``container``) as a list of kind ``kind``.

    The result holds ``sheets``, ``rows`` and ``as_of``; or ``fault``: why the file is no such list.
    """
    columns = KINDS[job["kind"]].columns
    progress("scan", 0, 1)
    try:
        book = read_book(Path(job["path"]), job["container"], with_hidden=True)
    except ReadFault as unread:
        return refused(f"F01.{unread.cause}", unread.title, unread.detail)
    if len(book.sheets) >= MAX_SHEETS:
        # the reader stops there, and what stands behind would be lost without a word
        detail = f"รับไม่เกิน {MAX_SHEETS - 1} แผ่นงาน รวมแผ่นงานที่ซ่อนไว้ กรุณาแยกไฟล์"
        return refused("import.sheets", "แผ่นงานมากเกินไป", detail)
    if fault := _hidden_list(book.sheets, columns):
        return fault
    sheets = [sheet for sheet in book.sheets if not sheet.is_hidden]
    rows_in = sum(len(sheet.rows) for sheet in sheets)
    if rows_in > MOST_ROWS:
        detail = f"ไฟล์มี {rows_in:,} แถว รับได้ครั้งละไม่เกิน {MOST_ROWS:,} แถว กรุณาแบ่งเป็นหลายไฟล์"
        return refused("import.too_many_rows", "แถวมากเกินไป", detail)
    headings = [find_heading(sheet.rows, columns) for sheet in sheets]
    if fault := _no_list(sheets, headings, columns):
        return fault
    rows: list[Row] = []
    for place, (sheet, heading) in enumerate(zip(sheets, headings, strict=True), start=1):
        rows.extend(_rows(place, sheet, heading, columns))
        progress("read", len(rows), rows_in)
    return {
        "sheets": [_sheet(sheet, heading, columns) for sheet, heading in zip(sheets, headings, strict=True)],
        "rows": rows,
        "as_of": next((heading.as_of for heading in headings if heading and heading.as_of), None),
    }


def refused(code: str, title: str, detail: str, errors: Sequence[Mapping[str, str]] = ()) -> dict[str, Any]:
    """The result for a file that is not taken."""
    return {"fault": {"code": code, "title": title, "detail": detail, "errors": list(errors)}}


def _hidden_list(sheets: Sequence[Sheet], columns: Columns) -> dict[str, Any] | None:
    """That rows of a list stand where nobody sees them; None where none do. Whether they are meant to be imported only
    the sender knows. Other hidden sheets, as the choices of our own form, are no list.
    """
    for sheet in sheets:
        heading = find_heading(sheet.rows, columns) if sheet.is_hidden else None
        if count := sum(row["skipped"] is None for row in _rows(0, sheet, heading, columns)) if heading else 0:
            detail = (
                f"แผ่นงาน “{sheet.name[:40]}” ถูกซ่อนไว้และมีรายการ {count:,} แถว กรุณาเลิกซ่อน (Unhide) ถ้าต้องการนำเข้าด้วย "
                "หรือลบแผ่นงานนั้นออก แล้วส่งใหม่"
            )
            return refused("import.hidden_sheet", "มีรายการในแผ่นงานที่ซ่อนไว้", detail)
    return None


def _no_list(
    sheets: Sequence[Sheet], headings: Sequence[Heading | None], columns: Columns
) -> dict[str, Any] | None:
    """Why no sheet of the file is such a list; None when one is."""
    found = [(sheet, heading) for sheet, heading in zip(sheets, headings, strict=True) if heading is not None]
    if any(not columns.missing(list(heading.at)) for _, heading in found):
        return None
    if not found:
        wanted = ", ".join(columns.missing(()))
        detail = f"ไม่พบแถวหัวตาราง แถวหัวตารางต้องมีคอลัมน์ {wanted} กรุณาใช้แบบฟอร์มของระบบ หรือแก้หัวตารางแล้วส่งใหม่"
        return refused("import.columns", "ไม่พบหัวตาราง", detail, _absent(columns.missing(())))
    sheet, heading = max(found, key=lambda pair: len(pair[1].at))
    missing = columns.missing(list(heading.at))
    detail = f"แถวหัวตาราง (แผ่นงาน {sheet.name[:40]} แถว {heading.row}) ไม่มีคอลัมน์ {', '.join(missing)}"
    return refused("import.columns", "คอลัมน์ที่ต้องมีขาดไป", detail, _absent(missing))


def _absent(missing: Sequence[str]) -> list[dict[str, str]]:
    return [{"pointer": name, "code": "required", "message": f"ไม่มีคอลัมน์ {name}"} for name in missing]


def _sheet(sheet: Sheet, heading: Heading | None, columns: Columns) -> dict[str, Any]:
    texts = heading.texts if heading else {}
    fields = {index: field for field, index in heading.at.items()} if heading else {}
    return {
        "name": sheet.name[:100],
        "header_row": heading.row if heading else None,
        "is_list": heading is not None and not columns.missing(list(heading.at)),
        "columns": [
            {"column": column_letter(index + 1), "header": text[:200], "field": fields.get(index)}
            for index, text in sorted(texts.items())
        ],
    }


def _rows(place: int, sheet: Sheet, heading: Heading | None, columns: Columns) -> list[Row]:
    return [
        _row(place, number, read_row(sheet, number, row), heading, columns)
        for number, row in enumerate(sheet.rows, start=1)
    ]


def _row(place: int, number: int, found: Read, heading: Heading | None, columns: Columns) -> Row:
    return {
        "sheet": place,
        "row": number,
        "cells": {column_letter(index + 1): text for index, text in found.texts.items()},
        "odd": {column_letter(index + 1): kind for index, kind in found.odd.items()},
        "skipped": _why_skipped(number, found.texts, heading, columns),
    }


def _why_skipped(number: int, texts: Mapping[int, str], heading: Heading | None, columns: Columns) -> str | None:
    """Why a row holds no data; None when it does."""
    if not texts:
        return BLANK
    if heading is None:
        return NO_HEADER
    if columns.missing(list(heading.at)):
        return NOT_COMPLETE
    if number < heading.row:
        return TITLE
    if number == heading.row or is_repeated(heading, texts):
        return HEADER
    identity = (heading.at[field] for field in columns.identity if field in heading.at)
    has_identity = any(index in texts and not _is_total(texts[index]) for index in identity)
    return TOTAL if not has_identity and any(map(_is_total, texts.values())) else None


def _is_total(text: str) -> bool:
    return bool(TOTAL_WORDS.match(fold_header(text)))
