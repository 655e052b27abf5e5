"""One school in one round: upload, the gates, the history."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from marshmallow import Schema, fields, validate

from gateway.api.rounds import DATE, READS
from gateway.office import Office
from gateway.web.addresses import school_round
from gateway.web.certificate import sheet_of
from gateway.web.site import show
from shared.http.answers import Answer
from shared.http.request import ReceivedFile, Request
from shared.http.routing import Access, Routes
from shared.http.schemas import listing
from shared.problems import FieldError, invalid

routes = Routes(tag="schools in rounds")

SCHOOL = "/api/v1/rounds/{id}/schools/{smis}"
READS_SCHOOL = replace(READS, elsewhere=403)
UPLOADS = Access(roles=("data_officer", "officer"), scope="school", elsewhere=403)
CONFIRMS = Access(roles=("data_officer",), scope="school", elsewhere=403)
CERTIFIES = Access(roles=("school_director",), scope="school", elsewhere=403)
JUDGES = Access(roles=("officer",), scope="area")
EXEMPTS = Access(roles=("group_director",), scope="area")
DESK = ("desk.busy", "desk.too_heavy")
UNREADABLE = ("F01.empty", "F01.type", "F01.extension", "F01.encrypted", "F01.bomb", "F01.unreadable")
GUARDS = ("school_round.state", "round.not_open", "round.closed")


class Upload(Schema):
    no_pupils = fields.Boolean(load_default=False, metadata={"title": "ไม่มีนักเรียน", "example": False})


class Signature(Schema):
    version = fields.Integer(strict=True, allow_none=True, metadata={"title": "ฉบับที่", "example": 1})


class Confirmation(Signature):
    no_pupils = fields.Boolean(load_default=False, metadata={"title": "ไม่มีนักเรียน", "example": False})


class Reason(Schema):
    reason = fields.String(
        required=True, validate=validate.Length(max=2000), metadata={"title": "เหตุผล", "example": "ตรวจห้อง ป.1 อีกครั้ง"}
    )


class Return(Reason):
    rules = fields.List(fields.String(validate=validate.Length(max=20)), metadata={"title": "กฎ", "example": ["C03"]})
    rows = fields.List(fields.Integer(strict=True), metadata={"title": "แถว", "example": [12]})
    due = fields.String(validate=validate.Length(max=40), metadata={"title": "กำหนดแก้ไข", "example": "2026-06-20"})


class Extension(Reason):
    until = fields.String(
        required=True,
        validate=validate.Length(max=40),
        metadata={"title": "ขยายเวลาถึง", "description": DATE, "example": "2026-06-30"},
    )


class Snapshot(Schema):
    """`label` is the number as the office writes it (1, 1ก, 1ข …); `differences` are those from the one before."""

    number = fields.Integer(required=True)
    label = fields.String(required=True)
    version = fields.Integer(required=True)
    sha256 = fields.String(required=True)
    locked_from = fields.String(required=True)
    taken_at = fields.String(required=True)
    pupils = fields.Integer(required=True)
    tables = fields.Dict(required=True)
    differences = fields.List(fields.Dict(), required=True)


class SchoolRound(Schema):
    round_id = fields.String(required=True)
    smis = fields.String(required=True)
    name = fields.String(required=True)
    state = fields.String(required=True)
    late = fields.Boolean(required=True)
    on_time = fields.Boolean(required=True)
    version = fields.Integer(required=True)
    submission_id = fields.String(required=True, allow_none=True)
    on_hold = fields.Boolean(required=True)
    reason = fields.String(required=True, allow_none=True)
    school_deadline = fields.String(required=True, metadata={"title": "กำหนดส่งของโรงเรียนนี้"})
    certify_deadline = fields.String(required=True, metadata={"title": "กำหนดรับรองของโรงเรียนนี้"})
    extended_until = fields.String(required=True, allow_none=True)
    is_open = fields.Boolean(required=True, metadata={"title": "โรงเรียนนี้ยังทำรายการได้"})


class Accepted(Schema):
    id = fields.String(required=True)
    version = fields.Integer(required=True)
    state = fields.String(required=True)


class Checked(Schema):
    filename = fields.String(required=True)
    accepted = fields.Boolean(required=True)
    state = fields.String(required=True)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    compared_with = fields.Integer(required=True, allow_none=True)
    fixed = fields.Integer(required=True)
    still_open = fields.Integer(required=True)
    new = fields.Integer(required=True)
    by_rule = fields.List(fields.Dict(), required=True)
    findings = fields.List(fields.Dict(), required=True)
    not_evaluated = fields.List(fields.Dict(), required=True)


class History(Schema):
    items = fields.List(fields.Dict(), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


def _ask(request: Request, office: Office, operation: str, **args: Any) -> Any:
    return office.ask(
        request, "rounds", operation, round_id=request.params["id"], smis=request.params["smis"], **args
    )


@routes.get(SCHOOL, answers=SchoolRound, access=READS_SCHOOL, problems=("not_found",))
def get_school_round(request: Request, office: Office) -> Any:
    """How a school stands, and every version it sent."""
    return _ask(request, office, "get_school_round")


@routes.get(SCHOOL + "/history", answers=History, access=READS_SCHOOL, problems=("not_found",))
def get_school_round_history(request: Request, office: Office) -> Any:
    """The append-only history of a school in a round, oldest first."""
    return _ask(request, office, "get_history")


@routes.get(SCHOOL + "/snapshots", answers=listing(Snapshot), access=READS_SCHOOL, problems=("not_found",))
def list_school_snapshots(request: Request, office: Office) -> Any:
    """The numbers of a school each time it was locked, the first first; a later one never changes an earlier."""
    return _ask(request, office, "list_snapshots")


@routes.get(
    SCHOOL + "/certificate",
    access=READS_SCHOOL,
    produces="text/html",
    problems=("not_found", "school_round.not_certified"),
)
def get_certificate(request: Request, office: Office) -> Answer:
    """The certification sheet as a page for A4: counts, version and hash, who confirmed and certified, and when."""
    certificate = _ask(request, office, "get_certificate")
    address = school_round(request.params["id"], request.params["smis"])
    return show(request, "certificate.html", sheet=sheet_of(certificate), address=address)


@routes.post(
    SCHOOL + "/extend",
    body=Extension,
    answers=SchoolRound,
    access=EXEMPTS,
    idempotent=True,
    problems=("invalid", "not_found"),
)
def extend_school(request: Request, office: Office) -> Any:
    """ขยายเวลา: give a school its own dates, in any state, also after the close; a locked school gets its work back."""
    return _ask(request, office, "extend", **request.json)


@routes.post(
    SCHOOL + "/submissions",
    body=Upload,
    files=("file*",),
    answers=Accepted,
    status=202,
    access=UPLOADS,
    idempotent=True,
    too_large="F01.too_large",
    problems=(*UNREADABLE, "submission.same_file", *GUARDS),
)
def upload_submission(request: Request, office: Office) -> Any:
    """Upload a school's file as its next version; it is read and checked afterwards."""
    if len(request.files) > 1:
        raise invalid([FieldError("file", "one", "ส่งได้ครั้งละหนึ่งไฟล์")])
    body = request.form if request.media_type == "multipart/form-data" else request.json
    file = described(request.files[0]) if request.files else None
    return _ask(request, office, "receive", file=file, no_pupils=body["no_pupils"])


