"""A letter that is opened with a reason, and the list of those who may open it."""

from __future__ import annotations

from typing import Any

from gateway.api.letters import ENDS, READS
from gateway.office import Office
from gateway.web.addresses import letter as address_of
from gateway.web.addresses import with_query
from gateway.web.forms import EMPTY, Form, text
from gateway.web.site import show
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.http.routing import Routes
from shared.problems import Problem

routes = Routes(tag="pages")

ONE = "/letters/{id}"
REASON_NEEDED = "letter.reason"


@routes.form(ONE + "/open", access=READS)
def open_letter_from_form(request: Request, office: Office) -> Answer:
    """Say why, and go on to the letter."""
    try:
        _ask(request, office, "open_letter", reason=text(request, "reason"))
    except Problem as problem:
        if problem.status == 404:
            raise
        return reason_page(request, Form.sent("open", request, problem))
    return redirect(address_of(request.params["id"]))


@routes.form(ONE + "/admit", access=ENDS)
def add_reader_from_form(request: Request, office: Office) -> Answer:
    """Put somebody on the list."""
    _ask(request, office, "add_reader", person=text(request, "person"))
    return _back(request, "letter.admitted")


@routes.form(ONE + "/exclude", access=ENDS)
def remove_reader_from_form(request: Request, office: Office) -> Answer:
    """Take somebody off it."""
    _ask(request, office, "remove_reader", person=text(request, "person"), reason=text(request, "reason"))
    return _back(request, "letter.excluded")


def reason_page(request: Request, form: Form = EMPTY) -> Answer:
    """Asks why the letter is opened; of the letter itself it says nothing."""
    answer = show(request, "letter_open.html", form.status, form=form, place=address_of(request.params["id"]))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _ask(request: Request, office: Office, operation: str, **args: Any) -> Any:
    return office.ask(request, "documents", operation, letter_id=request.params["id"], **args)


def _back(request: Request, done: str) -> Answer:
    return redirect(with_query(address_of(request.params["id"]), done=done))
