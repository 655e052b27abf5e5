"""Asking to see what is masked: first why, then the value or the file. The asking is written down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.api.submissions import REVEALS
from gateway.downloads import download
from gateway.office import Office
from gateway.web.addresses import school_round
from gateway.web.forms import EMPTY, Form, text
from gateway.web.site import show
from gateway.web.viewer import Viewer
from shared.http.answers import Answer
from shared.http.request import Request
from shared.http.routing import Routes
from shared.problems import Problem

routes = Routes(tag="pages")

FINDING = "/submissions/{id}/findings/{finding_id}"
FILE = "/submissions/{id}/file"
ANNOTATED = "/submissions/{id}/annotated"


@routes.page(FINDING, access=REVEALS)
def ask_for_value(request: Request, office: Office) -> Answer:
    """Why the full value is wanted."""
    return _ask(request, office, EMPTY)


@routes.form(FINDING, access=REVEALS)
def show_value(request: Request, office: Office) -> Answer:
    """The full value, shown once."""
    ids = {"submission_id": request.params["id"], "finding_id": request.params["finding_id"]}
    try:
        revealed = office.ask(request, "rounds", "reveal_finding", **ids, reason=text(request, "reason") or None)
    except Problem as problem:
        return _ask(request, office, Form.sent("reveal", request, problem))
    return _ask(request, office, EMPTY, revealed)


@routes.page(FILE, access=REVEALS)
def ask_for_file(request: Request, office: Office) -> Answer:
    """Why the file is wanted."""
    return _ask(request, office, EMPTY)


@routes.form(FILE, access=REVEALS)
def fetch_file(request: Request, office: Office) -> Answer:
    """The file itself."""
    return _fetch(request, office, "hand_out_file")


@routes.page(ANNOTATED, access=REVEALS)
def ask_for_annotated(request: Request, office: Office) -> Answer:
    """Why the workbook with its findings is wanted."""
    return _ask(request, office, EMPTY)


@routes.form(ANNOTATED, access=REVEALS)
def fetch_annotated(request: Request, office: Office) -> Answer:
    """The workbook with its findings."""
    return _fetch(request, office, "hand_out_annotated")


def _fetch(request: Request, office: Office, operation: str) -> Answer:
    reason = text(request, "reason") or None
    try:
        handout = office.ask(request, "rounds", operation, submission_id=request.params["id"], reason=reason)
    except Problem as problem:
        return _ask(request, office, Form.sent("reveal", request, problem))
    return download(handout["reference"])


def _ask(request: Request, office: Office, form: Form, revealed: Mapping[str, Any] | None = None) -> Answer:
    submission = office.ask(request, "rounds", "get_submission", submission_id=request.params["id"])
    smis = submission["smis"]
    answer = show(
        request,
        "reveal.html",
        form.status,
        form=form,
        path=request.path,
        submission=submission,
        is_file="finding_id" not in request.params,
        is_own=smis in Viewer(request.identity).own_schools,
        revealed=revealed,
        back=f"{school_round(submission['round_id'], smis)}?v={submission['version']}#findings",
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
