"""Rounds: created, announced, opened, closed; the board."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from gateway.api.streams import DONE, EventOf, follow
from gateway.downloads import download
from gateway.office import Office
from gateway.web.workbook import XLSX
from shared.http.answers import Answer, ServerEvent, event_stream
from shared.http.request import Request
from shared.http.routing import Access, Routes
from shared.http.schemas import Paging, listing

routes = Routes(tag="rounds")

RUNS = Access(roles=("officer",), scope="area")
REOPENS = Access(roles=("group_director",), scope="area")
READS = Access(
    roles=(
        "data_officer",
        "school_director",
        "officer",
        "group_director",
        "deputy_director",
        "area_director",
        "auditor",
    ),
    scope="school",
)
RUNNING = frozenset({"OPEN", "CONFIRM_WINDOW"})
DATE = "วันที่หรือวันเวลา ISO 8601 (ค.ศ.); วันที่อย่างเดียวหมายถึง 23:59:59 น. ตามเวลาไทย (วันเปิดและวันเริ่มยืนยัน: 00:00 น.)"


def _date(title: str, example: str, **options: Any) -> fields.String:
    limit = validate.Length(max=40)
    known = {"title": title, "description": DATE, "example": example}
    return fields.String(validate=limit, metadata=known, **options)


class CreateRound(Schema):
    system = fields.String(
        required=True, validate=validate.Length(max=10), metadata={"title": "ระบบ", "example": "dmc"}
    )
    year_be = fields.Integer(required=True, strict=True, metadata={"title": "ปีการศึกษา (พ.ศ.)", "example": 2569})
    round_no = fields.Integer(required=True, strict=True, metadata={"title": "รอบที่", "example": 1})
    title = fields.String(validate=validate.Length(max=200), metadata={"title": "ชื่อรอบ", "example": "DMC 2569 รอบที่ 1"})
    as_of_date = _date("ข้อมูล ณ วันที่", "2026-06-10", required=True)
    open_at = _date("วันเปิดรอบ", "2026-06-01", required=True)
    confirm_from = _date("วันเริ่มยืนยัน", "2026-06-05", allow_none=True)
    school_deadline = _date("กำหนดส่งของโรงเรียน", "2026-06-20", required=True)
    certify_deadline = _date("กำหนดรับรองของผู้อำนวยการ", "2026-06-22", required=True)
    area_ack_deadline = _date("กำหนดรับทราบของเขต", "2026-06-25", required=True)
    close_at = _date("วันปิดรอบ", "2026-06-30", required=True)
    school_codes = fields.List(
        fields.String(validate=validate.Length(max=8)), metadata={"title": "รหัสโรงเรียน", "example": ["57040001"]}
    )


class Reopening(Schema):
    """Without `close_at` the date that the round has decides; one that is past leaves the close to an officer."""

    reason = fields.String(
        required=True,
        validate=validate.Length(max=2000),
        metadata={"title": "เหตุผล", "example": "สพฐ. ให้แก้ไขข้อมูลเพิ่มเติม"},
    )
    close_at = _date("วันปิดรอบใหม่", "2026-07-10", allow_none=True)


class Round(Schema):
    id = fields.String(required=True)
    system = fields.String(required=True)
    year_be = fields.Integer(required=True)
    round_no = fields.Integer(required=True)
    title = fields.String(required=True)
    state = fields.String(required=True)
    as_of_date = fields.String(required=True)
    open_at = fields.String(required=True)
    confirm_from = fields.String(required=True, allow_none=True)
    school_deadline = fields.String(required=True)
    certify_deadline = fields.String(required=True)
    area_ack_deadline = fields.String(required=True)
    close_at = fields.String(required=True)
    closed_at = fields.String(required=True, allow_none=True)
    reopened_at = fields.String(required=True, allow_none=True)
    published_at = fields.String(required=True, allow_none=True)
    amended_at = fields.String(required=True, allow_none=True)
    amendments = fields.Integer(required=True, metadata={"title": "จำนวนครั้งที่แก้ไขหลังเผยแพร่"})


class TemplateQuery(Schema):
    round_no = fields.Integer(required=True, metadata={"title": "รอบที่", "example": 1})
    year_be = fields.Integer(
        required=True,
        validate=validate.Range(min=2560, max=2600),
        metadata={"title": "ปีการศึกษา (พ.ศ.)", "example": 2569},
    )


class SampleQuery(Schema):
    smis = fields.String(
        validate=validate.Length(equal=8), metadata={"title": "รหัสโรงเรียน", "example": "57040001"}
    )


class SchoolStanding(Schema):
    smis = fields.String(required=True)
    name = fields.String(required=True)
    amphoe = fields.String(required=True, allow_none=True)
    state = fields.String(required=True)
    late = fields.Boolean(required=True)
    on_time = fields.Boolean(required=True)
    version = fields.Integer(required=True)
    duplicates = fields.Integer(required=True, metadata={"description": "นักเรียนซ้ำซ้อนที่รอวินิจฉัย"})


class Progress(Schema):
    stamp = fields.String(required=True)
    expected = fields.Integer(required=True)
    by_state = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    on_time = fields.Integer(required=True)
    late = fields.Integer(required=True)
    by_amphoe = fields.List(fields.Dict(), required=True)
    schools = fields.List(fields.Nested(SchoolStanding), required=True)


@routes.get("/api/v1/rounds", query=Paging, answers=listing(Round), access=READS)
def list_rounds(request: Request, office: Office) -> Any:
    """The rounds in which the caller has a part, newest first."""
    return office.ask(request, "rounds", "list_rounds", **request.query)


@routes.post(
    "/api/v1/rounds", body=CreateRound, answers=Round, status=201, access=RUNS, idempotent=True,
    problems=("invalid", "round.exists"),
)
def create_round(request: Request, office: Office) -> Any:
    """Create a round as a draft of the caller's area."""
    return office.ask(request, "rounds", "create_round", **request.json)


