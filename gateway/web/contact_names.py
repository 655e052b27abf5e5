"""Names of the contact book for fields in which a correspondent is typed: suggested, never demanded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.bus.rpc import Call

# what stands in a page from the beginning; who types gets others from the book
_AT_FIRST = 100
SUGGESTED = 20
NAMES = Call("documents", "list_contacts", {"limit": _AT_FIRST})


def names_in(answers: Mapping[str, Any]) -> list[str]:
    """The names among the answers to :data:`NAMES` under ``contacts``; none while nobody answers."""
    return [contact["name"] for contact in answers.get("contacts", {"items": []})["items"]]
