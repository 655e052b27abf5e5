"""Letters sent round inside: to whom, who has read them, and what was sent to the caller."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from gateway.api.books import Why
from gateway.api.letters import ACTS, ENDS, ONE, READS, ListedLetter
from gateway.office import Office
from shared.http.request import Request
from shared.http.routing import Routes
from shared.http.schemas import Paging, listing

routes = Routes(tag="letters")

CIRCULARS = "/api/v1/circulars"
ONE_CIRCULATION = ONE + "/circulations/{circulation_id}"


class Circulate(Schema):
    """For whom: `everybody` whom the caller may send it to, all of some `units` (codes), `people` (ids)."""

    everybody = fields.Boolean(load_default=False, metadata={"title": "ทุกคนในหน่วยงาน", "example": False})
    units = fields.List(
        fields.String(validate=validate.Length(max=40)), load_default=list, validate=validate.Length(max=1000),
        metadata={"title": "หน่วยงาน", "example": ["5704-g-ict"]},
    )  # fmt: skip
    people = fields.List(
        fields.String(validate=validate.Length(max=60)), load_default=list, validate=validate.Length(max=1000),
        metadata={"title": "บุคคล", "example": []},
    )  # fmt: skip
    note = fields.String(
        load_default="", validate=validate.Length(max=5000),
        metadata={"title": "ข้อความถึงผู้รับ", "example": "โปรดทราบและถือปฏิบัติ"},
    )  # fmt: skip


class Counted(Schema):
    read = fields.Integer(required=True)
    total = fields.Integer(required=True)
    percent = fields.Integer(required=True)


class UnitRead(Counted):
    code = fields.String(required=True)
    name = fields.String(required=True)


class Reader(Schema):
    """`person_id` is a person; their name is told by the pages alone. `unit` is where they worked then."""

    person_id = fields.String(required=True)
    unit = fields.String(required=True)
    opened_at = fields.String(required=True, allow_none=True)


class Circulation(Counted):
    """`readers` are those whom the caller is shown, counted in all and by unit: for whoever `oversees` it those of
    their office or group, for a reader their `own` line.
    """

    id = fields.String(required=True)
    letter_id = fields.String(required=True)
    everybody = fields.Boolean(required=True)
    note = fields.String(required=True)
    sent_at = fields.String(required=True)
    sent_by = fields.String(required=True)
    withdrawn_at = fields.String(required=True, allow_none=True)
    withdraw_reason = fields.String(required=True, allow_none=True)
    units = fields.List(fields.Nested(UnitRead), required=True)
    readers = fields.List(fields.Nested(Reader), required=True)
    own = fields.Nested(Reader, required=True, allow_none=True)
    oversees = fields.Boolean(required=True)
    may_withdraw = fields.Boolean(required=True)


class Opened(Schema):
    letter_id = fields.String(required=True)
    opened_at = fields.String(required=True)


class Circular(Schema):
    """A letter that was sent round to the caller; `opened_at` is when they first opened it."""

    id = fields.String(required=True)
    note = fields.String(required=True)
    sent_at = fields.String(required=True)
    sent_by = fields.String(required=True)
    opened_at = fields.String(required=True, allow_none=True)
    letter = fields.Nested(ListedLetter, required=True)


class Circulars(Schema):
    """`unread_total` is how many of all of them the caller has not opened."""

    items = fields.List(fields.Nested(Circular), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
    unread_total = fields.Integer(required=True)


class CircularQuery(Paging):
    unread = fields.Boolean(metadata={"title": "เฉพาะที่ยังไม่อ่าน"})


def _ask(request: Request, office: Office, operation: str, **args: Any) -> Any:
    return office.ask(request, "documents", operation, letter_id=request.params["id"], **args)


@routes.post(
    ONE + "/circulate", body=Circulate, answers=Circulation, status=201, access=ENDS, idempotent=True,
    problems=("not_found", "invalid", "letter.state", "circulation.secret", "circulation.nobody"),
)  # fmt: skip
def circulate(request: Request, office: Office) -> Any:
    """Send it round inside; it is known who has read it. Who has it already gets it once."""
    return _ask(request, office, "circulate", **request.json)


@routes.get(ONE + "/circulations", answers=listing(Circulation), access=READS, problems=("not_found",))
def list_circulations(request: Request, office: Office) -> Any:
    """What was sent round of a letter, the newest first, and who has read it."""
    return _ask(request, office, "list_circulations")


@routes.post(
    ONE_CIRCULATION + "/withdraw", body=Why, answers=Circulation, access=ENDS, idempotent=True,
    problems=("not_found", "invalid", "circulation.ended"),
)  # fmt: skip
def withdraw_circulation(request: Request, office: Office) -> Any:
    """Take it back from those to whom it was sent round."""
    args = {"circulation_id": request.params["circulation_id"], **request.json}
    return _ask(request, office, "withdraw_circulation", **args)


@routes.post(
    ONE + "/read", answers=Opened, access=ACTS, idempotent=True, problems=("not_found", "circulation.none")
)
def read_circular(request: Request, office: Office) -> Any:
    """Note that the caller has opened a letter that was sent round to them; once, however often it is called."""
    return _ask(request, office, "read_circular")


@routes.get(CIRCULARS, query=CircularQuery, answers=Circulars, access=READS)
def list_circulars(request: Request, office: Office) -> Any:
    """The letters that were sent round to the caller, the newest first."""
    return office.ask(request, "documents", "list_circulars", **request.query)
