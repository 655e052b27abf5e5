"""ทะเบียน: whose books there are, what stands in one, requests for its numbers, numbers for paper, its account."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from marshmallow import fields

from gateway.api.book_lookups import LISTS
from gateway.api.books import ASKS, KEEPS, READS, YEAR, LineQuery, YearQuery
from gateway.environment import CLOCK
from gateway.office import Office
from gateway.web import labels, thai
from gateway.web.addresses import book_of, with_query
from gateway.web.asking import ask_all
from gateway.web.forms import EMPTY, Form
from gateway.web.language import gettext
from gateway.web.site import show
from shared.bus.rpc import Call
from shared.http.answers import Answer, content_disposition, redirect
from shared.http.request import Request
from shared.http.routing import Routes
from shared.http.validation import split_pairs
from shared.problems import Problem
from shared.thai.dates import be_year

routes = Routes(tag="pages")

PAGE = "/books"
ONE = PAGE + "/{id}"
ENTRY = ONE + "/entries/{no}"
REQUESTS = ONE + "/requests"
BLOCKS = ONE + "/blocks"
BLOCK = BLOCKS + "/{block_id}"
INTEGRITY = ONE + "/integrity"
SETTINGS = ONE + "/settings"
PER_PAGE = 50
# their numbers come with the letters that are received
RECEIVED = frozenset({"received", "secret_received"})
# what they say, and what is asked of them, is for who was appointed
SECRET = frozenset({"secret_received", "secret_sent"})
# their numbers bear the code of the unit
PREFIXED = frozenset({"sent", "circular", "memo", "secret_sent"})
JSON_LINES = "application/x-ndjson"


class NumberQuery(LineQuery):
    """Which of the lines with a number; without a year that of this one."""

    be_year = fields.Integer(load_default=lambda: be_year(CLOCK.today().year), validate=YEAR)


@routes.page(PAGE, access=LISTS)
def show_books(request: Request, office: Office) -> Answer:
    """The caller's books by owner, or those of a chosen one."""
    owner = split_pairs(request.query_string).get("owner", "")[:40]
    answers = ask_all(
        request,
        office,
        books=Call("documents", "list_books", {"owner": owner or None}),
        owners=Call("documents", "list_owners", {}),
    )
    # a book that somebody neither reads nor asks for a number is none of theirs
    hidden = RECEIVED | SECRET
    useful = [book for book in answers["books"]["items"] if book["may_read"] or book["kind"] not in hidden]
    by_owner = groupby(useful, key=lambda book: (book["org_path"], book["owner_name"]))
    owners = answers["owners"]["items"]
    kinds = [(kind, [one for one in owners if one["kind"] == kind]) for kind in labels.BOOK_OWNERS]
    return show(
        request,
        "books.html",
        owner=owner,
        shelves=[(name, list(books)) for (_, name), books in by_owner],
        owners=[(labels.label(labels.BOOK_OWNERS, kind), found) for kind, found in kinds if found],
        may_choose=len(owners) > 1,
    )


@routes.page(ONE, access=ASKS, query=YearQuery)
def show_book(request: Request, office: Office) -> Answer:
    """The lines of a year; who may not read them is led to their own requests."""
    try:
        return book_page(request, office, EMPTY)
    except Problem as problem:
        if problem.code != "forbidden":
            raise
        return redirect(book_of(request.params["id"], "requests"))


@routes.page(ENTRY, access=READS, query=NumberQuery)
def show_entry(request: Request, office: Office) -> Answer:
    """One number with what may become of it."""
    return entry_page(request, office, EMPTY)


@routes.page(REQUESTS, access=ASKS)
def show_requests(request: Request, office: Office) -> Answer:
    """Requests for numbers: all for who keeps the book, the own ones for others."""
    return requests_page(request, office, EMPTY)


@routes.page(BLOCKS, access=READS)
def show_blocks(request: Request, office: Office) -> Answer:
    """The blocks of numbers that were handed out for paper."""
    return blocks_page(request, office, EMPTY)


@routes.page(BLOCK, access=READS)
def show_block(request: Request, office: Office) -> Answer:
    """One block: a sheet to write on, and where what was written is entered."""
    return block_page(request, office, EMPTY)


