"""Duplicates across schools: seen by both and the area, documents put to them, settled by the area."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from marshmallow import Schema, fields, validate

from gateway.api.rounds import READS
from gateway.api.school_rounds import JUDGES, Reason
from gateway.api.submissions import REVEALS
from gateway.api.submissions import Reason as Why
from gateway.downloads import download
from gateway.office import Office
from shared.http.answers import Answer
from shared.http.request import Request
from shared.http.routing import Routes
from shared.http.schemas import Paging, listing

routes = Routes(tag="duplicates")

ALL = "/api/v1/rounds/{id}/duplicates"
ONE = ALL + "/{dup}"
STATES = ("OPEN", "SETTLED", "CARRIED", "GONE")
KINDS = ("same_id", "same_person", "near_id")
GUARDS = ("not_found", "duplicate.state", "round.not_open", "round.closed")
# a case is no business of a third school's: it is not even said that there is one
READS_CASE = replace(READS, elsewhere=404)


class DuplicateQuery(Paging):
    state = fields.String(validate=validate.OneOf(STATES), metadata={"title": "สถานะ"})
    kind = fields.String(validate=validate.OneOf(KINDS), metadata={"title": "ลักษณะที่ซ้ำ"})
    smis = fields.String(validate=validate.Length(max=8), metadata={"title": "เฉพาะที่เกี่ยวกับโรงเรียน"})


class DuplicateSide(Schema):
    """One school of a case. ``counts``: the pupil is in its head count."""

    smis = fields.String(required=True)
    name = fields.String(required=True)
    grade = fields.String(required=True, allow_none=True)
    masked_id = fields.String(required=True)
    is_own = fields.Boolean(required=True)
    counts = fields.Boolean(required=True)


class Duplicate(Schema):
    """``same_birth`` is null until both files were compared; ``keep`` is a SMIS code or ``both``."""

    id = fields.String(required=True)
    round_id = fields.String(required=True)
    kind = fields.String(required=True)
    rule = fields.String(required=True)
    is_gating = fields.Boolean(required=True)
    state = fields.String(required=True)
    masked_id = fields.String(required=True)
    same_names = fields.Boolean(required=True)
    same_birth = fields.Boolean(required=True, allow_none=True)
    keep = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    found_at = fields.String(required=True)
    decided_at = fields.String(required=True, allow_none=True)
    documents = fields.Integer(required=True)
    schools = fields.List(fields.Nested(DuplicateSide), required=True)


class Evidence(Schema):
    """A document; of one that the other school put to the case only that it exists."""

    id = fields.String(required=True)
    smis = fields.String(required=True, metadata={"description": "รหัสโรงเรียน หรือ area"})
    uploaded_at = fields.String(required=True)
    is_cited = fields.Boolean(required=True)
    filename = fields.String(required=True, allow_none=True)
    content_type = fields.String(required=True, allow_none=True)
    size = fields.Integer(required=True, allow_none=True)
    uploaded_by = fields.String(required=True, allow_none=True)


class DuplicatePlace(DuplicateSide):
    """``pupil``: the own school's row, column by column; place and row for whoever may have it revealed."""

    submission_id = fields.String(required=True, allow_none=True)
    row = fields.Integer(required=True, allow_none=True)
    pupil = fields.List(fields.Dict(), required=True, allow_none=True)


class DuplicateDetail(Duplicate):
    schools = fields.List(fields.Nested(DuplicatePlace), required=True)
    evidence = fields.List(fields.Nested(Evidence), required=True)
    history = fields.List(fields.Dict(), required=True)


class Decision(Reason):
    keep = fields.String(
        required=True,
        validate=validate.Length(max=8),
        metadata={"title": "นับที่", "description": "รหัส SMIS ของโรงเรียนที่นับ หรือ both: นักเรียนคนละคน", "example": "both"},
    )
    evidence = fields.List(
        fields.String(validate=validate.Length(max=36)),
        validate=validate.Length(max=40),
        metadata={"title": "เอกสารที่ใช้วินิจฉัย", "example": []},
    )


