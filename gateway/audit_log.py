"""The audit logs of all services as one, newest first, with the names of who acted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.names import names_of
from gateway.office import Office
from shared.audit.places import place_of
from shared.bus.rpc import Call
from shared.http.request import Request
from shared.runtime.processes import PROCESSES

SERVICES = tuple(process.name for process in PROCESSES.values() if process.database)


def entries(
    request: Request, office: Office, *, disclosures: bool, limit: int, cursor: str | None = None, **filters: Any
) -> dict[str, Any]:
    """One page: ``items`` with ``actor_name`` and, where it is about a person, ``subject_name`` (None where a name is
    not the caller's to know), ``next_cursor``, ``unavailable``.

    Raises:
        Problem: what a service says of the filters.
    """
    asked = {"disclosures": disclosures, "limit": limit, "before": cursor, **filters}
    wanted = {name: value for name, value in asked.items() if value is not None}
    answers, missing = office.gather(request, **{name: Call(name, "audit_entries", wanted) for name in SERVICES})
    merged = sorted((item for answer in answers.values() for item in answer["items"]), key=_order, reverse=True)
    items = merged[:limit]
    more = len(merged) > limit or any(answer["more"] for answer in answers.values())
    people = {item["actor"] for item in items} | {_person_of(item) for item in items} - {""}
    names = names_of(request, office, people)
    return {
        "items": [
            {**item, "actor_name": names.get(item["actor"]), "subject_name": names.get(_person_of(item))}
            for item in items
        ],
        "next_cursor": place_of(items[-1]) if items and more else None,
        "unavailable": missing,
    }


def _order(item: Mapping[str, Any]) -> tuple[str, str]:
    return item["at"], item["id"]


def _person_of(item: Mapping[str, Any]) -> str:
    """The person whom an entry is about; empty where it is about something else."""
    kind, _, person_id = item["subject"].partition("/")
    return person_id if kind == "person" else ""
