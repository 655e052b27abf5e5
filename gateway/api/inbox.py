"""The caller's inbox."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from gateway.office import Office
from shared.http.request import Request
from shared.http.routing import Access, Routes
from shared.http.schemas import Paging, listing

routes = Routes(tag="inbox")


class InboxQuery(Paging):
    unread = fields.Boolean(load_default=False, metadata={"title": "เฉพาะที่ยังไม่อ่าน"})


class Message(Schema):
    id = fields.String(required=True)
    kind = fields.String(required=True)
    title = fields.String(required=True)
    body = fields.String(required=True)
    round_id = fields.String(required=True, allow_none=True)
    smis = fields.String(required=True, allow_none=True)
    read = fields.Boolean(required=True)
    created_at = fields.String(required=True)


class ReadMark(Schema):
    id = fields.String(required=True)
    read = fields.Boolean(required=True)


@routes.get("/api/v1/inbox", query=InboxQuery, answers=listing(Message))
def list_inbox(request: Request, office: Office) -> Any:
    """Messages to the roles that the caller holds now, newest first."""
    return office.ask(request, "notifications", "list_messages", **request.query)


@routes.post(
    "/api/v1/inbox/{id}/read", answers=ReadMark, access=Access(elsewhere=404), idempotent=True, problems=("not_found",)
)
def read_message(request: Request, office: Office) -> Any:
    """Mark a message as read by the caller."""
    return office.ask(request, "notifications", "mark_read", message_id=request.params["id"])
