"""ไฟล์ของหนังสือ: one is put to a letter, and its receipt stamp where a clerk wants it."""

from __future__ import annotations

from gateway.api.letter_files import attach
from gateway.api.letters import ACTS, KEEPS, READS
from gateway.office import Office
from gateway.web import letter_words
from gateway.web.addresses import letter as address_of
from gateway.web.addresses import letter_stamp, with_query
from gateway.web.asking import ask_all
from gateway.web.forms import EMPTY, Form, one_file, text, whole_number
from gateway.web.pages.letter import ONE, letter_page
from gateway.web.site import show
from shared.bus.rpc import Call
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.http.routing import Routes
from shared.problems import FieldError, Problem, invalid

routes = Routes(tag="pages")

STAMP = ONE + "/stamps/{entry_id}"


@routes.form(ONE + "/attachments", files=("file*",), access=ACTS, too_large="attachment.too_large")
def attach_file_from_form(request: Request, office: Office) -> Answer:
    """Put a file to the letter."""
    try:
        one_file(request)
        role = "enclosure" if text(request, "role") == "enclosure" else "main"
        attach(request, office, role)
    except Problem as problem:
        if problem.status == 404:
            raise
        return letter_page(request, office, Form.sent("attach", request, problem))
    return redirect(with_query(address_of(request.params["id"]), done="letter.attached"))


@routes.page(STAMP, access=READS)
def show_stamp(request: Request, office: Office) -> Answer:
    """The page on which the stamp stands, where it can be dragged or put into a corner."""
    return _stamp(request, office, EMPTY)


@routes.form(STAMP, access=KEEPS)
def place_stamp_from_form(request: Request, office: Office) -> Answer:
    """Put the stamp where it was dragged to."""
    letter_id, entry_id = request.params["id"], request.params["entry_id"]
    try:
        x, y = _place(text(request, "place"))
        place = {"page": whole_number(request, "page") or 1, "x": x, "y": y}
        office.ask(request, "documents", "place_stamp", letter_id=letter_id, entry_id=entry_id, **place)
    except Problem as problem:
        if problem.status == 404:
            raise
        return _stamp(request, office, Form.sent("stamp", request, problem))
    return redirect(with_query(letter_stamp(letter_id, entry_id), done="letter.stamp_placed"))


def _place(written: str) -> tuple[float, float]:
    try:
        x, y = map(float, written.split())
    except ValueError:
        raise invalid([FieldError("place", "required", "ตำแหน่งของตรา: ต้องเลือก")]) from None
    return x, y


def _stamp(request: Request, office: Office, form: Form) -> Answer:
    letter_id, entry_id = request.params["id"], request.params["entry_id"]
    answers = ask_all(
        request, office,
        letter=Call("documents", "get_letter", {"letter_id": letter_id}),
        look=Call("documents", "look_at_stamp", {"letter_id": letter_id, "entry_id": entry_id}),
    )  # fmt: skip
    look = answers["look"]
    return show(
        request,
        "letter_stamp.html",
        form.status,
        letter=answers["letter"],
        look=look,
        own=next(stamp for stamp in look["stamps"] if stamp["entry_id"] == entry_id),
        may_move=look["may_place"] and bool(look["corners"] or any("1" in row for row in look["free"])),
        form=form,
        place=address_of(letter_id),
        here_place=letter_stamp(letter_id, entry_id),
        words=letter_words,
    )
