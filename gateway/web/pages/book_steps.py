"""What the forms of a register's pages do: numbers, requests, numbers for paper, settings, the end of a year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import Schema

from gateway.api import books as api
from gateway.api.books import ASKS, KEEPS, VOIDS
from gateway.office import Office
from gateway.web.addresses import book_of, with_query
from gateway.web.forms import Form, days_of, text, typed_dates, whole_number
from gateway.web.language import N_, gettext
from gateway.web.pages.books import (
    BLOCK,
    BLOCKS,
    ENTRY,
    ONE,
    REQUESTS,
    SETTINGS,
    NumberQuery,
    block_page,
    blocks_page,
    book_page,
    entry_address,
    entry_page,
    integrity_page,
    number_of,
    requests_page,
    settings_page,
)
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.http.routing import Routes
from shared.http.validation import load
from shared.problems import FieldError, Problem, invalid

routes = Routes(tag="pages")

Page = Callable[[Request, Office, Form], Answer]
RESERVE = {"reserve_until": N_("จองถึงวันที่")}
ENTRY_DATE = {"entry_date": N_("วันที่ในทะเบียน")}
USED, DATED = "for-", "date-"


@routes.form(ONE + "/issue", access=KEEPS)
def issue_number_from_form(request: Request, office: Office) -> Answer:
    """Give the next number, or reserve it; the book shows it large."""

    def act() -> str:
        days = typed_dates(request, {name: gettext(title) for name, title in RESERVE.items()})
        given = _ask(request, office, "issue_number", api.IssueNumber, **{"for": text(request, "for")}, **days)
        year, no = str(given["be_year"]), str(given["no"])
        return with_query(book_of(given["book_id"]), be_year=year, given=no)

    return _step(request, office, "issue", book_page, act)


@routes.form(ENTRY + "/use", access=KEEPS, query=NumberQuery)
def use_reserved_from_form(request: Request, office: Office) -> Answer:
    """What was reserved is used."""

    def act() -> str:
        used = _ask(request, office, "use_reserved", api.UseNumber, _line(request), **{"for": text(request, "for")})
        return entry_address(used["book_id"], used, done="number.used")

    return _step(request, office, "use", entry_page, act)


@routes.form(ENTRY + "/void", access=VOIDS, query=NumberQuery)
def void_entry_from_form(request: Request, office: Office) -> Answer:
    """Take a number back."""

    def act() -> str:
        line = {**_line(request), "suffix": request.query["suffix"]}
        gone = _ask(request, office, "void_entry", api.Why, line, reason=text(request, "reason"))
        return entry_address(gone["book_id"], gone, done="number.void")

    return _step(request, office, "void", entry_page, act)


@routes.form(ENTRY + "/insert", access=KEEPS, query=NumberQuery)
def insert_entry_from_form(request: Request, office: Office) -> Answer:
    """Enter something late behind this number; its own page shows the number large."""

    def act() -> str:
        typed = {name: text(request, name) for name in ("for", "reason")}
        days = typed_dates(request, {name: gettext(title) for name, title in ENTRY_DATE.items()})
        place = {"after_no": number_of(request), "be_year": request.query["be_year"]}
        given = _ask(request, office, "insert_entry", api.InsertEntry, **place, **typed, **days)
        return entry_address(given["book_id"], given, done="number.inserted")

    return _step(request, office, "insert", entry_page, act)


@routes.form(REQUESTS, access=ASKS)
def request_number_from_form(request: Request, office: Office) -> Answer:
    """Ask who keeps the book for a number."""

    def act() -> str:
        _ask(request, office, "request_number", api.AskNumber, **{"for": text(request, "for")})
        return _done(request, "number.asked", "requests")

    return _step(request, office, "ask", requests_page, act)


@routes.form(REQUESTS + "/{request_id}/grant", access=KEEPS)
def grant_request_from_form(request: Request, office: Office) -> Answer:
    """Give the number that was asked for; the book shows it large."""

    def act() -> str:
        given = _ask(request, office, "grant_request", None, _asked(request))["number"]
        year, no = str(given["be_year"]), str(given["no"])
        return with_query(book_of(given["book_id"]), be_year=year, given=no, done="number.granted")

    return _step(request, office, _named(request, "grant"), requests_page, act)


@routes.form(REQUESTS + "/{request_id}/reject", access=KEEPS)
def reject_request_from_form(request: Request, office: Office) -> Answer:
    """Refuse it, saying why."""

    def act() -> str:
        _ask(request, office, "reject_request", api.Why, _asked(request), reason=text(request, "reason"))
        return _done(request, "number.rejected", "requests")

    return _step(request, office, _named(request, "reject"), requests_page, act)


@routes.form(REQUESTS + "/{request_id}/withdraw", access=ASKS)
def withdraw_request_from_form(request: Request, office: Office) -> Answer:
    """Take the own request back."""

    def act() -> str:
        _ask(request, office, "withdraw_request", None, _asked(request))
        return _done(request, "number.withdrawn", "requests")

    return _step(request, office, _named(request, "withdraw"), requests_page, act)


@routes.form(BLOCKS, access=KEEPS)
def hand_out_block_from_form(request: Request, office: Office) -> Answer:
    """Take numbers in a row; their page is the sheet to write on."""

    def act() -> str:
        typed = {"size": whole_number(request, "size"), "for": text(request, "for")}
        block = _ask(request, office, "hand_out_block", api.NewBlock, **typed)
        return with_query(book_of(block["book_id"], "blocks", block["id"]), done="block.out")

    return _step(request, office, "block", blocks_page, act)


@routes.form(BLOCK + "/reconcile", access=KEEPS)
def reconcile_block_from_form(request: Request, office: Office) -> Answer:
    """Enter what was written by hand: a number with something written beside it was used."""

    def act() -> str:
        rows = _rows(request)
        names = {DATED + row: f"{gettext('เลขที่')} {row}" for row in rows}
        days = days_of({name: text(request, name) for name in names}, names)
        used = [_without_none({"no": int(row), "for": text(request, USED + row), "entry_date": days[DATED + row]})
                for row in rows]  # fmt: skip
        block = {"block_id": request.params["block_id"]}
        try:
            _ask(request, office, "reconcile_block", api.Reconcile, block, used=used)
        except Problem as problem:
            raise _at_fields(problem, rows) from None
        return _done(request, "block.reconciled", "blocks", block["block_id"])

    return _step(request, office, "reconcile", block_page, act)


@routes.form(SETTINGS, access=KEEPS)
def change_book_from_form(request: Request, office: Office) -> Answer:
    """How its numbers are written from now on."""

    def act() -> str:
        typed = {name: text(request, name) for name in ("prefix", "circular_policy") if name in request.posted}
        _ask(request, office, "change_book", api.ChangeBook, {"if_match": text(request, "etag")}, **typed)
        return _done(request, "book.changed", "settings")

    return _step(request, office, "settings", settings_page, act)


@routes.form(ONE + "/opening", access=KEEPS)
def set_opening_from_form(request: Request, office: Office) -> Answer:
    """The last number of this year that was used elsewhere."""

    def act() -> str:
        typed = {"be_year": whole_number(request, "be_year"), "last_no": whole_number(request, "last_no")}
        _ask(request, office, "set_opening", api.Opening, **typed)
        return _done(request, "book.opened", "settings")

    return _step(request, office, "opening", settings_page, act)


@routes.form(ONE + "/close", access=KEEPS)
def close_year_from_form(request: Request, office: Office) -> Answer:
    """Close a year that is over."""

    def act() -> str:
        year = _ask(request, office, "close_year", api.Closing, be_year=whole_number(request, "be_year"))["be_year"]
        return with_query(book_of(request.params["id"], "integrity"), be_year=str(year), done="book.closed")

    # the page behind is that of the year in the form
    typed = whole_number(request, "be_year")
    request.query = {"be_year": typed if isinstance(typed, int) else None}
    return _step(request, office, "close", integrity_page, act)


def _at_fields(problem: Problem, rows: list[str]) -> Problem:
    """What is wrong with the lines of a block, told at the fields in which they were typed."""
    errors = []
    for error in problem.errors:
        _, _, place = error.pointer.partition(".")
        index, _, member = place.partition(".")
        fits = index.isdecimal() and int(index) < len(rows)
        name = (DATED if member == "entry_date" else USED) + rows[int(index)] if fits else error.pointer
        errors.append(FieldError(name, error.code, error.message))
    return invalid(errors) if errors else problem


def _step(request: Request, office: Office, form: str, page: Page, act: Callable[[], str]) -> Answer:
    """Do it and go where it leads; what does not go through comes back with what was typed."""
    try:
        address = act()
    except Problem as problem:
        return page(request, office, Form.sent(form, request, problem))
    return redirect(address)


def _ask(
    request: Request,
    office: Office,
    operation: str,
    body: type[Schema] | None,
    place: Mapping[str, Any] | None = None,
    /,
    **typed: Any,
) -> Any:
    """A command about the book of the address: what was typed is checked as the API checks it."""
    known = load(body, _without_none(typed)) if body else {}
    return office.ask(request, "documents", operation, book_id=request.params["id"], **(place or {}), **known)


def _without_none(typed: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in typed.items() if value is not None}


def _line(request: Request) -> dict[str, Any]:
    return {"no": number_of(request), "be_year": request.query["be_year"]}


def _asked(request: Request) -> dict[str, str]:
    return {"request_id": request.params["request_id"]}


def _named(request: Request, step: str) -> str:
    """The name of a request's own form: there are many on the page."""
    return f"{step}-{request.params['request_id']}"


def _rows(request: Request) -> list[str]:
    """The numbers of a block beside which something was written."""
    rows = [name.removeprefix(USED) for name in request.posted if name.startswith(USED)]
    return [row for row in rows if row.isascii() and row.isdecimal() and len(row) < 10 and text(request, USED + row)]


def _done(request: Request, done: str, *parts: str) -> str:
    return with_query(book_of(request.params["id"], *parts), done=done)
