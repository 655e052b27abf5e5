"""One's own account: sessions, and the second factor."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from gateway.api.accounts import Revoked, Session
from gateway.office import IDENTITIES, Office
from gateway.qr import drawn
from shared.http.request import Request
from shared.http.routing import Routes
from shared.http.schemas import listing

routes = Routes(tag="me")


class Totp(Schema):
    enabled = fields.Boolean(required=True)
    confirmed_at = fields.String(required=True, allow_none=True)
    recovery_codes_left = fields.Integer(required=True)


class TotpBegun(Schema):
    """``uri`` is what an authenticator app reads, ``qr_svg`` its picture, ``secret`` what is typed without a camera."""

    secret = fields.String(required=True)
    uri = fields.String(required=True)
    qr_svg = fields.String(required=True)


class Code(Schema):
    code = fields.String(
        required=True, validate=validate.Length(min=1, max=40), metadata={"title": "รหัสจากแอป", "example": "123456"}
    )


class Password(Schema):
    password = fields.String(
        required=True, validate=validate.Length(min=1, max=1000), metadata={"title": "รหัสผ่าน", "example": "khet-demo"}
    )


class TotpState(Schema):
    enabled = fields.Boolean(required=True)


class RecoveryCodes(Schema):
    """Told this once; each serves once in place of the app's code."""

    recovery_codes = fields.List(fields.String(), required=True)


@routes.get("/api/v1/me/sessions", answers=listing(Session))
def list_my_sessions(request: Request, office: Office) -> Any:
    """The caller's open sessions; `current` is the one that asks."""
    return office.ask(request, "schools", "list_my_sessions")


@routes.delete("/api/v1/me/sessions/{session_id}", answers=Revoked, problems=("not_found",))
def end_my_session(request: Request, office: Office) -> Any:
    """End one of the caller's own sessions."""
    answer = office.ask(request, "schools", "end_my_session", session_id=request.params["session_id"])
    IDENTITIES.forget()
    return answer


@routes.get("/api/v1/me/totp", answers=Totp)
def get_totp(request: Request, office: Office) -> Any:
    """Whether the caller's second factor is on."""
    return office.ask(request, "schools", "totp_status")


@routes.post("/api/v1/me/totp", answers=TotpBegun, problems=("totp.enabled",))
def begin_totp(request: Request, office: Office) -> Any:
    """A new secret for the authenticator app; it counts once a code of it was confirmed."""
    begun = office.ask(request, "schools", "begin_totp")
    return {**begun, "qr_svg": str(drawn(begun["uri"]))}


@routes.post(
    "/api/v1/me/totp/confirm", body=Code, answers=RecoveryCodes,
    problems=("totp.enabled", "totp.not_begun", "totp.code"),
)  # fmt: skip
def confirm_totp(request: Request, office: Office) -> Any:
    """Switch the second factor on with a first code; answers with the recovery codes."""
    return office.ask(request, "schools", "confirm_totp", **request.json)


@routes.post(
    "/api/v1/me/totp/disable", body=Password, answers=TotpState, problems=("password.wrong", "login.limited")
)
def disable_totp(request: Request, office: Office) -> Any:
    """Switch the second factor off; asks for the password."""
    return office.ask(request, "schools", "disable_totp", **request.json)


@routes.post(
    "/api/v1/me/recovery-codes", body=Password, answers=RecoveryCodes,
    problems=("password.wrong", "totp.disabled", "login.limited"),
)  # fmt: skip
def renew_recovery_codes(request: Request, office: Office) -> Any:
    """New recovery codes; the old ones are worth nothing from now on. Asks for the password."""
    return office.ask(request, "schools", "renew_recovery_codes", **request.json)
