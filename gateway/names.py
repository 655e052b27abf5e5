"""The names of people for who may know them: asked of their owner, and remembered for a minute."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping

from gateway.office import Office
from shared.http.request import Request
from shared.problems import Problem

# an audit log and letters name the same few people on every page
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
