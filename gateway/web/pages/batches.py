"""ไฟล์รวมของเขต: one file with many schools is sent, and what became of each of them."""

from __future__ import annotations

from gateway.api.batches import WORKING, receive
from gateway.api.overdue import FOLLOWS_UP
from gateway.api.rounds import RUNS
from gateway.office import Office
from gateway.web.addresses import area_files
from gateway.web.asking import ask_all
from gateway.web.forms import EMPTY, Form, one_file, text
from gateway.web.site import show
from gateway.web.viewer import Viewer
from shared.bus.rpc import Call
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.http.routing import Routes
from shared.problems import Problem

routes = Routes(tag="pages")

ALL = "/rounds/{id}/batches"
TONES = {"RECORDING": "recording", "CHECKING": "recording", "DONE": "good", "REJECTED": "bad", "FAILED": "bad"}


@routes.page(ALL, access=FOLLOWS_UP)
def show_area_files(request: Request, office: Office) -> Answer:
    """The form to send a file of many schools, and the files that were sent."""
    return _list(request, office, EMPTY)


@routes.form(ALL, files=("file*",), access=RUNS, too_large="F01.too_large")
def send_area_file_from_form(request: Request, office: Office) -> Answer:
    """Send a file."""
    try:
        one_file(request)
        batch = receive(request, office, include_confirmed=text(request, "include_confirmed") == "1")
    except Problem as problem:
        return _list(request, office, Form.sent("send", request, problem))
    return redirect(area_files(batch["round_id"], batch["id"]))


@routes.page(ALL + "/{batch_id}", access=FOLLOWS_UP)
def show_area_file(request: Request, office: Office) -> Answer:
    """One file: how far it is, then the schools in it."""
    batch = office.ask(request, "rounds", "get_batch", batch_id=request.params["batch_id"])
    return show(
        request,
        "area_file.html",
        batch=batch,
        is_working=batch["state"] in WORKING,
        back=area_files(batch["round_id"]),
        tones=TONES,
    )


def _list(request: Request, office: Office, form: Form) -> Answer:
    round_id = request.params["id"]
    answers = ask_all(
        request,
        office,
        round=Call("rounds", "get_round", {"round_id": round_id}),
        found=Call("rounds", "list_batches", {"round_id": round_id}),
    )
    return show(
        request,
        "area_files.html",
        form.status,
        round=answers["round"],
        batches=answers["found"]["items"],
        form=form,
        may_send=Viewer(request.identity).has("officer") and answers["round"]["opened_at"] is not None,
        address=area_files(round_id),
        tones=TONES,
    )
