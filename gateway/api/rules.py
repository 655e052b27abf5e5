"""The rules by which files are checked."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from gateway.office import Office
from shared.http.request import Request
from shared.http.routing import Routes

routes = Routes(tag="rules")


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
