"""บัญชีของฉัน: who am I here, where am I signed in, and the password."""

from __future__ import annotations

from gateway.auth import no_session_cookie
from gateway.office import IDENTITIES, Office
from gateway.web.addresses import with_query
from gateway.web.asking import ask_all
from gateway.web.forms import EMPTY, Form
from gateway.web.site import show
from shared.bus.rpc import Call
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.http.routing import Routes
from shared.problems import FieldError, Problem, invalid

routes = Routes(tag="pages")


@routes.page("/account")
def show_account(request: Request, office: Office) -> Answer:
    """Name, unit, the grants in force with their periods, open sessions, the second factor."""
    answers = ask_all(
        request, office,
        me=Call("schools", "me", {}),
        sessions=Call("schools", "list_my_sessions", {}),
        totp=Call("schools", "totp_status", {}),
    )  # fmt: skip
    return show(
        request, "account.html", me=answers["me"], sessions=answers["sessions"]["items"], totp=answers["totp"]
    )


@routes.form("/account/sessions")
def end_all_sessions(request: Request, office: Office) -> Answer:
    """Sign out everywhere."""
    office.ask(request, "schools", "revoke", all=True)
    return _signed_out()


@routes.form("/account/sessions/{session_id}/end")
def end_session_from_form(request: Request, office: Office) -> Answer:
    """Sign one device out; this one too, if it is the one that was chosen."""
    session_id = request.params["session_id"]
    office.ask(request, "schools", "end_my_session", session_id=session_id)
    if session_id == request.identity.session_id:
        return _signed_out()
    IDENTITIES.forget()
    return redirect(with_query("/account", done="session.stopped"))


@routes.page("/password")
def show_password(request: Request, _office: Office) -> Answer:
    """The form."""
    return _form(request, EMPTY)


@routes.form("/password")
def change_password_from_form(request: Request, office: Office) -> Answer:
    """Change the password; other devices have to sign in again."""
    new = request.posted.get("new_password", "")
    try:
        if new != request.posted.get("repeated", ""):
            raise invalid([FieldError("repeated", "different", "รหัสผ่านใหม่ทั้งสองช่องไม่ตรงกัน")])
        office.ask(
            request, "schools", "change_password", current=request.posted.get("current_password", ""), new=new
        )
    except Problem as problem:
        return _form(request, Form("password", {}, problem))
    IDENTITIES.forget()
    return redirect(with_query("/account", done="password.changed"))


def _signed_out() -> Answer:
    IDENTITIES.forget()
    answer = redirect(with_query("/login", done="signed.out"))
    answer.cookies.append(no_session_cookie())
    return answer


def _form(request: Request, form: Form) -> Answer:
    is_forced = bool(request.identity and request.identity.must_change_password)
    return show(request, "password.html", form.status, form=form, is_forced=is_forced)
