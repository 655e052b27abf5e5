"""บุคลากร: the people whom an admin or a director looks after; a new one; slips with temporary passwords."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.api.accounts import MOST_SLIPS
from gateway.api.people import ENTERS, LISTS, MANAGES
from gateway.environment import SETTINGS
from gateway.office import IDENTITIES, Office
from gateway.web import labels
from gateway.web.addresses import with_query
from gateway.web.asking import ask_all
from gateway.web.forms import EMPTY, Form, text
from gateway.web.site import show
from shared.bus.rpc import Call
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.http.routing import Routes
from shared.http.validation import split_pairs
from shared.problems import Problem

routes = Routes(tag="pages")

PER_PAGE = 50
PERSON_FIELDS = ("title", "given_name", "family_name", "citizen_id", "position", "email", "phone")
KINDS = ("AREA", "GROUP", "SCHOOL")


@routes.page("/people", access=LISTS)
def show_people(request: Request, office: Office) -> Answer:
    """The list, narrowed by words, unit, role and standing."""
    return _list(request, office, EMPTY)


@routes.form("/people/slips", access=MANAGES)
def print_slips(request: Request, office: Office) -> Answer:
    """New temporary passwords for the chosen people, shown this once."""
    chosen = request.posted.getlist("person_id")
    try:
        slips = office.ask(request, "schools", "password_slips", person_ids=chosen)["items"]
    except Problem as problem:
        return _list(request, office, Form.sent("slips", request, problem))
    return slips_page(request, slips)


@routes.page("/people/new", access=ENTERS)
def show_new_person(request: Request, office: Office) -> Answer:
    """The form; a director's own school is chosen already."""
    return _new(request, office, EMPTY)


@routes.form("/people/new", access=ENTERS)
def add_person_from_form(request: Request, office: Office) -> Answer:
    """Enter the person and go on to their page, where roles are given and the slip is printed."""
    try:
        person = office.ask(
            request, "schools", "add_person",
            organisation=text(request, "unit"), username=text(request, "username") or None, fields=fields_of(request),
        )  # fmt: skip
    except Problem as problem:
        return _new(request, office, Form.sent("new", request, problem))
    return redirect(with_query(f"/people/{person['person_id']}", done="person.added"))


def fields_of(request: Request, *names: str) -> dict[str, str]:
    """What was typed about a person."""
    return {name: text(request, name) for name in names or PERSON_FIELDS}


def slips_page(request: Request, slips: Sequence[Mapping[str, Any]]) -> Answer:
    """Slips to print and cut apart; the passwords are nowhere else, so nobody keeps this answer."""
    IDENTITIES.forget()
    address = SETTINGS.public_url or f"{request.scheme}://{request.host}"
    return show(request, "slips.html", slips=slips, address=address)


def by_kind(workplaces: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """Units under the name of their kind, as a field of choices groups them."""
    found = [(kind, [place for place in workplaces if place["kind"] == kind]) for kind in KINDS]
    return [(labels.label(labels.UNIT_KINDS, kind), places) for kind, places in found if places]


def _list(request: Request, office: Office, form: Form) -> Answer:
    query = split_pairs(request.query_string)
    chosen = {name: query.get(name, "").strip() for name in ("q", "unit", "role", "state")}
    cursor = query.get("cursor") or None
    wanted = {"organisation" if name == "unit" else name: value or None for name, value in chosen.items()}
    answers = ask_all(
        request, office,
        people=Call("schools", "list_people", {**wanted, "cursor": cursor, "limit": PER_PAGE}),
        workplaces=Call("schools", "list_workplaces", {}),
    )  # fmt: skip
    found = answers["people"]
    return show(
        request,
        "people.html",
        form.status,
        form=form,
        people=found["items"],
        total=found["total"],
        chosen=chosen,
        is_narrowed=any(chosen.values()),
        units=by_kind(answers["workplaces"]["items"]),
        next_page=with_query("/people", **chosen, cursor=found["next_cursor"]) if found["next_cursor"] else None,
        first_page=with_query("/people", **chosen) if cursor else None,
        most_slips=MOST_SLIPS,
    )


def _new(request: Request, office: Office, form: Form) -> Answer:
    workplaces = office.ask(request, "schools", "list_workplaces")["items"]
    if not form.problem and len(workplaces) == 1:
        form = Form(values={"unit": workplaces[0]["code"]})
    return show(request, "person_new.html", form.status, form=form, units=by_kind(workplaces))
