"""Registers judged as the child does it."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from services.documents.oldregisters.judging import judge
from services.documents.oldregisters.reading import read_register
from services.documents.oldregisters.rows import Sheet
from services.documents.oldregisters.rules import Number
from services.documents.registers.rules import BookKind
from shared.workbooks.container import inspect
from shared.workbooks.sheet import written

TODAY = dt.date(2026, 11, 28)
FORM_13 = ("เลขทะเบียนรับ", "ที่", "ลงวันที่", "จาก", "ถึง", "เรื่อง", "การปฏิบัติ", "หมายเหตุ")


def nobody_listens(_stage: str, _done: int, _total: int) -> None:
    """The progress of a job of which nobody waits for the end."""


def read_file(content: bytes, name: str, **job: Any) -> dict[str, Any]:
    """What the child makes of a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        usual = {"book_kind": "received", "known": [], "today": TODAY.isoformat(), "filename": name}
        return read_register({"path": str(path), "kind": inspect(path, name).kind, **usual, **job}, nobody_listens)


def judged(
    table: Sequence[Sequence[Any]],
    kind: str = "received",
    *,
    known: Iterable[tuple[Any, ...]] = (),
    name: str = "แผ่น",
    filename: str = "",
) -> dict[str, Any]:
    """The report on a table of cells."""
    sheet = Sheet(1, name, [[written(cell) for cell in row] for row in table])
    numbers = frozenset(Number(*number) for number in known)
    return judge([sheet], BookKind(kind), numbers, TODAY, filename)


def one(cells: Mapping[str, Any], kind: str = "received", **more: Any) -> dict[str, Any]:
    """The report's row on a register of one letter; columns by header, number and subject unless they are given."""
    number = "เลขทะเบียนรับ" if kind.endswith("received") else "เลขทะเบียน"
    usual = {number: "12/2569", "เรื่อง": "ขอเชิญประชุม", "จาก": "สพฐ."}
    values = {**usual, **cells}
    report = judged([list(values), list(values.values())], kind, **more)
    assert len(report["rows"]) == 1, report
    row: dict[str, Any] = report["rows"][0]
    return row


def codes(row: Mapping[str, Any]) -> set[str]:
    """The codes of a row's findings."""
    return {finding["code"] for finding in row["findings"]}


def found(report: Mapping[str, Any]) -> dict[str, Any]:
    """What a report says, in the words of ``tests.running.old_registers.Planted``."""
    numbers = {
        (same["be_year"], same["no"], same["suffix"]): {row["row"] for row in same["rows"]}
        for same in report["same_numbers"]
    }
    return {
        "duplicates": numbers,
        "letters": {frozenset(row["row"] for row in same["rows"]) for same in report["same_letters"]},
        "gaps": {(gap["be_year"], gap["first"], gap["last"]) for gap in report["gaps"]},
        "voids": {row["row"] for row in report["rows"] if row["entry"] and row["entry"]["is_void"]},
        "unreadable": {row["row"]: codes(row) for row in report["rows"] if row["status"] == "unreadable"},
        "disorder": {row["row"] for row in report["rows"] if "order.time" in codes(row)},
        "last": {year["be_year"]: year["last"] for year in report["years"]},
        "letters_in": len(report["rows"]),
    }
