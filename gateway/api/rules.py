"""The rules by which files are checked."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from gateway.api.rounds import RUNS
from gateway.office import Office
from shared.http.request import Request
from shared.http.routing import Access, Routes

routes = Routes(tag="rules")

READS_AREA = Access(
    roles=("officer", "group_director", "deputy_director", "area_director", "auditor"), scope="area"
)


class RuleQuery(Schema):
    rule_set = fields.String(validate=validate.Length(max=40), metadata={"title": "ชุดกฎ", "example": "dmc-2569-1"})


class RuleCase(Schema):
    case = fields.String(required=True)
    severity = fields.String(required=True)
    message = fields.String(required=True)
    suggestion = fields.String(required=True)


class RuleExample(Schema):
    wrong = fields.String(required=True)
    right = fields.String(required=True)


class Rule(Schema):
    id = fields.String(required=True)
    severity = fields.String(required=True)
    message = fields.String(required=True)
    suggestion = fields.String(required=True)
    cases = fields.List(fields.Nested(RuleCase), required=True)
    scopes = fields.List(fields.String(), required=True)
    columns = fields.List(fields.String(), required=True)
    params = fields.Dict(required=True)
    menu = fields.String(required=True, allow_none=True)
    source = fields.String(required=True)
    about = fields.String(required=True)
    example = fields.Nested(RuleExample, required=True, allow_none=True)
    given = fields.List(fields.String(), required=True)


class Rules(Schema):
    rule_set = fields.String(required=True)
    version = fields.Integer(required=True)
    register = fields.String(required=True)
    items = fields.List(fields.Nested(Rule), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


@routes.get("/api/v1/rules", query=RuleQuery, answers=Rules, problems=("not_found",))
def list_rules(request: Request, office: Office) -> Any:
    """The rules of a rule set (a round names its own), by default of the one that new rounds get.

    `message` and `suggestion` are Thai; what stands in braces is filled in for each finding. `cases` are the other
    wordings of a rule, `scopes` what it looks at: the file, each row, the whole roll, or the
    round when others have acted. `given` says for want of what a rule is not evaluated.
    """
    return office.ask(request, "rounds", "list_rules", **request.query)


class RuleSetChoice(Schema):
    rule_set = fields.String(
        required=True, validate=validate.Length(max=40), metadata={"title": "ชุดกฎ", "example": "dmc-2569-2"}
    )


class NewlyFailing(Schema):
    rule = fields.String(required=True)
    severity = fields.String(required=True)
    count = fields.Integer(required=True)


class SchoolUnderRules(Schema):
    smis = fields.String(required=True)
    name = fields.String(required=True)
    state = fields.String(required=True)
    submission_id = fields.String(required=True)
    kept = fields.Boolean(required=True)
    fails = fields.List(fields.Nested(NewlyFailing), required=True)


class RuleChange(Schema):
    round_id = fields.String(required=True)
    rule_set = fields.String(required=True)
    state = fields.String(required=True)
    started_at = fields.String(required=True, allow_none=True)
    applied_at = fields.String(required=True, allow_none=True)
    total = fields.Integer(required=True)
    done = fields.Integer(required=True)
    failed = fields.Integer(required=True)
    schools = fields.List(fields.Nested(SchoolUnderRules), required=True)


@routes.post(
    "/api/v1/rounds/{id}/rule-set", body=RuleSetChoice, answers=RuleChange, status=202, access=RUNS, idempotent=True,
    problems=("invalid", "round.state", "rule_change.running"),
)
def try_rule_set(request: Request, office: Office) -> Any:
    """Try a newer rule set on every version that stands in an open round; nothing is changed yet."""
    return office.ask(request, "rounds", "try_rule_set", round_id=request.params["id"], **request.json)


@routes.get(
    "/api/v1/rounds/{id}/rule-set/trial", answers=RuleChange, access=READS_AREA, problems=("not_found",)
)
def get_rule_change(request: Request, office: Office) -> Any:
    """How far the newest trial or change of a round's rules is, and the schools that fail under it.

    `fails` counts what stands in a school's way under the new set and did not before; `kept` says that the school had
    confirmed when the set was applied and was left as it was.
    """
    return office.ask(request, "rounds", "get_rule_change", round_id=request.params["id"])


@routes.post(
    "/api/v1/rounds/{id}/rule-set/apply", answers=RuleChange, status=202, access=RUNS, idempotent=True,
    problems=(
        "round.state", "rule_change.none", "rule_change.running", "rule_change.failed", "rule_change.applied",
    ),
)
def apply_rule_set(request: Request, office: Office) -> Any:
    """Make the tried set the round's. Schools that have confirmed keep their state; who would fail is listed."""
    return office.ask(request, "rounds", "apply_rule_set", round_id=request.params["id"])
