"""รายงาน: any report of a round with chart, table and files, on one page; a new one needs nothing here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.api.rounds import READS
from gateway.office import Office
from gateway.web.addresses import with_query
from gateway.web.site import show
from gateway.web.viewer import Viewer
from shared.bus.rpc import Call, unavailable
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.http.routing import Routes
from shared.http.validation import split_pairs
from shared.problems import Problem, not_found

routes = Routes(tag="pages")

MOST_SCHOOLS = 500
# what a reader takes along when going from one report to the next
NARROWING = ("round_id", "school", "amphoe", "cluster", "audience")


@routes.page("/reports", access=READS)
def show_reports(_request: Request, _office: Office) -> Answer:
    """The head count comes first; each report leads to the others."""
    return redirect("/reports/headcount")


@routes.page("/reports/sizes", access=READS)
def show_sizes(request: Request, _office: Office) -> Answer:
    """Where the sizes of schools were before they became one report among others."""
    query = split_pairs(request.query_string)
    kept = {name: query.get(name) for name in ("round_id", "amphoe")}
    return redirect(with_query("/reports/size", **kept, by=query.get("scheme")))


@routes.page("/reports/{key}", access=READS)
def show_report(request: Request, office: Office) -> Answer:
    """A report: chart, table, the previous round beside, files."""
    key = request.params["key"]
    query = split_pairs(request.query_string)
    viewer = Viewer(request.identity)
    answers, problem = _with_report(
        request,
        office,
        Call("reporting", "report", {"key": key, **_chosen(query)}),
        reports=Call("reporting", "list_reports", {}),
        schools=Call("schools", "list_schools", {"limit": MOST_SCHOOLS}),
    )
    known = {one["name"]: one for one in answers["reports"]["items"] if "by" in one}
    if key not in known:
        raise not_found("ไม่มีรายงานชื่อนี้")
    choice, report = _choice(query, answers), answers.get("report")
    kept = {name: choice[name] for name in NARROWING}
    return show(
        request,
        "report.html",
        problem.status if problem else 200,
        key=key,
        reports=[
            {
                "address": with_query(f"/reports/{name}", **kept),
                "title": one["short_title"],
                "is_here": name == key,
            }
            for name, one in known.items()
        ],
        ways=known[key]["by"],
        by=report["by"] if report else choice["by"],
        rounds=answers["reports"]["rounds"],
        schools=_schools(viewer, answers.get("schools", {}).get("items", [])),
        choice=choice,
        report=report,
        problem=problem,
        files={
            "XLSX": with_query(f"/api/v1/reports/{key}.xlsx", **choice),
            "CSV": with_query(f"/api/v1/reports/{key}.csv", **choice),
            "JSON": with_query(f"/api/v1/reports/{key}", **choice),
        },
    )


def _chosen(query: Mapping[str, str]) -> dict[str, str]:
    return {name: query[name] for name in (*NARROWING, "by") if query.get(name)}


def _choice(query: Mapping[str, str], answers: Mapping[str, Any]) -> dict[str, str | None]:
    """What is shown: the round that was asked for or else the newest, and what narrows it."""
    rounds = answers["reports"]["rounds"]
    newest = rounds[0]["id"] if rounds else None
    return {**dict.fromkeys((*NARROWING, "by")), **_chosen(query), "round_id": query.get("round_id") or newest}


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
