"""The audit logs of all services as one, newest first, with the names of who acted."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from gateway.office import Office
from shared.audit.places import place_of
from shared.bus.rpc import Call
from shared.http.request import Request
from shared.problems import Problem
from shared.runtime.processes import PROCESSES

# a log names the same few people on every page
REMEMBERED_SECONDS = 60.0
MOST_REMEMBERED = 5000


class NameMemory:
    """What readers were told of the names of people, each for himself: what one may know is not another's to know."""

    def __init__(self, seconds: float = REMEMBERED_SECONDS, most: int = MOST_REMEMBERED) -> None:
        self._seconds = seconds
        self._most = most
        self._told: OrderedDict[tuple[str, str], tuple[float, str | None]] = OrderedDict()

    def recall(self, reader: str, people: Iterable[str]) -> tuple[dict[str, str], set[str]]:
        """The names that ``reader`` was told lately, and the people of whom that is not known."""
        now, names, unknown = time.monotonic(), {}, set()
        for person in people:
            until, name = self._told.get((reader, person), (0.0, None))
            if until < now:
                unknown.add(person)
            elif name is not None:
                names[person] = name
        return names, unknown

    def remember(self, reader: str, told: Mapping[str, str | None]) -> None:
        """Keep what ``reader`` was told now; None for a name that is not the reader's to know."""
        until = time.monotonic() + self._seconds
        for person, name in told.items():
            self._told[reader, person] = until, name
            self._told.move_to_end((reader, person))
        while len(self._told) > self._most:
            self._told.popitem(last=False)


TOLD = NameMemory()
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


def names_of(request: Request, office: Office, people: Collection[str]) -> Mapping[str, str]:
    """The names of people by id, as far as they are the caller's to know and can be asked for now."""
    reader = request.identity.person_id if request.identity else ""
    names, unknown = TOLD.recall(reader, people)
    if not unknown:
        return names
    try:
        told: Mapping[str, str] = office.ask(request, "schools", "name_people", person_ids=sorted(unknown))["names"]
    except Problem as problem:
        if problem.code != "unavailable":
            raise
        return names
    TOLD.remember(reader, {person: told.get(person) for person in unknown})
    return {**names, **told}
