"""รายงานหนังสือ: any report of letters with chart, table and files, on one page; a new one needs nothing here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.api.letter_reports import ALL as API
from gateway.api.letter_reports import PERIODS, READS
from gateway.letter_names import with_names
from gateway.office import Office
from gateway.web.addresses import with_query
from gateway.web.language import N_
from gateway.web.site import show
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.http.routing import Routes
from shared.http.validation import split_pairs

routes = Routes(tag="pages")

ALL = "/letter-reports"
PERIOD_NAMES = dict(zip(PERIODS, (N_("เดือน"), N_("ไตรมาส"), N_("ปี พ.ศ.")), strict=True))
# what a reader takes along when going from one report to the next
KEPT = ("period", "on", "unit")


@routes.page(ALL, access=READS)
def show_letter_reports(_request: Request, _office: Office) -> Answer:
    """The workload comes first; each report leads to the others."""
    return redirect(f"{ALL}/workload")


@routes.page(ALL + "/{key}", access=READS)
def show_letter_report(request: Request, office: Office) -> Answer:
    """A report of this month, or of the month, quarter or year that was chosen."""
    key, query = request.params["key"], split_pairs(request.query_string)
    chosen = {name: query[name] for name in (*KEPT, "by") if query.get(name)}
    arguments = {"code" if name == "unit" else name: value for name, value in chosen.items()}
    report = with_names(request, office, office.ask(request, "reporting", "letter_report", key=key, **arguments))
    kept = {name: chosen.get(name) for name in KEPT}
    return show(
        request,
        "letter_report.html",
        key=key,
        reports=[
            {
                "address": with_query(f"{ALL}/{one['name']}", **kept),
                "title": one["short_title"],
                "is_here": one["name"] == key,
            }
            for one in report["reports"]
        ],
        report=report,
        periods=PERIOD_NAMES,
        around={
            name: with_query(f"{ALL}/{key}", **{**chosen, "on": report[name]["first"]})
            for name in ("previous", "next")
            if report[name]
        },
        files=_files(key, chosen, report),
    )


def _files(key: str, chosen: Mapping[str, str], report: Mapping[str, Any]) -> dict[str, str]:
    """The same in other forms, of the very period that is shown: a link that is kept means the same tomorrow."""
    shown = {**chosen, "period": report["period"]["kind"], "on": report["period"]["first"], "by": report["by"]}
    endings = {"XLSX": ".xlsx", "CSV": ".csv", "JSON": ""}
    return {name: with_query(f"{API}/{key}{ending}", **shown) for name, ending in endings.items()}
