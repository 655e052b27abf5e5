"""One letter: everything that is known of it, and what its reader may do with it now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gateway.api.letters import ACTS, DECIDES, ENDS, KEEPS, READS, VOIDS
from gateway.names import names_of
from gateway.office import Office
from gateway.web import letter_words
from gateway.web.addresses import letter as address_of
from gateway.web.addresses import with_query
from gateway.web.asking import ask_all
from gateway.web.forms import EMPTY, Form, text, typed_dates
from gateway.web.language import gettext
from gateway.web.pages.letter_secrecy import REASON_NEEDED, reason_page
from gateway.web.reading import by_unit, own_line, readers_in
from gateway.web.site import show
from shared.bus.rpc import Call
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.http.routing import Routes
from shared.http.validation import split_pairs
from shared.problems import Problem, forbidden

routes = Routes(tag="pages")

ONE = "/letters/{id}"


@routes.page(ONE, access=READS)
def show_letter(request: Request, office: Office) -> Answer:
    """The letter; whoever has a task in it has opened it with that."""
    return show_with(request, office, EMPTY)


@routes.form(ONE + "/register", access=KEEPS)
def register_letter_from_form(request: Request, office: Office) -> Answer:
    """Give it a number in the book of the unit where it is."""
    return _step(
        request, office, "register", "register_letter", "letter.registered", book_id=text(request, "book")
    )


@routes.form(ONE + "/forward", access=KEEPS)
def forward_letter_from_form(request: Request, office: Office) -> Answer:
    """Send it on to a group."""
    args = {"to": text(request, "to"), "note": text(request, "note")}
    return _step(request, office, "forward", "forward_letter", "letter.forwarded", **args)


@routes.form(ONE + "/propose", access=KEEPS)
def propose_letter_from_form(request: Request, office: Office) -> Answer:
    """Put it before who decides."""
    return _step(request, office, "propose", "propose_letter", "letter.proposed", summary=text(request, "summary"))


@routes.form(ONE + "/endorse", access=ENDS)
def endorse_letter_from_form(request: Request, office: Office) -> Answer:
    """Write a verdict on it."""
    args = {"verdict": text(request, "verdict") or "approve", "text": text(request, "text")}
    return _step(request, office, "endorse", "endorse_letter", "letter.endorsed", **args)


@routes.form(ONE + "/pull-back", access=ENDS)
def pull_back_letter_from_form(request: Request, office: Office) -> Answer:
    """Take it back before somebody has acted on it."""
    args = {"verdict": "pull_back", "text": text(request, "text")}
    return _step(request, office, "pull-back", "endorse_letter", "letter.pulled_back", **args)


@routes.form(ONE + "/return", access=ENDS)
def return_letter_from_form(request: Request, office: Office) -> Answer:
    """Send it back, or a report."""
    return _step(request, office, "return", "return_letter", "letter.returned", reason=text(request, "reason"))


@routes.form(ONE + "/accept", access=ACTS)
def accept_letter_from_form(request: Request, office: Office) -> Answer:
    """Take the own task up."""
    return _step(request, office, "accept", "accept_task", "task.accepted")


@routes.form(ONE + "/report", access=ACTS)
def report_letter_from_form(request: Request, office: Office) -> Answer:
    """Say what was done."""
    return _step(request, office, "report", "report_task", "task.reported", report=text(request, "report"))


@routes.form(ONE + "/close", access=ENDS)
def close_letter_from_form(request: Request, office: Office) -> Answer:
    """End the matter."""
    return _step(request, office, "close", "close_letter", "letter.closed", note=text(request, "note"))


@routes.form(ONE + "/reject", access=KEEPS)
def reject_letter_from_form(request: Request, office: Office) -> Answer:
    """Refuse what came to the wrong place."""
    return _step(request, office, "reject", "reject_letter", "letter.rejected", reason=text(request, "reason"))


@routes.form(ONE + "/void", access=VOIDS)
def void_letter_from_form(request: Request, office: Office) -> Answer:
    """Undo a wrong registration."""
    return _step(request, office, "void", "void_letter", "letter.voided", reason=text(request, "reason"))


@routes.page(ONE + "/assign", access=DECIDES)
def show_letter_assignment(request: Request, office: Office) -> Answer:
    """Who works in the unit, to choose from."""
    return _assignment(request, office, EMPTY)


@routes.form(ONE + "/assign", access=DECIDES)
def assign_letter_from_form(request: Request, office: Office) -> Answer:
    """Give it to those who were chosen."""
    try:
        due = typed_dates(request, {"due": gettext("กำหนดเสร็จ")})["due"]
        given = {name: request.posted.getlist(name) for name in ("responsible", "informed")}
        _ask(request, office, "assign_letter", **given, instruction=text(request, "instruction"), due=due)
    except Problem as problem:
        return _assignment(request, office, Form.sent("assign", request, problem))
    return _back(request, "letter.assigned")


# a form that did not go through leaves its own address in the browser: reloading it must lead back to the page
@routes.page(ONE + "/{step}", access=READS)
def show_step_as_letter(request: Request, _office: Office) -> Answer:
    """Back to the letter."""
    return redirect(address_of(request.params["id"]))


def _step(request: Request, office: Office, form: str, operation: str, done: str, **args: Any) -> Answer:
    try:
        _ask(request, office, operation, **args)
    except Problem as problem:
        if problem.status == 404:
            raise
        return show_with(request, office, Form.sent(form, request, problem))
    return _back(request, done)


def _ask(request: Request, office: Office, operation: str, **args: Any) -> Any:
    return office.ask(request, "documents", operation, letter_id=request.params["id"], **args)


def _ask_for(request: Request, operation: str) -> Call:
    return Call("documents", operation, {"letter_id": request.params["id"]})


def _back(request: Request, done: str) -> Answer:
    return redirect(with_query(address_of(request.params["id"]), done=done))


def show_with(request: Request, office: Office, form: Form) -> Answer:
    """The page of the letter with one of its forms as it came back."""
    try:
        answers = ask_all(
            request,
            office,
            letter=_ask_for(request, "get_letter"),
            history=_ask_for(request, "get_history"),
            circulations=_ask_for(request, "list_circulations"),
            thread=_ask_for(request, "get_thread"),
        )
    except Problem as problem:
        if problem.code != REASON_NEEDED:
            raise
        return reason_page(request)
    letter, history, circulations = answers["letter"], answers["history"]["items"], answers["circulations"]["items"]
    person_id = request.identity.person_id
    own = next((task for task in letter["tasks"] if task["assignee_id"] == person_id), None)
    _open(request, office, own, circulations)
    return show(
        request,
        "letter.html",
        form.status,
        letter=letter,
        history=history,
        names=names_of(request, office, _people_in(letter, history) | readers_in(circulations)),
        own=own,
        circulations=circulations,
        by_unit=by_unit,
        thread=answers["thread"],
        form=form,
        place=address_of(letter["id"]),
        words=letter_words,
    )


def _open(
    request: Request, office: Office, task: dict[str, Any] | None, circulations: Iterable[Mapping[str, Any]]
) -> None:
    """Who looks at a letter has opened with that their task in it, and what was sent round to them."""
    steps = {}
    if task and task["opened_at"] is None:
        steps["task"] = _ask_for(request, "open_task")
    sent = own_line(circulations)
    if sent and sent["opened_at"] is None:
        steps["circular"] = _ask_for(request, "read_circular")
    done = ask_all(request, office, **steps) if steps else {}
    if task and "task" in done:
        task |= done["task"]
    if sent and "circular" in done:
        sent["opened_at"] = done["circular"]["opened_at"]


def _people_in(letter: Mapping[str, Any], history: Iterable[Mapping[str, Any]]) -> set[str]:
    """Whose names stand in a letter as ids."""
    found = {*(task["assignee_id"] for task in letter["tasks"]), *letter["readers"], *letter["reader_candidates"]}
    for step in history:
        detail = step["detail"]
        found |= {*detail.get("responsible", ()), *detail.get("informed", ())}
        if "person" in detail:
            found.add(detail["person"])
    return found


def _members(request: Request, office: Office, unit: str, *, is_secret: bool) -> list[Any]:
    """Who may be given the letter. The owner of people shows them to directors; whoever stands in for one is known as
    such to ``documents`` alone, and gets the names without positions. So does who gives a letter with a class of
    secrecy: who is cleared for it, only ``documents`` knows.
    """
    if is_secret:
        return _assignable(request, office)
    try:
        return list(office.ask(request, "schools", "list_members", organisation=unit)["items"])
    except Problem as problem:
        if problem.status != 403:
            raise
    return _assignable(request, office)


def _assignable(request: Request, office: Office) -> list[Any]:
    found = _ask(request, office, "list_assignable")["items"]
    names = names_of(request, office, {one["person_id"] for one in found})
    return [{**one, "name": names.get(one["person_id"], ""), "position": None} for one in found]


def _at_once(request: Request, office: Office) -> tuple[Any, list[Any]] | None:
    """The letter and who may be given it, where the address names their unit, as a link from the letter does; None
    where it names another, or none that the caller directs, or where people have to be cleared.
    """
    unit = split_pairs(request.query_string).get("unit", "")
    letter, members = _ask_for(request, "get_letter"), Call("schools", "list_members", {"organisation": unit})
    try:
        answers = ask_all(request, office, letter=letter, members=members) if unit else None
    except Problem as problem:
        if problem.status not in (403, 404):
            raise
        return None
    if answers is None or answers["letter"]["assign_from"] != unit or answers["letter"]["secrecy"] != "none":
        return None
    return answers["letter"], answers["members"]["items"]


def _one_by_one(request: Request, office: Office) -> tuple[Any, list[Any]]:
    letter = _ask(request, office, "get_letter")
    if "assign" not in letter["allowed"]:
        raise forbidden("มอบหมายได้เฉพาะผู้อำนวยการของหน่วยงานที่หนังสืออยู่ หรือผู้บริหาร และเมื่อหนังสือเสนอแล้ว")
    return letter, _members(request, office, letter["assign_from"], is_secret=letter["secrecy"] != "none")


def _assignment(request: Request, office: Office, form: Form) -> Answer:
    letter, members = _at_once(request, office) or _one_by_one(request, office)
    given = {task["assignee_id"]: task["role"] for task in letter["tasks"] if task["state"] != "CANCELLED"}
    units: dict[str, list[Any]] = {}
    for member in members:
        units.setdefault(member["unit_name"], []).append(member)
    return show(
        request, "letter_assign.html", form.status, letter=letter, units=units, given=given, form=form,
        place=address_of(letter["id"]), words=letter_words,
    )  # fmt: skip
