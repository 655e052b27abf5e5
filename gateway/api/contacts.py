"""The contact book: those with whom the area exchanges letters."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from gateway.office import Office
from shared.http.answers import Answer, json_answer
from shared.http.request import Request
from shared.http.routing import Access, Routes
from shared.http.schemas import Paging, listing

routes = Routes(tag="letters")

ALL = "/api/v1/contacts"
ONE = ALL + "/{contact_id}"
KINDS = ("agency", "local", "school", "company", "person", "other")
READS = Access(roles=("registrar", "officer", "group_director", "deputy_director", "area_director"))
ADDS = Access(roles=("registrar",))
# a contact is the area's: its registry puts it right, and other areas know nothing of it
KEEPS = Access(roles=("registrar",), scope="area", elsewhere=404)


def _text(title: str, example: str, **options: Any) -> fields.String:
    limit = validate.Length(max=1000)
    return fields.String(validate=limit, metadata={"title": title, "example": example}, **options)


class ContactQuery(Paging):
    q = fields.String(validate=validate.Length(max=200), metadata={"title": "ส่วนของชื่อ"})
    cursor = fields.String(validate=validate.Length(max=3000), metadata={"title": "ตำแหน่งหน้าถัดไป"})


class ContactChanges(Schema):
    kind = _text("ประเภท", "local")
    name = _text("ชื่อ", "องค์การบริหารส่วนตำบลเวียง")
    address = _text("ที่อยู่", "อำเภอเชียงของ จังหวัดเชียงราย 57140")
    telephone = _text("โทรศัพท์", "0 5379 1234")
    email = _text("อีเมล", "saraban@wiang.example")


class NewContact(ContactChanges):
    kind = _text("ประเภท", "local", required=True)
    name = _text("ชื่อ", "องค์การบริหารส่วนตำบลเวียง", required=True)


class Merge(Schema):
    into = fields.String(
        required=True, validate=validate.Length(max=36), metadata={"title": "รวมเข้ากับ", "example": "01a2045e"}
    )


class Contact(Schema):
    id = fields.String(required=True)
    kind = fields.String(required=True)
    name = fields.String(required=True)
    address = fields.String(required=True)
    telephone = fields.String(required=True)
    email = fields.String(required=True)
    etag = fields.String(required=True)


class NamedContact(Schema):
    id = fields.String(required=True)
    name = fields.String(required=True)


class ContactDetail(Contact):
    """`former` are names of what was merged into it, `alike` contacts that may be the same."""

    former = fields.List(fields.String(), required=True)
    alike = fields.List(fields.Nested(NamedContact), required=True)


@routes.get(ALL, query=ContactQuery, answers=listing(Contact), access=READS, problems=("invalid",))
def list_contacts(request: Request, office: Office) -> Any:
    """The correspondents of the area by name; `q` is a part of a name in any spelling."""
    return office.ask(request, "documents", "list_contacts", **request.query)


@routes.post(
    ALL, body=NewContact, answers=Contact, status=201, access=ADDS, idempotent=True,
    problems=("invalid", "contact.known"),
)  # fmt: skip
def add_contact(request: Request, office: Office) -> Any:
    """Enter a correspondent."""
    return office.ask(request, "documents", "add_contact", values=request.json)


@routes.get(ONE, answers=ContactDetail, access=READS, problems=("not_found",))
def get_contact(request: Request, office: Office) -> Answer:
    """One correspondent, and others that may be the same."""
    contact = office.ask(request, "documents", "get_contact", contact_id=request.params["contact_id"])
    return json_answer(contact, etag=contact["etag"])


@routes.patch(
    ONE, body=ContactChanges, answers=Contact, access=KEEPS, if_match=True,
    problems=("not_found", "invalid", "contact.known", "precondition.stale"),
)  # fmt: skip
def change_contact(request: Request, office: Office) -> Answer:
    """Put it right; letters keep the name they were keyed in with."""
    place = {"contact_id": request.params["contact_id"], "if_match": request.if_match}
    contact = office.ask(request, "documents", "change_contact", values=request.json, **place)
    return json_answer(contact, etag=contact["etag"])


@routes.post(
    ONE + "/merge", body=Merge, answers=Contact, access=KEEPS, idempotent=True, problems=("not_found", "invalid")
)
def merge_contact(request: Request, office: Office) -> Any:
    """Two are one: the other stays and is found by both names."""
    return office.ask(
        request, "documents", "merge_contact", contact_id=request.params["contact_id"], **request.json
    )
