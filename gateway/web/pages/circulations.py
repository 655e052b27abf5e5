"""หนังสือเวียน: sending a letter round, taking it back, and what was sent to the reader."""

from __future__ import annotations

from typing import Any

from gateway.api.letters import ENDS, READS
from gateway.names import names_of
from gateway.office import Office
from gateway.web import letter_words
from gateway.web.addresses import letter as address_of
from gateway.web.addresses import with_query
from gateway.web.asking import ask_all
from gateway.web.forms import EMPTY, Form, text
from gateway.web.pages.letter import ONE, show_with
from gateway.web.site import show
from shared.bus.rpc import Call
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.http.routing import Routes
from shared.http.validation import split_pairs
from shared.problems import Problem

routes = Routes(tag="pages")

CIRCULARS = "/circulars"
PER_PAGE = 50


@routes.page(CIRCULARS, access=READS)
def show_circulars(request: Request, office: Office) -> Answer:
    """What was sent round to the reader, the newest first, or of it what they have not opened."""
    query = split_pairs(request.query_string)
    unread = query.get("unread") == "1"
    asked = {"unread": unread, "limit": PER_PAGE, "cursor": query.get("cursor") or None}
    found = office.ask(request, "documents", "list_circulars", **asked)
    chosen = {"unread": "1" if unread else None}
    cursor = found["next_cursor"]
    return show(
        request,
        "circulars.html",
        circulars=found["items"],
        unread_total=found["unread_total"],
        is_unread=unread,
        next_page=with_query(CIRCULARS, **chosen, cursor=cursor) if cursor else None,
        first_page=with_query(CIRCULARS, **chosen) if query.get("cursor") else None,
        words=letter_words,
    )


@routes.page(ONE + "/circulate", access=ENDS)
def show_audience(request: Request, office: Office) -> Answer:
    """To whom the letter may go, to choose from."""
    return _audience(request, office, EMPTY)


@routes.form(ONE + "/circulate", access=ENDS)
def circulate_from_form(request: Request, office: Office) -> Answer:
    """Send it round to those who were chosen."""
    chosen = {name: request.posted.getlist(name) for name in ("units", "people")}
    try:
        everybody = bool(text(request, "everybody"))
        _ask(request, office, "circulate", everybody=everybody, note=text(request, "note"), **chosen)
    except Problem as problem:
        if problem.status == 404:
            raise
        return _audience(request, office, Form.sent("circulate", request, problem))
    return redirect(with_query(address_of(request.params["id"]), done="letter.circulated"))


@routes.form(ONE + "/circulations/{circulation_id}/withdraw", access=ENDS)
def withdraw_circulation_from_form(request: Request, office: Office) -> Answer:
    """Take it back."""
    place = {"circulation_id": request.params["circulation_id"]}
    try:
        _ask(request, office, "withdraw_circulation", **place, reason=text(request, "reason"))
    except Problem as problem:
        if problem.status == 404:
            raise
        return show_with(request, office, Form.sent(f"withdraw-{place['circulation_id']}", request, problem))
    return redirect(with_query(address_of(request.params["id"]), done="circulation.withdrawn"))


# a form that did not go through leaves its own address in the browser: reloading it must lead back to the page
@routes.page(ONE + "/circulations/{circulation_id}/withdraw", access=READS)
def show_withdrawal_as_letter(request: Request, _office: Office) -> Answer:
    """Back to the letter."""
    return redirect(address_of(request.params["id"]))


def _ask(request: Request, office: Office, operation: str, **args: Any) -> Any:
    return office.ask(request, "documents", operation, letter_id=request.params["id"], **args)


def _audience(request: Request, office: Office, form: Form) -> Answer:
    place = {"letter_id": request.params["id"]}
    answers = ask_all(
        request,
        office,
        letter=Call("documents", "get_letter", place),
        audience=Call("documents", "list_audience", place),
    )
    units = answers["audience"]["items"]
    people = {one["person_id"] for unit in units for one in unit["people"]}
    return show(
        request,
        "letter_circulate.html",
        form.status,
        letter=answers["letter"],
        units=units,
        is_whole=answers["audience"]["whole"],
        names=names_of(request, office, people),
        form=form,
        place=address_of(place["letter_id"]),
        words=letter_words,
    )
