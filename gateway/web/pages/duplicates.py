"""Duplicates of a round: the list, one case with what settles it, documents, the decision; one pupil shown whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gateway.api.duplicates import READS_CASE, STATES
from gateway.api.rounds import READS
from gateway.api.school_rounds import JUDGES
from gateway.api.submissions import REVEALS
from gateway.downloads import download
from gateway.office import Office
from gateway.recent import Recent
from gateway.web import duplicate_words
from gateway.web.addresses import duplicates, with_query
from gateway.web.asking import ask_all, ask_at_once
from gateway.web.forms import EMPTY, Form, text
from gateway.web.site import show
from gateway.web.viewer import Viewer
from shared.bus.rpc import Call
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.http.routing import Routes
from shared.http.validation import split_pairs
from shared.problems import FieldError, Problem, invalid

routes = Routes(tag="pages")

ALL = "/rounds/{id}/duplicates"
ONE = ALL + "/{dup}"
EVIDENCE = ONE + "/evidence/{evidence_id}"
PUPIL = ONE + "/pupils/{submission_id}/{row}"
RUNNING = frozenset({"OPEN", "CONFIRM_WINDOW"})
PUTS = ("data_officer", "school_director", "officer")

# The two schools of a case never change. Whoever opens it again asks for their telephones without waiting for it.
_SCHOOLS_OF: Recent[str, tuple[str, ...]] = Recent(5000)


@routes.page(ALL, access=READS)
def show_duplicates(request: Request, office: Office) -> Answer:
    """The cases in which the reader's school or area has a part; those that wait by default."""
    round_id = request.params["id"]
    query = split_pairs(request.query_string)
    state = query.get("state", "OPEN")
    state = state if state in STATES else ""
    asked = {"state": state or None, "smis": query.get("smis", "")[:8] or None, "cursor": query.get("cursor") or None}
    answers = ask_all(
        request,
        office,
        round=Call("rounds", "get_round", {"round_id": round_id}),
        found=Call("rounds", "list_duplicates", {"round_id": round_id, "limit": 50, **asked}),
    )
    return show(
        request,
        "duplicates.html",
        round=answers["round"],
        cases=answers["found"]["items"],
        next_cursor=answers["found"]["next_cursor"],
        state=state,
        smis=asked["smis"],
        place=duplicates(round_id),
        back=f"/rounds/{round_id}",
        words=duplicate_words,
    )


@routes.page(ONE, access=READS_CASE)
def show_duplicate(request: Request, office: Office) -> Answer:
    """One case."""
    return _show(request, office, EMPTY)


@routes.form(f"{ONE}/decision", access=JUDGES)
def decide_duplicate_from_form(request: Request, office: Office) -> Answer:
    """Settle it."""
    cited = request.posted.getlist("evidence")
    args = {"keep": text(request, "keep"), "reason": text(request, "reason"), "evidence": cited}
    return _step(request, office, "decision", "decide_duplicate", "duplicate.settled", **args)


@routes.form(f"{ONE}/carry", access=JUDGES)
def carry_duplicate_from_form(request: Request, office: Office) -> Answer:
    """Leave it for later."""
    return _step(request, office, "carry", "carry_duplicate", "duplicate.carried", reason=text(request, "reason"))


@routes.form(f"{ONE}/reopen", access=JUDGES)
def reopen_duplicate_from_form(request: Request, office: Office) -> Answer:
    """Take a decision back."""
    return _step(request, office, "reopen", "reopen_duplicate", "duplicate.reopened", reason=text(request, "reason"))


@routes.form(f"{ONE}/evidence", files=("file*",), access=REVEALS, too_large="evidence.too_large")
def add_evidence_from_form(request: Request, office: Office) -> Answer:
    """Put a document to the case."""
    if not request.files:
        problem = invalid([FieldError("file", "required", "กรุณาเลือกเอกสาร")])
        return _show(request, office, Form.sent("evidence", request, problem))
    received = request.files[0]
    file = {"sha256": received.sha256, "filename": received.filename, "size": received.size}
    return _step(request, office, "evidence", "add_evidence", "duplicate.evidence", file=file)


@routes.page(EVIDENCE, access=REVEALS)
def ask_for_evidence(request: Request, office: Office) -> Answer:
    """Why the document is wanted."""
    return _reveal(request, office, EMPTY)


