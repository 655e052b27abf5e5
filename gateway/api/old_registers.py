"""Registers of old systems, taken over into a book."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from gateway.api.books import KEEPS, ONE
from gateway.api.school_rounds import UNREADABLE
from gateway.office import Office
from shared.http.request import Request
from shared.http.routing import Routes

routes = Routes(tag="books")


class ImportForm(Schema):
    """``dry_run``: only say what would be entered."""

    dry_run = fields.Boolean(load_default=True, metadata={"title": "ตรวจอย่างเดียว", "example": True})


class ImportReport(Schema):
    """Rows of which something is to be said, the first thousand; `sound` is how many rows can be entered, `opening` the
    number to go on from.
    """

    counts = fields.Dict(required=True)
    sheets = fields.List(fields.Dict(), required=True)
    skipped = fields.List(fields.Dict(), required=True)
    rows = fields.List(fields.Dict(), required=True)
    rows_told = fields.Integer(required=True)
    same_numbers = fields.List(fields.Dict(), required=True)
    same_letters = fields.List(fields.Dict(), required=True)
    gaps = fields.List(fields.Dict(), required=True)
    years = fields.List(fields.Dict(), required=True)
    opening = fields.Dict(required=True, allow_none=True)
    sound = fields.Integer(required=True)
    entered = fields.Integer(required=True)
    dry_run = fields.Boolean(required=True)


@routes.post(
    ONE + "/imports", body=ImportForm, files=("file",), answers=ImportReport, access=KEEPS, idempotent=True,
    too_large="F01.too_large",
    problems=(
        "not_found", *UNREADABLE, "oldregister.columns", "oldregister.sheets", "oldregister.hidden_sheet",
        "oldregister.too_many_rows", "oldregister.too_heavy", "book.closed",
    ),
)  # fmt: skip
def import_register(request: Request, office: Office) -> Any:
    """The register of an old system (XLSX, XLS, CSV): what stands in it, and unless it is a dry run its sound rows."""
    received = request.files[0]
    file = {"sha256": received.sha256, "filename": received.filename}
    return office.ask(
        request, "documents", "import_register", book_id=request.params["id"], file=file, **request.form
    )
