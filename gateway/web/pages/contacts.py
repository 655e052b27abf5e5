"""สมุดผู้ติดต่อ: correspondents looked up, entered, put right, two of them made one."""

from __future__ import annotations

from typing import Any

from gateway.api.contacts import ADDS, KEEPS, READS
from gateway.office import Office
from gateway.web import contact_words
from gateway.web.addresses import with_query
from gateway.web.contact_names import SUGGESTED
from gateway.web.forms import EMPTY, Form, text
from gateway.web.site import show
from gateway.web.viewer import Viewer
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.http.routing import Access, Routes
from shared.http.validation import split_pairs
from shared.problems import Problem
from shared.security.access import is_area

routes = Routes(tag="pages")

ALL = "/contacts"
ONE = ALL + "/{contact_id}"
FIELDS = ("kind", "name", "address", "telephone", "email")
KEEPS_PAGE = Access(roles=KEEPS.roles)


@routes.page(ALL, access=READS)
def show_contacts(request: Request, office: Office) -> Answer:
    """The book by name, narrowed to a part of a name."""
    return _book(request, office, EMPTY)


@routes.page(ALL + "/suggest", access=READS)
def suggest_contacts(request: Request, office: Office) -> Answer:
    """Names for a field in which one is being typed, whatever the field is called."""
    typed = next(iter(split_pairs(request.query_string).values()), "")
    found = office.ask(request, "documents", "list_contacts", q=typed[:200], limit=SUGGESTED)["items"]
    return show(request, "_contact_names.html", contacts=[contact["name"] for contact in found])


@routes.form(ALL, access=ADDS)
def add_contact_from_form(request: Request, office: Office) -> Answer:
    """Enter one."""
    try:
        office.ask(request, "documents", "add_contact", values=_typed(request))
    except Problem as problem:
        return _book(request, office, Form.sent("add", request, problem))
    return redirect(with_query(ALL, q=text(request, "name"), done="contact.added"))


@routes.page(ONE, access=READS)
def show_contact(request: Request, office: Office) -> Answer:
    """One of them, and those that may be the same."""
    return _one(request, office, EMPTY)


@routes.form(ONE, access=KEEPS_PAGE)
def change_contact_from_form(request: Request, office: Office) -> Answer:
    """Put it right against the version that was on the page."""
    place = {"contact_id": request.params["contact_id"], "if_match": text(request, "etag")}
    try:
        office.ask(request, "documents", "change_contact", values=_typed(request), **place)
    except Problem as problem:
        return _one(request, office, Form.sent("change", request, problem))
    return redirect(with_query(f"{ALL}/{request.params['contact_id']}", done="contact.changed"))


@routes.form(ONE + "/merge", access=KEEPS_PAGE)
def merge_contact_from_form(request: Request, office: Office) -> Answer:
    """Make it one with another."""
    args = {"contact_id": request.params["contact_id"], "into": text(request, "into")}
    try:
        kept = office.ask(request, "documents", "merge_contact", **args)
    except Problem as problem:
        return _one(request, office, Form.sent("merge", request, problem))
    return redirect(with_query(f"{ALL}/{kept['id']}", done="contact.merged"))


def _typed(request: Request) -> dict[str, str]:
    return {name: text(request, name) for name in FIELDS}


def _book(request: Request, office: Office, form: Form) -> Answer:
    query = split_pairs(request.query_string)
    q, cursor = query.get("q", "").strip()[:200] or None, query.get("cursor") or None
    found = office.ask(request, "documents", "list_contacts", q=q, cursor=cursor)
    following = found["next_cursor"]
    return show(
        request,
        "contacts.html",
        form.status,
        contacts=found["items"],
        q=q,
        form=form,
        adds=Viewer(request.identity).has(*ADDS.roles) if request.identity else False,
        next_page=with_query(ALL, q=q, cursor=following) if following else None,
        first_page=with_query(ALL, q=q) if cursor else None,
        words=contact_words,
    )


def _one(request: Request, office: Office, form: Form) -> Answer:
    contact: Any = office.ask(request, "documents", "get_contact", contact_id=request.params["contact_id"])
    q = split_pairs(request.query_string).get("q", "").strip()[:200] or None
    others = office.ask(request, "documents", "list_contacts", q=q, limit=SUGGESTED)["items"] if q else contact["alike"]
    keeps = request.identity is not None and any(
        grant.role in KEEPS.roles and is_area(grant.scope) for grant in request.identity.grants
    )
    return show(
        request,
        "contact.html",
        form.status,
        contact=contact,
        stored=Form(values=contact),
        others=[(one["id"], one["name"]) for one in others if one["id"] != contact["id"]],
        q=q,
        form=form,
        keeps=keeps,
        words=contact_words,
    )
