"""The area's file: many schools in one workbook, a version for each."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from gateway.api.overdue import FOLLOWS_UP
from gateway.api.rounds import RUNS
from gateway.api.school_rounds import UNREADABLE, described
from gateway.api.streams import follow, progress
from gateway.office import Office
from shared.http.answers import Answer, event_stream
from shared.http.request import Request
from shared.http.routing import Routes
from shared.http.schemas import listing

routes = Routes(tag="the area's file")

ROUND = "/api/v1/rounds/{id}"
BATCH = "/api/v1/batches/{id}"
WORKING = frozenset({"RECORDING", "CHECKING"})
WATCHED = ("id", "state", "progress", "counts")


class AreaFile(Schema):
    include_confirmed = fields.Boolean(
        load_default=False, metadata={"title": "ส่งแทนโรงเรียนที่ยืนยันแล้วด้วย", "example": False}
    )


class Accepted(Schema):
    batch_id = fields.String(required=True)
    state = fields.String(required=True)


class BatchFinding(Schema):
    rule = fields.String(required=True)
    severity = fields.String(required=True)
    row = fields.Integer(required=True, allow_none=True)
    column = fields.String(required=True, allow_none=True)
    message = fields.String(required=True)
    suggestion = fields.String(required=True)


class BatchSchool(Schema):
    """`skipped` says why a school got no version: `confirmed acknowledged locked exempt closed same_file`."""

    smis = fields.String(required=True)
    name = fields.String(required=True)
    rows = fields.Integer(required=True)
    first_row = fields.Integer(required=True)
    skipped = fields.String(required=True, allow_none=True)
    submission_id = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True, allow_none=True)
    state = fields.String(required=True, allow_none=True)
    counts = fields.Dict(required=True, allow_none=True)


class Batch(Schema):
    """`counts.unmatched` are rows of no school of the round: `findings` tell of them."""

    id = fields.String(required=True)
    round_id = fields.String(required=True)
    state = fields.String(required=True)
    filename = fields.String(required=True)
    include_confirmed = fields.Boolean(required=True)
    uploaded_by = fields.String(required=True)
    created_at = fields.String(required=True)
    progress = fields.Dict(required=True)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    findings = fields.List(fields.Nested(BatchFinding), required=True)
    schools = fields.List(fields.Nested(BatchSchool), required=True)


@routes.post(
    ROUND + "/submissions", body=AreaFile, files=("file",), answers=Accepted, status=202, access=RUNS,
    idempotent=True, too_large="F01.too_large", problems=("not_found", *UNREADABLE, "round.not_open", "round.closed"),
)
def upload_area_file(request: Request, office: Office) -> Any:
    """Hand in one file with many schools of the area: each gets its part as its next version.

    Schools that have confirmed are passed over unless `include_confirmed`; rows with codes of no school of the round
    become findings of the file. Everything that is said of a row names its row in this file.
    """
    batch = receive(request, office, include_confirmed=request.form["include_confirmed"])
    return {"batch_id": batch["id"], "state": batch["state"]}


def receive(request: Request, office: Office, *, include_confirmed: bool) -> Any:
    """The file that came with the request, handed in."""
    return office.ask(
        request, "rounds", "receive_batch", round_id=request.params["id"], file=described(request.files[0]),
        include_confirmed=include_confirmed,
    )  # fmt: skip


@routes.get(ROUND + "/batches", answers=listing(Batch), access=FOLLOWS_UP, problems=("not_found",))
def list_area_files(request: Request, office: Office) -> Any:
    """The newest of the area's files of a round, the last first."""
    return office.ask(request, "rounds", "list_batches", round_id=request.params["id"])


@routes.get(BATCH, answers=Batch, access=FOLLOWS_UP, problems=("not_found",))
def get_batch(request: Request, office: Office) -> Any:
    """One of the area's files: how far it is, what is wrong with it, what became of each school."""
    return office.ask(request, "rounds", "get_batch", batch_id=request.params["id"])


@routes.get(BATCH + "/events", access=FOLLOWS_UP, produces="text/event-stream", problems=("not_found",))
def watch_batch(request: Request, office: Office) -> Answer:
    """Progress as server-sent events (`progress`, then `done`); ends when the part of every school is checked."""
    first = get_batch(request, office)
    return event_stream(follow(request, office, first, get_batch, progress(WATCHED, WORKING)))
