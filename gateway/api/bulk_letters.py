"""Many letters keyed in at once, as a table."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from gateway.api.letters import ALL, CreatedLetter, Keyed, as_keyed
from gateway.office import Office
from shared.http.request import Request
from shared.http.routing import Access, Routes

routes = Routes(tag="letters")

MOST_ROWS = 50
_ROW = {
    "kind": "external", "subject": "ขอเชิญประชุม", "from": "สพฐ.", "doc_no": "ศธ 04006/ว 12", "doc_date": "2026-06-08",
    "speed": "normal", "secrecy": "none", "channel": "paper", "key": "ตารางที่-1-แถวที่-1",
}  # fmt: skip


class BulkRow(Keyed):
    """A letter that came in; `key` makes the row one letter however often it is sent, `again`: it is another letter,
    though one like it was keyed in a moment ago.
    """

    key = fields.String(validate=validate.Length(min=1, max=255), metadata={"title": "รหัสของแถว", "example": "แถวที่-1"})
    again = fields.Boolean(load_default=False, metadata={"title": "ยืนยันว่าเป็นอีกฉบับ", "example": False})


class BulkLetters(Schema):
    rows = fields.List(
        fields.Nested(BulkRow), required=True, validate=validate.Length(min=1, max=MOST_ROWS),
        metadata={"title": "หนังสือ", "example": [_ROW]},
    )  # fmt: skip


class BulkResult(Schema):
    """What became of row number `row` (from 0): the registered `letter`, or the `problem` with its fields."""

    row = fields.Integer(required=True)
    letter = fields.Nested(CreatedLetter, required=True, allow_none=True)
    problem = fields.Dict(required=True, allow_none=True)


class BulkResults(Schema):
    rows = fields.List(fields.Nested(BulkResult), required=True)
    registered = fields.Integer(required=True)
    refused = fields.Integer(required=True)


@routes.post(
    ALL + "/bulk", body=BulkLetters, answers=BulkResults, access=Access(roles=("registrar",)), idempotent=True,
    problems=("invalid",),
)  # fmt: skip
def register_letters(request: Request, office: Office) -> Any:
    """Key in a table of letters and register those that are right, in its order; a wrong row keeps nobody back."""
    return office.ask(request, "documents", "register_many", rows=[_row_of(row) for row in request.json["rows"]])


def _row_of(row: dict[str, Any]) -> dict[str, Any]:
    values = {name: value for name, value in row.items() if name not in ("key", "again")}
    return {"values": {**as_keyed(values), "direction": "in"}, "key": row.get("key"), "again": row["again"]}
