"""บัญชีของฉัน: who am I here, and the password."""

from __future__ import annotations

from gateway.auth import COOKIE
from gateway.environment import SETTINGS
from gateway.office import IDENTITIES, Office
from gateway.web.addresses import with_query
from gateway.web.forms import EMPTY, Form
from gateway.web.site import show
from shared.http.answers import Answer, Cookie, redirect
from shared.http.request import Request
from shared.http.routing import Routes
from shared.problems import FieldError, Problem, invalid

routes = Routes(tag="pages")


@routes.page("/account")
def show_account(request: Request, office: Office) -> Answer:
    """Name, unit, and the grants in force with their periods."""
    return show(request, "account.html", me=office.ask(request, "schools", "me"))


@routes.form("/account/sessions")
def end_all_sessions(request: Request, office: Office) -> Answer:
    """Sign out everywhere."""
    office.ask(request, "schools", "revoke", all=True)
    IDENTITIES.forget()
    answer = redirect(with_query("/login", done="signed.out"))
    answer.cookies.append(Cookie(COOKIE, "", max_age=0, secure=SETTINGS.public_url.startswith("https://")))
    return answer


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


def _form(request: Request, form: Form) -> Answer:
    is_forced = bool(request.identity and request.identity.must_change_password)
    return show(request, "password.html", form.status, form=form, is_forced=is_forced)
