"""The reader's saved views: a list of letters gets a name, another name, or is forgotten."""

from __future__ import annotations

from typing import Any

from gateway.api.letter_views import list_letter_views
from gateway.api.letters import ACTS
from gateway.office import Office
from gateway.web import letter_filter, letter_words
from gateway.web.addresses import with_query
from gateway.web.forms import EMPTY, Form, text
from gateway.web.site import show
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.http.routing import Routes
from shared.problems import Problem

routes = Routes(tag="pages")

LETTERS = "/letters"
ALL = LETTERS + "/views"
ONE = ALL + "/{view_id}"


@routes.page(ALL, access=ACTS)
def show_views(request: Request, office: Office) -> Answer:
    """The views with their numbers, to be renamed and forgotten."""
    return _page(request, office, EMPTY)


@routes.form(ALL, access=ACTS)
def save_view_from_form(request: Request, office: Office) -> Answer:
    """Keep the list that the reader sees, and show it again."""
    asked = letter_filter.chosen({name: text(request, name) for name in request.posted})
    try:
        office.ask(request, "documents", "save_view", name=text(request, "name"), asked=asked)
    except Problem as problem:
        return _page(request, office, Form.sent("save", request, problem), asked)
    return redirect(with_query(LETTERS, **asked, done="view.saved"))


@routes.form(ONE + "/rename", access=ACTS)
def rename_view_from_form(request: Request, office: Office) -> Answer:
    """Call it something else."""
    place = {"view_id": request.params["view_id"], "if_match": text(request, "etag")}
    try:
        office.ask(request, "documents", "rename_view", name=text(request, "name"), **place)
    except Problem as problem:
        return _page(request, office, Form.sent(request.params["view_id"], request, problem))
    return redirect(with_query(ALL, done="view.renamed"))


@routes.form(ONE + "/remove", access=ACTS)
def remove_view_from_form(request: Request, office: Office) -> Answer:
    """Forget it."""
    office.ask(request, "documents", "remove_view", view_id=request.params["view_id"])
    return redirect(with_query(ALL, done="view.removed"))


def _page(request: Request, office: Office, form: Form, unsaved: dict[str, str] | None = None) -> Answer:
    views = list_letter_views(request, office)["items"]
    listed: list[tuple[str, Any]] = [(with_query(LETTERS, **view["filter"]), view) for view in views]
    return show(request, "letter_views.html", form.status, views=listed, form=form, unsaved=unsaved, words=letter_words)
