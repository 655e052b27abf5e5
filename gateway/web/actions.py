"""Which buttons a person is shown on a school's page. The rounds service decides; this spares people its refusals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.web import thai
from gateway.web.labels import SCHOOL_STATES
from gateway.web.viewer import Viewer

WORKING = frozenset({"NOT_STARTED", "RECORDING", "HAS_ERRORS", "READY"})
UPLOADABLE = WORKING | {"RETURNED", "CONFIRMED", "CERTIFIED"}


@dataclass(frozen=True)
class Rule:
    """Who may do something, and in which states of the school."""

    roles: frozenset[str]
    states: frozenset[str]


RULES = {
    "upload": Rule(frozenset({"data_officer", "officer"}), UPLOADABLE),
    "explain": Rule(frozenset({"data_officer"}), frozenset({"HAS_ERRORS", "READY", "RETURNED"})),
    "correct": Rule(frozenset({"data_officer"}), frozenset({"HAS_ERRORS", "READY", "RETURNED"})),
    "confirm": Rule(frozenset({"data_officer"}), frozenset({"READY", "RETURNED"})),
    "certify": Rule(frozenset({"school_director"}), frozenset({"CONFIRMED"})),
    "acknowledge": Rule(frozenset({"officer"}), frozenset({"CERTIFIED"})),
    "return": Rule(frozenset({"officer"}), frozenset({"CONFIRMED", "CERTIFIED", "ACKNOWLEDGED"})),
    "revoke": Rule(frozenset({"officer"}), frozenset({"CONFIRMED", "CERTIFIED"})),
    "reveal": Rule(frozenset({"data_officer", "school_director", "officer"}), frozenset(SCHOOL_STATES)),
    "lift_hold": Rule(frozenset({"group_director"}), UPLOADABLE),
    "exempt": Rule(frozenset({"group_director"}), UPLOADABLE),
    "extend": Rule(frozenset({"group_director"}), frozenset(SCHOOL_STATES) - {"EXEMPT"}),
}
# these need no open round
ANYTIME = frozenset({"reveal", "lift_hold", "exempt", "extend"})


def allowed(viewer: Viewer, round_: Mapping[str, Any], school: Mapping[str, Any]) -> set[str]:
    """The names of what the viewer may do with a school now."""
    names = {
        name
        for name, rule in RULES.items()
        if (school["is_open"] or name in ANYTIME)
        and school["state"] in rule.states
        and viewer.identity.holds(rule.roles, school["org_path"])
    }
    if school["locked_from"]:
        names.discard("exempt")
    if not school["on_hold"]:
        names.discard("lift_hold")
    if school["on_hold"] or not _stands_ready(school) or _is_early(round_):
        names.discard("confirm")
    return names


def _stands_ready(school: Mapping[str, Any]) -> bool:
    return any(
        version["id"] == school["submission_id"] and version["state"] == "READY" for version in school["submissions"]
    )


def _is_early(round_: Mapping[str, Any]) -> bool:
    return bool(round_["confirm_from"]) and thai.is_future(round_["confirm_from"])
