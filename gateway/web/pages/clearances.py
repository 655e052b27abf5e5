"""ผู้เข้าถึงหนังสือลับ: who is cleared in the office or school that one directs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.api.clearances import APPOINTS
from gateway.environment import CLOCK
from gateway.names import names_of
from gateway.office import Office
from gateway.web import clearance_words
from gateway.web.addresses import with_query
from gateway.web.asking import ask_all
from gateway.web.forms import EMPTY, Form, text, typed_dates
from gateway.web.language import gettext
from gateway.web.site import show
from shared.bus.rpc import Call
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.http.routing import Routes
from shared.problems import Problem

routes = Routes(tag="pages")

PAGE = "/clearances"


@routes.page(PAGE, access=APPOINTS)
def show_clearances(request: Request, office: Office) -> Answer:
    """Everybody who is or was cleared, and the form that appoints another."""
    return _show(request, office, EMPTY)


@routes.form(PAGE, access=APPOINTS)
def appoint_from_form(request: Request, office: Office) -> Answer:
    """Appoint somebody by an order."""
    titles = {
        "order_date": gettext("คำสั่งลงวันที่"),
        "from": gettext("ตั้งแต่วันที่"),
        "until": gettext("ถึงวันที่"),
    }
    try:
        days = typed_dates(request, titles)
        given = {name: text(request, name) for name in ("person", "post", "level", "order_no")}
        office.ask(
            request, "documents", "appoint", at=_unit(request), **given,
            order_date=days["order_date"] or "", valid_from=days["from"] or "", until=days["until"] or "",
        )  # fmt: skip
    except Problem as problem:
        return _show(request, office, Form.sent("appoint", request, problem))
    return redirect(with_query(PAGE, done="clearance.appointed"))


@routes.form(PAGE + "/{id}/end", access=APPOINTS)
def end_clearance_from_form(request: Request, office: Office) -> Answer:
    """End an appointment, saying why."""
    clearance_id = request.params["id"]
    try:
        office.ask(
            request, "documents", "end_clearance", clearance_id=clearance_id, reason=text(request, "reason")
        )
    except Problem as problem:
        if problem.status == 404:
            raise
        return _show(request, office, Form.sent(f"end-{clearance_id}", request, problem))
    return redirect(with_query(PAGE, done="clearance.ended"))


# a form that did not go through leaves its own address in the browser: reloading it must lead back to the page
@routes.page(PAGE + "/{id}/{step}", access=APPOINTS)
def show_step_as_clearances(_request: Request, _office: Office) -> Answer:
    """Back to the list."""
    return redirect(PAGE)


def _unit(request: Request) -> str:
    """The code of the office or school of which the reader is the director."""
    return next(str(grant.organisation) for grant in request.identity.grants if grant.role in APPOINTS.roles)


def _show(request: Request, office: Office, form: Form) -> Answer:
    answers = ask_all(
        request, office,
        found=Call("documents", "list_clearances", {}),
        members=Call("schools", "list_members", {"organisation": _unit(request)}),
    )  # fmt: skip
    members = answers["members"]["items"]
    known = {member["person_id"]: member["name"] for member in members}
    others = {one["person"] for one in answers["found"]["items"]} - set(known)
    today = CLOCK.today().isoformat()
    return show(
        request,
        "clearances.html",
        form.status,
        form=form,
        clearances=[{**one, "standing": _standing(one, today)} for one in answers["found"]["items"]],
        members=[(member["person_id"], f"{member['name']} ({member['unit_name']})") for member in members],
        names={**known, **(names_of(request, office, others) if others else {})},
        words=clearance_words,
    )


def _standing(clearance: Mapping[str, Any], today: str) -> str:
    if clearance["is_ended"] or clearance["until"] < today:
        return "over"
    return "ahead" if clearance["from"] > today else "current"
