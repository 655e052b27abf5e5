"""ทะเบียนเดิม: the register of an old system is looked at, and then taken over into a book as far as it is sound."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from gateway.api.books import KEEPS
from gateway.office import Office
from gateway.web import book_labels
from gateway.web.addresses import book_of
from gateway.web.forms import EMPTY, Form, one_file, text
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
    return _read(request, office, "check", _sent, dry_run=True)


@routes.form(PAGE + "/enter", access=KEEPS)
def import_register_from_form(request: Request, office: Office) -> Answer:
    """Enter the sound rows of the file that was looked at."""
    return _read(request, office, "enter", _looked_at, dry_run=False)


# a form that did not go through leaves its own address in the browser: reloading it must lead back to the page
@routes.page(PAGE + "/{step}", access=KEEPS)
def show_step_as_register_import(request: Request, _office: Office) -> Answer:
    """Back to the form."""
    return redirect(book_of(request.params["id"], "imports"))


def _sent(request: Request) -> dict[str, str]:
    received = one_file(request)
    return {"sha256": received.sha256, "filename": received.filename}


def _looked_at(request: Request) -> dict[str, str]:
    """The file of the step before, by its hash: whoever names it has read it."""
    file = {"sha256": text(request, "sha256"), "filename": text(request, "filename")}
    if not _SHA256.fullmatch(file["sha256"]):
        raise invalid([FieldError("file", "required", "กรุณาเลือกไฟล์หนึ่งไฟล์")])
    return file


def _read(
    request: Request, office: Office, form: str, file_of: Callable[[Request], dict[str, str]], *, dry_run: bool
) -> Answer:
    try:
        file = file_of(request)
        args = {"book_id": request.params["id"], "file": file, "dry_run": dry_run}
        report = office.ask(request, "documents", "import_register", **args)
    except Problem as problem:
        return _page(request, office, Form.sent(form, request, problem))
    return _page(request, office, EMPTY, file, report)


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
