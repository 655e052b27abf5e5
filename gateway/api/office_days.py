"""The days on which an office works differently from the government's calendar."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from gateway.api.letters import ACTS
from gateway.office import Office
from shared.http.request import Request
from shared.http.routing import Access, Routes
from shared.http.schemas import listing

routes = Routes(tag="letters")

ALL = "/api/v1/office-days"
KEEPS = Access(roles=("registrar",), scope="area")


def _day() -> fields.String:
    known = {"title": "วันที่", "example": "2026-06-05"}
    return fields.String(required=True, validate=validate.Length(max=40), metadata=known)


class OfficeDay(Schema):
    day = _day()
    kind = fields.String(
        required=True, validate=validate.OneOf(["off", "worked"]), metadata={"title": "เป็น", "example": "off"}
    )
    name = fields.String(
        required=True, validate=validate.Length(max=400), metadata={"title": "ชื่อวัน", "example": "วันหยุดพิเศษตามมติ ครม."}
    )


class DayTakenBack(Schema):
    day = _day()


class DayQuery(Schema):
    year = fields.Integer(validate=validate.Range(min=1900, max=2200), metadata={"title": "ปี ค.ศ."})


@routes.get(ALL, query=DayQuery, answers=listing(OfficeDay), access=ACTS, problems=("not_found",))
def list_office_days(request: Request, office: Office) -> Any:
    """The own days of the caller's area in a year."""
    return office.ask(request, "documents", "list_days", **request.query)


@routes.post(
    ALL, body=OfficeDay, answers=OfficeDay, status=201, access=KEEPS, idempotent=True,
    problems=("not_found", "invalid"),
)  # fmt: skip
def set_office_day(request: Request, office: Office) -> Any:
    """A day off beside the holidays, or a holiday on which the office works after all."""
    return office.ask(request, "documents", "set_day", **request.json)


@routes.post(
    ALL + "/remove", body=DayTakenBack, answers=OfficeDay, access=KEEPS, idempotent=True,
    problems=("not_found", "invalid"),
)  # fmt: skip
def remove_office_day(request: Request, office: Office) -> Any:
    """The government's calendar holds for the day again."""
    return office.ask(request, "documents", "remove_day", **request.json)
