"""People: for the admin of an area, and for directors at their own school."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from gateway.office import IDENTITIES, Office
from shared.http.answers import Answer, json_answer
from shared.http.request import Request
from shared.http.routing import Access, Routes
from shared.http.schemas import Paging, listing

routes = Routes(tag="people")

MANAGERS = ("area_admin", "school_director")
MANAGES = Access(roles=MANAGERS, scope="school", elsewhere=404)
ENTERS = Access(roles=MANAGERS, scope="school", elsewhere=403)
LISTS = Access(roles=MANAGERS, scope="school")

PERSON = "/api/v1/people/{person_id}"
STATES = ("IN_SERVICE", "ACTIVE", "NEVER_IN", "LOCKED", "NO_ACCOUNT", "RETIRED")


def text_field(title: str, most: int, example: str | None, **options: Any) -> fields.String:
    """A text of at most ``most`` characters; what else may be wrong with it the owner says."""
    return fields.String(
        validate=validate.Length(max=most), metadata={"title": title, "example": example}, **options
    )


def date_field(title: str, example: str | None) -> fields.String:
    """A day in ISO 8601, or nothing."""
    return text_field(title, 10, example, allow_none=True)


class PeopleQuery(Paging):
    q = text_field("ค้นหา", 100, "สมชาย")
    unit = text_field("รหัสหน่วยงาน", 40, "57040001")
    role = text_field("บทบาท", 30, "data_officer")
    state = fields.String(
        validate=validate.OneOf(STATES), metadata={"title": "สถานะ", "description": "ไม่ระบุ: ทุกคนที่ยังอยู่ในราชการ"}
    )


class PersonFields(Schema):
    title = text_field("คำนำหน้าชื่อ", 100, "นาย")
    given_name = text_field("ชื่อ", 200, "สมชาย")
    family_name = text_field("นามสกุล", 200, "ดอยตุง")
    citizen_id = text_field("เลขประจำตัวประชาชน", 40, "1570400000061", allow_none=True)
    position = text_field("ตำแหน่ง", 400, "ครูชำนาญการ", allow_none=True)
    email = text_field("อีเมล", 400, "somchai@example.go.th", allow_none=True)
    phone = text_field("โทรศัพท์", 40, "0812345678", allow_none=True)


class NewPerson(PersonFields):
    unit = text_field("รหัสหน่วยงานที่สังกัด", 40, "57040001", required=True)
    username = text_field("ชื่อผู้ใช้", 100, "somchai.d", allow_none=True)


class PersonChange(PersonFields):
    unit = text_field("รหัสหน่วยงานที่สังกัด", 40, "57040001")


class Retirement(Schema):
    retired_on = date_field("วันที่พ้นจากราชการ", "2026-10-01")
    reason = text_field("เหตุผล", 1000, "เกษียณอายุราชการ", required=True)


class Reason(Schema):
    reason = text_field("เหตุผล", 1000, "ตรวจสอบกับบัตรประชาชน", required=True)


class Unit(Schema):
    code = fields.String(required=True)
    name = fields.String(required=True)


class Workplace(Unit):
    kind = fields.String(required=True)
    roles = fields.List(fields.String(), required=True)


class RoleHeld(Schema):
    role = fields.String(required=True)
    role_name = fields.String(required=True)
    organisation = fields.String(required=True)
    organisation_name = fields.String(required=True)
    acting = fields.Boolean(required=True)


class PersonLine(Schema):
    person_id = fields.String(required=True)
    name = fields.String(required=True)
    position = fields.String(required=True, allow_none=True)
    unit = fields.Nested(Unit, required=True)
    username = fields.String(required=True, allow_none=True)
    last_login_at = fields.String(required=True, allow_none=True)
    standing = fields.String(required=True)
    roles = fields.List(fields.Nested(RoleHeld), required=True)


class HeldGrant(RoleHeld):
    grant_id = fields.String(required=True)
    person_id = fields.String(required=True)
    scope = fields.String(required=True)
    order_no = fields.String(required=True, allow_none=True)
    order_date = fields.String(required=True, allow_none=True)
    from_ = fields.String(required=True, data_key="from")
    until = fields.String(required=True, allow_none=True)
    state = fields.String(required=True)
    end_reason = fields.String(required=True, allow_none=True)
    may_end = fields.Boolean(required=True)


class AccountView(Schema):
    username = fields.String(required=True)
    state = fields.String(required=True)
    lock_reason = fields.String(required=True, allow_none=True)
    has_password = fields.Boolean(required=True)
    must_change_password = fields.Boolean(required=True)
    password_changed_at = fields.String(required=True, allow_none=True)
    last_login_at = fields.String(required=True, allow_none=True)
    last_login_remote = fields.String(required=True, allow_none=True)
    totp = fields.Boolean(required=True)
    recovery_codes_left = fields.Integer(required=True)


class Person(Schema):
    """``citizen_id`` is masked; ``allowed`` names what the caller may do."""

    person_id = fields.String(required=True)
    name = fields.String(required=True)
    title = fields.String(required=True)
    given_name = fields.String(required=True)
    family_name = fields.String(required=True)
    citizen_id = fields.String(required=True, allow_none=True)
    position = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    synthetic = fields.Boolean(required=True)
    unit = fields.Nested(Unit, required=True)
    state = fields.String(required=True)
    retired_on = fields.String(required=True, allow_none=True)
    retired_reason = fields.String(required=True, allow_none=True)
    standing = fields.String(required=True)
    account = fields.Nested(AccountView, required=True, allow_none=True)
    grants = fields.List(fields.Nested(HeldGrant), required=True)
    allowed = fields.List(fields.String(), required=True)
    version = fields.Integer(required=True)
    etag = fields.String(required=True)


class RevealedCitizenId(Schema):
    person_id = fields.String(required=True)
    citizen_id = fields.String(required=True)


@routes.get("/api/v1/people", query=PeopleQuery, answers=listing(PersonLine), access=LISTS, problems=("invalid",))
def list_people(request: Request, office: Office) -> Any:
    """The people who work or hold roles in the caller's part of the office, by name."""
    query = {"organisation" if name == "unit" else name: value for name, value in request.query.items()}
    return office.ask(request, "schools", "list_people", **query)


