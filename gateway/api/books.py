"""Registers: the numbers in books, requests for them, blocks for paper, whether a book adds up and its years."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from gateway.office import Office
from shared.http.answers import Answer, json_answer
from shared.http.request import Request
from shared.http.routing import Access, Routes
from shared.http.schemas import Paging, listing

routes = Routes(tag="books")

ALL = "/api/v1/books"
ONE = ALL + "/{id}"
ENTRY = ONE + "/entries/{no:int}"
KEEPS = Access(roles=("registrar",), scope="area")
VOIDS = Access(roles=("registrar", "deputy_director", "area_director"), scope="area")
READERS = (
    "registrar",
    "group_director",
    "deputy_director",
    "area_director",
    "school_director",
    "records_officer",
    "auditor",
)
READS = Access(roles=READERS, scope="area")
ASKERS = (*READERS, "officer", "data_officer", "teacher", "area_admin")
ASKS = Access(roles=ASKERS, scope="area")
YEAR = validate.Range(min=2400, max=2700)


def _year(*, required: bool = False, strict: bool = True) -> fields.Integer:
    """A year (BE); ``strict`` where a body has it as a number, not where an address has it as digits."""
    known = {"title": "ปี พ.ศ.", "example": 2569}
    return fields.Integer(required=required, strict=strict, validate=YEAR, metadata=known)


def _text(title: str, example: str, most: int = 500, **options: Any) -> fields.String:
    limit = validate.Length(max=most)
    return fields.String(validate=limit, metadata={"title": title, "example": example}, **options)


def _purpose(**options: Any) -> fields.String:
    return _text("ใช้สำหรับ", "หนังสือเชิญประชุม", data_key="for", **options)


class YearQuery(Schema):
    be_year = _year(strict=False)


class EntryQuery(Paging):
    be_year = _year(strict=False)


class LineQuery(Schema):
    be_year = _year(required=True, strict=False)
    suffix = fields.String(load_default="", validate=validate.Length(max=10), metadata={"title": "เลขแทรก"})


class Book(Schema):
    """`owner` is `office`, the code of a group or of a school; `may_issue`: the caller keeps it."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    owner = fields.String(required=True)
    owner_name = fields.String(required=True)
    org_path = fields.String(required=True)
    title = fields.String(required=True)
    prefix = fields.String(required=True)
    circular_policy = fields.String(required=True)
    may_issue = fields.Boolean(required=True)
    etag = fields.String(required=True)


class ChangeBook(Schema):
    prefix = _text("รหัสหนังสือ", "ศธ 04047", 40)
    circular_policy = fields.String(
        validate=validate.OneOf(["separate", "shared"]), metadata={"title": "เลขหนังสือเวียน", "example": "separate"}
    )


class Number(Schema):
    """A number and the book in which it stands: circulars may share that of sent letters."""

    entry_id = fields.String(required=True)
    book_id = fields.String(required=True)
    no = fields.Integer(required=True)
    suffix = fields.String(required=True)
    display_no = fields.String(required=True)
    be_year = fields.Integer(required=True)
    state = fields.String(required=True)


class Line(Number):
    """A line of a book. `entry_date` is the day that it bears, `entered_at` when it was written down."""

    purpose = fields.String(required=True, data_key="for")
    circular = fields.Boolean(required=True)
    letter_id = fields.String(required=True, allow_none=True)
    block_id = fields.String(required=True, allow_none=True)
    entry_date = fields.String(required=True)
    entered_at = fields.String(required=True)
    reserved_until = fields.String(required=True, allow_none=True)
    void_reason = fields.String(required=True, allow_none=True)
    doc_no = fields.String(required=True, allow_none=True)
    doc_date = fields.String(required=True, allow_none=True)
    sender = fields.String(required=True, allow_none=True, data_key="from")
    receiver = fields.String(required=True, allow_none=True, data_key="to")
    action = fields.String(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)


class BookYear(Schema):
    """How a book stands in a year; `head` is the digest over its lines when it was closed."""

    book_id = fields.String(required=True)
    kind = fields.String(required=True)
    owner = fields.String(required=True)
    be_year = fields.Integer(required=True)
    last_no = fields.Integer(required=True)
    opening_no = fields.Integer(required=True)
    closed_at = fields.String(required=True, allow_none=True)
    head = fields.String(required=True, allow_none=True)


