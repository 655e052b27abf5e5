"""A copy of what is held about one pupil, for a parent or pupil who asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.api.subjects import EXPORTS, workbook_of
from gateway.office import Office
from gateway.subject import export
from gateway.web import audit_words, duplicate_words
from gateway.web.forms import EMPTY, Form, text
from gateway.web.site import show
from shared.http.answers import Answer
from shared.http.request import Request
from shared.http.routing import Routes
from shared.problems import Problem

routes = Routes(tag="pages")

COPY = "/pupil-copy"


@routes.page(COPY, access=EXPORTS)
def ask_for_copy(request: Request, _office: Office) -> Answer:
    """Of whom, and why."""
    return _show(request, EMPTY)


@routes.form(COPY, access=EXPORTS)
def show_copy(request: Request, office: Office) -> Answer:
    """The copy, shown once or as a workbook; the id stays out of every address."""
    try:
        copied = export(request, office, text(request, "citizen_id"), text(request, "reason"))
    except Problem as problem:
        return _show(request, Form.sent("copy", request, problem))
    if text(request, "format") == "xlsx":
        return workbook_of(copied)
    return _show(request, EMPTY, copied)


def _show(request: Request, form: Form, copied: Mapping[str, Any] | None = None) -> Answer:
    answer = show(
        request,
        "pupil_copy.html",
        form.status,
        form=form,
        copied=copied,
        audit_words=audit_words,
        words=duplicate_words,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