@routes.get("/api/v1/people/workplaces", answers=listing(Workplace), access=LISTS)
def list_workplaces(request: Request, office: Office) -> Any:
    """The units in which the caller may let people work, and the roles that they may give at each."""
    return office.ask(request, "schools", "list_workplaces")


@routes.post(
    "/api/v1/people", body=NewPerson, answers=Person, status=201, access=ENTERS, idempotent=True,
    problems=("invalid", "not_found", "unit.closed", "person.exists", "account.username_taken"),
)  # fmt: skip
def add_person(request: Request, office: Office) -> Answer:
    """Enter a person, with an account when a user name is given; the password comes with the first slip."""
    body = dict(request.json)
    person = office.ask(
        request, "schools", "add_person",
        organisation=body.pop("unit"), username=body.pop("username", None), fields=body,
    )  # fmt: skip
    return _person(person, 201)


@routes.get(PERSON, answers=Person, access=MANAGES, problems=("not_found",))
def get_person(request: Request, office: Office) -> Answer:
    """One person with account and grants; of the grants those at units of the caller."""
    return _person(office.ask(request, "schools", "get_person", person_id=request.params["person_id"]))


@routes.patch(
    PERSON, body=PersonChange, answers=Person, access=MANAGES,
    problems=("not_found", "precondition.stale", "invalid", "unit.closed", "person.exists"),
)  # fmt: skip
def change_person(request: Request, office: Office) -> Answer:
    """Change what is known of a person; fields that are not sent stay as they are."""
    body = dict(request.json)
    organisation = body.pop("unit", None)
    return changed(
        request, office, "change_person", if_match=request.if_match, organisation=organisation, fields=body
    )


@routes.post(
    PERSON + "/retire", body=Retirement, answers=Person, access=MANAGES, idempotent=True,
    problems=("not_found", "invalid", "account.self", "person.retired", "area_admin.last"),
)  # fmt: skip
def retire_person(request: Request, office: Office) -> Answer:
    """A person leaves: the account is closed, whatever they held ends today."""
    return changed(request, office, "retire_person", **request.json)


@routes.post(
    PERSON + "/reinstate", answers=Person, access=MANAGES, idempotent=True,
    problems=("not_found", "account.self", "person.active"),
)  # fmt: skip
def reinstate_person(request: Request, office: Office) -> Answer:
    """A person comes back; the account stays locked until it is unlocked, grants are given anew."""
    return changed(request, office, "reinstate_person")


@routes.post(
    PERSON + "/reveal", body=Reason, answers=RevealedCitizenId, access=MANAGES,
    problems=("not_found", "invalid", "person.no_citizen_id"),
)  # fmt: skip
def reveal_citizen_id(request: Request, office: Office) -> Any:
    """The citizen id in full; who asks and why is audited."""
    return office.ask(
        request, "schools", "reveal_citizen_id", person_id=request.params["person_id"], **request.json
    )


def changed(request: Request, office: Office, operation: str, status: int = 200, **args: Any) -> Answer:
    person = office.ask(request, "schools", operation, person_id=request.params["person_id"], **args)
    IDENTITIES.forget()
    return _person(person, status)


def _person(person: dict[str, Any], status: int = 200) -> Answer:
    # the tag is that of the record; account and grants change beside it, so nobody may keep an answer by its tag
    return json_answer(person, status, headers={"ETag": f'"{person["etag"]}"'})
