"""A round and its board: who stands where, filtered, sorted, exported; รับทราบ and ตีกลับ from the list."""

from __future__ import annotations

from typing import Any

from gateway.api.rounds import READS
from gateway.api.school_rounds import JUDGES
from gateway.office import Office
from gateway.web import workbook
from gateway.web.addresses import school_round, with_query
from gateway.web.asking import ask_all
from gateway.web.board_view import Choice, arrange, as_it_stood, cells, columns
from gateway.web.forms import EMPTY, Form, text
from gateway.web.site import is_fragment, show
from gateway.web.viewer import Viewer
from shared.bus.rpc import Call
from shared.http.answers import Answer, content_disposition, redirect
from shared.http.request import Request
from shared.http.routing import Routes
from shared.http.validation import split_pairs
from shared.problems import Problem
from shared.workbooks.writing import csv_of_table

routes = Routes(tag="pages")

RUNNING = frozenset({"OPEN", "CONFIRM_WINDOW"})
CLOSED = frozenset({"CLOSED", "PUBLISHED", "AMENDED"})
CSV = "text/csv; charset=utf-8"


@routes.page("/rounds/{id}", access=READS)
def show_round(request: Request, office: Office) -> Answer:
    """A round with its board; who has one school only goes to that school's page."""
    return show_board(request, office, EMPTY)


@routes.page("/rounds/{id}/board.xlsx", access=READS)
def download_board_workbook(request: Request, office: Office) -> Answer:
    """The board as a workbook, as it is filtered now."""
    round_, rows = _export(request, office)
    body = workbook.of_table("สถานะโรงเรียน", [round_["title"]], columns(), rows)
    return _file(body, workbook.XLSX, f"สถานะ {round_['title']}.xlsx")


@routes.page("/rounds/{id}/board.csv", access=READS)
def download_board_csv(request: Request, office: Office) -> Answer:
    """The board as CSV that Excel opens, as it is filtered now."""
    round_, rows = _export(request, office)
    return _file(csv_of_table(columns(), rows), CSV, f"สถานะ {round_['title']}.csv")


@routes.form("/rounds/{id}/acknowledge/{smis}", access=JUDGES)
def acknowledge_from_board(request: Request, office: Office) -> Answer:
    """รับทราบ from the list."""
    return _judge(request, office, "acknowledge", "acknowledged")


@routes.form("/rounds/{id}/return/{smis}", access=JUDGES)
def return_from_board(request: Request, office: Office) -> Answer:
    """ตีกลับ from the list."""
    return _judge(request, office, "return_school", "returned", reason=text(request, "reason"))


def show_board(request: Request, office: Office, form: Form) -> Answer:
    """The page; ``form`` is the one that did not go through."""
    round_id = request.params["id"]
    round_, board = _round_and_board(request, office, round_id)
    viewer = Viewer(request.identity)
    if not viewer.reads_area and len(board["schools"]) == 1:
        return redirect(school_round(round_id, board["schools"][0]["smis"]))
    choice = Choice.from_query(split_pairs(request.query_string))
    return show(
        request,
        "_board.html" if is_fragment(request) else "round.html",
        form.status,
        round=round_,
        board=board,
        schools=arrange(board["schools"], choice),
        choice=choice,
        form=form,
        may_run=viewer.has("officer"),
        may_reopen=viewer.has("group_director") and round_["state"] == "CLOSED",
        may_judge=viewer.has("officer") and any(school["is_open"] for school in board["schools"]),
        is_running=round_["state"] in RUNNING,
        is_closed=round_["state"] in CLOSED,
    )


def _judge(request: Request, office: Office, operation: str, done: str, **args: Any) -> Answer:
    round_id, smis = request.params["id"], request.params["smis"]
    try:
        office.ask(request, "rounds", operation, round_id=round_id, smis=smis, **args)
    except Problem as problem:
        return show_board(request, office, Form.sent(f"{operation}-{smis}", request, problem))
    choice = Choice.from_query(split_pairs(text(request, "choice")))
    return redirect(with_query(f"/rounds/{round_id}", **choice.as_query(), done=done) + "#schools")


def _round_and_board(request: Request, office: Office, round_id: str) -> tuple[Any, Any]:
    answers = ask_all(
        request,
        office,
        round=Call("rounds", "get_round", {"round_id": round_id}),
        board=Call("rounds", "progress", {"round_id": round_id}),
    )
    return answers["round"], as_it_stood(answers["board"])


def _export(request: Request, office: Office) -> tuple[Any, list[list[Any]]]:
    round_, board = _round_and_board(request, office, request.params["id"])
    choice = Choice.from_query(split_pairs(request.query_string))
    return round_, [cells(school) for school in arrange(board["schools"], choice)]


def _file(body: bytes, content_type: str, name: str) -> Answer:
    return Answer(200, body, content_type, {"Content-Disposition": content_disposition(name)})
