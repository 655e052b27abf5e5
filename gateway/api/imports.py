"""Lists imported from files: sent, looked at row by row, decided upon, applied."""

from __future__ import annotations

import base64
from typing import Any

from marshmallow import Schema, fields, validate

from gateway.api.streams import follow, progress
from gateway.office import Office
from shared.http.answers import Answer, content_disposition, event_stream, json_answer
from shared.http.request import Request
from shared.http.routing import Access, Routes
from shared.http.schemas import Paging, listing
from shared.problems import FieldError, invalid

routes = Routes(tag="imports")

IMPORT = "/api/v1/imports/{import_id}"
ROLES = ("area_admin", "school_director")
LISTS = Access(roles=ROLES)
SENDS = Access(roles=ROLES, scope="school", elsewhere=403)
HOLDS = Access(roles=ROLES, scope="school", elsewhere=404)

STATES = ("RECEIVED", "CHECKED", "CHECKING", "APPLYING", "APPLIED", "CANCELLED", "REJECTED", "FAILED")
VERDICTS = ("NEW", "CHANGE", "SAME", "ERROR", "SKIPPED")
OUTCOMES = ("APPLIED", "UNCHANGED", "REFUSED", "STALE", "LEFT", "SKIPPED")
WORKING = frozenset({"RECEIVED", "CHECKING", "APPLYING"})
WATCHED = ("id", "state", "progress", "counts")
MOST_DECISIONS = 5000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _text(title: str, most: int, example: str, **options: Any) -> fields.String:
    return fields.String(
        validate=validate.Length(max=most), metadata={"title": title, "example": example}, **options
    )


class NewImport(Schema):
    kind = _text("ชนิดของรายการ", 20, "people", required=True)
    smis = _text("รหัสโรงเรียน", 8, "57040001")
    area = _text("รหัสเขตพื้นที่", 10, "5704")


class ImportQuery(Paging):
    kind = _text("ชนิดของรายการ", 20, "people")
    state = fields.String(validate=validate.OneOf(STATES), metadata={"title": "สถานะ"})


class RowQuery(Paging):
    limit = fields.Integer(load_default=100, validate=validate.Range(min=1, max=500), metadata={"title": "จำนวนต่อหน้า"})
    verdict = fields.String(validate=validate.OneOf(VERDICTS), metadata={"title": "ผลการตรวจ"})
    outcome = fields.String(validate=validate.OneOf(OUTCOMES), metadata={"title": "สิ่งที่เกิดขึ้น"})
    repair = _text("การแก้ที่เสนอ", 100, "insert_zero")


class Decision(Schema):
    row_id = _text("แถว", 20, "1-12", required=True)
    key = _text("การแก้", 60, "ministry_code", required=True)
    accept = fields.Boolean(required=True, metadata={"title": "รับการแก้", "example": True})


class GroupDecision(Schema):
    repair = _text("การแก้ที่เสนอ", 100, "insert_zero", required=True)
    accept = fields.Boolean(required=True, metadata={"title": "รับการแก้", "example": True})


class Decisions(Schema):
    decisions = fields.List(
        fields.Nested(Decision),
        load_default=list,
        validate=validate.Length(max=MOST_DECISIONS),
        metadata={"title": "การตัดสินรายแถว", "example": []},
    )
    groups = fields.List(
        fields.Nested(GroupDecision),
        load_default=list,
        validate=validate.Length(max=100),
        metadata={"title": "การตัดสินทั้งกลุ่ม", "example": [{"repair": "insert_zero", "accept": True}]},
    )


class Column(Schema):
    field = fields.String(required=True)
    header = fields.String(required=True)
    meaning = fields.String(required=True)
    example = fields.String(required=True)
    choices = fields.List(fields.String(), required=True)
    required = fields.Boolean(required=True)
    is_code = fields.Boolean(required=True)


