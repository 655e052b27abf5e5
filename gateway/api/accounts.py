"""Accounts of others: opened, locked, given a password; their grants and sessions. One's own is in ``me``."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from gateway.api.people import MANAGES, PERSON, HeldGrant, Person, Reason, changed, date_field, text_field
from gateway.office import IDENTITIES, Office
from shared.http.answers import Answer, json_answer
from shared.http.request import Request
from shared.http.routing import Routes
from shared.http.schemas import listing

routes = Routes(tag="accounts")

MOST_SLIPS = 50


class UserName(Schema):
    username = text_field("ชื่อผู้ใช้", 100, "somchai.d", required=True)


class ManyPeople(Schema):
    person_ids = fields.List(
        fields.String(validate=validate.Length(max=40)),
        required=True,
        validate=validate.Length(min=1, max=MOST_SLIPS),
        metadata={"title": "บุคคล", "example": ["{person_id}"]},
    )


class NewGrant(Schema):
    organisation = text_field("รหัสหน่วยงาน", 40, "57040001", required=True)
    role = text_field("บทบาท", 30, "data_officer", required=True)
    from_ = text_field("ตั้งแต่วันที่ (ค.ศ.)", 10, "2026-10-01", allow_none=True, data_key="from")
    until = date_field("ถึงวันที่ (ค.ศ.)", None)
    acting = fields.Boolean(load_default=False, metadata={"title": "รักษาการ", "example": False})
    order_no = text_field("เลขที่คำสั่ง", 200, "57/2569", allow_none=True)
    order_date = date_field("วันที่ของคำสั่ง (ค.ศ.)", "2026-09-30")


class GrantEnd(Schema):
    last_day = date_field("วันสุดท้าย (ค.ศ.)", None)
    reason = text_field("เหตุผล", 1000, "ครบวาระ", required=True)


class Slip(Schema):
    """A temporary password, told this once; ``groups`` are its parts as the slip prints them."""

    person_id = fields.String(required=True)
    name = fields.String(required=True)
    organisation = fields.String(required=True)
    username = fields.String(required=True)
    password = fields.String(required=True)
    groups = fields.List(fields.String(), required=True)
    issued_at = fields.String(required=True)


class Slips(Schema):
    items = fields.List(fields.Nested(Slip), required=True)


class Session(Schema):
    session_id = fields.String(required=True)
    device = fields.String(required=True)
    remote = fields.String(required=True)
    started_at = fields.String(required=True)
    last_seen_at = fields.String(required=True)
    expires_at = fields.String(required=True)
    current = fields.Boolean(required=True)


class Revoked(Schema):
    revoked = fields.Integer(required=True)


@routes.post(
    PERSON + "/account", body=UserName, answers=Person, status=201, access=MANAGES, idempotent=True,
    problems=("not_found", "invalid", "account.self", "person.retired", "account.exists", "account.username_taken"),
)  # fmt: skip
def open_account(request: Request, office: Office) -> Answer:
    """Open an account for somebody; its password comes with the first slip."""
    return changed(request, office, "add_account", 201, **request.json)


@routes.post(
    PERSON + "/account/lock", body=Reason, answers=Person, access=MANAGES, idempotent=True,
    problems=("not_found", "invalid", "account.self", "account.none", "account.state", "area_admin.last"),
)  # fmt: skip
def lock_account(request: Request, office: Office) -> Answer:
    """Close an account until it is unlocked; its sessions stop at once."""
    return changed(request, office, "lock_account", **request.json)


@routes.post(
    PERSON + "/account/unlock", answers=Person, access=MANAGES, idempotent=True,
    problems=("not_found", "account.self", "account.none", "account.state", "person.retired"),
)  # fmt: skip
def unlock_account(request: Request, office: Office) -> Answer:
    """Open a locked account again; failed attempts are forgotten."""
    return changed(request, office, "unlock_account")


@routes.post(
    PERSON + "/account/totp-reset", answers=Person, access=MANAGES, idempotent=True,
    problems=("not_found", "account.self", "account.none", "totp.disabled"),
)  # fmt: skip
def reset_totp(request: Request, office: Office) -> Answer:
    """Take the second factor away from somebody who lost their telephone."""
    return changed(request, office, "reset_totp")


@routes.post(
    PERSON + "/password-slip", answers=Slip, access=MANAGES,
    problems=("not_found", "account.self", "account.none", "account.locked"),
)  # fmt: skip
def password_slip(request: Request, office: Office) -> Any:
    """A new temporary password, told this once; all sessions of the person end."""
    slip = office.ask(request, "schools", "password_slip", person_id=request.params["person_id"])
    IDENTITIES.forget()
    return slip


@routes.post(
    "/api/v1/people/password-slips", body=ManyPeople, answers=Slips, access=MANAGES, problems=("not_found", "invalid")
)
def password_slips(request: Request, office: Office) -> Any:
    """Slips for up to 50 people: for all of them or, when one cannot have one, for nobody."""
    slips = office.ask(request, "schools", "password_slips", **request.json)
    IDENTITIES.forget()
    return slips


@routes.get(PERSON + "/grants", answers=listing(HeldGrant), access=MANAGES, problems=("not_found",))
def list_grants(request: Request, office: Office) -> Any:
    """The grants of a person at units of the caller, past ones too."""
    return office.ask(request, "schools", "list_grants", person_id=request.params["person_id"])


@routes.post(
    PERSON + "/grants", body=NewGrant, answers=HeldGrant, status=201, access=MANAGES, idempotent=True,
    problems=("not_found", "invalid", "account.self", "person.retired", "unit.closed", "grant.overlap"),
)  # fmt: skip
def give_grant(request: Request, office: Office) -> Answer:
    """Give somebody a role at a unit from a day until a day; who acts for another does so by an order."""
    body = dict(request.json)
    period = {"valid_from": body.pop("from_", None), "valid_until": body.pop("until", None)}
    grant = office.ask(request, "schools", "add_grant", person_id=request.params["person_id"], **period, **body)
    IDENTITIES.forget()
    return json_answer(grant, 201)


@routes.post(
    "/api/v1/grants/{grant_id}/end", body=GrantEnd, answers=HeldGrant, access=MANAGES, idempotent=True,
    problems=("not_found", "invalid", "grant.over", "area_admin.last"),
)  # fmt: skip
def end_grant(request: Request, office: Office) -> Any:
    """Set the last day of a grant: today unless told, yesterday to end it at once, a later day to plan its end."""
    grant = office.ask(request, "schools", "end_grant", grant_id=request.params["grant_id"], **request.json)
    IDENTITIES.forget()
    return grant


@routes.get(
    PERSON + "/sessions", answers=listing(Session), access=MANAGES, problems=("not_found", "account.self")
)
def list_sessions(request: Request, office: Office) -> Any:
    """The open sessions of somebody whose account the caller manages."""
    return office.ask(request, "schools", "list_sessions", person_id=request.params["person_id"])


@routes.post(
    PERSON + "/sessions/revoke", answers=Revoked, access=MANAGES, problems=("not_found", "account.self")
)
def revoke_sessions(request: Request, office: Office) -> Any:
    """End every session of somebody whose account the caller manages."""
    answer = office.ask(request, "schools", "revoke_sessions", person_id=request.params["person_id"])
    IDENTITIES.forget()
    return answer
