"""What is written into a school's workbook: which cell is marked how and with what words, what a correction may be.

Pure: no workbook library. Rows and columns count from 1, as in the sheet.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.problems import FieldError
from shared.thai.digits import parse_number

Place = tuple[int, int]

# The gravest first. Vermilion, yellow and sky blue of the palette of Okabe and Ito, lightened: told apart by who is
# colour-blind, and in grey; the comment says the same in words.
FILLS = {"BLOCK": "FFF4A582", "ERROR": "FFF4A582", "WARN": "FFFFF2AE", "INFO": "FFD0E7F7"}
GRAVITY = tuple(FILLS)
SEVERITY_NAMES = {"BLOCK": "ไม่รับไฟล์", "ERROR": "ข้อผิดพลาด", "WARN": "คำเตือน", "INFO": "แจ้งให้ทราบ"}

AUTHOR = "Khet"
# between what the school itself wrote in a comment and what we add; also how our part is known again
SEPARATOR = "── ผลการตรวจของ Khet ──"
SUMMARY_TITLE = "ผลการตรวจ"
SUMMARY_MARK = "ผลการตรวจของ Khet"
SUMMARY_HEADERS = ("ระดับ", "กฎ", "เซลล์", "หัวตาราง", "ค่าในไฟล์", "สิ่งที่พบ", "วิธีแก้", "เหตุผลที่ชี้แจง")
LONGEST_COMMENT = 4000

MOST_CELLS = 200
LONGEST_VALUE = 500
IDS = frozenset({"school_smis", "citizen_id", "student_no"})
MEASURES = frozenset({"age", "weight_kg", "height_cm"})
_PLAIN_NUMBER = re.compile(r"(?:0|[1-9]\d{0,14})(?:\.\d{1,6})?\Z", re.ASCII)
_COLUMN = re.compile(r"[A-Z]{1,3}\Z")
# what XML cannot hold, or shows as nothing
_CONTROL = re.compile("[\x00-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True)
class Note:
    """What one cell is told: its colour is that of the gravest finding."""

    severity: str
    text: str


def notes_by_place(findings: Iterable[Mapping[str, Any]]) -> dict[Place, Note]:
    """One note for each cell that has findings; those of a whole row or file stand in the summary alone."""
    by_place: dict[Place, list[Mapping[str, Any]]] = {}
    for finding in findings:
        if finding["row"] is not None and finding["column"] is not None:
            by_place.setdefault((finding["row"], column_number(finding["column"])), []).append(finding)
    return {place: _note(found) for place, found in by_place.items()}


def _note(findings: Sequence[Mapping[str, Any]]) -> Note:
    ordered = sorted(findings, key=lambda finding: GRAVITY.index(finding["severity"]))
    return Note(ordered[0]["severity"], "\n\n".join(_words(finding) for finding in ordered)[:LONGEST_COMMENT])


def _words(finding: Mapping[str, Any]) -> str:
    lines = [f"{SEVERITY_NAMES[finding['severity']]} {finding['rule']}: {finding['message']}"]
    lines.append(f"วิธีแก้: {finding['suggestion']}")
    if finding.get("reason"):
        lines.append(f"ชี้แจงแล้ว: {finding['reason']}")
    return "\n".join(lines)


def comment_text(own: str | None, note: Note) -> str:
    """The whole comment of a cell: what the school wrote there stays, ours follows."""
    return f"{own}\n{SEPARATOR}\n{note.text}" if own else f"{SEPARATOR}\n{note.text}"


def own_comment(text: str) -> str | None:
    """What the school itself wrote in a comment, without what we added; None when nothing is left."""
    return text.partition(SEPARATOR)[0].rstrip() or None


def summary_row(finding: Mapping[str, Any]) -> tuple[str | None, ...]:
    """A finding as a line of the summary, in the order of :data:`SUMMARY_HEADERS`."""
    return (
        SEVERITY_NAMES[finding["severity"]],
        finding["code"],
        place_name(finding["row"], finding["column"]),
        finding["header"],
        finding["value_masked"],
        finding["message"],
        finding["suggestion"],
        finding.get("reason"),
    )


def place_name(row: int | None, column: str | None) -> str:
    """``C12``, ``แถว 12``, ``คอลัมน์ C`` or the whole file."""
    if row is not None and column is not None:
        return f"{column}{row}"
    if row is not None:
        return f"แถว {row}"
    return f"คอลัมน์ {column}" if column else "ทั้งไฟล์"


def column_number(letters: str) -> int:
    """``A`` → 1, ``AA`` → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