@routes.form(EVIDENCE, access=REVEALS)
def fetch_evidence(request: Request, office: Office) -> Answer:
    """The document itself."""
    args = {"evidence_id": request.params["evidence_id"], "reason": text(request, "reason") or None}
    try:
        handout = office.ask(request, "rounds", "hand_out_evidence", **_case(request), **args)
    except Problem as problem:
        return _reveal(request, office, Form.sent("reveal", request, problem))
    return download(handout["reference"])


@routes.page(PUPIL, access=REVEALS)
def ask_for_whole_pupil(request: Request, office: Office) -> Answer:
    """Why the pupil is wanted whole."""
    return _reveal(request, office, EMPTY)


@routes.form(PUPIL, access=REVEALS)
def show_whole_pupil(request: Request, office: Office) -> Answer:
    """The pupil as the file has them, shown once."""
    asked = {"submission_id": request.params["submission_id"], "row": _row(request)}
    try:
        revealed = office.ask(request, "rounds", "reveal_pupil", **asked, reason=text(request, "reason") or None)
    except Problem as problem:
        return _reveal(request, office, Form.sent("reveal", request, problem))
    return _reveal(request, office, EMPTY, revealed)


# a form that did not go through leaves its own address in the browser: reloading it must lead back to the page
@routes.page(ONE + "/{step}", access=READS)
def show_step_as_duplicate(request: Request, _office: Office) -> Answer:
    """Back to the case."""
    return redirect(duplicates(request.params["id"], request.params["dup"]))


def _row(request: Request) -> int:
    """The row in the address; 0, which no file has, for what is no number."""
    written = request.params["row"]
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 8 else 0


def _case(request: Request) -> dict[str, Any]:
    return {"round_id": request.params["id"], "case_id": request.params["dup"]}


def _step(request: Request, office: Office, form: str, operation: str, done: str, **args: Any) -> Answer:
    try:
        office.ask(request, "rounds", operation, **_case(request), **args)
    except Problem as problem:
        return _show(request, office, Form.sent(form, request, problem))
    return redirect(with_query(duplicates(request.params["id"], request.params["dup"]), done=done))


def _show(request: Request, office: Office, form: Form) -> Answer:
    needed = {
        "round": Call("rounds", "get_round", {"round_id": request.params["id"]}),
        "case": Call("rounds", "get_duplicate", _case(request)),
    }
    known = _SCHOOLS_OF.get(request.params["dup"])
    answers, missing = ask_at_once(request, office, needed, _schools(known or ()))
    round_, case = answers["round"], answers["case"]
    codes = tuple(school["smis"] for school in case["schools"])
    if known != codes:
        schools, missing = office.gather(request, **_schools(codes))
        answers |= schools
        _SCHOOLS_OF.put(case["id"], codes)
    viewer = Viewer(request.identity)
    is_running = round_["state"] in RUNNING
    return show(
        request,
        "duplicate.html",
        form.status,
        round=round_,
        case=case,
        phones={smis: _phone(answers.get(smis)) for smis in codes},
        unavailable=missing,
        form=form,
        place=duplicates(round_["id"], case["id"]),
        may_judge=is_running and viewer.has("officer"),
        may_put=is_running and viewer.has(*PUTS) and case["state"] != "GONE",
        may_reveal=viewer.has(*PUTS),
        words=duplicate_words,
    )


def _schools(codes: Iterable[str]) -> dict[str, Call]:
    return {smis: Call("schools", "get_school", {"smis": smis}) for smis in codes}


def _phone(school: Any) -> str | None:
    return school.get("phone") if isinstance(school, dict) else None


def _reveal(request: Request, office: Office, form: Form, revealed: Any = None) -> Answer:
    case = office.ask(request, "rounds", "get_duplicate", **_case(request))
    params = request.params
    document = next((one for one in case["evidence"] if one["id"] == params.get("evidence_id")), None)
    sides = [side for side in case["schools"] if side["submission_id"] == params.get("submission_id")]
    answer = show(
        request,
        "duplicate_reveal.html",
        form.status,
        form=form,
        path=request.path,
        document=document,
        school=sides[0] if sides else None,
        row=_row(request) if "row" in params else None,
        is_own=any(side["is_own"] for side in sides) or (document is not None and _is_own(case, document)),
        revealed=revealed,
        back=duplicates(params["id"], params["dup"]),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _is_own(case: Any, document: Any) -> bool:
    return any(side["is_own"] and side["smis"] == document["smis"] for side in case["schools"])
