"""กฎการตรวจข้อมูล: every rule, what it says, what to do, where it comes from."""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup

from gateway.office import Office
from gateway.web import labels, preferences
from gateway.web.preferences import Preferences
from gateway.web.rules_view import Card, Chosen, cards
from gateway.web.site import drawn, show
from shared.http.answers import Answer
from shared.http.request import Request
from shared.http.routing import Routes
from shared.http.validation import split_pairs

routes = Routes(tag="pages")


@lru_cache(maxsize=32)
def _drawn(rules: tuple[Card, ...], _reader: Preferences) -> Markup:
    """The cards as HTML. They are the same for everybody who reads them alike, and long."""
    return drawn("_rule_cards.html", rules=rules)


@routes.page("/rules")
def show_rules(request: Request, office: Office) -> Answer:
    """All rules, or those that have what is looked for."""
    query = split_pairs(request.query_string)
    found = office.ask(request, "rounds", "list_rules", rule_set=query.get("rule_set") or None)
    choice = Chosen.from_query(query)
    rules = cards(found["items"], choice)
    return show(
        request,
        "rules.html",
        rule_set=found["rule_set"],
        all_rules=len(found["items"]),
        rules=rules,
        cards=_drawn(tuple(rules), preferences.current()),
        choice=choice,
        severities=labels.choices(labels.SEVERITIES),
    )