class Kind(Schema):
    kind = fields.String(required=True)
    title = fields.String(required=True)
    hint = fields.String(required=True)
    needed = fields.List(fields.String(), required=True)
    for_schools = fields.Boolean(required=True)
    columns = fields.List(fields.Nested(Column), required=True)


class Repairs(Schema):
    repair = fields.String(required=True)
    reasons = fields.List(fields.String(), required=True)
    total = fields.Integer(required=True)
    undecided = fields.Integer(required=True)


class Import(Schema):
    """``counts`` are rows: ``rows_in`` is the sum of the verdicts; ``outcome_…`` once they were applied."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    title = fields.String(required=True)
    state = fields.String(required=True)
    etag = fields.String(required=True)
    filename = fields.String(required=True)
    size = fields.Integer(required=True)
    organisation = fields.Dict(required=True)
    created_at = fields.String(required=True)
    created_by = fields.String(required=True)
    checked_at = fields.String(required=True, allow_none=True)
    applied_by = fields.String(required=True, allow_none=True)
    ended_at = fields.String(required=True, allow_none=True)
    purge_on = fields.String(required=True, allow_none=True)
    purged_at = fields.String(required=True, allow_none=True)
    as_of = fields.String(required=True, allow_none=True)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    repairs = fields.List(fields.Nested(Repairs), required=True)
    sheets = fields.List(fields.Dict(), required=True)
    progress = fields.Dict(required=True)
    fault = fields.Dict(required=True, allow_none=True)


class ImportDetail(Import):
    """``created`` are the ids of the people, or the codes of the schools, that it made; ``without_password`` the people
    whose account waits for its first slip.
    """

    created = fields.List(fields.String(), required=True)
    without_password = fields.List(fields.String(), required=True)


class Row(Schema):
    """A row of the file: ``id`` is sheet and row as Excel counts them; ``said`` is why it could not be applied."""

    id = fields.String(required=True)
    label = fields.String(required=True)
    sheet = fields.String(required=True)
    row = fields.Integer(required=True)
    verdict = fields.String(required=True)
    skipped = fields.String(required=True, allow_none=True)
    values = fields.List(fields.Dict(), required=True)
    errors = fields.List(fields.Dict(), required=True)
    notes = fields.List(fields.Dict(), required=True)
    changes = fields.List(fields.Dict(), required=True)
    repairs = fields.List(fields.Dict(), required=True)
    outcome = fields.String(required=True, allow_none=True)
    said = fields.String(required=True, allow_none=True)
    subject = fields.String(required=True, allow_none=True)


@routes.get("/api/v1/imports/kinds", answers=listing(Kind), access=LISTS)
def list_import_kinds(request: Request, office: Office) -> Any:
    """The kinds of lists that the caller may import, and what belongs into their columns."""
    return office.ask(request, "schools", "list_import_kinds")


@routes.get("/api/v1/imports/templates/{kind}.xlsx", access=LISTS, produces=XLSX, problems=("not_found",))
def get_import_template(request: Request, office: Office) -> Answer:
    """A workbook to be filled in."""
    return _workbook(office.ask(request, "schools", "get_import_template", kind=request.params["kind"]))


@routes.get("/api/v1/imports", query=ImportQuery, answers=listing(Import), access=LISTS, problems=("invalid",))
def list_imports(request: Request, office: Office) -> Any:
    """The imports of the caller's part of the office, the newest first."""
    return office.ask(request, "schools", "list_imports", **request.query)


@routes.post(
    "/api/v1/imports",
    body=NewImport,
    files=("file*",),
    answers=Import,
    status=202,
    access=SENDS,
    idempotent=True,
    too_large="F01.too_large",
    problems=("invalid", "not_found", "F01.empty", "F01.type", "F01.extension", "F01.encrypted", "F01.bomb",
              "F01.unreadable", "import.same_file"),
)  # fmt: skip
def send_import(request: Request, office: Office) -> Any:
    """Send a file (XLSX, XLS, CSV, EMIS's HTML): for a school (`smis`), an area (`area`), or the one that is yours.

    It is read and judged row by row afterwards; nothing changes before it is applied.
    """
    if len(request.files) > 1:
        raise invalid([FieldError("file", "one", "ส่งได้ครั้งละหนึ่งไฟล์")])
    body = request.form if request.media_type == "multipart/form-data" else request.json
    return receive(request, office, **body)


