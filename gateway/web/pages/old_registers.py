"""ทะเบียนเดิม: the register of an old system is looked at, and then taken over into a book as far as it is sound."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from gateway.api.books import KEEPS
from gateway.api.old_registers import WORKING, take_register
from gateway.office import Office
from gateway.web import book_labels
from gateway.web.addresses import book_of
from gateway.web.asking import ask_all
from gateway.web.forms import EMPTY, Form, one_file, text
from gateway.web.pages.books import ONE, head_of
from gateway.web.site import show
from shared.bus.rpc import Call
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.http.routing import Routes
from shared.problems import FieldError, Problem, invalid

routes = Routes(tag="pages")

PAGE = ONE + "/imports"
ENTER = "enter"
ROWS_SHOWN, GAPS_SHOWN = 200, 50
TONES = {"READING": "recording", "ENTERING": "recording", "DONE": "good", "REFUSED": "bad", "FAILED": "bad"}
_SHA256 = re.compile(r"[0-9a-f]{64}")


@routes.page(PAGE, access=KEEPS)
def show_register_imports(request: Request, office: Office) -> Answer:
    """The form that sends a file, and what was sent before."""
    return _form(request, office, EMPTY)


@routes.form(PAGE, files=("file*",), access=KEEPS, too_large="F01.too_large")
def check_register_from_form(request: Request, office: Office) -> Answer:
    """Only say what would be entered; the file waits for the next step for a day. What takes long becomes an import."""
    try:
        one_file(request)
        report = take_register(request, office, dry_run=True)
    except Problem as problem:
        return _form(request, office, Form.sent("check", request, problem))
    return redirect(_place(report)) if report["id"] else _report(request, office, report)


@routes.form(PAGE + "/" + ENTER, access=KEEPS)
def import_register_from_form(request: Request, office: Office) -> Answer:
    """Have the sound rows of the file that was looked at entered."""
    try:
        args = {"book_id": request.params["id"], "file": _looked_at(request)}
        taken = office.ask(request, "documents", "receive_import", **args)
    except Problem as problem:
        return _form(request, office, Form.sent(ENTER, request, problem))
    return redirect(_place(taken))


@routes.page(PAGE + "/{import_id}", access=KEEPS)
def show_register_import(request: Request, office: Office) -> Answer:
    """One import: how far it is, then what was found in the register."""
    # a form that did not go through leaves its own address in the browser: reloading it must lead back to the page
    if request.params["import_id"] == ENTER:
        return redirect(book_of(request.params["id"], "imports"))
    place = {"book_id": request.params["id"]}
    answers = ask_all(
        request,
        office,
        book=Call("documents", "get_book", place),
        report=Call("documents", "get_import", {**place, "import_id": request.params["import_id"]}),
    )
    return _shown(request, answers["book"], answers["report"])


def _place(report: Mapping[str, Any]) -> str:
    return book_of(report["book_id"], f"imports/{report['id']}")


def _looked_at(request: Request) -> dict[str, str]:
    """The file of the step before, by its hash: whoever names it has read it."""
    file = {"sha256": text(request, "sha256"), "filename": text(request, "filename")}
    if not _SHA256.fullmatch(file["sha256"]):
        raise invalid([FieldError("file", "required", "กรุณาเลือกไฟล์หนึ่งไฟล์")])
    return file


def _form(request: Request, office: Office, form: Form) -> Answer:
    place = {"book_id": request.params["id"]}
    answers = ask_all(
        request,
        office,
        book=Call("documents", "get_book", place),
        found=Call("documents", "list_imports", place),
    )
    return show(
        request,
        "book_imports.html",
        form.status,
        form=form,
        **head_of(answers["book"], "imports"),
        imports=answers["found"]["items"],
        address=book_of(answers["book"]["id"], "imports"),
        tones=TONES,
        book_words=book_labels,
    )


def _report(request: Request, office: Office, report: Mapping[str, Any]) -> Answer:
    return _shown(request, office.ask(request, "documents", "get_book", book_id=request.params["id"]), report)


def _shown(request: Request, book: Mapping[str, Any], report: Mapping[str, Any]) -> Answer:
    return show(
        request,
        "book_import.html",
        form=EMPTY,
        **head_of(book, "imports"),
        report=report,
        refusal=Problem(status=422, **report["problem"]) if report["state"] == "REFUSED" else None,
        is_working=report["state"] in WORKING,
        rows_shown=ROWS_SHOWN,
        gaps_shown=GAPS_SHOWN,
        address=book_of(book["id"], "imports"),
        book_words=book_labels,
    )