@routes.page(INTEGRITY, access=READS, query=YearQuery)
def show_integrity(request: Request, office: Office) -> Answer:
    """Whether a year adds up, to be printed and filed."""
    return integrity_page(request, office, EMPTY)


@routes.page(ONE + "/export.jsonl", access=READS, query=YearQuery)
def download_book(request: Request, office: Office) -> Answer:
    """The lines of a year as JSON lines, as ``khet register verify`` takes them; the first says of which book."""
    asked = {"book_id": request.params["id"], **request.query}
    export = office.ask(request, "documents", "export_book", **asked)
    lines = export.pop("lines")
    body = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in (export, *lines)).encode()
    kind = labels.BOOK_KINDS[export["kind"]]  # names of files are Thai, whoever reads the page
    name = f"{kind} {export['owner']} {export['be_year']}.jsonl"
    headers = {"Content-Disposition": content_disposition(name), "Cache-Control": "no-store"}
    return Answer(200, body, JSON_LINES, headers)


@routes.page(SETTINGS, access=KEEPS)
def show_settings_of_book(request: Request, office: Office) -> Answer:
    """How its numbers are written and with which one this year begins."""
    return settings_page(request, office, EMPTY)


# a form that did not go through leaves its own address in the browser: reloading it must lead back to the page
@routes.page(ONE + "/{step}", access=ASKS)
def show_step_as_book(request: Request, _office: Office) -> Answer:
    """Back to the book."""
    return redirect(book_of(request.params["id"]))


@routes.page(ENTRY + "/{step}", access=READS, query=NumberQuery)
def show_step_as_entry(request: Request, _office: Office) -> Answer:
    """Back to the number."""
    return redirect(entry_address(request.params["id"], {"no": request.params["no"], **request.query}))


@routes.page(REQUESTS + "/{request_id}/{step}", access=ASKS)
def show_step_as_requests(request: Request, _office: Office) -> Answer:
    """Back to the requests."""
    return redirect(book_of(request.params["id"], "requests"))


@routes.page(BLOCK + "/{step}", access=READS)
def show_step_as_block(request: Request, _office: Office) -> Answer:
    """Back to the block."""
    return redirect(book_of(request.params["id"], "blocks", request.params["block_id"]))


def entry_address(book_id: str, number: Mapping[str, Any], **more: str) -> str:
    """The page of a number that was given."""
    year, suffix = str(number["be_year"]), number["suffix"]
    return with_query(book_of(book_id, "entries", str(number["no"])), be_year=year, suffix=suffix, **more)


def number_of(request: Request) -> int:
    """The number in the address; 0, which no line has, for what is none."""
    written = request.params["no"]
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else 0


def book_page(request: Request, office: Office, form: Form) -> Answer:
    """A book's year, and the number that was given last if the address names it."""
    query = split_pairs(request.query_string)
    asked = {"be_year": request.query.get("be_year"), "cursor": query.get("cursor") or None, "limit": PER_PAGE}
    calls = {"book": _of_book(request, "get_book"), "lines": _of_book(request, "list_entries", **asked)}
    answers = ask_all(request, office, **calls)
    lines = answers["lines"]
    given = [line for line in lines["items"] if str(line["no"]) == query.get("given") and not line["suffix"]]
    here = book_of(request.params["id"])
    year = str(lines["be_year"])
    return show(
        request,
        "book.html",
        form.status,
        form=form,
        **_head(answers["book"], "lines"),
        year=lines,
        today=CLOCK.today().isoformat(),
        given=given[0] if given else None,
        next_page=with_query(here, be_year=year, cursor=lines["next_cursor"]) if lines["next_cursor"] else None,
        first_page=with_query(here, be_year=year) if asked["cursor"] else None,
        entry_address=entry_address,
    )


def entry_page(request: Request, office: Office, form: Form) -> Answer:
    """A number, large, and the forms that change it."""
    asked = {"no": number_of(request), **request.query}
    answers = ask_all(
        request, office,
        book=_of_book(request, "get_book"),
        line=_of_book(request, "get_entry", **asked),
        year=_of_book(request, "list_entries", be_year=asked["be_year"], limit=1),
    )  # fmt: skip
    line, book = answers["line"], answers["book"]
    return show(
        request,
        "book_entry.html",
        form.status,
        form=form,
        **_head(book, ""),
        line=line,
        is_closed=answers["year"]["closed_at"] is not None,
        address=lambda step: with_query(
            book_of(book["id"], "entries", str(line["no"]), step), be_year=str(line["be_year"]), suffix=line["suffix"]
        ),
    )


