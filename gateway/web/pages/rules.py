"""กฎการตรวจข้อมูล: every rule, what it says, what to do, where it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    """The cards of the rules that were chosen out of ``all_rules``, as HTML and made ready to be sent."""

    all_rules: int
    count: int
    html: Markup
    sent: CommonPart | None


RuleSet = tuple[str, int]

# They are long, and the same for everybody who reads alike: a version of a rule set is never changed.
_DRAWN: Recent[tuple[RuleSet, Chosen, Preferences], Cards] = Recent(32)
# the version that was shown last of each set that was asked for; None: of the one that new rounds get
_SHOWN: Recent[str | None, RuleSet] = Recent(32)


@routes.page("/rules")
def show_rules(request: Request, office: Office) -> Answer:
    """All rules, or those that have what is looked for. What is drawn already is not fetched again."""
    query = split_pairs(request.query_string)
    wanted, choice = query.get("rule_set") or None, Chosen.from_query(query)
    reader = preferences.current()
    shown = _SHOWN.get(wanted)
    chosen = _DRAWN.get((shown, choice, reader)) if shown else None
    found = office.ask(request, "rounds", "list_rules", rule_set=wanted, known=shown if chosen else None)
    if chosen is None or found["items"] is not None:
        shown = _SHOWN.put(wanted, (found["rule_set"], found["version"]))
        chosen = _DRAWN.put((shown, choice, reader), _draw(found["items"], choice))
    answer = show(
        request,
        "rules.html",
        rule_set=found["rule_set"],
        cards=chosen,
        choice=choice,
        severities=labels.choices(labels.SEVERITIES),
    )
    answer.common = chosen.sent
    return answer


def _draw(items: Sequence[Mapping[str, Any]], choice: Chosen) -> Cards:
    rules = cards(items, choice)
    html = drawn("_rule_cards.html", rules=rules)
    return Cards(len(items), len(rules), html, CommonPart.of(html.encode()) if rules else None)
