"""The list of rounds, a new round from a template, and its announcement, opening and close."""

from __future__ import annotations

from typing import Any

from gateway.api.rounds import READS, REOPENS, RUNS
from gateway.environment import CLOCK
from gateway.office import Office
from gateway.web import labels
from gateway.web.addresses import with_query
from gateway.web.forms import Form, text, typed_dates, whole_number
from gateway.web.language import N_, gettext
from gateway.web.pages.board import show_board
from gateway.web.site import show
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.http.routing import Routes
from shared.http.validation import split_pairs
from shared.problems import Problem
from shared.thai.dates import academic_year

routes = Routes(tag="pages")

NEW_CLOSE = N_("วันปิดรอบใหม่")
DATES = (
    "as_of_date", "open_at", "confirm_from", "school_deadline", "certify_deadline", "area_ack_deadline", "close_at",
)  # fmt: skip


@routes.page("/rounds", access=READS)
def show_rounds(request: Request, office: Office) -> Answer:
    """The rounds in which the caller has a part."""
    cursor = split_pairs(request.query_string).get("cursor")
    found = office.ask(request, "rounds", "list_rounds", limit=50, cursor=cursor)
    return show(request, "rounds.html", rounds=found["items"], next_cursor=found["next_cursor"])


@routes.page("/rounds/new", access=RUNS)
def show_new_round(request: Request, office: Office) -> Answer:
    """First which of the handbook's rounds, then its dates."""
    query = split_pairs(request.query_string)
    round_no, year_be = query.get("round_no"), _year(query.get("year_be"))
    if round_no is None:
        return _choice(request, office, year_be)
    template = office.ask(request, "rounds", "get_template", round_no=_number(round_no), year_be=year_be)
    return _form(request, Form(values=template), template["name"])


@routes.form("/rounds/new", access=RUNS)
def create_round_from_form(request: Request, office: Office) -> Answer:
    """Create the round as a draft."""
    try:
        round_ = office.ask(request, "rounds", "create_round", **_fields(request))
    except Problem as problem:
        return _form(request, Form.sent("round", request, problem), text(request, "name"))
    return redirect(with_query(f"/rounds/{round_['id']}", done="round.created"))


@routes.form("/rounds/{id}/delete", access=RUNS)
def delete_from_form(request: Request, office: Office) -> Answer:
    """Throw the draft away and go back to the list."""
    return _move(request, office, "delete_draft", "round.deleted", "/rounds")


@routes.form("/rounds/{id}/announce", access=RUNS)
def announce_from_form(request: Request, office: Office) -> Answer:
    """Freeze the set of schools and tell each of them."""
    return _move(request, office, "announce_round", "round.announced")


@routes.form("/rounds/{id}/open", access=RUNS)
def open_from_form(request: Request, office: Office) -> Answer:
    """Let the schools upload."""
    return _move(request, office, "open_round", "round.opened")


@routes.form("/rounds/{id}/close", access=RUNS)
def close_from_form(request: Request, office: Office) -> Answer:
    """Lock every school."""
    return _move(request, office, "close_round", "round.closed")


@routes.form("/rounds/{id}/publish", access=RUNS)
def publish_from_form(request: Request, office: Office) -> Answer:
    """Make the numbers public."""
    return _move(request, office, "publish_round", "round.published")


@routes.form("/rounds/{id}/reopen", access=REOPENS)
def reopen_from_form(request: Request, office: Office) -> Answer:
    """Take the closed round up again."""
    try:
        days = typed_dates(request, {"close_at": gettext(NEW_CLOSE)})
    except Problem as problem:
        return show_board(request, office, Form.sent("reopen", request, problem))
    return _move(
        request, office, "reopen_round", "round.reopened", form="reopen", reason=text(request, "reason"), **days
    )


def _move(
    request: Request,
    office: Office,
    operation: str,
    done: str,
    then: str | None = None,
    form: str = "move",
    **args: Any,
) -> Answer:
    round_id = request.params["id"]
    try:
        office.ask(request, "rounds", operation, round_id=round_id, **args)
    except Problem as problem:
        return show_board(request, office, Form.sent(form, request, problem))
    return redirect(with_query(then or f"/rounds/{round_id}", done=done))


def _choice(request: Request, office: Office, year_be: int) -> Answer:
    templates = office.ask(request, "rounds", "list_templates", year_be=year_be)["items"]
    this_year = academic_year(CLOCK.today())
    return show(
        request,
        "round_choice.html",
        templates=templates,
        year_be=year_be,
        years=range(this_year - 1, this_year + 2),
    )


def _form(request: Request, form: Form, name: str) -> Answer:
    return show(request, "round_form.html", form.status, form=form, dates=DATES, name=name)


def _fields(request: Request) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "system": text(request, "system"),
        "year_be": whole_number(request, "year_be"),
        "round_no": whole_number(request, "round_no"),
        **typed_dates(request, {name: labels.label(labels.ROUND_DATES, name) for name in DATES}),
    }
    if title := text(request, "title"):
        fields["title"] = title
    if codes := text(request, "school_codes").replace(",", " ").split():
        fields["school_codes"] = codes
    return fields


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 4 else 0


def _year(typed: str | None) -> int:
    if typed and typed.isascii() and typed.isdecimal() and len(typed) == 4:
        return int(typed)
    return academic_year(CLOCK.today())
