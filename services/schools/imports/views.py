"""How imports and their rows look to the outside. Whatever looks like a citizen id is masked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from services.schools.imports.kinds.model import Kind
from services.schools.imports.layout import Columns
from services.schools.imports.rules import KEPT, row_id
from shared.thai import national_id
from shared.thai.national_id import mask_within

VERDICTS = {
    "NEW": "เพิ่มใหม่",
    "CHANGE": "แก้ไข",
    "SAME": "ตรงกับในระบบแล้ว",
    "ERROR": "มีข้อผิดพลาด",
    "SKIPPED": "ไม่ใช่แถวข้อมูล",
}
OUTCOMES = {
    "APPLIED": "นำเข้าแล้ว",
    "UNCHANGED": "ไม่เปลี่ยนแปลง",
    "REFUSED": "นำเข้าไม่ได้",
    "STALE": "ไม่นำเข้า ข้อมูลในระบบเปลี่ยนไปหลังการตรวจ",
    "LEFT": "ไม่นำเข้า มีข้อผิดพลาด",
    "SKIPPED": "ไม่ใช่แถวข้อมูล",
}
SKIPPED = {
    "blank": "แถวว่าง",
    "title": "ข้อความเหนือหัวตาราง",
    "header": "หัวตาราง",
    "total": "แถวผลรวม",
    "no_header": "แผ่นงานนี้ไม่มีหัวตาราง",
    "not_complete": "แผ่นงานนี้ไม่มีคอลัมน์ที่ต้องมี",
}


def kind_view(kind: Kind) -> dict[str, Any]:
    """A kind with the columns of its list, as a page and the template explain them."""
    needed = {group[0] if len(group) == 1 else "" for group in kind.columns.needed}
    return {
        "kind": kind.name,
        "title": kind.title,
        "hint": kind.hint,
        "needed": kind.columns.missing(()),
        "for_schools": bool(kind.school_roles),
        "columns": [
            {
                "field": column.field,
                "header": column.header,
                "meaning": column.meaning,
                "example": column.example,
                "choices": list(column.choices),
                "required": column.field in needed,
                "is_code": column.is_code or column.secret,
            }
            for column in kind.columns.known
        ],
    }


def job_view(found: Any, kind: Kind) -> dict[str, Any]:
    """An import by itself, without the names of people and units."""
    return {
        "id": found.id,
        "kind": found.kind,
        "title": kind.title,
        "state": found.state,
        "etag": found.etag,
        "filename": mask_within(found.filename),
        "size": found.size,
        "created_at": iso(found.created_at),
        "checked_at": iso(found.checked_at),
        "ended_at": iso(found.ended_at),
        "purged_at": iso(found.purged_at),
        "purge_on": iso(found.ended_at + KEPT) if found.ended_at else None,
        "as_of": found.as_of.isoformat() if found.as_of else None,
        "counts": found.counts,
        "repairs": [{"repair": name, **group} for name, group in sorted(found.repairs.items())],
        "sheets": [_sheet_view(place, sheet) for place, sheet in enumerate(found.sheets, start=1)],
        "progress": found.progress,
        "fault": found.fault,
    }


def row_view(row: Mapping[str, Any], sheets: Sequence[Mapping[str, Any]], columns: Columns) -> dict[str, Any]:
    """A row of the file with what is said of it; ``row`` holds ``read``, ``judged``, ``outcome``, ``said`` and
    ``subject``.
    """
    read, judged = row["read"], row["judged"]
    sheet = sheets[read["sheet"] - 1]
    named = {column["column"]: column for column in sheet["columns"]}
    secret = {column.field for column in columns.known if column.secret}
    said = row["said"]
    cells = {} if judged["skipped"] else {
        column["field"]: read["cells"].get(letter, "") for letter, column in named.items()
    }  # fmt: skip
    return {
        "id": row_id(read["sheet"], read["row"]),
        "label": " ".join(shown(cells[field], is_secret=False) for field in columns.label if cells.get(field)),
        "sheet": sheet["name"],
        "row": read["row"],
        "verdict": judged["verdict"],
        "skipped": SKIPPED[judged["skipped"]] if judged["skipped"] else None,
        "values": [
            _value_view(letter, text, named.get(letter), secret) for letter, text in read["cells"].items()
        ],
        "errors": judged["errors"],
        "notes": judged["notes"],
        "changes": [_masked(change, secret) for change in judged["changes"]],
        "repairs": [_masked({**repair, "title": columns.column(repair["field"]).header}, secret)
                    for repair in judged["repairs"]],
        "outcome": row["outcome"],
        "said": " ".join(part for part in (said["title"], said.get("detail", "")) if part) if said else None,
        "subject": row["subject"],
    }  # fmt: skip


def iso(moment: dt.datetime | None) -> str | None:
    """An instant on the wire."""
    return moment.isoformat() if moment else None


def _sheet_view(place: int, sheet: Mapping[str, Any]) -> dict[str, Any]:
    """A sheet: where its header stands, and which of its columns nobody asked for."""
    return {
        "sheet": place,
        "name": sheet["name"],
        "header_row": sheet["header_row"],
        "is_list": sheet["is_list"],
        "unknown": [
            {"column": column["column"], "header": national_id.mask_within(column["header"])}
            for column in sheet["columns"]
            if column["field"] is None
        ],
    }


def _value_view(letter: str, text: str, column: Mapping[str, Any] | None, secret: set[str]) -> dict[str, Any]:
    field = column["field"] if column else None
    return {
        "column": letter,
        "header": national_id.mask_within(column["header"]) if column else None,
        "field": field,
        "value": shown(text, is_secret=field in secret),
    }


def _masked(entry: Mapping[str, Any], secret: set[str]) -> dict[str, Any]:
    is_secret = entry["field"] in secret
    return {
        **entry,
        "before": shown(entry["before"], is_secret=is_secret),
        "after": shown(entry["after"], is_secret=is_secret),
    }


def shown(text: str, *, is_secret: bool) -> str:
    """A value as it may be seen."""
    return national_id.mask(text) if is_secret else national_id.mask_within(text)
