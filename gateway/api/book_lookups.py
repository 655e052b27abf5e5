"""Looking books up: which there are, how one stands, one line of it, whose there are, what waits in them."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from gateway.api.books import ALL, ASKERS, ASKS, ENTRY, KEEPS, ONE, READS, AskedNumber, Block, Book, Line, LineQuery
from gateway.office import Office
from shared.http.answers import Answer, json_answer
from shared.http.request import Request
from shared.http.routing import Access, Routes
from shared.http.schemas import listing

routes = Routes(tag="books")

LISTS = Access(roles=ASKERS)
WAITS = Access(roles=KEEPS.roles)


class BookQuery(Schema):
    owner = fields.String(
        validate=validate.Length(max=40), metadata={"title": "เจ้าของทะเบียน: office รหัสกลุ่ม หรือรหัสโรงเรียน"}
    )


class StandingBook(Book):
    """A book as it stands this year for the caller. `last_no` is null for who may not read the lines;
    `requests_waiting` counts all requests for who keeps the book, the own ones for others; `reservations_ending`
    those that end within three days.
    """

    may_read = fields.Boolean(required=True)
    may_void = fields.Boolean(required=True)
    be_year = fields.Integer(required=True)
    last_no = fields.Integer(required=True, allow_none=True)
    requests_waiting = fields.Integer(required=True)
    reservations_ending = fields.Integer(required=True)


class OneBook(StandingBook):
    """`years` are those in which something was entered; `numbered_in` is the book in which its numbers stand."""

    years = fields.List(fields.Integer(), required=True)
    numbered_in = fields.String(required=True)


class Owner(Schema):
    """`owner` is `office`, the code of a group or of a school, as the list of books takes it."""

    owner = fields.String(required=True)
    kind = fields.String(required=True)
    name = fields.String(required=True)


class BlockWithLines(Block):
    lines = fields.List(fields.Nested(Line), required=True)


class WaitingRequest(AskedNumber):
    book_title = fields.String(required=True)


class EndingReservation(Line):
    book_title = fields.String(required=True)


class Waiting(Schema):
    """How many there are of each, and the first few."""

    requests_total = fields.Integer(required=True)
    requests = fields.List(fields.Nested(WaitingRequest), required=True)
    reservations_total = fields.Integer(required=True)
    reservations = fields.List(fields.Nested(EndingReservation), required=True)


@routes.get(ALL, query=BookQuery, answers=listing(StandingBook), access=LISTS)
def list_books(request: Request, office: Office) -> Any:
    """The books of one owner, by default of the units that are the caller's."""
    return office.ask(request, "documents", "list_books", **request.query)


@routes.get(ALL + "/owners", answers=listing(Owner), access=LISTS)
def list_owners(request: Request, office: Office) -> Any:
    """Whose books the caller may look up."""
    return office.ask(request, "documents", "list_owners")


@routes.get(ALL + "/waiting", answers=Waiting, access=WAITS)
def list_waiting(request: Request, office: Office) -> Any:
    """What waits for who keeps books: requests for numbers, and reservations that end today."""
    return office.ask(request, "documents", "list_waiting")


@routes.get(ONE, answers=OneBook, access=ASKS, problems=("not_found",))
def get_book(request: Request, office: Office) -> Answer:
    """One book as it stands this year."""
    book = office.ask(request, "documents", "get_book", book_id=request.params["id"])
    return json_answer(book, etag=book["etag"])


@routes.get(ENTRY, query=LineQuery, answers=Line, access=READS, problems=("not_found",))
def get_entry(request: Request, office: Office) -> Any:
    """One line of a book."""
    line = {"book_id": request.params["id"], "no": request.params["no"], **request.query}
    return office.ask(request, "documents", "get_entry", **line)


@routes.get(ONE + "/blocks/{block_id}", answers=BlockWithLines, access=READS, problems=("not_found",))
def get_block(request: Request, office: Office) -> Any:
    """One block of numbers with its lines."""
    return office.ask(
        request, "documents", "get_block", book_id=request.params["id"], block_id=request.params["block_id"]
    )