@dataclass(frozen=True)
class Correction:
    """A cell and what shall stand in it; an empty text empties it."""

    row: int
    column: str
    value: str

    @property
    def place(self) -> Place:
        return self.row, column_number(self.column)


def read_corrections(cells: Sequence[Mapping[str, Any]]) -> tuple[list[Correction], list[FieldError]]:
    """Corrections as they were sent ``{row, column, value}``, and whatever is wrong with them, by ``<index>.<field>``.

    A value that begins with ``=`` is text like any other: nothing that is written here is ever a formula.
    """
    if not 1 <= len(cells) <= MOST_CELLS:
        return [], [FieldError("cells", "count", f"แก้ไขได้ครั้งละ 1 ถึง {MOST_CELLS} เซลล์")]
    read, errors = [], []
    seen: set[Place] = set()
    for index, cell in enumerate(cells):
        column, value = str(cell["column"]).strip().upper(), _text(cell["value"])
        wrong = _wrong_with(column, value)
        if wrong is not None or value is None:
            errors.append(_error(index, *(wrong or ("value", "type", "ค่าต้องเป็นข้อความหรือตัวเลข"))))
            continue
        correction = Correction(cell["row"], column, value)
        if correction.place in seen:
            errors.append(_error(index, "column", "repeated", f"เซลล์ {column}{correction.row} ระบุซ้ำ"))
        seen.add(correction.place)
        read.append(correction)
    return read, errors


def _text(value: Any) -> str | None:
    """The value as text; None when it is neither text nor number."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return f"{value:.0f}" if isinstance(value, float) and value == value // 1 else str(value).strip()


def _wrong_with(column: str, value: str | None) -> tuple[str, str, str] | None:
    if not _COLUMN.match(column):
        return "column", "format", "คอลัมน์ต้องเป็นตัวอักษรตามที่ Excel แสดง เช่น C หรือ AA"
    if value is not None and len(value) > LONGEST_VALUE:
        return "value", "length", f"ค่ายาวเกิน {LONGEST_VALUE} ตัวอักษร"
    if value is not None and _CONTROL.search(value):
        return "value", "character", "ค่ามีอักขระที่ใช้ในตารางไม่ได้ (เช่น ขึ้นบรรทัดใหม่)"
    return None


def check_places(
    corrections: Sequence[Correction], header_row: int, columns: Collection[int], rows: Collection[int]
) -> list[FieldError]:
    """Refuse what lies outside the table: ``columns`` are those of the register, ``rows`` those with a pupil."""
    errors = []
    for index, correction in enumerate(corrections):
        row, column = correction.place
        if row <= header_row:
            errors.append(_error(index, "row", "header", f"แถว {row} เป็นหัวตาราง แก้ไขที่นี่ไม่ได้"))
        elif column not in columns:
            errors.append(_error(index, "column", "unknown", f"คอลัมน์ {correction.column} ไม่ใช่คอลัมน์ข้อมูลนักเรียน"))
        elif row not in rows:
            errors.append(_error(index, "row", "outside", f"แถว {row} ไม่มีนักเรียน"))
    return errors


def _error(index: int, field: str, code: str, message: str) -> FieldError:
    return FieldError(f"{index}.{field}", code, message)


def stored_value(field: str, text: str, *, over_number: bool, over_nothing: bool) -> str | float | int | None:
    """What is put into the cell of ``field``: a number where one stood or belongs and the text is one, else the text.

    Ids stay text whatever stood there, so that no zero is lost; a date in BE is text, as DMC writes it.
    """
    if not text:
        return None
    if field in IDS:
        return text
    if over_number or (over_nothing and field in MEASURES):
        number = parse_number(text) if field in MEASURES else float(text) if _PLAIN_NUMBER.match(text) else None
        if number is not None:
            return int(number) if number == number // 1 else number
    return text
