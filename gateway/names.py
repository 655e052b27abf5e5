"""The names of people for who may know them: asked of their owner, and remembered for a minute."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from gateway.memory import Memory, reader_of
from gateway.office import Office
from shared.http.request import Request
from shared.problems import Problem

# an audit log and letters name the same few people on every page
REMEMBERED_SECONDS = 60.0
MOST_REMEMBERED = 5000


class NameMemory:
    """What readers were told of the names of people, each for himself."""

    def __init__(self, seconds: float = REMEMBERED_SECONDS, most: int = MOST_REMEMBERED) -> None:
        # None for a name that is not the reader's to know, nothing at all for one that was not asked for
        self._told: Memory[tuple[str, str], tuple[str | None] | None] = Memory(seconds, most)

    def recall(self, reader: str, people: Iterable[str]) -> tuple[dict[str, str], set[str]]:
        """The names that ``reader`` was told lately, and the people of whom that is not known."""
        names, unknown = {}, set()
        for person in people:
            told = self._told.get((reader, person), None)
            if told is None:
                unknown.add(person)
            elif told[0] is not None:
                names[person] = told[0]
        return names, unknown

    def remember(self, reader: str, told: Mapping[str, str | None]) -> None:
        """Keep what ``reader`` was told now; None for a name that is not the reader's to know."""
        for person, name in told.items():
            self._told.keep((reader, person), (name,))


TOLD = NameMemory()


def names_of(request: Request, office: Office, people: Collection[str]) -> Mapping[str, str]:
    """The names of people by id, as far as they are the caller's to know and can be asked for now."""
    reader = reader_of(request)
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