class PupilReveal(Why):
    submission_id = fields.String(
        required=True, validate=validate.Length(max=36), metadata={"title": "ไฟล์ฉบับ", "example": "01a2045e"}
    )
    row = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(min=1, max=2_000_000),
        metadata={"title": "แถว", "example": 3},
    )


class RevealedPupil(Schema):
    submission_id = fields.String(required=True)
    smis = fields.String(required=True)
    version = fields.Integer(required=True)
    row = fields.Integer(required=True)
    cells = fields.List(fields.Dict(), required=True)


def _ask(request: Request, office: Office, operation: str, **args: Any) -> Any:
    where = {"round_id": request.params["id"], "case_id": request.params["dup"]}
    return office.ask(request, "rounds", operation, **where, **args)


@routes.get(ALL, query=DuplicateQuery, answers=listing(Duplicate), access=READS, problems=("not_found",))
def list_duplicates(request: Request, office: Office) -> Any:
    """The pupils who may stand in the files of two schools, as far as the caller's school or area has a part."""
    return office.ask(request, "rounds", "list_duplicates", round_id=request.params["id"], **request.query)


@routes.get(ONE, answers=DuplicateDetail, access=READS_CASE, problems=("not_found",))
def get_duplicate(request: Request, office: Office) -> Any:
    """One case: the own pupil whole, of the other what settles it; documents and history."""
    return _ask(request, office, "get_duplicate")


@routes.post(
    ONE + "/decision", body=Decision, answers=DuplicateDetail, access=JUDGES, idempotent=True,
    problems=(*GUARDS, "invalid", "duplicate.contradicts"),
)
def decide_duplicate(request: Request, office: Office) -> Any:
    """Settle where the pupil counts; the other school's head count is told anew, its confirmation stays."""
    return _ask(request, office, "decide_duplicate", **request.json)


@routes.post(
    ONE + "/carry", body=Reason, answers=DuplicateDetail, access=JUDGES, idempotent=True,
    problems=(*GUARDS, "invalid"),
)
def carry_duplicate(request: Request, office: Office) -> Any:
    """Leave it for later, saying why; รับทราบ no longer waits for it."""
    return _ask(request, office, "carry_duplicate", **request.json)


@routes.post(
    ONE + "/reopen", body=Reason, answers=DuplicateDetail, access=JUDGES, idempotent=True,
    problems=(*GUARDS, "invalid"),
)
def reopen_duplicate(request: Request, office: Office) -> Any:
    """Take a decision back, saying why; both schools count the pupil again."""
    return _ask(request, office, "reopen_duplicate", **request.json)


@routes.post(
    ONE + "/evidence", files=("file",), answers=Evidence, status=201, access=REVEALS, idempotent=True,
    too_large="evidence.too_large",
    problems=(*GUARDS, "evidence.type", "evidence.empty", "evidence.too_many"),
)
def add_duplicate_evidence(request: Request, office: Office) -> Any:
    """Put a document (PDF, JPG or PNG by its content, at most 10 MB) to a case, for the own side."""
    received = request.files[0]
    file = {"sha256": received.sha256, "filename": received.filename, "size": received.size}
    return _ask(request, office, "add_evidence", file=file)


@routes.post(
    ONE + "/evidence/{evidence_id}/download", body=Why, access=REVEALS, produces="application/octet-stream",
    problems=("not_found", "invalid", "download.limit"),
)
def download_duplicate_evidence(request: Request, office: Office) -> Answer:
    """A document of the own side, for the area of either; written down like a reveal."""
    args = {"evidence_id": request.params["evidence_id"], **request.json}
    return download(_ask(request, office, "hand_out_evidence", **args)["reference"])


@routes.post(
    "/api/v1/pupils/reveal", body=PupilReveal, answers=RevealedPupil, access=REVEALS,
    problems=("not_found", "invalid", "submission.erased", "reveal.limit"),
)
def reveal_pupil(request: Request, office: Office) -> Any:
    """One pupil as the file has them; counted and written down, outside the school with a reason."""
    return office.ask(request, "rounds", "reveal_pupil", **request.json)
