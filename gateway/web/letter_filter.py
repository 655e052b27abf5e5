"""The fields that narrow and sort the list of letters, and what the page of the list asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.api.letter_lists import SORTS
from gateway.api.letter_views import meant_by, uncounted, views_of
from gateway.api.letters import KINDS, SECRECIES, SPEEDS, STATES, WAITING
from gateway.memory import reader_of
from gateway.office import Office
from gateway.people_typed import all_meant
from gateway.web.asking import ask_at_once
from shared.bus.rpc import Call, unavailable
from shared.http.request import Request

PAGE = 50
# what stands folded below the others
MORE = (
    *("kind", "speed", "secrecy", "unit", "assignee", "received_from", "received_until", "doc_from", "doc_until"),
    "sort",
)
_CLOSED = {
    "state": STATES,
    "waiting": WAITING,
    "kind": KINDS,
    "speed": SPEEDS,
    "secrecy": SECRECIES,
    "sort": SORTS,
}
_TEXTS = {
    **{"q": 200, "book": 36, "holder": 40, "unit": 40, "assignee": 200},
    **dict.fromkeys(("received_from", "received_until", "doc_from", "doc_until"), 60),
}
_NOTHING: Mapping[str, Any] = {"items": [], "next_cursor": None, "near": False}


@dataclass(frozen=True)
class Told:
    """What the page shows: the letters, where letters can be, the reader's views."""

    found: Mapping[str, Any]
    places: Mapping[str, Any]
    views: list[dict[str, Any]]


def chosen(typed: Mapping[str, str]) -> dict[str, str]:
    """What narrows and sorts the list, of fields or of an address; what no list is narrowed by is left out."""
    closed = {name: typed[name] for name, known in _CLOSED.items() if typed.get(name) in known}
    texts = {name: typed.get(name, "").strip()[:most] for name, most in _TEXTS.items()}
    return {**closed, **{name: text for name, text in texts.items() if text}}


def ask(request: Request, office: Office, wanted: Mapping[str, str] | None, cursor: str | None = None) -> Told:
    """What the page shows of the letters ``wanted``, or of none. In one step where nobody can be named in what was
    typed or saved; else whose names these are comes between the views and the letters.

    Raises:
        Problem: what an owner says, or ``unavailable``.
    """
    of_page = {"limit": PAGE, "cursor": cursor}
    first = {"places": Call("documents", "list_holders", {})}
    names_somebody = wanted is not None and ("q" in wanted or "assignee" in wanted)
    if wanted is not None and not names_somebody:
        first["found"] = Call("documents", "list_letters", {**wanted, **of_page})
    answers, _ = ask_at_once(request, office, first, {"views": views_of(reader_of(request))})
    views = answers.get("views", {"items": []})["items"]
    asked = [view["filter"] for view in uncounted(views)]
    then: dict[str, Call] = {}
    taken = all_meant(request, office, [*asked, wanted] if wanted is not None and names_somebody else asked)
    if wanted is not None and names_somebody:
        if taken is None and "assignee" in wanted:
            raise unavailable("schools")
        then["found"] = Call("documents", "list_letters", {**(taken[-1] if taken else wanted), **of_page})
    if meant := meant_by(reader_of(request), views, taken):
        then["views"] = Call("documents", "list_views", {"meant": meant})
    if then:
        answers |= ask_at_once(request, office, then, {})[0]
    return Told(answers.get("found", _NOTHING), answers["places"], answers.get("views", {"items": []})["items"])
