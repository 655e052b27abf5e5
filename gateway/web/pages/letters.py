"""หนังสือ: the list within one's reach, and keying in what came."""

from __future__ import annotations

from typing import Any

from gateway.api.letters import ACTS, KEEPS, READS
from gateway.office import Office
from gateway.web import letter_filter, letter_words
from gateway.web.addresses import letter as address_of
from gateway.web.addresses import with_query
from gateway.web.asking import ask_at_once
from gateway.web.contact_names import NAMES, names_in
from gateway.web.forms import EMPTY, Form, text
from gateway.web.letter_form import KEPT, USUAL, as_typed, keyed
from gateway.web.site import show
from shared.bus.rpc import Call
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.http.routing import Access, Routes
from shared.http.validation import split_pairs
from shared.problems import Problem, forbidden

routes = Routes(tag="pages")

ALL = "/letters"
KEYS_IN = Access(roles=KEEPS.roles)


@routes.page(ALL, access=READS)
def show_letters(request: Request, office: Office) -> Answer:
    """The newest first or sorted, narrowed, found by what was typed; beside it the reader's own views."""
    query = split_pairs(request.query_string)
    chosen = letter_filter.chosen(query)
    form = Form(values=chosen)
    try:
        told = letter_filter.ask(request, office, chosen, query.get("cursor") or None)
    except Problem as problem:
        if problem.code != "invalid":
            raise
        told, form = letter_filter.ask(request, office, None), Form(values=chosen, problem=problem)
    cursor = told.found["next_cursor"]
    return show(
        request,
        "letters.html",
        form.status,
        letters=told.found["items"],
        is_near=told.found["near"],
        views=[(with_query(ALL, **view["filter"]), view) for view in told.views],
        holders=[(one["code"], one["name"]) for one in told.places["items"]],
        registry=told.places["registry"],
        chosen=chosen,
        form=form,
        is_narrowed=any(name != "sort" for name in chosen),
        more_in_use=sum(name in chosen for name in letter_filter.MORE),
        next_page=with_query(ALL, **chosen, cursor=cursor) if cursor else None,
        first_page=with_query(ALL, **chosen) if query.get("cursor") else None,
        words=letter_words,
    )


@routes.page(ALL + "/new", access=KEYS_IN)
def show_letter_form(request: Request, office: Office) -> Answer:
    """An empty form; behind ``last`` the number of the letter before it, large; ``refers_to`` an earlier letter."""
    query = split_pairs(request.query_string)
    last, earlier = query.get("last", "")[:36], query.get("refers_to", "")[:36]
    before = office.ask(request, "documents", "get_letter", letter_id=last) if last else None
    kept = {name: before[name] for name in KEPT} if before else {}
    if earlier:
        thread = office.ask(request, "documents", "get_thread", letter_id=earlier)["items"]
        kept["refers_to"] = next(one["reference"] for one in thread if one["id"] == earlier)
    return _form(request, office, Form(values={**USUAL, **kept}), before)


@routes.form(ALL + "/new", access=KEYS_IN)
def create_letter_from_form(request: Request, office: Office) -> Answer:
    """Keep the letter; with its number at once, and then on to the next one."""
    register = text(request, "then") == "register"
    try:
        letter = office.ask(
            request, "documents", "create_letter",
            values={**keyed(request), "direction": "in"}, again=bool(text(request, "again")), register=register,
        )  # fmt: skip
    except Problem as problem:
        return _form(request, office, Form.sent("letter", request, problem), None)
    if register:
        return redirect(with_query(ALL + "/new", last=letter["id"], done="letter.registered"))
    return redirect(with_query(address_of(letter["id"]), done="letter.created"))


@routes.page(ALL + "/{id}/edit", access=KEYS_IN)
def show_correction_form(request: Request, office: Office) -> Answer:
    """The letter as it was keyed in."""
    place = {"letter_id": request.params["id"]}
    needed = {"letter": Call("documents", "get_letter", place), "thread": Call("documents", "get_thread", place)}
    answers, _ = ask_at_once(request, office, needed, {"contacts": NAMES})
    letter = answers["letter"]
    if "change" not in letter["allowed"]:
        raise forbidden("แก้ไขได้เฉพาะสารบรรณที่รับหนังสือ และก่อนเสนอ")
    return _correction(request, letter, names_in(answers), Form(values=as_typed(letter, answers["thread"]["items"])))


@routes.form(ALL + "/{id}/edit", access=KEYS_IN)
def change_letter_from_form(request: Request, office: Office) -> Answer:
    """Put it right against the version that was on the page."""
    place = {"letter_id": request.params["id"], "if_match": text(request, "etag")}
    try:
        letter = office.ask(request, "documents", "change_letter", values=keyed(request), **place)
    except Problem as problem:
        return _correction(request, *_find(request, office), Form.sent("letter", request, problem))
    is_moved = text(request, "secrecy") != text(request, "secrecy_before")
    return redirect(
        with_query(address_of(letter["id"]), done="letter.reclassified" if is_moved else "letter.changed")
    )


@routes.page("/tasks", access=ACTS)
def show_tasks(request: Request, office: Office) -> Answer:
    """What was given to the reader, what is due first on top; or what is done with."""
    query = split_pairs(request.query_string)
    state = "CLOSED" if query.get("closed") else None
    asked = {"state": state, "limit": 50, "cursor": query.get("cursor") or None}
    found = office.ask(request, "documents", "list_tasks", **asked)
    chosen = {"closed": "1" if state else None}
    cursor = found["next_cursor"]
    return show(
        request,
        "tasks.html",
        tasks=found["items"],
        is_closed=state is not None,
        next_page=with_query("/tasks", **chosen, cursor=cursor) if cursor else None,
        first_page=with_query("/tasks", **chosen) if query.get("cursor") else None,
        words=letter_words,
    )


def _find(request: Request, office: Office) -> tuple[Any, list[str]]:
    """The letter, and names for its correspondents."""
    needed = {"letter": Call("documents", "get_letter", {"letter_id": request.params["id"]})}
    answers, _ = ask_at_once(request, office, needed, {"contacts": NAMES})
    return answers["letter"], names_in(answers)


def _form(request: Request, office: Office, form: Form, before: Any) -> Answer:
    needed = {"places": Call("documents", "list_holders", {})}
    answers, _ = ask_at_once(request, office, needed, {"contacts": NAMES})
    registry = answers["places"]["registry"]
    if registry is None:
        raise forbidden("ลงรับหนังสือทำได้เฉพาะสารบรรณกลางของสำนักงาน หรือธุรการโรงเรียน")
    return show(
        request, "letter_new.html", form.status, form=form, before=before, registry=registry, words=letter_words,
        contacts=names_in(answers), is_again=bool(form.problem and form.problem.code == "letter.again"),
    )  # fmt: skip


def _correction(request: Request, letter: Any, contacts: list[str], form: Form) -> Answer:
    return show(
        request, "letter_edit.html", form.status, form=form, letter=letter, contacts=contacts, words=letter_words,
        blank=EMPTY,
    )  # fmt: skip
