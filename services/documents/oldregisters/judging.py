"""A register judged as a whole: sheets of texts in, a report as plain JSON out. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from services.documents.oldregisters.columns import TITLES, Heading, find_heading
from services.documents.oldregisters.reporting import counts_of, report_of
from services.documents.oldregisters.rows import NO_REGISTER, REASONS, Setting, Sheet, Skipped, read_rows, year_in_name
from services.documents.oldregisters.rules import Number, Place, Row
from services.documents.registers.rules import BookKind

Judged = list[Row | Skipped]


def fault(code: str, title: str, detail: str) -> dict[str, Any]:
    """The result for a file that is no register: {fault: {code, title, detail}}."""
    return {"fault": {"code": code, "title": title, "detail": detail}}


def judge(
    sheets: Sequence[Sheet], kind: BookKind, known: Collection[Number], today: dt.date, filename: str = ""
) -> dict[str, Any]:
    """The report on a register: {counts, sheets, skipped} and what :meth:`Report.as_dict` has; or {fault}.

    Sheets that are no register are skipped row by row; a file without any is the fault ``oldregister.columns``.
    ``filename`` tells the year where nothing else does.
    """
    headings = [find_heading(sheet.rows, kind) for sheet in sheets]
    if why := _no_register(sheets, headings):
        return why
    judged: Judged = []
    for sheet, heading in zip(sheets, headings, strict=True):
        year = year_in_name(sheet.name) or year_in_name(filename)
        judged += rows_of(sheet, heading, kind, today, year)
    rows = [row for row in judged if isinstance(row, Row)]
    skipped = [row for row in judged if isinstance(row, Skipped)]
    reasons = Counter(row.reason for row in skipped)
    rows_in = sum(len(sheet.rows) for sheet in sheets)
    report = report_of(rows, kind, known, today)
    return {
        "counts": counts_of(rows_in, report.rows, {f"skipped_{reason}": reasons[reason] for reason in REASONS}),
        "sheets": [_sheet(sheet, heading) for sheet, heading in zip(sheets, headings, strict=True)],
        "skipped": [{**row.place._asdict(), "reason": row.reason} for row in skipped],
        **report.as_dict(),
    }


def rows_of(sheet: Sheet, heading: Heading | None, kind: BookKind, today: dt.date, year: int | None) -> Judged:
    """Every row of a sheet, once."""
    if heading is None or heading.missing:
        return [Skipped(Place(sheet.number, number), NO_REGISTER) for number in range(1, len(sheet.rows) + 1)]
    return list(read_rows(sheet, Setting(kind, heading, today), year))


def _no_register(sheets: Sequence[Sheet], headings: Sequence[Heading | None]) -> dict[str, Any] | None:
    """Why no sheet of the file is a register; None when one is."""
    found = [(sheet, heading) for sheet, heading in zip(sheets, headings, strict=True) if heading]
    if any(not heading.missing for _, heading in found):
        return None
    if not found:
        detail = f"ไม่พบแถวหัวตารางของทะเบียน ต้องมีคอลัมน์ {' และ '.join(TITLES.values())} กรุณาแก้หัวตารางแล้วส่งใหม่"
        return fault("oldregister.columns", "ไม่พบหัวตาราง", detail)
    sheet, heading = max(found, key=lambda pair: len(pair[1].at))
    missing = " และ ".join(heading.missing)
    detail = (
        f"หัวตาราง (แผ่นงาน {sheet.name[:40]} แถว {heading.row}) ไม่มีคอลัมน์ {missing} ของทะเบียนเล่มนี้ "
        "กรุณาตรวจว่าเลือกทะเบียนถูกเล่ม หรือแก้หัวตารางแล้วส่งใหม่"
    )
    return fault("oldregister.columns", "คอลัมน์ที่ต้องมีขาดไป", detail)


def _sheet(sheet: Sheet, heading: Heading | None) -> dict[str, Any]:
    texts: Mapping[int, str] = heading.texts if heading else {}
    at: Mapping[str, int] = heading.at if heading else {}
    return {
        "name": sheet.name[:100],
        "header_row": heading.row if heading else None,
        "is_register": heading is not None and not heading.missing,
        "columns": [
            {"header": text[:200], "fields": [name for name, place in at.items() if place == index]}
            for index, text in texts.items()
        ],
    }
