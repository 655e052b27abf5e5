"""Standing in for somebody by an order, and handing over all that somebody holds."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from gateway.api.letters import ACTS
from gateway.office import Office
from shared.http.request import Request
from shared.http.routing import Routes
from shared.http.schemas import listing

routes = Routes(tag="letters")

ALL = "/api/v1/delegations"


def _text(title: str, example: str, most: int, **options: Any) -> fields.String:
    return fields.String(
        validate=validate.Length(max=most), metadata={"title": title, "example": example}, **options
    )


class Delegate(Schema):
    """`of` is who is away, the caller where it is missing; the days are included."""

    of = _text("ผู้มอบ", "01a2045e", 60)
    to = _text("ผู้รับมอบ", "01a2045f", 60, required=True)
    valid_from = _text("ตั้งแต่วันที่", "2026-06-01", 40, required=True, data_key="from")
    until = _text("ถึงวันที่", "2026-06-30", 40, required=True)
    order_no = _text("คำสั่งที่", "12/2569", 200, required=True)
    capacity = fields.String(
        load_default="on_behalf", validate=validate.OneOf(["acting", "on_behalf"]),
        metadata={"title": "ในฐานะ", "example": "acting"},
    )  # fmt: skip


class Delegation(Schema):
    id = fields.String(required=True)
    of = fields.String(required=True)
    to = fields.String(required=True)
    capacity = fields.String(required=True)
    order_no = fields.String(required=True)
    valid_from = fields.String(required=True, data_key="from")
    until = fields.String(required=True)
    is_revoked = fields.Boolean(required=True)


class ListedDelegation(Delegation):
    may_end = fields.Boolean(required=True)


class Colleague(Schema):
    """`in_service` who can stand in, `is_own` for whom the caller may let somebody stand in."""

    person_id = fields.String(required=True)
    unit = fields.String(required=True)
    unit_name = fields.String(required=True)
    in_service = fields.Boolean(required=True)
    is_own = fields.Boolean(required=True)


class HandOver(Schema):
    of = _text("ผู้ส่งมอบ", "01a2045e", 60, required=True)
    to = _text("ผู้รับมอบ", "01a2045f", 60, required=True)
    order_no = _text("คำสั่งที่", "12/2569", 200, required=True)
    reason = _text("เหตุผล", "ย้ายไปปฏิบัติราชการที่อื่น", 2000, required=True)


class Handover(Schema):
    id = fields.String(required=True)
    of = fields.String(required=True, data_key="from")
    to = fields.String(required=True)
    tasks = fields.Integer(required=True)
    requests = fields.Integer(required=True)


@routes.get(ALL, answers=listing(ListedDelegation), access=ACTS)
def list_delegations(request: Request, office: Office) -> Any:
    """The delegations that run or are to come: the own ones, and those of the people one directs."""
    return office.ask(request, "documents", "list_delegations")


@routes.get(ALL + "/people", answers=listing(Colleague), access=ACTS)
def list_colleagues(request: Request, office: Office) -> Any:
    """The people of the caller's office or school; their names are told by the pages alone."""
    return office.ask(request, "documents", "list_colleagues")


@routes.post(
    ALL, body=Delegate, answers=Delegation, status=201, access=ACTS, idempotent=True,
    problems=("invalid", "delegation.overlap"),
)  # fmt: skip
def delegate(request: Request, office: Office) -> Any:
    """Let somebody stand in, on some days, by an order."""
    return office.ask(request, "documents", "delegate", **request.json)


@routes.post(
    ALL + "/{id}/revoke", answers=Delegation, access=ACTS, idempotent=True,
    problems=("not_found", "delegation.ended"),
)  # fmt: skip
def revoke_delegation(request: Request, office: Office) -> Any:
    """End a delegation now."""
    return office.ask(request, "documents", "revoke_delegation", delegation_id=request.params["id"])


@routes.post(
    "/api/v1/handovers", body=HandOver, answers=Handover, status=201, access=ACTS, idempotent=True,
    problems=("invalid",),
)  # fmt: skip
def hand_over(request: Request, office: Office) -> Any:
    """Give all that somebody holds, open tasks and requests for numbers, to somebody else."""
    return office.ask(request, "documents", "hand_over", **request.json)