def described(received: ReceivedFile) -> dict[str, Any]:
    """A received file as its owner is told of it."""
    return {"sha256": received.sha256, "filename": received.filename, "size": received.size}


@routes.post(
    SCHOOL + "/check", files=("file",), answers=Checked, access=UPLOADS, too_large="F01.too_large",
    problems=("not_found", *UNREADABLE, *DESK),
)
def check_file(request: Request, office: Office) -> Any:
    """Try a file without handing it in: the findings it would get; nothing of it is kept.

    At most 1,000 findings are listed; `counts` and `by_rule` count all of them.
    """
    return _ask(request, office, "check_only", file=described(request.files[0]))


@routes.post(
    SCHOOL + "/confirm", body=Confirmation, answers=SchoolRound, access=CONFIRMS, idempotent=True, problems=GUARDS
)
def confirm_school(request: Request, office: Office) -> Any:
    """ยืนยัน: the data officer says that these pupils are really there."""
    return _ask(request, office, "confirm", **request.json)


@routes.post(
    SCHOOL + "/certify", body=Signature, answers=SchoolRound, access=CERTIFIES, idempotent=True, problems=GUARDS
)
def certify_school(request: Request, office: Office) -> Any:
    """รับรอง: the director signs what the data officer confirmed."""
    return _ask(request, office, "certify", **request.json)


@routes.post(SCHOOL + "/return", body=Return, answers=SchoolRound, access=JUDGES, idempotent=True, problems=GUARDS)
def return_school(request: Request, office: Office) -> Any:
    """ตีกลับ: the area sends the data back, saying why."""
    body = dict(request.json)
    return _ask(request, office, "return_school", rules_named=body.pop("rules", None), **body)


@routes.post(SCHOOL + "/revoke", body=Reason, answers=SchoolRound, access=JUDGES, idempotent=True, problems=GUARDS)
def revoke_school(request: Request, office: Office) -> Any:
    """ยกเลิกการยืนยัน: as a return, and the school is held until the hold is lifted."""
    return _ask(request, office, "revoke", **request.json)


@routes.post(
    SCHOOL + "/lift-hold", answers=SchoolRound, access=EXEMPTS, idempotent=True, problems=("school_round.no_hold",)
)
def lift_school_hold(request: Request, office: Office) -> Any:
    """Let a revoked school confirm again."""
    return _ask(request, office, "lift_hold")


@routes.post(
    SCHOOL + "/acknowledge", answers=SchoolRound, access=JUDGES, idempotent=True,
    problems=(*GUARDS, "school_round.duplicates"),
)
def acknowledge_school(request: Request, office: Office) -> Any:
    """รับทราบ: the area takes note of what the school certified."""
    return _ask(request, office, "acknowledge")


@routes.post(SCHOOL + "/exempt", body=Reason, answers=SchoolRound, access=EXEMPTS, idempotent=True, problems=GUARDS)
def exempt_school(request: Request, office: Office) -> Any:
    """ยกเว้น: the school need not answer in this round."""
    return _ask(request, office, "exempt", **request.json)
