"""Versions of a school's file, their findings, the reasons for warnings, live progress."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from marshmallow import Schema, fields, validate

from gateway.api.rounds import READS
from gateway.api.school_rounds import CONFIRMS
from gateway.office import Office
from shared.http.answers import Answer, ServerEvent, event_stream
from shared.http.request import Request
from shared.http.routing import Routes
from shared.http.schemas import Paging, listing
from shared.problems import Problem

routes = Routes(tag="submissions")

SEVERITIES = ("BLOCK", "ERROR", "WARN", "INFO")
WORKING = frozenset({"RECORDING"})


class Submission(Schema):
    id = fields.String(required=True)
    round_id = fields.String(required=True)
    smis = fields.String(required=True)
    version = fields.Integer(required=True)
    state = fields.String(required=True)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    progress = fields.Dict(required=True)


class FindingQuery(Paging):
    limit = fields.Integer(load_default=500, validate=validate.Range(min=1, max=1000), metadata={"title": "จำนวนต่อหน้า"})
    rule = fields.String(validate=validate.Length(max=20), metadata={"title": "กฎ"})
    severity = fields.String(validate=validate.OneOf(SEVERITIES), metadata={"title": "ระดับ"})
    state = fields.String(validate=validate.OneOf(("open", "acknowledged")), metadata={"title": "สถานะ"})


class Finding(Schema):
    id = fields.String(required=True)
    rule = fields.String(required=True)
    severity = fields.String(required=True)
    row = fields.Integer(required=True, allow_none=True)
    column = fields.String(required=True, allow_none=True)
    header = fields.String(required=True, allow_none=True)
    value_masked = fields.String(required=True, allow_none=True)
    message = fields.String(required=True)
    suggestion = fields.String(required=True)
    state = fields.String(required=True)


class Explanation(Schema):
    rule = fields.String(validate=validate.Length(max=20), metadata={"title": "กฎ"})
    finding_ids = fields.List(
        fields.String(validate=validate.Length(max=36)),
        validate=validate.Length(max=5000),
        metadata={"title": "รายการ"},
    )
    reason = fields.String(required=True, validate=validate.Length(max=2000), metadata={"title": "เหตุผล"})


@routes.get("/api/v1/submissions/{id}", answers=Submission, access=READS, problems=("not_found",))
def get_submission(request: Request, office: Office) -> Any:
    """One version of a school's file: state, counts, findings by rule."""
    return office.ask(request, "rounds", "get_submission", submission_id=request.params["id"])


@routes.get(
    "/api/v1/submissions/{id}/findings", query=FindingQuery, answers=listing(Finding), access=READS,
    problems=("not_found",),
)
def list_findings(request: Request, office: Office) -> Any:
    """The findings in sheet order; row and column are those of the sheet."""
    return office.ask(request, "rounds", "list_findings", submission_id=request.params["id"], **request.query)


@routes.post(
    "/api/v1/submissions/{id}/acknowledgements", body=Explanation, answers=Submission, access=CONFIRMS,
    idempotent=True, problems=("invalid", "submission.state"),
)
def explain_warnings(request: Request, office: Office) -> Any:
    """Give warnings a reason, all of a rule or some by id."""
    return office.ask(request, "rounds", "explain", submission_id=request.params["id"], **request.json)


@routes.get(
    "/api/v1/submissions/{id}/events", access=READS, produces="text/event-stream", problems=("not_found",)
)
def watch_submission(request: Request, office: Office) -> Answer:
    """Progress as server-sent events (`progress`, then `done`); ends when the file is checked."""
    first = get_submission(request, office)
    return event_stream(_watch(request, office, first))


def _watch(request: Request, office: Office, submission: Any) -> Iterator[ServerEvent | None]:
    shown = None
    while True:
        state = {name: submission[name] for name in ("id", "version", "state", "progress", "counts")}
        working = submission["state"] in WORKING
        if state != shown:
            shown = state
            yield ServerEvent(state, "progress" if working else "done")
        else:
            yield None
        if not working:
            return
        try:
            # a stream may outlive the two minutes of an identity
            request.session = office.identify(request, request.session.token, from_cookie=request.session.from_cookie)
            submission = get_submission(request, office)
        except Problem as problem:
            yield ServerEvent(problem.as_dict(), "problem")
            return
