"""นำเข้าข้อมูล: a list is sent, its report looked at row by row, repairs are decided, and then it is applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.api.accounts import MOST_SLIPS
from gateway.api.imports import HOLDS, LISTS, MOST_DECISIONS, SENDS, WORKING, receive
from gateway.office import Office
from gateway.web import labels
from gateway.web.addresses import with_query
from gateway.web.asking import ask_all
from gateway.web.forms import EMPTY, Form, one_file, text
from gateway.web.language import gettext
from gateway.web.site import show
from gateway.web.viewer import Viewer
from shared.bus.rpc import Call
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.http.routing import Routes
from shared.http.validation import split_pairs
from shared.problems import Problem

routes = Routes(tag="pages")

IMPORT = "/imports/{import_id}"
ROWS_SHOWN = 50
STATE_TONES = {
    "RECEIVED": "recording", "CHECKING": "recording", "APPLYING": "recording", "CHECKED": "info", "APPLIED": "good",
    "REJECTED": "bad", "FAILED": "bad",
}  # fmt: skip
VERDICT_TONES = {"NEW": "good", "CHANGE": "info", "ERROR": "bad"}
OUTCOME_TONES = {"APPLIED": "good", "REFUSED": "bad", "STALE": "warn", "LEFT": "bad"}


@routes.page("/imports", access=LISTS)
def show_imports(request: Request, office: Office) -> Answer:
    """The form to send a list of one kind, and the lists that were sent."""
    return _list(request, office, EMPTY, split_pairs(request.query_string).get("kind", ""))


@routes.form("/imports", files=("file*",), access=SENDS, too_large="F01.too_large")
def send_import_from_form(request: Request, office: Office) -> Answer:
    """Send a file."""
    kind = text(request, "kind")
    try:
        one_file(request)
        found = receive(request, office, kind=kind, smis=text(request, "smis") or None)
    except Problem as problem:
        return _list(request, office, Form.sent("send", request, problem), kind)
    return redirect(f"/imports/{found['id']}")


@routes.page(IMPORT, access=HOLDS)
def show_import(request: Request, office: Office) -> Answer:
    """The report of one list."""
    return _report(request, office, EMPTY)


@routes.form(IMPORT + "/decide", access=HOLDS)
def decide_from_form(request: Request, office: Office) -> Answer:
    """Accept or reject the repairs that were ticked, or all of a kind."""
    accept = text(request, "accept") == "yes"
    group = text(request, "repair")
    ticked = [_ticked(value) for value in request.posted.getlist("row")[:MOST_DECISIONS]]
    decisions = [{**one, "accept": accept} for one in ticked] if not group else []
    groups = [{"repair": group, "accept": accept}] if group else []
    return _step(request, office, "decide_import", "import.decided", decisions=decisions, groups=groups)


@routes.form(IMPORT + "/apply", access=HOLDS)
def apply_from_form(request: Request, office: Office) -> Answer:
    """Apply the rows without errors."""
    return _step(request, office, "apply_import", "")


@routes.form(IMPORT + "/cancel", access=HOLDS)
def cancel_from_form(request: Request, office: Office) -> Answer:
    """Leave it."""
    return _step(request, office, "cancel_import", "import.cancelled")


# a form that did not go through leaves its own address in the browser: reloading it must lead back to the page
@routes.page(IMPORT + "/{step}", access=HOLDS)
def show_step_as_import(request: Request, _office: Office) -> Answer:
    """Back to the report."""
    return redirect(_address(request))


def _list(request: Request, office: Office, form: Form, kind: str) -> Answer:
    answers = ask_all(
        request, office, kinds=Call("schools", "list_import_kinds", {}),
        found=Call("schools", "list_imports", _narrowed(request, kind)),
    )  # fmt: skip
    kinds = answers["kinds"]["items"]
    chosen = next((one for one in kinds if one["kind"] == kind), kinds[0])
    found = answers["found"]
    return show(
        request,
        "imports.html",
        form.status,
        kinds=kinds,
        kind=chosen,
        imports=[one for one in found["items"] if one["kind"] == chosen["kind"]],
        next_cursor=found["next_cursor"],
        form=form,
        title_of=_title_of,
        schools=_own_schools(Viewer(request.identity)),
        is_admin="area_admin" in request.identity.roles,
        tones=STATE_TONES,
    )


def _title_of(one: Mapping[str, Any]) -> str:
    """What the kind of an import, or a kind itself, is called."""
    return gettext(labels.IMPORT_KINDS.get(one["kind"], one["title"]))


def _narrowed(request: Request, kind: str) -> dict[str, Any]:
    cursor = split_pairs(request.query_string).get("cursor")
    return {"limit": ROWS_SHOWN, **({"kind": kind} if kind else {}), **({"cursor": cursor} if cursor else {})}


def _own_schools(viewer: Viewer) -> list[tuple[str, str]]:
    """The schools of which somebody is the director, when there are several to choose from."""
    held = [grant for grant in viewer.identity.grants if grant.role == "school_director"]
    schools = sorted({(grant.organisation, grant.name) for grant in held})
    return schools if len(schools) > 1 else []


def _report(request: Request, office: Office, form: Form) -> Answer:
    query = split_pairs(request.query_string)
    wanted = {name: query[name] for name in ("verdict", "outcome", "repair", "cursor") if query.get(name)}
    answer = office.ask(
        request, "schools", "get_import_with_rows",
        import_id=request.params["import_id"], everything="all" in query, limit=ROWS_SHOWN, **wanted,
    )  # fmt: skip
    found, rows = answer["import"], answer["rows"] or NO_ROWS
    counts = found["counts"]
    return show(
        request,
        "import.html",
        form.status,
        found=found,
        address=_address(request),
        form=form,
        title=_title_of(found),
        rows=rows["items"],
        next_cursor=rows["next_cursor"],
        narrowed=answer["choice"],
        has_rows=answer["rows"] is not None,
        is_working=found["state"] in WORKING,
        to_write=counts.get("NEW", 0) + counts.get("CHANGE", 0),
        undecided=sum(group["undecided"] for group in found["repairs"]),
        may_decide=found["state"] == "CHECKED",
        slips=_slips(found),
        tones=STATE_TONES,
        verdict_tones=VERDICT_TONES,
        outcome_tones=OUTCOME_TONES,
    )


NO_ROWS: Mapping[str, Any] = {"items": [], "next_cursor": None}


def _slips(found: Mapping[str, Any]) -> list[Sequence[str]]:
    """The people who have no password yet, in as many portions as slips can be printed at once."""
    people: Sequence[str] = found["without_password"]
    return [people[start : start + MOST_SLIPS] for start in range(0, len(people), MOST_SLIPS)]


def _step(request: Request, office: Office, operation: str, done: str, **args: Any) -> Answer:
    try:
        office.ask(
            request, "schools", operation, import_id=request.params["import_id"],
            if_match=text(request, "etag") or None, **args,
        )  # fmt: skip
    except Problem as problem:
        return _report(request, office, Form.sent("step", request, problem))
    return redirect(with_query(_address(request), done=done))


def _ticked(value: str) -> dict[str, str]:
    row_id, _, key = value.partition("|")
    return {"row_id": row_id, "key": key}


def _address(request: Request) -> str:
    return f"/imports/{request.params['import_id']}"
