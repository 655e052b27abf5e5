"""ลงรับหลายฉบับ: a heap of letters keyed in as a table, and the numbers they got."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gateway.api.bulk_letters import MOST_ROWS
from gateway.api.letters import KEEPS, SPEEDS
from gateway.office import Office
from gateway.web import letter_words
from gateway.web.asking import ask_at_once
from gateway.web.contact_names import NAMES, names_in
from gateway.web.forms import Form, text
from gateway.web.letter_form import USUAL, moment_of
from gateway.web.site import show
from shared.bus.rpc import Call
from shared.http.answers import Answer
from shared.http.request import Request
from shared.http.routing import Access, Routes
from shared.http.validation import split_pairs
from shared.problems import Problem, forbidden

routes = Routes(tag="pages")

ALL = "/letters/bulk"
KEYS_IN = Access(roles=KEEPS.roles)
FIRST_ROWS, MORE_ROWS = 10, 10
# what a row has of its own; a row of which nothing but the speed is filled in is none
COLUMNS = ("doc_no", "doc_date", "from", "subject", "note", "speed")
TYPED = COLUMNS[:-1]
COMMON = ("to", "kind", "channel", "received_at", "received_at_time")
# one that must be there by an hour needs the hour, and the form for one letter asks for it
ROW_SPEEDS = tuple(speed for speed in SPEEDS if speed != "within")


@dataclass(frozen=True)
class Row:
    """A row of the table as it is shown; ``key`` makes it one letter, however often it is sent."""

    form: Form = field(default_factory=lambda: Form(values={"speed": USUAL["speed"]}))
    key: str = field(default_factory=lambda: secrets.token_urlsafe(16))

    @property
    def is_again(self) -> bool:
        return bool(self.form.problem and self.form.problem.code == "letter.again")


@routes.page(ALL, access=KEYS_IN)
def show_grid(request: Request, office: Office) -> Answer:
    """An empty table."""
    wanted = split_pairs(request.query_string).get("rows", "")
    many = min(int(wanted), MOST_ROWS) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 5 else FIRST_ROWS
    return _page(request, office, _filled_up([], many), USUAL)


@routes.form(ALL, access=KEYS_IN)
def register_from_grid(request: Request, office: Office) -> Answer:
    """Register the rows that are right and show their numbers; the others come back with what is wrong."""
    common = {name: text(request, name) for name in COMMON}
    typed = _typed_rows(request)
    filled = [row for row in typed if any(row.form.value(name) for name in TYPED)]
    if text(request, "then") == "more":
        return _page(request, office, _filled_up(typed, len(typed) + MORE_ROWS), common)
    if not filled:
        return _page(request, office, _filled_up([], len(typed)), common, is_empty=True)
    shared: dict[str, Any] = {name: common[name] for name in ("to", "kind", "channel")}
    shared |= {"secrecy": USUAL["secrecy"], "direction": "in"}
    shared["received_at"] = moment_of(request, "received_at", is_whole=True)
    sent = [
        {
            "values": {**shared, **{name: row.form.value(name) for name in COLUMNS}},
            "key": row.key,
            "again": bool(row.form.value("again")),
        }
        for row in filled
    ]
    try:
        results = office.ask(request, "documents", "register_many", rows=sent)["rows"]
    except Problem as problem:
        return _page(request, office, _filled_up(typed, len(typed)), common, problem=problem)
    refused = [_refused(filled[result["row"]], result["problem"]) for result in results if result["problem"]]
    letters = [result["letter"] for result in results if result["letter"]]
    return _page(request, office, _filled_up(refused, len(refused) or FIRST_ROWS), common, letters=letters)


def _typed_rows(request: Request) -> list[Row]:
    many = text(request, "rows")
    count = min(int(many), MOST_ROWS) if many.isascii() and many.isdecimal() and len(many) < 5 else FIRST_ROWS
    return [
        Row(
            Form(values={name: text(request, f"{name}-{number}") for name in (*COLUMNS, "again")}),
            text(request, f"key-{number}")[:255] or secrets.token_urlsafe(16),
        )
        for number in range(1, count + 1)
    ]


def _refused(row: Row, problem: Mapping[str, Any]) -> Row:
    found = Problem.from_dict(problem)
    # a key that stands for a letter already is none for another
    key = secrets.token_urlsafe(16) if found.code == "idempotency.mismatch" else row.key
    return Row(Form(values=row.form.values, problem=found), key)


def _filled_up(rows: Sequence[Row], many: int) -> list[Row]:
    return [*rows, *(Row() for _ in range(min(many, MOST_ROWS) - len(rows)))]


def _page(
    request: Request,
    office: Office,
    rows: list[Row],
    common: Mapping[str, Any],
    *,
    letters: Sequence[Any] = (),
    problem: Problem | None = None,
    is_empty: bool = False,
) -> Answer:
    needed = {"places": Call("documents", "list_holders", {})}
    answers, _ = ask_at_once(request, office, needed, {"contacts": NAMES})
    if answers["places"]["registry"] is None:
        raise forbidden("ลงรับหนังสือทำได้เฉพาะสารบรรณกลางของสำนักงาน หรือธุรการโรงเรียน")
    has_refused = any(row.form.problem for row in rows)
    return show(
        request,
        "letters_bulk.html",
        problem.status if problem else 422 if has_refused or is_empty else 200,
        rows=rows,
        form=Form(values=common, problem=problem),
        letters=letters,
        is_empty=is_empty,
        has_refused=has_refused,
        registry=answers["places"]["registry"],
        contacts=names_in(answers),
        most=MOST_ROWS,
        speeds=ROW_SPEEDS,
        words=letter_words,
    )