def receive(request: Request, office: Office, **body: Any) -> Any:
    """Hand the file of a request over to the owner."""
    received = request.files[0] if request.files else None
    file = {"sha256": received.sha256, "filename": received.filename, "size": received.size} if received else None
    return office.ask(request, "schools", "receive_import", file=file, **body)


@routes.get(IMPORT, answers=ImportDetail, access=HOLDS, problems=("not_found",))
def get_import(request: Request, office: Office) -> Answer:
    """An import: state, sums, the repairs that are proposed."""
    return _import(_ask(request, office, "get_import"))


@routes.get(
    IMPORT + "/rows", query=RowQuery, answers=listing(Row), access=HOLDS,
    problems=("not_found", "invalid", "import.purged"),
)  # fmt: skip
def list_import_rows(request: Request, office: Office) -> Any:
    """Every row of the file, in its order, with what is said of it."""
    return _ask(request, office, "list_import_rows", **request.query)


@routes.get(
    IMPORT + "/report.xlsx", access=HOLDS, produces=XLSX,
    problems=("not_found", "import.purged", "import.not_checked"),
)  # fmt: skip
def get_import_report(request: Request, office: Office) -> Answer:
    """The whole report as a workbook: what was said of each row and what became of it."""
    return _workbook(_ask(request, office, "get_import_report"))


@routes.post(
    IMPORT + "/decisions", body=Decisions, answers=Import, status=202, access=HOLDS, idempotent=True,
    problems=("not_found", "invalid", "import.state", "precondition.stale"),
)  # fmt: skip
def decide_import(request: Request, office: Office) -> Answer:
    """Accept or reject proposed repairs: single ones, all of a kind, or both (single ones win). Judged again after."""
    return _import(_ask(request, office, "decide_import", if_match=request.if_match, **request.json), 202)


@routes.post(
    IMPORT + "/apply", answers=Import, status=202, access=HOLDS, idempotent=True,
    problems=("not_found", "import.state", "import.nothing", "precondition.stale"),
)  # fmt: skip
def apply_import(request: Request, office: Office) -> Answer:
    """Apply the rows without errors; asking again changes nothing."""
    return _import(_ask(request, office, "apply_import", if_match=request.if_match), 202)


@routes.post(
    IMPORT + "/cancel", answers=Import, access=HOLDS, idempotent=True,
    problems=("not_found", "import.state", "precondition.stale"),
)  # fmt: skip
def cancel_import(request: Request, office: Office) -> Answer:
    """Leave it: nothing of the file is applied."""
    return _import(_ask(request, office, "cancel_import", if_match=request.if_match))


@routes.get(IMPORT + "/events", access=HOLDS, produces="text/event-stream", problems=("not_found",))
def watch_import(request: Request, office: Office) -> Answer:
    """Progress as server-sent events (`progress`, then `done`); ends when nothing is being done."""
    return event_stream(
        follow(request, office, _found(request, office), _found, progress(WATCHED, WORKING))
    )


def _found(request: Request, office: Office) -> Any:
    return _ask(request, office, "get_import")


def _ask(request: Request, office: Office, operation: str, **args: Any) -> Any:
    return office.ask(request, "schools", operation, import_id=request.params["import_id"], **args)


def _import(found: Any, status: int = 200) -> Answer:
    # the tag is that of the decisions; how far it is changes beside it, so nobody may keep an answer by its tag
    return json_answer(found, status, headers={"ETag": f'"{found["etag"]}"'})


def _workbook(made: Any) -> Answer:
    headers = {"Content-Disposition": content_disposition(made["name"]), "Cache-Control": "no-store"}
    return Answer(200, base64.b64decode(made["content"]), XLSX, headers)