class Lines(BookYear):
    items = fields.List(fields.Nested(Line), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class NumberRange(Schema):
    first = fields.Integer(required=True)
    last = fields.Integer(required=True)


class LineOfAccount(Schema):
    no = fields.Integer(required=True)
    display_no = fields.String(required=True)
    reason = fields.String(required=True, allow_none=True)


class Integrity(BookYear):
    """A void number is not missing; `outside` are lines beyond the counted ones."""

    issued = fields.Integer(required=True)
    void = fields.List(fields.Nested(LineOfAccount), required=True)
    reserved = fields.List(fields.Nested(LineOfAccount), required=True)
    missing = fields.List(fields.Nested(NumberRange), required=True)
    duplicates = fields.List(fields.String(), required=True)
    outside = fields.List(fields.String(), required=True)
    is_sound = fields.Boolean(required=True)


class Export(BookYear):
    """Every line with the digest over it and the digest before it."""

    lines = fields.List(fields.Dict(), required=True)
    computed_head = fields.String(required=True)


class IssueNumber(Schema):
    purpose = _purpose(required=True)
    reserve_until = _text("จองถึง", "2026-06-30", 40)


class UseNumber(Schema):
    purpose = _purpose()


class Why(Schema):
    reason = _text("เหตุผล", "พิมพ์ผิด", 1000, required=True)


class InsertEntry(Why):
    after_no = fields.Integer(
        required=True, strict=True, validate=validate.Range(min=1, max=999_999),
        metadata={"title": "แทรกหลังเลขที่", "example": 1},
    )  # fmt: skip
    be_year = _year(required=True)
    entry_date = _text("วันที่ในทะเบียน", "2026-06-01", 40, required=True)
    purpose = _purpose(required=True)


class Opening(Schema):
    be_year = _year(required=True)
    last_no = fields.Integer(required=True, strict=True, metadata={"title": "เลขสุดท้ายที่ใช้แล้ว", "example": 120})


class Closing(Schema):
    be_year = _year(required=True)


class AskNumber(Schema):
    purpose = _purpose(required=True)


class AskedNumber(Schema):
    id = fields.String(required=True)
    book_id = fields.String(required=True)
    requested_by = fields.String(required=True)
    purpose = fields.String(required=True, data_key="for")
    state = fields.String(required=True)
    reason = fields.String(required=True, allow_none=True)
    created_at = fields.String(required=True)
    number = fields.Nested(Number, required=True, allow_none=True)


class NewBlock(Schema):
    size = fields.Integer(required=True, strict=True, metadata={"title": "จำนวนเลข", "example": 2})
    purpose = _purpose(required=True)


class Block(Schema):
    id = fields.String(required=True)
    book_id = fields.String(required=True)
    be_year = fields.Integer(required=True)
    first_no = fields.Integer(required=True)
    last_no = fields.Integer(required=True)
    purpose = fields.String(required=True, data_key="for")
    state = fields.String(required=True)
    created_at = fields.String(required=True)


class UsedByHand(Schema):
    no = fields.Integer(required=True, strict=True, metadata={"title": "เลขที่", "example": 1})
    purpose = _purpose(required=True)
    entry_date = _text("วันที่ในทะเบียน", "2026-06-01", 40, required=True)


class Reconcile(Schema):
    used = fields.List(
        fields.Nested(UsedByHand), required=True, validate=validate.Length(max=200),
        metadata={"title": "เลขที่ใช้แล้ว", "example": []},
    )  # fmt: skip


def _ask(request: Request, office: Office, operation: str, **args: Any) -> Any:
    return office.ask(request, "documents", operation, book_id=request.params["id"], **args)


@routes.patch(
    ONE, body=ChangeBook, answers=Book, access=KEEPS, if_match=True,
    problems=("not_found", "invalid", "precondition.stale"),
)  # fmt: skip
def change_book(request: Request, office: Office) -> Answer:
    """How its numbers are written from now on."""
    book = _ask(request, office, "change_book", if_match=request.if_match, **request.json)
    return json_answer(book, etag=book["etag"])


@routes.get(ONE + "/entries", query=EntryQuery, answers=Lines, access=READS, problems=("not_found",))
def list_entries(request: Request, office: Office) -> Any:
    """The lines of a year (this one), the newest first."""
    return _ask(request, office, "list_entries", **request.query)


@routes.post(
    ONE + "/numbers", body=IssueNumber, answers=Number, status=201, access=KEEPS, idempotent=True,
    problems=("not_found", "invalid", "book.received", "book.closed"),
)  # fmt: skip
def issue_number(request: Request, office: Office) -> Any:
    """Take the next number, or reserve it until an instant. Not of a received book: its numbers come with letters."""
    return _ask(request, office, "issue_number", **request.json)


@routes.post(
    ONE + "/entries", body=InsertEntry, answers=Number, status=201, access=KEEPS, idempotent=True,
    problems=("not_found", "invalid", "book.closed"),
)  # fmt: skip
def insert_entry(request: Request, office: Office) -> Any:
    """Enter something late behind a number that stands (7.1); nothing is numbered anew."""
    return _ask(request, office, "insert_entry", **request.json)


@routes.post(
    ENTRY + "/use", query=LineQuery, body=UseNumber, answers=Number, access=KEEPS, idempotent=True,
    problems=("not_found", "invalid", "entry.not_reserved", "book.closed"),
)  # fmt: skip
def use_reserved(request: Request, office: Office) -> Any:
    """A reserved number stands from now on."""
    year = request.query["be_year"]
    return _ask(request, office, "use_reserved", no=request.params["no"], be_year=year, **request.json)


@routes.post(
    ENTRY + "/void", query=LineQuery, body=Why, answers=Line, access=VOIDS, idempotent=True,
    problems=("not_found", "invalid", "entry.void", "entry.letter", "book.closed"),
)  # fmt: skip
def void_entry(request: Request, office: Office) -> Any:
    """Take a number back, saying why: it stays in the book and is never given again."""
    return _ask(request, office, "void_entry", no=request.params["no"], **request.query, **request.json)


@routes.get(ONE + "/integrity", query=YearQuery, answers=Integrity, access=READS, problems=("not_found",))
def check_integrity(request: Request, office: Office) -> Any:
    """Whether every number of a year stands in the book once."""
    return _ask(request, office, "check_integrity", **request.query)


@routes.get(ONE + "/export", query=YearQuery, answers=Export, access=READS, problems=("not_found",))
def export_book(request: Request, office: Office) -> Any:
    """The lines of a year chained by digests: `khet register verify` proves them without the system."""
    return _ask(request, office, "export_book", **request.query)


@routes.post(
    ONE + "/opening", body=Opening, answers=BookYear, access=KEEPS, idempotent=True,
    problems=("not_found", "invalid", "book.in_use", "book.closed"),
)  # fmt: skip
def set_opening(request: Request, office: Office) -> Any:
    """The last number of this year that was used on paper or in another system; once, before the first one here."""
    return _ask(request, office, "set_opening", **request.json)


@routes.post(
    ONE + "/close", body=Closing, answers=BookYear, access=KEEPS, idempotent=True,
    problems=("not_found", "invalid", "book.reserved", "book.closed"),
)  # fmt: skip
def close_year(request: Request, office: Office) -> Any:
    """Close a year that is over; its last digest is written down."""
    return _ask(request, office, "close_year", **request.json)


@routes.get(ONE + "/requests", answers=listing(AskedNumber), access=ASKS, problems=("not_found",))
def list_number_requests(request: Request, office: Office) -> Any:
    """Requests for numbers: all for who keeps the book, the own ones for others."""
    return _ask(request, office, "list_requests")


@routes.post(
    ONE + "/requests", body=AskNumber, answers=AskedNumber, status=201, access=ASKS, idempotent=True,
    problems=("not_found", "invalid", "book.received"),
)  # fmt: skip
def request_number(request: Request, office: Office) -> Any:
    """Ask who keeps the book for a number."""
    return _ask(request, office, "request_number", **request.json)


@routes.post(
    ONE + "/requests/{request_id}/grant", answers=AskedNumber, access=KEEPS, idempotent=True,
    problems=("not_found", "request.ended", "book.closed"),
)  # fmt: skip
def grant_request(request: Request, office: Office) -> Any:
    """Give the number that was asked for."""
    return _ask(request, office, "grant_request", request_id=request.params["request_id"])


@routes.post(
    ONE + "/requests/{request_id}/reject", body=Why, answers=AskedNumber, access=KEEPS, idempotent=True,
    problems=("not_found", "invalid", "request.ended"),
)  # fmt: skip
def reject_request(request: Request, office: Office) -> Any:
    """Refuse it, saying why."""
    return _ask(request, office, "reject_request", request_id=request.params["request_id"], **request.json)


@routes.post(
    ONE + "/requests/{request_id}/withdraw", answers=AskedNumber, access=ASKS, idempotent=True,
    problems=("not_found", "request.ended"),
)  # fmt: skip
def withdraw_request(request: Request, office: Office) -> Any:
    """Take the own request back."""
    return _ask(request, office, "withdraw_request", request_id=request.params["request_id"])


@routes.get(ONE + "/blocks", answers=listing(Block), access=READS, problems=("not_found",))
def list_blocks(request: Request, office: Office) -> Any:
    """The blocks of numbers that were handed out for paper."""
    return _ask(request, office, "list_blocks")


@routes.post(
    ONE + "/blocks", body=NewBlock, answers=Block, status=201, access=KEEPS, idempotent=True,
    problems=("not_found", "invalid", "book.closed"),
)  # fmt: skip
def hand_out_block(request: Request, office: Office) -> Any:
    """Take numbers in a row, to be written by hand while there is no power or no line."""
    return _ask(request, office, "hand_out_block", **request.json)


@routes.post(
    ONE + "/blocks/{block_id}/reconcile", body=Reconcile, answers=Block, access=KEEPS, idempotent=True,
    problems=("not_found", "invalid", "block.reconciled"),
)  # fmt: skip
def reconcile_block(request: Request, office: Office) -> Any:
    """Enter what was written by hand; every other number of the block is void."""
    return _ask(request, office, "reconcile_block", block_id=request.params["block_id"], **request.json)
