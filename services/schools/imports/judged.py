"""One row being judged: its values by field, what is wrong with it, which repairs are proposed, what would change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.schools.imports.cells import CUT, FORMULA
from services.schools.imports.layout import Columns
from services.schools.imports.repairs import Mended, mend_digits, mend_text
from services.schools.imports.rules import Verdict, accepted, row_id
from shared.thai.fold import is_missing

UNDECIDED = "repair.undecided"


class Row:
    """A row of the file. ``fields`` says which column letter holds which field; ``decisions`` are those taken before.

    A repair that nobody has decided yet makes the row an ERROR, and it is judged on as if the repair were accepted, so
    that one sees what accepting leads to. A rejected one leaves the field out.
    """

    def __init__(self, read: Mapping[str, Any], fields: Mapping[str, str], columns: Columns) -> None:
        self.sheet, self.number = int(read["sheet"]), int(read["row"])
        self.skipped: str | None = read["skipped"]
        self.target: str | None = None
        self.plan: dict[str, Any] = {}
        self.errors: list[dict[str, Any]] = []
        self._columns = columns
        self._cells = {field: read["cells"][letter] for letter, field in fields.items() if letter in read["cells"]}
        self._letters = {field: letter for letter, field in fields.items()}
        self._odd = {field: read["odd"][letter] for letter, field in fields.items() if letter in read["odd"]}
        self._decisions: Mapping[str, Mapping[str, Any]] = read.get("decisions") or {}
        self._notes: list[dict[str, Any]] = []
        self._changes: list[dict[str, Any]] = []
        self._repairs: dict[str, dict[str, Any]] = {}
        if self.skipped is None:
            self._look_at_oddities()

    @property
    def id(self) -> str:
        return row_id(self.sheet, self.number)

    def has(self, field: str) -> bool:
        """Whether the file has a column of this field."""
        return field in self._letters

    def raw(self, field: str) -> str:
        """The cell as it was read; "" where nothing, or a dash, stands."""
        cell = self._cells.get(field, "")
        return "" if is_missing(cell) else cell

    def text(self, field: str) -> str:
        """A text without what nobody sees."""
        return mend_text(self.raw(field)).text

    def code(self, field: str) -> str:
        """A code of digits, repaired."""
        return self.repaired(field, mend_digits(self.raw(field)))

    def repaired(self, field: str, mended: Mended, key: str | None = None) -> str:
        """The value of a field after ``mended``, as it was decided: "" for a repair that was rejected.

        ``key`` is under what it is decided; the field, unless two repairs of one field are decided apart.
        """
        if not mended.kinds:
            return mended.text
        key = key or field
        decision = accepted(self._decisions, key, mended.text)
        self._repairs[key] = {
            "key": key, "field": field, "repair": mended.group, "reasons": mended.reasons,
            "before": self._cells.get(field, ""), "after": mended.text, "accepted": decision,
        }  # fmt: skip
        if decision is None:
            self.error(field, UNDECIDED, f"{self.title(field)}: ระบบเสนอให้แก้ค่าในไฟล์ กรุณาตัดสินก่อนนำเข้า")
        elif not decision:
            self.note(field, "repair.rejected", f"{self.title(field)}: ไม่ใช้ค่าที่ระบบเสนอ")
            return ""
        return mended.text

    def title(self, field: str) -> str:
        """What people call a field."""
        return self._columns.column(field).header

    def error(self, field: str, code: str, message: str) -> None:
        """Say what keeps the row from being applied."""
        self.errors.append(self._said(field, code, message))

    def note(self, field: str, code: str, message: str) -> None:
        """Say what somebody should know, and what keeps nothing."""
        self._notes.append(self._said(field, code, message))

    def change(self, field: str, before: Any, after: Any) -> None:
        """Say what a field would become; nothing where it is so already."""
        old, new = _shown(before), _shown(after)
        if old != new:
            self._changes.append({"field": field, "title": self.title(field), "before": old, "after": new})

    @property
    def changes(self) -> list[dict[str, Any]]:
        return self._changes

    def judgement(self, verdict: Verdict) -> dict[str, Any]:
        """All that is said of the row. Whatever else holds, a row with an error is an ERROR and plans nothing."""
        if self.errors:
            verdict = Verdict.ERROR
        return {
            "verdict": verdict.value,
            "skipped": self.skipped,
            "target": self.target,
            "errors": self.errors,
            "notes": self._notes,
            "changes": self._changes,
            "repairs": list(self._repairs.values()),
            "plan": {} if self.errors else self.plan,
        }

    def _look_at_oddities(self) -> None:
        for field, kind in self._odd.items():
            if kind == FORMULA:
                words = "เซลล์เป็นสูตร กรุณาวางเป็นค่า (Paste Values) แล้วส่งใหม่"
                self.error(field, "cell.formula", f"{self.title(field)}: {words}")
            elif kind == CUT:
                self.error(field, "cell.too_long", f"{self.title(field)}: ข้อความยาวผิดปกติ")

    def _said(self, field: str, code: str, message: str) -> dict[str, Any]:
        return {"field": field, "column": self._letters.get(field), "code": code, "message": message}


def rows_of(reads: Iterable[Mapping[str, Any]], sheets: Sequence[Mapping[str, Any]], columns: Columns) -> list[Row]:
    """Rows as they were read, ready to be judged; ``sheets`` says which column letter of which sheet is what."""
    fields = [
        {column["column"]: column["field"] for column in sheet["columns"] if column["field"]} for sheet in sheets
    ]
    return [Row(read, fields[int(read["sheet"]) - 1], columns) for read in reads]


def _shown(value: Any) -> str:
    return "" if value is None else str(value)
