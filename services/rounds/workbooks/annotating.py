"""The school's workbook with what the check found: cells coloured and commented, a sheet that lists everything.

Runs in a child process; job and result are plain JSON, the workbook is written under the path that the job names.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import MergedCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.workbook import Workbook
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from services.rounds.workbooks import rules
from services.rounds.workbooks.opening import Source, cell_at, is_unchanged, open_whole, read_source
from services.rounds.workbooks.rebuilding import comment, fill_of, rebuild
from services.rounds.workbooks.rules import Note, Place
from shared.workbooks.faults import ReadFault
from shared.workbooks.sheet import Sheet

log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]

SUMMARY_WIDTHS = {"A": 14, "B": 10, "C": 12, "D": 24, "E": 22, "F": 60, "G": 60, "H": 40}
LEGEND = ("ERROR", "WARN", "INFO")
HOW_TO = "แก้ในตาราง บันทึก แล้วส่งไฟล์นี้กลับได้เลย ไม่ต้องลบสี ความเห็น หรือชีตนี้ ระบบไม่อ่านชีตนี้"


def annotate(job: Mapping[str, Any], _progress: Progress) -> dict[str, Any]:
    """Write the annotated workbook: job {path, kind, out, heading, findings}; the answer is {ending, rebuilt}, or
    {unreadable: true} for a file that no reader opens.

    A workbook of the present kind keeps all that the school put into it; anything else is a new one of its values.
    """
    try:
        source = read_source(Path(job["path"]), job["kind"])
    except ReadFault:
        return {"unreadable": True}
    notes = rules.notes_by_place(job["findings"])
    out = Path(job["out"])
    kept = source.can_be_kept and _annotate_kept(source, notes, job, out)
    if not kept:
        book, title = rebuild(source.sheet, source.layout, {}, notes)
        _write_summary(book, title, {**job, "findings": _moved(job["findings"], source.sheet)})
        book.save(out)
    return {"ending": ".xlsm" if kept and source.has_macros else ".xlsx", "rebuilt": not kept}


def _annotate_kept(source: Source, notes: Mapping[Place, Note], job: Mapping[str, Any], out: Path) -> bool:
    """Whether the workbook could be written again with all that it has."""
    try:
        book, sheet = open_whole(source)
        forget_marks(book, sheet)
        for place, note in notes.items():
            _mark(sheet, place, note)
        _write_summary(book, sheet.title, job)
        book.save(out)
    except Exception:
        # other programs write workbooks in ways that openpyxl refuses; the values are safe in a new one
        log.warning("a workbook could not be kept as it is", exc_info=True)
        return False
    return is_unchanged(source, out)


def _mark(sheet: Worksheet, place: Place, note: Note) -> None:
    cell = cell_at(sheet, place)
    cell.fill = fill_of(note.severity)
    own = cell.comment
    author = own.author or rules.AUTHOR if own else rules.AUTHOR
    cell.comment = comment(rules.comment_text(own.text if own else None, note), author)


def forget_marks(book: Workbook, sheet: Worksheet) -> None:
    """Take away what an earlier annotation put into the workbook: its sheet, its colours, its part of comments."""
    for other in list(book.worksheets):
        if other.title != sheet.title and str(other["A1"].value or "").startswith(rules.SUMMARY_MARK):
            book.remove(other)
    ours = set(rules.FILLS.values())
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell, MergedCell) or not (cell.has_style or cell.comment):
                continue
            if cell.fill.fill_type == "solid" and cell.fill.fgColor.rgb in ours:
                cell.fill = PatternFill()
            if cell.comment and rules.SEPARATOR in cell.comment.text:
                own = rules.own_comment(cell.comment.text)
                cell.comment = comment(own, cell.comment.author) if own else None


def _moved(findings: Sequence[Mapping[str, Any]], sheet: Sheet) -> Sequence[Mapping[str, Any]]:
    """The findings where they are in a workbook that holds nothing but the rows of ``sheet``."""
    if sheet.numbers is None:
        return findings
    lines = {number: line for line, number in enumerate(sheet.numbers, 1)}
    return [{**finding, "row": lines.get(finding["row"])} for finding in findings]


def _write_summary(book: Workbook, data_title: str, job: Mapping[str, Any]) -> None:
    """The last sheet: every finding, those with a cell linked to it. It bears no header of the register."""
    sheet = book.create_sheet(_free_title(book))
    for letter, width in SUMMARY_WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    header_row = len(job["heading"]) + 4
    sheet.freeze_panes = f"A{header_row + 1}"
    sheet.append([_text(sheet, f"{rules.SUMMARY_MARK} {job['heading'][0]}", bold=True)])
    for line in (*job["heading"][1:], HOW_TO):
        sheet.append([_text(sheet, line)])
    sheet.append([_text(sheet, rules.SEVERITY_NAMES[severity], severity=severity) for severity in LEGEND])
    sheet.append([])
    sheet.append([_text(sheet, header, bold=True) for header in rules.SUMMARY_HEADERS])
    quoted = data_title.replace("'", "''")
    for number, finding in enumerate(job["findings"], header_row + 1):
        sheet.append(_line(sheet, finding))
        if finding["row"] is not None:
            place = f"{finding['column'] or 'A'}{finding['row']}"
            # the public way to a link asks for a cell with coordinates, which a sheet written in one go has not
            sheet._hyperlinks.append(Hyperlink(ref=f"C{number}", location=f"'{quoted}'!{place}"))


def _line(sheet: Worksheet | WriteOnlyWorksheet, finding: Mapping[str, Any]) -> list[Any]:
    words: Sequence[str | None] = rules.summary_row(finding)
    cells = [_text(sheet, word) for word in words]
    cells[0].fill = fill_of(finding["severity"])
    if finding["row"] is not None:
        cells[2].font = Font(underline="single", color="FF0B57A4")
    return cells


def _text(
    sheet: Worksheet | WriteOnlyWorksheet, text: str | None, *, bold: bool = False, severity: str | None = None
) -> Any:
    cell = WriteOnlyCell(sheet, value=text)
    if text:
        cell.data_type = "s"  # a value that begins with "=" is text
    if bold:
        cell.font = Font(bold=True)
    if severity:
        cell.fill = fill_of(severity)
    cell.alignment = Alignment(vertical="top", wrap_text=True) if text and len(text) > 40 else Alignment(vertical="top")
    return cell


def _free_title(book: Workbook) -> str:
    """The school may have a sheet of that name."""
    titles = {title.casefold() for title in book.sheetnames}
    title, number = rules.SUMMARY_TITLE, 1
    while title.casefold() in titles:
        number += 1
        title = f"{rules.SUMMARY_TITLE} ({number})"
    return title
