"""ทะเบียนเดิม: the register of an old system is looked at, and then taken over into a book as far as it is sound."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from gateway.api.books import KEEPS
from gateway.office import Office
from gateway.web import book_labels
from gateway.web.addresses import book_of
from gateway.web.forms import EMPTY, Form, text
from gateway.web.pages.books import ONE, head_of
from gateway.web.site import show
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.http.routing import Routes
from shared.problems import FieldError, Problem, invalid

routes = Routes(tag="pages")

PAGE = ONE + "/imports"
ROWS_SHOWN, GAPS_SHOWN = 200, 50
_SHA256 = re.compile(r"[0-9a-f]{64}")


@routes.page(PAGE, access=KEEPS)
def show_register_import(request: Request, office: Office) -> Answer:
    """The form that sends a file."""
    return _page(request, office, EMPTY)


@routes.form(PAGE, files=("file*",), access=KEEPS, too_large="F01.too_large")
def check_register_from_form(request: Request, office: Office) -> Answer:
    """Only say what would be entered; the file waits for the next step for a day."""
    try:
        if len(request.files) != 1:
            raise invalid([FieldError("file", "required", "กรุณาเลือกไฟล์หนึ่งไฟล์")])
        received = request.files[0]
        file = {"sha256": received.sha256, "filename": received.filename}
        report = _import(request, office, file, dry_run=True)
    except Problem as problem:
        return _page(request, office, Form.sent("check", request, problem))
    return _page(request, office, EMPTY, file, report)


@routes.form(PAGE + "/enter", access=KEEPS)
def import_register_from_form(request: Request, office: Office) -> Answer:
    """Enter the sound rows of the file that was looked at."""
    try:
        file = {"sha256": text(request, "sha256"), "filename": text(request, "filename")}
        if not _SHA256.fullmatch(file["sha256"]):
            raise invalid([FieldError("file", "required", "กรุณาเลือกไฟล์หนึ่งไฟล์")])
        report = _import(request, office, file, dry_run=False)
    except Problem as problem:
        return _page(request, office, Form.sent("enter", request, problem))
    return _page(request, office, EMPTY, file, report)


# a form that did not go through leaves its own address in the browser: reloading it must lead back to the page
@routes.page(PAGE + "/{step}", access=KEEPS)
def show_step_as_register_import(request: Request, _office: Office) -> Answer:
    """Back to the form."""
    return redirect(book_of(request.params["id"], "imports"))


def _import(request: Request, office: Office, file: Mapping[str, str], *, dry_run: bool) -> Any:
    args = {"book_id": request.params["id"], "file": dict(file), "dry_run": dry_run}
    return office.ask(request, "documents", "import_register", **args)


def _page(
    request: Request, office: Office, form: Form, file: Mapping[str, str] | None = None, report: Any = None
) -> Answer:
    book = office.ask(request, "documents", "get_book", book_id=request.params["id"])
    return show(
        request,
        "book_import.html",
        form.status,
        form=form,
        **head_of(book, "imports"),
        file=file,
        report=report,
        rows_shown=ROWS_SHOWN,
        gaps_shown=GAPS_SHOWN,
        address=book_of(book["id"], "imports"),
        book_words=book_labels,
    )
