"""A school in a round: where it stands, what the check found, what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.api.rounds import READS
from gateway.office import Office
from gateway.web.actions import allowed
from gateway.web.addresses import school_round
from gateway.web.asking import ask_all
from gateway.web.findings_view import (
    FindingChoice,
    correctable,
    counted,
    group,
    not_evaluated,
    unexplained,
)
from gateway.web.forms import EMPTY, Form
from gateway.web.site import show
from gateway.web.stepper import steps_of
from gateway.web.viewer import Viewer
from shared.bus.rpc import Call
from shared.http.answers import Answer
from shared.http.request import Request
from shared.http.routing import Routes
from shared.http.validation import split_pairs

routes = Routes(tag="pages")

SCHOOL = "/rounds/{id}/schools/{smis}"
FINDINGS_SHOWN = 200
FIXED = "fixed"
READING = "RECORDING"
UNCHECKED = frozenset({"RECORDING", "REJECTED", "FAILED"})


@routes.page(SCHOOL, access=READS)
def show_school_round(request: Request, office: Office) -> Answer:
    """The page."""
    return show_school(request, office, EMPTY)


def show_school(request: Request, office: Office, form: Form) -> Answer:
    """The page; ``form`` is the one that did not go through."""
    round_id, smis = request.params["id"], request.params["smis"]
    where = {"round_id": round_id, "smis": smis}
    answers = ask_all(
        request,
        office,
        round=Call("rounds", "get_round", {"round_id": round_id}),
        school=Call("rounds", "get_school_round", where),
        history=Call("rounds", "get_history", where),
    )
    school, round_ = answers["school"], answers["round"]
    query = split_pairs(request.query_string)
    shown = _version_shown(school, query)
    viewer = Viewer(request.identity)
    return show(
        request,
        "school_round.html",
        form.status,
        round=round_,
        school=school,
        history=list(reversed(answers["history"]["items"])),
        address=school_round(round_id, smis),
        steps=steps_of(school),
        may=allowed(viewer, round_, school),
        form=form,
        shown=shown,
        is_reading=shown is not None and shown["state"] == READING,
        is_current=shown is not None and shown["id"] == school["submission_id"],
        is_only_warned=school["state"] == "HAS_ERRORS" and not _standing_errors(school),
        is_own=smis in viewer.own_schools,
        **_checked(request, office, shown, FindingChoice.from_query(query)),
    )


def _version_shown(school: Mapping[str, Any], query: Mapping[str, str]) -> Mapping[str, Any] | None:
    """The version asked for; else the newest when it is being read or was refused; else the one that stands."""
    versions = school["submissions"]
    asked = [version for version in versions if str(version["version"]) == query.get("v")]
    newest = [version for version in versions[:1] if version["state"] in UNCHECKED]
    standing = [version for version in versions if version["id"] == school["submission_id"]]
    return next(iter([*asked, *newest, *standing, *versions]), None)


def _standing_errors(school: Mapping[str, Any]) -> int:
    """How many errors the version that stands has."""
    standing = (version for version in school["submissions"] if version["id"] == school["submission_id"])
    return sum(version["counts"]["error"] for version in standing)


def _checked(
    request: Request, office: Office, shown: Mapping[str, Any] | None, choice: FindingChoice
) -> dict[str, Any]:
    """What the check of the shown version found; ``is_past``: what it no longer has of the version before."""
    if shown is None or shown["state"] == READING:
        return {"groups": [], "next_cursor": None, "choice": choice, "by_rule": [], "classes": [], "skipped": [],
                "unexplained": 0, "compared": None, "correctable": set(), "is_past": False}
    answers = ask_all(
        request,
        office,
        submission=Call("rounds", "get_submission", {"submission_id": shown["id"]}),
        findings=Call(
            "rounds", "list_findings", {"submission_id": shown["id"], "limit": FINDINGS_SHOWN, **choice.as_filter()}
        ),
    )
    submission, items = answers["submission"], answers["findings"]["items"]
    groups = group(items, counted(items) if choice.since else submission["by_rule"])
    return {
        "groups": groups,
        "compared": submission if submission["compared_with"] else None,
        "is_past": choice.since == FIXED,
        "correctable": correctable(groups) if choice.since != FIXED and shown["sha256"] else set(),
        "next_cursor": answers["findings"]["next_cursor"],
        "choice": choice,
        "by_rule": submission["by_rule"],
        "unexplained": unexplained(submission["by_rule"]),
        "classes": (submission["tables"] or {}).get("classes", []),
        "skipped": not_evaluated(submission["not_evaluated"]),
    }
