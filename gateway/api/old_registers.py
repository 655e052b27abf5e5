"""Registers of old systems, taken over into a book."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from gateway.api.books import KEEPS, ONE
from gateway.api.school_rounds import UNREADABLE
from gateway.api.streams import follow, progress
from gateway.office import Office
from shared.http.answers import Answer, event_stream, json_answer
from shared.http.request import Request
from shared.http.routing import Routes
from shared.http.schemas import listing

routes = Routes(tag="books")

IMPORTS = ONE + "/imports"
IMPORT = IMPORTS + "/{import_id}"
WORKING = ("READING", "ENTERING")
STATES = (*WORKING, "DONE", "REFUSED", "FAILED")
WATCHED = ("id", "state", "progress", "entered")
# some ten thousand rows: what is larger takes longer than somebody waits for an answer
AT_ONCE_BYTES = 2 << 20


class ImportForm(Schema):
    """``dry_run``: only say what would be entered."""

    dry_run = fields.Boolean(load_default=True, metadata={"title": "ตรวจอย่างเดียว", "example": True})


class ImportReport(Schema):
    """What stands in a register, of each list the first thousand: `rows` are those of which something is to be said,
    `sound` is how many can be entered, `opening` the number to go on from.

    An import has an `id` and a `state`: `READING` and `ENTERING` while it goes on (`progress`; the report is empty
    until the file was read), then `DONE`, `REFUSED` or `FAILED` with the `problem`. A dry run that was answered at once
    has no id. `sha256` is that of the file.
    """

    id = fields.String(required=True, allow_none=True)
    book_id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    filename = fields.String(required=True)
    sha256 = fields.String(required=True)
    progress = fields.Dict(required=True)
    problem = fields.Dict(required=True, allow_none=True)
    created_at = fields.String(required=True, allow_none=True)
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
    IMPORTS, body=ImportForm, files=("file",), answers=ImportReport, status=202, access=KEEPS, idempotent=True,
    too_large="F01.too_large",
    problems=(
        "not_found", *UNREADABLE, "oldregister.columns", "oldregister.sheets", "oldregister.hidden_sheet",
        "oldregister.too_many_rows", "oldregister.too_heavy", "book.closed",
    ),
)  # fmt: skip
def import_register(request: Request, office: Office) -> Answer:
    """The register of an old system (XLSX, XLS, CSV; at most 100,000 rows) becomes an import, to be looked at by its
    `id`: its sound rows are entered, or with `dry_run` it is only said what stands in it. A dry run of a small file is
    answered at once (200).
    """
    taken = take_register(request, office, dry_run=request.form["dry_run"])
    return json_answer(taken, 202 if taken["id"] else 200)


def take_register(request: Request, office: Office, *, dry_run: bool) -> Any:
    """Hand the file of a request over: what stands in it, or the import that it has become."""
    received = request.files[0]
    file = {"sha256": received.sha256, "filename": received.filename}
    asked = {"book_id": request.params["id"], "file": file}
    if dry_run and received.size <= AT_ONCE_BYTES:
        return office.ask(request, "documents", "look_at_register", **asked)
    return office.ask(request, "documents", "receive_import", **asked, dry_run=dry_run)


@routes.get(IMPORTS, answers=listing(ImportReport), access=KEEPS, problems=("not_found",))
def list_register_imports(request: Request, office: Office) -> Any:
    """The newest imports into a book, the last first."""
    return office.ask(request, "documents", "list_imports", book_id=request.params["id"])


@routes.get(IMPORT, answers=ImportReport, access=KEEPS, problems=("not_found",))
def get_register_import(request: Request, office: Office) -> Any:
    """An import: how far it is, and what was found in the register."""
    return office.ask(
        request, "documents", "get_import", book_id=request.params["id"], import_id=request.params["import_id"]
    )


@routes.get(IMPORT + "/events", access=KEEPS, produces="text/event-stream", problems=("not_found",))
def watch_register_import(request: Request, office: Office) -> Answer:
    """Progress as server-sent events (`progress`, then `done`)."""
    first = get_register_import(request, office)
    return event_stream(follow(request, office, first, get_register_import, progress(WATCHED, WORKING)))
