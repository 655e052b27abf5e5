"""Versions of a school's file, their findings, the reasons for warnings, live progress."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from marshmallow import Schema, fields, validate

from gateway.api.rounds import READS
from gateway.api.school_rounds import CONFIRMS, DESK, GUARDS
from gateway.api.streams import follow, progress
from gateway.downloads import download
from gateway.office import Office
from gateway.web.workbook import XLSX
from shared.http.answers import Answer, event_stream, json_answer
from shared.http.request import Request
from shared.http.routing import Access, Routes
from shared.http.schemas import Paging, listing

routes = Routes(tag="submissions")

# a file is no business of another school's: it is not even said that there is one
READS_FILE = replace(READS, elsewhere=404)
EXPLAINS = replace(CONFIRMS, elsewhere=404)
REVEALS = Access(roles=("data_officer", "school_director", "officer"), scope="school", elsewhere=404)
LAST_ROW = 1_048_576
SINCE = ("fixed", "open", "new")
SEVERITIES = ("BLOCK", "ERROR", "WARN", "INFO")
WORKING = frozenset({"RECORDING"})
WATCHED = ("id", "version", "state", "progress", "counts")


# what happened to a pupil who came or is gone since the round before
KINDS = ("new", "in", "out", "graduated", "left", "other")


class Compared(Schema):
    """Beside the version that stood before: null and zeros for a first one."""

    compared_with = fields.Integer(required=True, allow_none=True, metadata={"title": "เทียบกับฉบับที่"})
    fixed = fields.Integer(required=True, metadata={"title": "แก้แล้ว"})
    still_open = fields.Integer(required=True, metadata={"title": "ยังค้าง"})
    new = fields.Integer(required=True, metadata={"title": "ใหม่"})


class Received(Schema):
    id = fields.String(required=True)
    round_id = fields.String(required=True)
    smis = fields.String(required=True)
    version = fields.Integer(required=True)
    state = fields.String(required=True)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    progress = fields.Dict(required=True)
    corrected_from = fields.Integer(required=True, allow_none=True, metadata={"title": "แก้เซลล์จากฉบับที่"})


class Submission(Received, Compared):
    """A version with what the check found. ``erased_at``: when file and values were erased, their time being over."""

    erased_at = fields.String(required=True, allow_none=True, metadata={"title": "ลบแล้วเมื่อ"})


class FindingQuery(Paging):
    limit = fields.Integer(load_default=500, validate=validate.Range(min=1, max=1000), metadata={"title": "จำนวนต่อหน้า"})
    rule = fields.String(validate=validate.Length(max=20), metadata={"title": "กฎ"})
    severity = fields.String(validate=validate.OneOf(SEVERITIES), metadata={"title": "ระดับ"})
    state = fields.String(validate=validate.OneOf(("open", "acknowledged")), metadata={"title": "สถานะ"})
    since = fields.String(validate=validate.OneOf(SINCE), metadata={"title": "เทียบกับฉบับก่อน"})


class Finding(Schema):
    id = fields.String(required=True)
    rule = fields.String(required=True)
    severity = fields.String(required=True)
    row = fields.Integer(required=True, allow_none=True)
    column = fields.String(required=True, allow_none=True)
    header = fields.String(required=True, allow_none=True)
    value_masked = fields.String(required=True, allow_none=True)
    is_masked = fields.Boolean(required=True)
    message = fields.String(required=True)
    suggestion = fields.String(required=True)
    state = fields.String(required=True)
    since = fields.String(required=True, allow_none=True)
    kind = fields.String(required=True, allow_none=True)


class Explanation(Schema):
    rule = fields.String(validate=validate.Length(max=20), metadata={"title": "กฎ", "example": "C03"})
    finding_ids = fields.List(
        fields.String(validate=validate.Length(max=36)),
        validate=validate.Length(max=5000),
        metadata={"title": "รายการ", "example": ["01a2045e-4429-7361-b545-8f3084c753bc"]},
    )
    reason = fields.String(
        required=True, validate=validate.Length(max=2000), metadata={"title": "เหตุผล", "example": "ตรวจแล้วถูกต้อง"}
    )
    kind = fields.String(
        validate=validate.OneOf(KINDS), metadata={"title": "ประเภทการเคลื่อนไหว (R01-R03)", "example": "out"}
    )


class Reason(Schema):
    reason = fields.String(
        validate=validate.Length(max=500),
        metadata={"title": "เหตุผลที่ขอดู", "example": "ตรวจสอบเลขประจำตัวตามที่โรงเรียนขอ"},
    )


class Cell(Schema):
    row = fields.Integer(
        required=True, strict=True, validate=validate.Range(1, LAST_ROW), metadata={"title": "แถว", "example": 12}
    )
    column = fields.String(
        required=True, validate=validate.Length(min=1, max=3), metadata={"title": "คอลัมน์", "example": "Y"}
    )
    value = fields.Raw(
        required=True, allow_none=True, metadata={"title": "ค่าใหม่ (ข้อความหรือตัวเลข ว่างคือลบ)", "example": "สมศรี"}
    )


class RevealedValue(Schema):
    id = fields.String(required=True)
    value = fields.String(required=True)
    row = fields.Integer(required=True, allow_none=True)
    column = fields.String(required=True, allow_none=True)


@routes.get("/api/v1/submissions/{id}", answers=Submission, access=READS_FILE, problems=("not_found",))
def get_submission(request: Request, office: Office) -> Answer:
    """One version of a school's file: state, counts, findings by rule and beside the version before.

    The ETag is for correcting cells. While the file is read there is none: what is shown changes all the time.
    """
    submission = _submission(request, office)
    return json_answer(submission, etag=None if submission["state"] in WORKING else submission["etag"])


def _submission(request: Request, office: Office) -> Any:
    return office.ask(request, "rounds", "get_submission", submission_id=request.params["id"])


@routes.get(
    "/api/v1/submissions/{id}/findings", query=FindingQuery, answers=listing(Finding), access=READS_FILE,
    problems=("not_found",),
)
def list_findings(request: Request, office: Office) -> Any:
    """The findings in sheet order; row and column are those of the sheet.

    `since` narrows them by the comparison with the version before: `new`, still `open`, or `fixed`: those of the
    version before that this one no longer has, with the places they had there.
    """
    return office.ask(request, "rounds", "list_findings", submission_id=request.params["id"], **request.query)


@routes.post(
    "/api/v1/submissions/{id}/acknowledgements", body=Explanation, answers=Received, access=EXPLAINS,
    idempotent=True, problems=("invalid", "submission.state"),
)
def explain_warnings(request: Request, office: Office) -> Any:
    """Give warnings a reason, all of a rule or some by id; R01 to R03 take a `kind` too: what happened to the pupil."""
    return office.ask(request, "rounds", "explain", submission_id=request.params["id"], **request.json)


@routes.post(
    "/api/v1/submissions/{id}/findings/{finding_id}/reveal", body=Reason, answers=RevealedValue, access=REVEALS,
    problems=("not_found", "invalid", "finding.shown", "submission.erased", "reveal.limit"),
)
def reveal_finding(request: Request, office: Office) -> Any:
    """The full value at the place of a finding; who asked is written down, outside the school with a reason."""
    ids = {"submission_id": request.params["id"], "finding_id": request.params["finding_id"]}
    return office.ask(request, "rounds", "reveal_finding", **ids, **request.json)


@routes.post(
    "/api/v1/submissions/{id}/download", body=Reason, access=REVEALS, produces="application/octet-stream",
    problems=("not_found", "invalid", "submission.no_file", "submission.erased", "download.limit"),
)
def download_submission(request: Request, office: Office) -> Answer:
    """The file as the school sent it; written down like a reveal."""
    handout = office.ask(request, "rounds", "hand_out_file", submission_id=request.params["id"], **request.json)
    return download(handout["reference"])


@routes.get(
    "/api/v1/submissions/{id}/annotated.xlsx", query=Reason, access=REVEALS, produces=XLSX,
    problems=(
        "not_found", "invalid", "submission.no_file", "submission.state", "submission.unreadable",
        "submission.erased", "download.limit", *DESK,
    ),
)
def get_annotated_workbook(request: Request, office: Office) -> Answer:
    """The school's workbook with each faulty cell coloured and commented, and a sheet that lists every finding.

    XLSX and XLSM keep all that the school put into them; other kinds become a new workbook with a column `แถวเดิม`. It
    shows whole ids: written down like a reveal, outside the school with a `reason`.
    """
    handout = office.ask(request, "rounds", "hand_out_annotated", submission_id=request.params["id"], **request.query)
    return download(handout["reference"])


@routes.patch(
    "/api/v1/submissions/{id}/cells", body=Cell, many=True, answers=Received, status=202, access=EXPLAINS,
    problems=("not_found", "invalid", "precondition.stale", "submission.state", "submission.no_file", *GUARDS, *DESK),
)
def correct_submission_cells(request: Request, office: Office) -> Answer:
    """Correct single cells of the version that stands: a new version, checked as any other.

    Row and column are those of the sheet; everything else of the workbook stays. What begins with `=` is text.
    """
    corrected = office.ask(
        request, "rounds", "correct_cells",
        submission_id=request.params["id"], cells=request.json, if_match=request.if_match,
    )  # fmt: skip
    return json_answer(corrected, 202, etag=corrected["etag"])


@routes.get(
    "/api/v1/submissions/{id}/events", access=READS_FILE, produces="text/event-stream", problems=("not_found",)
)
def watch_submission(request: Request, office: Office) -> Answer:
    """Progress as server-sent events (`progress`, then `done`); ends when the file is checked."""
    first = _submission(request, office)
    return event_stream(follow(request, office, first, _submission, progress(WATCHED, WORKING)))
