"""Login, logout, refresh, password; who am I."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from gateway.office import IDENTITIES, Office
from shared.http.request import Request
from shared.http.routing import PUBLIC, Routes
from shared.problems import Problem

routes = Routes(tag="auth")


class Credentials(Schema):
    """``code`` belongs to an account with a second factor; ``challenge``, from the problem ``login.code_required``, may
    stand in for the password then.
    """

    username = fields.String(
        required=True, validate=validate.Length(min=1, max=100), metadata={"title": "ชื่อผู้ใช้", "example": "officer"}
    )
    password = fields.String(
        validate=validate.Length(min=1, max=1000), metadata={"title": "รหัสผ่าน", "example": "khet-demo"}
    )
    code = fields.String(
        validate=validate.Length(min=1, max=40), metadata={"title": "รหัสยืนยันตัวตน", "example": "123456"}
    )
    challenge = fields.String(validate=validate.Length(min=1, max=200), metadata={"title": "หลักฐานว่ารหัสผ่านถูกต้อง"})

    @validates_schema
    def _wants_one_of_both(self, data: dict[str, Any], **_rest: Any) -> None:
        if "password" not in data and "challenge" not in data:
            raise ValidationError("Missing data for required field.", "password")


class Tokens(Schema):
    access_token = fields.String(required=True)
    refresh_token = fields.String(required=True)
    token_type = fields.String(required=True)
    expires_in = fields.Integer(required=True, metadata={"description": "วินาที"})


class RefreshToken(Schema):
    refresh_token = fields.String(
        required=True, validate=validate.Length(min=1, max=500), metadata={"example": "q3Vt-8a…"}
    )


class Revocation(Schema):
    """``token`` and ``token_type_hint`` are RFC 7009's names; the caller's own session ends in any case."""

    refresh_token = fields.String(validate=validate.Length(min=1, max=500))
    token = fields.String(validate=validate.Length(min=1, max=4000))
    token_type_hint = fields.String(validate=validate.Length(max=40))
    all = fields.Boolean(load_default=False)


class Revoked(Schema):
    revoked = fields.Integer(required=True)


class PasswordChange(Schema):
    current_password = fields.String(
        required=True, validate=validate.Length(max=1000), metadata={"title": "รหัสผ่านเดิม", "example": "khet-demo"}
    )
    new_password = fields.String(
        required=True,
        validate=validate.Length(max=1000),
        metadata={"title": "รหัสผ่านใหม่", "example": "ข้าวเหนียว-มะม่วง-หน้าฝน"},
    )


class GrantView(Schema):
    role = fields.String(required=True)
    role_name = fields.String(required=True)
    scope = fields.String(required=True)
    organisation = fields.String(required=True)
    organisation_name = fields.String(required=True)
    acting = fields.Boolean(required=True)
    from_ = fields.String(required=True, data_key="from")
    until = fields.String(required=True, allow_none=True)


class Me(Schema):
    person_id = fields.String(required=True)
    username = fields.String(required=True)
    name = fields.String(required=True)
    unit = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    grants = fields.List(fields.Nested(GrantView), required=True)
    must_change_password = fields.Boolean(required=True)


@routes.post(
    "/api/v1/auth/token", body=Credentials, answers=Tokens, access=PUBLIC,
    problems=(
        "login.failed", "login.limited", "login.code_required", "login.code_wrong", "login.challenge_ended",
    ),
)  # fmt: skip
def create_token(request: Request, office: Office) -> Any:
    """Log in with a name, a password and, where the account has a second factor, a code: always a new session."""
    device = request.headers.get("User-Agent", "")
    return office.ask(request, "schools", "login", **request.json, remote=request.remote, device=device)


@routes.post("/api/v1/auth/refresh", body=RefreshToken, answers=Tokens, access=PUBLIC, problems=("unauthenticated",))
def refresh_token(request: Request, office: Office) -> Any:
    """New tokens for a refresh token, which is used up by that."""
    try:
        return office.ask(request, "schools", "refresh", **request.json)
    except Problem:
        # one that was used before ends its session, and this process may still remember it
        IDENTITIES.forget()
        raise


@routes.post("/api/v1/auth/revoke", body=Revocation, answers=Revoked, access=PUBLIC, problems=("unauthenticated",))
def revoke_token(request: Request, office: Office) -> Any:
    """Log out: the session of the caller, or of a refresh token; with `all`, every session of the person."""
    body = request.json
    answer = office.ask(
        request, "schools", "revoke", refresh_token=body.get("refresh_token") or body.get("token"), all=body["all"]
    )
    IDENTITIES.forget()
    return answer


@routes.post("/api/v1/auth/password", body=PasswordChange, problems=("password.wrong", "password.weak"))
def change_password(request: Request, office: Office) -> Any:
    """Change the caller's own password; ends the person's other sessions."""
    body = request.json
    answer = office.ask(
        request, "schools", "change_password", current=body["current_password"], new=body["new_password"]
    )
    IDENTITIES.forget()
    return answer


@routes.get("/api/v1/me", answers=Me)
def get_me(request: Request, office: Office) -> Any:
    """The caller and the grants in force."""
    return office.ask(request, "schools", "me")
