"""Who is cleared for letters with a class of secrecy; such a letter opened with a reason, and its list of readers."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from gateway.api.books import Why
from gateway.api.letters import ACTS, ENDS, ONE, READS
from gateway.office import Office
from shared.http.request import Request
from shared.http.routing import Access, Routes

routes = Routes(tag="letters")

ALL = "/api/v1/clearances"
APPOINTS = Access(roles=("area_director", "school_director"), elsewhere=403)
POSTS = ("registrar", "reader")
LEVELS = ("secret", "very_secret")


def _text(title: str, example: str, most: int, **options: Any) -> fields.String:
    known = {"title": title, "example": example}
    return fields.String(required=True, validate=validate.Length(max=most), metadata=known, **options)


def _one_of(title: str, choices: tuple[str, ...]) -> fields.String:
    known = {"title": title, "example": choices[0]}
    return fields.String(required=True, validate=validate.OneOf(choices), metadata=known)


class Appoint(Schema):
    """`unit` is the code of an area office or of a school; the days are included. `registrar` is
    นายทะเบียนข้อมูลข่าวสารลับ, who keys such letters in and keeps the secret registers; `reader` reads what reaches them.
    """

    person = _text("ผู้ได้รับแต่งตั้ง", "01a2045e", 60)
    unit = _text("หน่วยงาน", "5704", 40)
    post = _one_of("แต่งตั้งเป็น", POSTS)
    level = _one_of("ชั้นความลับสูงสุด", LEVELS)
    order_no = _text("คำสั่งที่", "9/2569", 200)
    order_date = _text("คำสั่งลงวันที่", "2026-06-01", 40)
    valid_from = _text("ตั้งแต่วันที่", "2026-06-01", 40, data_key="from")
    until = _text("ถึงวันที่", "2026-12-31", 40)


class Clearance(Schema):
    """`person` is an id; names are told by the pages alone."""

    id = fields.String(required=True)
    person = fields.String(required=True)
    unit = fields.String(required=True)
    post = fields.String(required=True)
    level = fields.String(required=True)
    order_no = fields.String(required=True)
    order_date = fields.String(required=True)
    valid_from = fields.String(required=True, data_key="from")
    until = fields.String(required=True)
    is_ended = fields.Boolean(required=True)


class ListedClearance(Clearance):
    unit_name = fields.String(required=True)


class Clearances(Schema):
    """`appoint_at` are the office and schools of which the caller is the director."""

    items = fields.List(fields.Nested(ListedClearance), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
    appoint_at = fields.List(fields.Dict(), required=True)


class Opening(Schema):
    letter_id = fields.String(required=True)
    until = fields.String(required=True)


class AddReader(Schema):
    person = _text("ผู้เข้าถึง", "01a2045e", 60)


class Readers(Schema):
    """People by id: who stands on the list, and who is cleared and could."""

    readers = fields.List(fields.String(), required=True)
    reader_candidates = fields.List(fields.String(), required=True)


def _of_letter(request: Request, office: Office, operation: str, **args: Any) -> Any:
    return office.ask(request, "documents", operation, letter_id=request.params["id"], **args)


@routes.get(ALL, answers=Clearances, access=ACTS)
def list_clearances(request: Request, office: Office) -> Any:
    """The caller's own appointments, and those of the office or school that they direct."""
    return office.ask(request, "documents", "list_clearances")


@routes.post(
    ALL, body=Appoint, answers=Clearance, status=201, access=APPOINTS, idempotent=True,
    problems=("invalid", "clearance.overlap"),
)  # fmt: skip
def appoint(request: Request, office: Office) -> Any:
    """Clear somebody for letters with a class of secrecy of one office or school, by an order, for a time."""
    given = dict(request.json)
    return office.ask(request, "documents", "appoint", at=given.pop("unit"), **given)


@routes.post(
    ALL + "/{id}/end", body=Why, answers=Clearance, access=APPOINTS, idempotent=True,
    problems=("not_found", "invalid", "clearance.ended"),
)  # fmt: skip
def end_clearance(request: Request, office: Office) -> Any:
    """End an appointment now."""
    return office.ask(request, "documents", "end_clearance", clearance_id=request.params["id"], **request.json)


@routes.post(
    ONE + "/openings", body=Why, answers=Opening, status=201, access=READS, idempotent=True,
    problems=("not_found", "invalid", "letter.open"),
)  # fmt: skip
def open_letter(request: Request, office: Office) -> Any:
    """Say why one opens a letter of the class `very_secret` (or the stub of one that is `top_secret`): without it every
    operation answers `letter.reason` (428). It is open to the caller for fifteen minutes.
    """
    return _of_letter(request, office, "open_letter", **request.json)


@routes.post(
    ONE + "/readers", body=AddReader, answers=Readers, access=ENDS, idempotent=True,
    problems=("not_found", "invalid", "letter.reason", "letter.no_list"),
)  # fmt: skip
def add_reader(request: Request, office: Office) -> Any:
    """Put somebody who is cleared on the personal list of such a letter."""
    return _of_letter(request, office, "add_reader", **request.json)


@routes.post(
    ONE + "/readers/{person_id}/remove", body=Why, answers=Readers, access=ENDS, idempotent=True,
    problems=("not_found", "invalid", "letter.reason", "letter.no_list", "letter.own_access"),
)  # fmt: skip
def remove_reader(request: Request, office: Office) -> Any:
    """Take somebody off it."""
    return _of_letter(request, office, "remove_reader", person=request.params["person_id"], **request.json)
