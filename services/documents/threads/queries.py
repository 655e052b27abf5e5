"""Looking at letters that belong together."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from services.documents.letters.finding import find_letter, registry_of, visible
from services.documents.letters.queries import listed
from services.documents.letters.tables import Letter
from services.documents.registers.opening import book_id
from services.documents.registers.rules import BookKind
from services.documents.threads.rules import MAX_THREAD, ReferenceKind
from services.documents.threads.tables import LetterReference
from shared.db.unit import Unit


def get_thread(unit: Unit, letter_id: str) -> dict[str, Any]:
    """The letters that belong together with one, itself among them, the oldest first; of them those that the caller may
    see. ``refers_to`` and ``answers`` are ids among these, ``reference`` is how a letter is named when another one is
    keyed in; ``registry`` is the name of the registry that the caller keeps.

    Raises:
        Problem: ``not_found``.
    """
    letter = find_letter(unit, letter_id)
    links = _links_around(unit, letter.id)
    ids = {letter.id, *(link.letter_id for link in links), *(link.linked_letter_id for link in links)}
    statement = select(Letter).where(Letter.id.in_(sorted(ids)), visible(unit))
    letters = unit.session.execute(statement.order_by(Letter.received_at, Letter.id)).scalars().all()
    seen = {one.id for one in letters}
    registry = registry_of(unit)
    items = [
        {
            **line,
            **{kind.value: _linked(links, line["id"], kind, seen) for kind in ReferenceKind},
            "reference": _reference(line),
        }
        for line in listed(unit, letters)
    ]
    return {"items": items, "next_cursor": None, "registry": registry.name if registry else None}


def _links_around(unit: Unit, letter_id: str) -> list[LetterReference]:
    """All references between letters that hang together with one, over letters that the caller may not see too."""
    known, ends = dict[tuple[str, str], LetterReference](), {letter_id}
    reached = set(ends)
    while ends and len(reached) < MAX_THREAD:
        beside = sorted(ends)
        statement = select(LetterReference).where(
            or_(LetterReference.letter_id.in_(beside), LetterReference.linked_letter_id.in_(beside))
        )
        found = unit.session.execute(statement).scalars().all()
        known |= {(link.letter_id, link.linked_letter_id): link for link in found}
        ends = {end for link in found for end in (link.letter_id, link.linked_letter_id)} - reached
        reached |= ends
    return list(known.values())


def _linked(links: list[LetterReference], letter_id: str, kind: ReferenceKind, seen: set[str]) -> list[str]:
    ids = (one.linked_letter_id for one in links if one.letter_id == letter_id and one.kind == kind.value)
    return sorted(seen.intersection(ids))


def _reference(line: dict[str, Any]) -> str:
    """The number in the received book of its registry with the year, else the id."""
    book = book_id(line["owner"], BookKind.RECEIVED)
    numbers = [one for one in line["numbers"] if one["book_id"] == book and one["state"] != "void"]
    return f"{numbers[0]['display_no']}/{numbers[0]['be_year']}" if numbers else line["id"]
