"""การยืนยันสองขั้น: setting the second factor up, its recovery codes, switching it off."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from gateway.office import Office
from gateway.qr import drawn
from gateway.web.addresses import with_query
from gateway.web.forms import EMPTY, Form, text
from gateway.web.site import show
from gateway.web.svg import Svg
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.http.routing import Routes
from shared.problems import Problem

routes = Routes(tag="pages")

URI = "otpauth://totp/"


@routes.page("/account/totp")
def show_totp(request: Request, office: Office) -> Answer:
    """Whether it is on, and what can be done about it."""
    return _show(request, office, EMPTY)


@routes.form("/account/totp")
def begin_totp_from_form(request: Request, office: Office) -> Answer:
    """A new key: as a picture for the app and as text for whoever has no camera."""
    try:
        begun = office.ask(request, "schools", "begin_totp")
    except Problem as problem:
        return _show(request, office, Form.sent("begin", request, problem))
    return _set_up(request, begun["uri"], EMPTY)


@routes.form("/account/totp/confirm")
def confirm_totp_from_form(request: Request, office: Office) -> Answer:
    """A first code switches it on. The key travels in the form, so that a mistyped code costs no second picture."""
    try:
        codes = office.ask(request, "schools", "confirm_totp", code=text(request, "code"))["recovery_codes"]
    except Problem as problem:
        uri = text(request, "uri")
        if problem.status != 422 or not uri.startswith(URI):
            return _show(request, office, Form.sent("begin", request, problem))
        return _set_up(request, uri, Form("confirm", {}, problem))
    return show(request, "totp_codes.html", codes=codes, is_new=True)


@routes.form("/account/totp/codes")
def renew_codes_from_form(request: Request, office: Office) -> Answer:
    """New recovery codes, shown this once."""
    try:
        codes = _with_password(request, office, "renew_recovery_codes")["recovery_codes"]
    except Problem as problem:
        return _show(request, office, Form("codes", {}, problem))
    return show(request, "totp_codes.html", codes=codes, is_new=False)


@routes.form("/account/totp/disable")
def disable_totp_from_form(request: Request, office: Office) -> Answer:
    """Switch it off."""
    try:
        _with_password(request, office, "disable_totp")
    except Problem as problem:
        return _show(request, office, Form("disable", {}, problem))
    return redirect(with_query("/account", done="totp.off"))


def _with_password(request: Request, office: Office, operation: str) -> Any:
    return office.ask(request, "schools", operation, password=request.posted.get("password", ""))


def _show(request: Request, office: Office, form: Form) -> Answer:
    totp = office.ask(request, "schools", "totp_status")
    return show(request, "totp.html", form.status, form=form, blank=EMPTY, totp=totp)


def _set_up(request: Request, uri: str, form: Form) -> Answer:
    secret = parse_qs(urlsplit(uri).query).get("secret", [""])[0]
    groups = [secret[place : place + 4] for place in range(0, len(secret), 4)]
    return show(request, "totp_setup.html", form.status, form=form, uri=uri, groups=groups, picture=Svg(drawn(uri)))
