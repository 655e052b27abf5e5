"""Lists of people who do not exist, as a school's clerk would write them, and their way through the API."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from shared.thai import national_id
from tests.running.api import Api
from tests.running.emis import as_headers, workbook
from tests.running.waiting import until

HEADERS = ("คำนำหน้า", "ชื่อ", "นามสกุล", "เลขประจำตัวประชาชน", "ตำแหน่ง", "ชื่อผู้ใช้", "บทบาท", "หน่วยงาน",
           "ตั้งแต่วันที่", "ถึงวันที่", "อีเมล", "โทรศัพท์")  # fmt: skip
WORKING = {"RECEIVED", "CHECKING", "APPLYING"}


def citizen_id(number: int, first: str = "1") -> str:
    """A citizen id of the right form; a number of its own gives one of its own."""
    twelve = f"{first}5799{number:07d}"
    return f"{twelve}{national_id.check_digit(twelve)}"


def person(number: int, **cells: Any) -> list[Any]:
    """A row with every cell right; ``cells`` replaces values by header."""
    values = {
        "คำนำหน้า": "นางสาว",
        "ชื่อ": "ดารา" + letters(number),
        "นามสกุล": "สมมติชน",
        "เลขประจำตัวประชาชน": citizen_id(number),
        "ตำแหน่ง": "ครู",
        "ชื่อผู้ใช้": f"dara{number}",
        "บทบาท": "ครู",
        "หน่วยงาน": "57040001",
        **as_headers(cells),
    }
    return [values.get(header, "") for header in HEADERS]


def letters(number: int) -> str:
    """A number in letters, since names hold no digits."""
    return "".join("กขคงจชซตถท"[int(digit)] for digit in str(number))


def people_list(rows: Sequence[Sequence[Any]], title: str = "") -> bytes:
    """A workbook of people; with a title above its header if wanted."""
    return workbook([*([[title]] if title else []), HEADERS, *rows])


def many(first: int, count: int) -> Iterator[list[Any]]:
    """Rows of people who are all new."""
    return (person(number) for number in range(first, first + count))


def send(api: Api, content: bytes, name: str, kind: str, *, expect: int | None = 202, **form: str) -> Any:
    """Send a file to be imported."""
    return api.request("POST", "/imports", expect=expect, files={"file": (name, content)}, data={"kind": kind, **form})


def settled(api: Api, import_id: str, seconds: float = 90) -> Any:
    """The import once nothing is being done with it."""

    def look() -> Any:
        found = api.get(f"/imports/{import_id}")
        return found if found["state"] not in WORKING else None

    return until(look, seconds, f"import {import_id}")


def rows_of(api: Api, import_id: str, **narrowed: Any) -> list[Any]:
    """The rows of the report, page after page."""
    rows: list[Any] = []
    cursor: str | None = None
    while True:
        page = api.get(f"/imports/{import_id}/rows", limit=500, cursor=cursor, **narrowed)
        rows += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return rows
