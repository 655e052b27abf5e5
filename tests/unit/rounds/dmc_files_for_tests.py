"""DMC files made for a test: one good pupil, changed where the test says so. All people are invented."""

from __future__ import annotations

import csv
import io
import itertools
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from services.rounds.rules.check import check
from services.rounds.rules.dmc.layout import COLUMNS, EXTRA_COLUMNS
from shared.thai.national_id import check_digit

HEADERS = [column.header for column in COLUMNS]
FIELDS = [column.field for column in COLUMNS]
EXTRA_HEADERS = {column.field: column.header for column in EXTRA_COLUMNS}
OLDEST_SET, NEWEST_SET = "dmc-2569-1", "dmc-2569-2"
# first names: no two pupils of a test are one person entered twice
_SYLLABLES = ("กา", "มา", "นา", "ลี", "ดา", "วี", "สา", "ริ", "พร", "ชัย")
STAMP = "วันและเวลาที่สร้างรายงาน 2026-06-01 02:00:12.244315"
SMIS = "57040001"
SECRET = "5e" * 32

GOOD = {
    "school_smis": SMIS, "school_name": "บ้านศรีลานนา", "grade": "ป.1", "room": "1", "sex": "ช", "title": "เด็กชาย",
    "first_name": "สมชาย", "last_name": "ใจดี", "birth_date": "13/05/2562", "age": 7, "weight_kg": 22, "height_cm": 118,
    "blood": "-", "religion": "พุทธ", "race": "ไทย", "nationality": "ไทย", "house_no": "12", "moo": "3", "road": "-",
    "tambon": "ครึ่ง", "amphoe": "เชียงของ", "province": "เชียงราย", "guardian_first": "สมปอง", "guardian_last": "ใจดี",
    "guardian_job": "เกษตรกร", "guardian_relation": "บิดา", "father_first": "สมปอง", "father_last": "ใจดี",
    "father_job": "เกษตรกร", "mother_first": "สมหญิง", "mother_last": "ใจดี", "mother_job": "รับจ้าง",
    "disadvantage": "เด็กยากจน",
    "pending_discharge": "-", "scout": "-", "red_cross": "-", "swims": "True",
}  # fmt: skip

_serial = itertools.count(1)


def make_id(start: str = "1", serial: int | None = None) -> str:
    """A valid synthetic citizen id beginning with ``start``."""
    first12 = start + f"{next(_serial) if serial is None else serial:0{12 - len(start)}d}"
    return first12 + str(check_digit(first12))


def pupil(**changes: Any) -> dict[str, Any]:
    """A pupil without a fault, of ป.1 in BE 2569, with ids of its own; then the changes."""
    number = next(_serial)
    name = "สม" + "".join(_SYLLABLES[int(digit)] for digit in str(number))
    return {**GOOD, "citizen_id": make_id(), "student_no": str(1000 + number), "first_name": name,
            "weight_kg": 20 + number % 40 / 10, "height_cm": 112 + number % 97 / 10, **changes}  # fmt: skip


def table(
    pupils: Sequence[Mapping[str, Any]], *, without: Sequence[str] = (), extra: Sequence[str] = (), stamp: bool = True
) -> list[list[Any]]:
    """The rows of a sheet: stamp, header, pupils; columns of ``without`` left out, those of ``extra`` put behind."""
    kept = [field for field in FIELDS if field not in without]
    rows: list[list[Any]] = [[STAMP]] if stamp else []
    rows.append([HEADERS[FIELDS.index(field)] for field in kept] + [EXTRA_HEADERS[field] for field in extra])
    rows.extend([[one[field] for field in kept] + [one.get(field) for field in extra] for one in pupils])
    return rows


def write_xlsx(path: Path, rows: Sequence[Sequence[Any]], *, sheet: str = "Sheet1") -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = sheet
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


def write_csv(path: Path, rows: Sequence[Sequence[Any]], encoding: str = "utf-8-sig", delimiter: str = ",") -> Path:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def job(path: Path | None, **changes: Any) -> dict[str, Any]:
    return {
        "register": "dmc", "path": str(path) if path else None, "filename": path.name if path else None,
        "kind": "csv" if path and path.suffix == ".csv" else "xlsx", "year_be": 2569, "round_no": 1,
        "as_of_date": "2026-06-10",
        "school": {"smis": SMIS, "name": "บ้านศรีลานนา", "education_range": "อนุบาล-มัธยมศึกษาตอนต้น"},
        "closed_smis": ["57040007"], "known_smis": None, "no_pupils": False, "same_bytes_as_version": None,
        "rule_set": OLDEST_SET, "today": "2026-06-02", "row_key_secret": SECRET, "index_secret": SECRET,
        "roll_path": os.devnull, **changes,
    }  # fmt: skip


def check_rows(tmp_path: Path, rows: Sequence[Sequence[Any]], **changes: Any) -> dict[str, Any]:
    """Write the rows as DMC's file of round 2569-1 and check it."""
    path = write_xlsx(tmp_path / "2569-1-student.xlsx", rows)
    return check(job(path, **changes), lambda *_: None)


def check_pupils(tmp_path: Path, *pupils: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    return check_rows(tmp_path, table(pupils), **changes)


def codes(result: Mapping[str, Any], *severities: str) -> list[str]:
    """The codes of the findings, of the named severities or all."""
    return [one["code"] for one in result["findings"] if not severities or one["severity"] in severities]
