"""Coming in and leaving."""

from __future__ import annotations

from gateway.auth import COOKIE, check_same_origin, session_cookie
from gateway.environment import SETTINGS
from gateway.office import IDENTITIES, Office
from gateway.web.addresses import local, with_query
from gateway.web.forms import EMPTY, Form, text
from gateway.web.site import show
from shared.http.answers import Answer, Cookie, redirect
from shared.http.request import Request
from shared.http.routing import PUBLIC, Routes
from shared.http.validation import split_pairs
from shared.problems import Problem

routes = Routes(tag="pages")


@routes.page("/login", access=PUBLIC)
def show_login(request: Request, _office: Office) -> Answer:
    """The form; who is signed in already goes on."""
    onwards = local(split_pairs(request.query_string).get("next", "/"))
    if request.identity is not None:
        return redirect(onwards)
    return _form(request, EMPTY, onwards)


@routes.form("/login", access=PUBLIC)
def log_in(request: Request, office: Office) -> Answer:
    """Open a session and keep it in a cookie."""
    check_same_origin(request)
    onwards = local(text(request, "next"))
    try:
        tokens = office.ask(
            request,
            "schools",
            "login",
            username=text(request, "username"),
            password=request.posted.get("password", ""),
            remote=request.remote,
        )
    except Problem as problem:
        return _form(request, Form.sent("login", request, problem), onwards)
    answer = redirect(onwards)
    answer.cookies.append(session_cookie(tokens["access_token"], secure=_is_secure()))
    return answer


@routes.form("/logout", access=PUBLIC)
def log_out(request: Request, office: Office) -> Answer:
    """End the session and forget the cookie, even while the owner of sessions is away."""
    if request.session is not None:
        try:
            office.ask(request, "schools", "revoke")
        except Problem as problem:
            if problem.code != "unavailable":
                raise
        IDENTITIES.forget()
    answer = redirect(with_query("/login", done="signed.out"))
    answer.cookies.append(Cookie(COOKIE, "", max_age=0, secure=_is_secure()))
    return answer


def _form(request: Request, form: Form, onwards: str) -> Answer:
    return show(request, "login.html", form.status, form=form, next=onwards)


def _is_secure() -> bool:
    return SETTINGS.public_url.startswith("https://")