@routes.get("/api/v1/rounds/templates", query=TemplateQuery, access=READS)
def get_round_template(request: Request, office: Office) -> Any:
    """The proposed dates of one of the handbook's three DMC rounds."""
    return office.ask(request, "rounds", "get_template", **request.query)


@routes.get("/api/v1/rounds/{id}", answers=Round, access=READS, problems=("not_found",))
def get_round(request: Request, office: Office) -> Any:
    """One round."""
    return office.ask(request, "rounds", "get_round", round_id=request.params["id"])


@routes.delete("/api/v1/rounds/{id}", status=204, access=RUNS, problems=("not_found", "round.state"))
def delete_round(request: Request, office: Office) -> None:
    """Throw a draft away; an announced round stays."""
    office.ask(request, "rounds", "delete_draft", round_id=request.params["id"])


@routes.post("/api/v1/rounds/{id}/announce", answers=Round, access=RUNS, idempotent=True, problems=("round.state",))
def announce_round(request: Request, office: Office) -> Any:
    """Freeze the set of schools and tell each of them."""
    return office.ask(request, "rounds", "announce_round", round_id=request.params["id"])


@routes.post("/api/v1/rounds/{id}/open", answers=Round, access=RUNS, idempotent=True, problems=("round.state",))
def open_round(request: Request, office: Office) -> Any:
    """Let the schools upload; may be done before its time."""
    return office.ask(request, "rounds", "open_round", round_id=request.params["id"])


@routes.post("/api/v1/rounds/{id}/close", answers=Round, access=RUNS, idempotent=True, problems=("round.state",))
def close_round(request: Request, office: Office) -> Any:
    """Lock every school; may be done before its time."""
    return office.ask(request, "rounds", "close_round", round_id=request.params["id"])


@routes.post(
    "/api/v1/rounds/{id}/reopen",
    body=Reopening,
    answers=Round,
    access=REOPENS,
    idempotent=True,
    problems=("round.state", "invalid"),
)
def reopen_round(request: Request, office: Office) -> Any:
    """Take a closed round up again: every school gets back the state from which it was locked."""
    return office.ask(request, "rounds", "reopen_round", round_id=request.params["id"], **request.json)


@routes.post("/api/v1/rounds/{id}/publish", answers=Round, access=RUNS, idempotent=True, problems=("round.state",))
def publish_round(request: Request, office: Office) -> Any:
    """Make the numbers of a closed round public. From then on they are only amended, each time with a new snapshot."""
    return office.ask(request, "rounds", "publish_round", round_id=request.params["id"])


@routes.get("/api/v1/rounds/{id}/progress", answers=Progress, access=READS, problems=("not_found",))
def get_progress(request: Request, office: Office) -> Any:
    """The board: completeness in numbers and every school within the caller's reach."""
    return office.ask(request, "rounds", "progress", round_id=request.params["id"])


@routes.get(
    "/api/v1/rounds/{id}/sample.xlsx", query=SampleQuery, access=READS, produces=XLSX,
    problems=("not_found", "desk.busy"),
)
def get_sample_workbook(request: Request, office: Office) -> Answer:
    """An empty workbook to fill in without a network: the register's headers, prepared lines with lists and formats.

    With `smis` the lines bear the school's code and name; a line that has nothing else is no pupil.
    """
    handout = office.ask(request, "rounds", "hand_out_sample", round_id=request.params["id"], **request.query)
    return download(handout["reference"])


@routes.get(
    "/api/v1/rounds/{id}/events", access=READS, produces="text/event-stream", problems=("not_found",)
)
def watch_round(request: Request, office: Office) -> Answer:
    """The board as server-sent events.

    ``board`` comes at once and whenever something changed: ``stamp`` (compare it with that of the progress you hold)
    and ``changed`` (the schools that moved, with their new state). ``done`` comes when the round takes no data and ends
    the stream; so does ``problem``, when the session ends.
    """
    return event_stream(follow(request, office, _marks(request, office), _marks, _moves()))


def _marks(request: Request, office: Office) -> Any:
    return office.ask(request, "rounds", "board_marks", round_id=request.params["id"])


def _moves() -> EventOf:
    """The events of one listener: what moved since the last."""
    stamp: str | None = None
    known: dict[str, Any] = {}

    def event_of(marks: Any) -> ServerEvent | None:
        nonlocal stamp, known
        if marks["stamp"] == stamp:
            return None
        changed = [school for school in marks["schools"] if known and known.get(school["smis"]) != school]
        stamp, known = marks["stamp"], {school["smis"]: school for school in marks["schools"]}
        told = [{name: school[name] for name in ("smis", "name", "state")} for school in changed]
        event = {"stamp": stamp, "state": marks["state"], "changed": told}
        return ServerEvent(event, "board" if marks["state"] in RUNNING else DONE, id=stamp)

    return event_of
