"""A copy of what is held about one pupil, with the names of who was shown it."""

from __future__ import annotations

from typing import Any

from gateway.names import names_of
from gateway.office import Office
from shared.http.request import Request


def export(request: Request, office: Office, citizen_id: str, reason: str) -> dict[str, Any]:
    """The copy.

    Raises:
        Problem: as the owner of the rounds says.
    """
    copied: dict[str, Any] = office.ask(
        request, "rounds", "export_subject", citizen_id=citizen_id, reason=reason
    )
    seen = [disclosure for place in copied["places"] for disclosure in place["disclosures"]]
    names = names_of(request, office, {disclosure["actor"] for disclosure in seen})
    for disclosure in seen:
        disclosure["actor_name"] = names.get(disclosure["actor"])
    return copied
