"""Coming in and leaving."""

from __future__ import annotations

from gateway.auth import check_same_origin, no_session_cookie, session_cookie
from gateway.office import IDENTITIES, Office
from gateway.web.addresses import local, with_query
from gateway.web.forms import EMPTY, Form, text
from gateway.web.site import show
from shared.http.answers import Answer, problem_headers, redirect
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
        tokens = office.ask(request, "schools", "login", **_shown(request))
    except Problem as problem:
        refused = _form(request, Form.sent("login", request, problem), onwards)
        refused.headers.update(problem_headers(problem))
        return refused
    _end_session(request, office)
    answer = redirect(onwards)
    answer.cookies.append(session_cookie(tokens["access_token"]))
    return answer


@routes.form("/logout", access=PUBLIC)
def log_out(request: Request, office: Office) -> Answer:
    """End the session and forget the cookie, even while the owner of sessions is away."""
    _end_session(request, office)
    answer = redirect(with_query("/login", done="signed.out"))
    answer.cookies.append(no_session_cookie())
    return answer


def _end_session(request: Request, office: Office) -> None:
    """End the session that the browser came with: whoever logs in anew leaves none behind."""
    if request.session is None:
        return
    try:
        office.ask(request, "schools", "revoke")
    except Problem as problem:
        if problem.code != "unavailable":
            raise
    IDENTITIES.forget()


def _shown(request: Request) -> dict[str, str]:
    """What the person shows: name and password, in the second step the code and the proof of the first."""
    shown = {
        "username": text(request, "username"),
        "remote": request.remote,
        "device": request.headers.get("User-Agent", ""),
    }
    challenge = text(request, "challenge")
    if challenge:
        return {**shown, "challenge": challenge, "code": text(request, "code")}
    return {**shown, "password": request.posted.get("password", "")}


def _form(request: Request, form: Form, onwards: str) -> Answer:
    template = "login_code.html" if form.problem and "challenge" in form.problem.extra else "login.html"
    return show(request, template, form.status, form=form, next=onwards)
