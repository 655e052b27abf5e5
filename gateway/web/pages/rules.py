"""กฎการตรวจข้อมูล: every rule, what it says, what to do, where it comes from."""

from __future__ import annotations

from gateway.office import Office
from gateway.web import labels
from gateway.web.rules_view import Chosen, cards
from gateway.web.site import show
from shared.http.answers import Answer
from shared.http.request import Request
from shared.http.routing import Routes
from shared.http.validation import split_pairs

routes = Routes(tag="pages")


@routes.page("/rules")
def show_rules(request: Request, office: Office) -> Answer:
    """All rules, or those that have what is looked for."""
    query = split_pairs(request.query_string)
    found = office.ask(request, "rounds", "list_rules", rule_set=query.get("rule_set") or None)
    choice = Chosen.from_query(query)
    return show(
        request,
        "rules.html",
        rule_set=found["rule_set"],
        all_rules=len(found["items"]),
        rules=cards(found["items"], choice),
        choice=choice,
        severities=labels.choices(labels.SEVERITIES),
    )
