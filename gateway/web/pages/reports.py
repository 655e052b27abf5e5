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
    answers, problem = _with_report(
        request,
        office,
        Call("reporting", "headcount", _chosen(query, "round_id", "amphoe", "school")),
        reports=Call("reporting", "list_reports", {}),
        schools=Call("schools", "list_schools", {"limit": MOST_SCHOOLS}),
    )
    choice = _choice(query, answers, "amphoe", "school")
    return show(
        request,
        "headcount.html",
        problem.status if problem else 200,
        rounds=answers["reports"]["rounds"],
        schools=_schools(viewer, answers.get("schools", {}).get("items", [])),
        choice=choice,
        report=answers.get("report"),
        problem=problem,
        json_address=with_query("/api/v1/reports/headcount", **choice),
        xlsx_address=with_query("/api/v1/reports/headcount.xlsx", **choice),
    )


@routes.page("/reports/sizes", access=READS)
def show_sizes(request: Request, office: Office) -> Answer:
    """Schools by size class, from the head count of a round: chart, table, who they are."""
    query = split_pairs(request.query_string)
    answers, problem = _with_report(
        request,
        office,
        Call("reporting", "sizes", _chosen(query, "round_id", "scheme", "amphoe")),
        reports=Call("reporting", "list_reports", {}),
    )
    choice = _choice(query, answers, "scheme", "amphoe")
    if answers.get("report"):
        choice["scheme"] = answers["report"]["scheme"]  # the one that was meant where nobody chose
    schemes = next(one["schemes"] for one in answers["reports"]["items"] if one["name"] == "sizes")
    return show(
        request,
        "school_sizes.html",
        problem.status if problem else 200,
        rounds=answers["reports"]["rounds"],
        schemes=[(one["id"], one["title"]) for one in schemes],
        choice=choice,
        form=Form(values={name: value or "" for name, value in choice.items()}),
        report=answers.get("report"),
        problem=problem,
        json_address=with_query("/api/v1/reports/sizes", **choice),
        xlsx_address=with_query("/api/v1/reports/sizes.xlsx", **choice),
    )


def _chosen(query: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: query[name] for name in names if query.get(name)}


def _choice(query: Mapping[str, str], answers: Mapping[str, Any], *names: str) -> dict[str, str | None]:
    """What is shown: the round that was asked for or else the newest, and what narrows it."""
    rounds = answers["reports"]["rounds"]
    newest = rounds[0]["id"] if rounds else None
    return {"round_id": query.get("round_id") or newest, **{name: query.get(name) or None for name in names}}


def _with_report(
    request: Request, office: Office, report: Call, **calls: Call
) -> tuple[dict[str, Any], Problem | None]:
    """The answers, among them the ``report``, or what is wrong with what was asked for; before the first round nothing
    is wrong.

    Raises:
        Problem: ``unavailable`` (503) while the owner of reports is away.
    """
    problem = None
    try:
        answers, missing = office.gather(request, **calls, report=report)
    except Problem as refused:
        answers, missing = office.gather(request, **calls)
        problem = refused if "round_id" in report.args or answers.get("reports", {}).get("rounds") else None
    if "reporting" in missing:
        raise unavailable("reporting")
    return answers, problem


def _schools(viewer: Viewer, schools: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The schools to choose from: all of the area, or one's own."""
    if viewer.reads_area:
        return schools
    own = set(viewer.own_schools)
    return [school for school in schools if school["smis"] in own]