def requests_page(request: Request, office: Office, form: Form) -> Answer:
    """Requests with what may be done about them."""
    answers = ask_all(
        request, office, book=_of_book(request, "get_book"), requests=_of_book(request, "list_requests")
    )
    return show(
        request,
        "book_requests.html",
        form.status,
        form=form,
        **_head(answers["book"], "requests"),
        asked=answers["requests"]["items"],
        person=request.identity.name,
        entry_address=entry_address,
    )


def blocks_page(request: Request, office: Office, form: Form) -> Answer:
    """Blocks with the form that hands one out."""
    answers = ask_all(request, office, book=_of_book(request, "get_book"), blocks=_of_book(request, "list_blocks"))
    return show(
        request,
        "book_blocks.html",
        form.status,
        form=form,
        **_head(answers["book"], "blocks"),
        blocks=answers["blocks"]["items"],
    )


def block_page(request: Request, office: Office, form: Form) -> Answer:
    """A block with a row for each of its numbers."""
    block = _of_book(request, "get_block", block_id=request.params["block_id"])
    answers = ask_all(request, office, book=_of_book(request, "get_book"), block=block)
    return show(
        request, "book_block.html", form.status, form=form, **_head(answers["book"], "blocks"), block=answers["block"]
    )


def integrity_page(request: Request, office: Office, form: Form) -> Answer:
    """The account of a year, with the form that closes it once it is over."""
    year = request.query.get("be_year")
    answers = ask_all(
        request, office,
        book=_of_book(request, "get_book"),
        report=_of_book(request, "check_integrity", be_year=year),
    )  # fmt: skip
    return show(
        request,
        "book_integrity.html",
        form.status,
        form=form,
        **_head(answers["book"], "integrity"),
        report=answers["report"],
        missing=sum(one["last"] - one["first"] + 1 for one in answers["report"]["missing"]),
        now=CLOCK.now().isoformat(),
    )


def settings_page(request: Request, office: Office, form: Form) -> Answer:
    """How a book counts."""
    answers = ask_all(
        request, office, book=_of_book(request, "get_book"), year=_of_book(request, "list_entries", limit=1)
    )
    book, year = answers["book"], answers["year"]
    has_begun = year["last_no"] != year["opening_no"]
    return show(
        request,
        "book_settings.html",
        form.status,
        form=form,
        **_head(book, "settings"),
        year=year,
        has_begun=has_begun,
        is_prefixed=book["kind"] in PREFIXED,
        policies=labels.choices(labels.CIRCULAR_POLICIES),
    )


def _of_book(request: Request, operation: str, **args: Any) -> Call:
    return Call("documents", operation, {"book_id": request.params["id"], **args})


def _head(book: Mapping[str, Any], tab: str) -> dict[str, Any]:
    """What the head of each of a book's pages shows: the book and the ways to its parts."""
    place = book_of(book["id"])
    waiting = f" ({thai.number(book['requests_waiting'])})" if book["requests_waiting"] else ""
    is_veiled = book["kind"] in SECRET and not book["may_issue"]
    parts = (
        ("lines", "", gettext("เลขในทะเบียน"), book["may_read"]),
        ("requests", "/requests", gettext("คำขอเลข") + waiting, book["kind"] not in RECEIVED and not is_veiled),
        ("blocks", "/blocks", gettext("เลขนอกระบบ"), book["may_read"] and not is_veiled),
        ("integrity", "/integrity", gettext("บัญชีตรวจสอบ"), book["may_read"]),
        ("settings", "/settings", gettext("ตั้งค่า"), book["may_issue"]),
    )
    tabs = [(place + path, text, name == tab) for name, path, text, is_open in parts if is_open]
    return {"book": book, "place": place, "tabs": tabs, "gives": book["kind"] not in RECEIVED}
