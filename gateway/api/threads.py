"""Letters that belong together."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from gateway.api.letters import ONE, READS, ListedLetter
from gateway.office import Office
from shared.http.request import Request
from shared.http.routing import Routes

routes = Routes(tag="letters")


class ThreadLetter(ListedLetter):
    """`refers_to` and `answers` are ids of letters of the thread; `reference` is how it is named when another one is
    keyed in.
    """

    refers_to = fields.List(fields.String(), required=True)
    answers = fields.List(fields.String(), required=True)
    reference = fields.String(required=True)


class Thread(Schema):
    """`registry` is the office or school for which the caller keys letters in."""

    items = fields.List(fields.Nested(ThreadLetter), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
    registry = fields.String(required=True, allow_none=True)


@routes.get(ONE + "/thread", answers=Thread, access=READS, problems=("not_found",))
def get_letter_thread(request: Request, office: Office) -> Any:
    """The letters that it belongs together with, itself among them, the oldest first; those that the caller may see."""
    return office.ask(request, "documents", "get_thread", letter_id=request.params["id"])
