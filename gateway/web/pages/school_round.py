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


@routes.page(SCHOOL, access=READS)
def show_school_round(request: Request, office: Office) -> Answer:
    """The page."""
    return show_school(request, office, EMPTY)


def show_school(request: Request, office: Office, form: Form) -> Answer:
    """The page; ``form`` is the one that did not go through."""
    round_id, smis = request.params["id"], request.params["smis"]
    where = {"round_id": round_id, "smis": smis}
    query = split_pairs(request.query_string)
    choice = FindingChoice.from_query(query)
    wanted = {"version": _version(query.get("v", "")), "limit": FINDINGS_SHOWN, **choice.as_filter()}
    answers = ask_all(
        request,
        office,
        round=Call("rounds", "get_round", {"round_id": round_id}),
        school=Call("rounds", "get_school_round", where),
        history=Call("rounds", "get_history", where),
        version=Call("rounds", "get_shown_version", {**where, **wanted}),
        snapshots=Call("rounds", "list_snapshots", where),
    )
    school, round_, shown = answers["school"], answers["round"], answers["version"]["submission"]
    viewer = Viewer(request.identity)
    return show(
        request,
        "school_round.html",
        form.status,
        round=round_,
        school=school,
        history=list(reversed(answers["history"]["items"])),
        snapshots=list(reversed(answers["snapshots"]["items"])),
        address=school_round(round_id, smis),
        steps=steps_of(school),
        may=allowed(viewer, round_, school),
        form=form,
        shown=shown,
        is_reading=shown is not None and shown["state"] == READING,
        is_current=shown is not None and shown["id"] == school["submission_id"],
        is_only_warned=school["state"] == "HAS_ERRORS" and not _standing_errors(school),
        choice=choice,
        is_own=smis in viewer.own_schools,
        **_checked(shown, answers["version"]["findings"], choice),
    )


def _version(typed: str) -> int | None:
    """The version that the address asks for; what is no number asks for none."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else None


def _standing_errors(school: Mapping[str, Any]) -> int:
    """How many errors the version that stands has."""
    standing = (version for version in school["submissions"] if version["id"] == school["submission_id"])
    return sum(version["counts"]["error"] for version in standing)


def _checked(
    submission: Mapping[str, Any] | None, findings: Mapping[str, Any], choice: FindingChoice
) -> dict[str, Any]:
    """What the check of the shown version found; ``is_past``: what it no longer has of the version before."""
    if submission is None or submission["state"] == READING:
        return {"groups": [], "next_cursor": None, "by_rule": [], "classes": [], "skipped": [], "unexplained": 0,
                "compared": None, "correctable": set(), "is_past": False}
    groups = group(findings["items"], counted(findings["items"]) if choice.since else submission["by_rule"])
    return {
        "groups": groups,
        "compared": submission if submission["compared_with"] else None,
        "is_past": choice.since == FIXED,
        "correctable": correctable(groups) if choice.since != FIXED and submission["sha256"] else set(),
        "next_cursor": findings["next_cursor"],
        "by_rule": submission["by_rule"],
        "unexplained": unexplained(submission["by_rule"]),
        "classes": (submission["tables"] or {}).get("classes", []),
        "skipped": not_evaluated(submission["not_evaluated"]),
    }
