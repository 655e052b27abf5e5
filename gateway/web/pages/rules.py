"""กฎการตรวจข้อมูล: every rule, what it says, what to do, where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from gateway.office import Office
from gateway.recent import Recent
from gateway.web import labels, preferences
from gateway.web.preferences import Preferences
from gateway.web.rules_view import Chosen, cards
from gateway.web.site import drawn, show
from shared.http.answers import Answer
from shared.http.compression import CommonPart
from shared.http.request import Request
from shared.http.routing import Routes
from shared.http.validation import split_pairs

routes = Routes(tag="pages")


@dataclass(frozen=True)
class Cards:
    """The cards of the rules that were chosen, as HTML and made ready to be sent, and how many they are."""

    count: int
    html: Markup
    sent: CommonPart | None


# They are long, and the same for everybody who reads alike: a version of a rule set is never changed.
_DRAWN: Recent[tuple[str, int, Chosen, Preferences], Cards] = Recent(32)


@routes.page("/rules")
def show_rules(request: Request, office: Office) -> Answer:
    """All rules, or those that have what is looked for."""
    query = split_pairs(request.query_string)
    found = office.ask(request, "rounds", "list_rules", rule_set=query.get("rule_set") or None)
    choice = Chosen.from_query(query)
    chosen = _cards(found, choice)
    answer = show(
        request,
        "rules.html",
        rule_set=found["rule_set"],
        all_rules=len(found["items"]),
        cards=chosen,
        choice=choice,
        severities=labels.choices(labels.SEVERITIES),
    )
    answer.common = chosen.sent
    return answer


def _cards(found: Mapping[str, Any], choice: Chosen) -> Cards:
    key = (found["rule_set"], found["version"], choice, preferences.current())
    known = _DRAWN.get(key)
    if known is None:
        rules = cards(found["items"], choice)
        html = drawn("_rule_cards.html", rules=rules)
        known = _DRAWN.put(key, Cards(len(rules), html, CommonPart.of(html.encode()) if rules else None))
    return known
