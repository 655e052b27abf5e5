"""รายงาน: the head count of a round, and how large its schools are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.api.rounds import READS
from gateway.office import Office
from gateway.web.addresses import with_query
from gateway.web.forms import Form
from gateway.web.site import show
from gateway.web.viewer import Viewer
from shared.bus.rpc import Call, unavailable
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.http.routing import Routes
from shared.http.validation import split_pairs
from shared.problems import Problem

routes = Routes(tag="pages")

MOST_SCHOOLS = 500


@routes.page("/reports", access=READS)
def show_reports(_request: Request, _office: Office) -> Answer:
    """The head count comes first; each report leads to the others."""
    return redirect("/reports/headcount")


@routes.page("/reports/headcount", access=READS)
def show_headcount(request: Request, office: Office) -> Answer:
    """Pupils by grade and sex, and rooms: chart, table, files."""
    query = split_pairs(request.query_string)
    viewer = Viewer(request.identity)
    answers, report, problem = _with_report(
        request,
        office,
        _choice(query, []),
        reports=Call("reporting", "list_reports", {}),
        schools=Call("schools", "list_schools", {"limit": MOST_SCHOOLS}),
    )
    rounds = answers["reports"]["rounds"]
    choice = _choice(query, rounds)
    if report is None and problem is None:
        report, problem = _report(request, office, choice)
    return show(
        request,
        "headcount.html",
        problem.status if problem else 200,
        rounds=rounds,
        schools=_schools(viewer, answers.get("schools", {}).get("items", [])),
        choice=choice,
        report=report,
        problem=problem,
        json_address=with_query("/api/v1/reports/headcount", **choice),
        xlsx_address=with_query("/api/v1/reports/headcount.xlsx", **choice),
    )


@routes.page("/reports/sizes", access=READS)
def show_sizes(request: Request, office: Office) -> Answer:
    """Schools by size class, from the head count of a round: chart, table, who they are."""
    query = split_pairs(request.query_string)
    reports = office.ask(request, "reporting", "list_reports")
    rounds = reports["rounds"]
    choice = {
        "round_id": query.get("round_id") or (rounds[0]["id"] if rounds else None),
        "scheme": query.get("scheme") or None,
        "amphoe": query.get("amphoe") or None,
    }
    report, problem = _report(request, office, choice, "sizes")
    if report:
        choice["scheme"] = report["scheme"]  # the one that was meant where nobody chose
    schemes = next(one["schemes"] for one in reports["items"] if one["name"] == "sizes")
    return show(
        request,
        "school_sizes.html",
        problem.status if problem else 200,
        rounds=rounds,
        schemes=[(one["id"], one["title"]) for one in schemes],
        choice=choice,
        form=Form(values={name: value or "" for name, value in choice.items()}),
        report=report,
        problem=problem,
        json_address=with_query("/api/v1/reports/sizes", **choice),
        xlsx_address=with_query("/api/v1/reports/sizes.xlsx", **choice),
    )


def _choice(query: Mapping[str, str], rounds: list[Mapping[str, Any]]) -> dict[str, str | None]:
    newest = rounds[0]["id"] if rounds else None
    return {
        "round_id": query.get("round_id") or newest,
        "amphoe": query.get("amphoe") or None,
        "school": query.get("school") or None,
    }


def _with_report(
    request: Request, office: Office, choice: Mapping[str, str | None], **calls: Call
) -> tuple[dict[str, Any], Any, Problem | None]:
    """The answers, and in the same step the head count of the round that was asked for, or what is wrong with it.

    Raises:
        Problem: ``unavailable`` (503) while the owner of reports is away.
    """
    wanted = {name: value for name, value in choice.items() if value}
    asked = {"report": Call("reporting", "headcount", wanted)} if choice["round_id"] else {}
    problem = None
    try:
        answers, missing = office.gather(request, **calls, **asked)
    except Problem as refused:
        problem = refused
        answers, missing = office.gather(request, **calls)
    if "reporting" in missing:
        raise unavailable("reporting")
    return answers, answers.get("report"), problem


def _report(
    request: Request, office: Office, choice: Mapping[str, str | None], name: str = "headcount"
) -> tuple[Any, Problem | None]:
    if choice["round_id"] is None:
        return None, None
    wanted = {name: value for name, value in choice.items() if value}
    try:
        return office.ask(request, "reporting", name, **wanted), None
    except Problem as problem:
        return None, problem


def _schools(viewer: Viewer, schools: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The schools to choose from: all of the area, or one's own."""
    if viewer.reads_area:
        return schools
    own = set(viewer.own_schools)
    return [school for school in schools if school["smis"] in own]
