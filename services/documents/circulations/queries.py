"""Looking at what was sent round: who has read a letter, to whom it may go, and what was sent to the caller."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select

from services.documents import access
from services.documents.circulations.finding import readers_of
from services.documents.circulations.reaching import circulates_within, may_withdraw, readers_within, refused
from services.documents.circulations.tables import Circulation, CirculationReader
from services.documents.circulations.views import circular_view, circulation_view
from services.documents.directory.queries import names_of, units_of
from services.documents.letters.finding import find_letter
from services.documents.letters.queries import listed
from services.documents.letters.rules import Secrecy
from services.documents.letters.tables import Letter
from shared.db.unit import Unit


def list_audience(unit: Unit, letter_id: str) -> dict[str, Any]:
    """To whom the caller may circulate a letter: units with their people by id, of each whether they have it already.

    Raises:
        Problem: ``not_found``, ``forbidden``.
    """
    letter = find_letter(unit, letter_id)
    within = circulates_within(unit, letter)
    if not within:
        raise refused()
    people: defaultdict[str, list[str]] = defaultdict(list)
    for person, place in readers_within(unit, within):
        if person != unit.actor:
            people[place].append(person)
    names, has_it = names_of(unit, people), set(readers_of(unit, letter.id))
    items = [
        {
            "code": code,
            "name": names.get(code, code),
            "people": [{"person_id": person, "has_it": person in has_it} for person in sorted(people[code])],
        }
        for code in sorted(people, key=lambda code: names.get(code, code))
    ]
    return {"items": items, "next_cursor": None, "whole": within == [letter.org_path]}


def list_circulations(unit: Unit, letter_id: str) -> dict[str, Any]:
    """What was sent round of a letter, the newest first, and who has read it: to who keeps or directs the office all of
    it, to a group's clerk and head the readers of their group, to a reader their own line alone.

    Raises:
        Problem: ``not_found``.
    """
    letter = find_letter(unit, letter_id)
    statement = select(Circulation).filter_by(letter_id=letter.id).order_by(Circulation.id.desc())
    found = list(unit.session.execute(statement).scalars())
    return {"items": _viewed(unit, letter, found) if found else [], "next_cursor": None}


def circulation_of(unit: Unit, letter: Letter, circulation: Circulation) -> dict[str, Any]:
    """One circulation as its sender sees it."""
    [view] = _viewed(unit, letter, [circulation])
    return view


def list_circulars(unit: Unit, unread: bool = False, limit: int = 50, cursor: str | None = None) -> dict[str, Any]:
    """The letters that were sent round to the caller and not taken back, the newest first; ``unread_total`` is how many
    of all they have not opened.
    """
    own = _circulars_of(unit)
    not_read = own.where(CirculationReader.opened_at.is_(None))
    page = (not_read if unread else own).order_by(Circulation.id.desc())
    if cursor is not None:
        page = page.where(Circulation.id < cursor)
    rows = unit.session.execute(page.limit(limit + 1)).all()
    shown = rows[:limit]
    letters = {one["id"]: one for one in listed(unit, [letter for _, _, letter in shown])}
    total = unit.session.execute(not_read.with_only_columns(func.count())).scalar_one()
    return {
        "items": [circular_view(circulation, reader, letters[letter.id]) for circulation, reader, letter in shown],
        "next_cursor": shown[-1][0].id if len(rows) > limit else None,
        "unread_total": int(total),
    }


def _circulars_of(unit: Unit) -> Select[Circulation, CirculationReader, Letter]:
    return (
        select(Circulation, CirculationReader, Letter)
        .join(CirculationReader, CirculationReader.circulation_id == Circulation.id)
        .join(Letter, Letter.id == Circulation.letter_id)
        .where(CirculationReader.person_id == unit.actor, Circulation.withdrawn_at.is_(None))
        .where(Letter.secrecy == Secrecy.NONE)
    )


def _viewed(unit: Unit, letter: Letter, circulations: Sequence[Circulation]) -> list[dict[str, Any]]:
    within = circulates_within(unit, letter)
    is_whole = letter.org_path in within or unit.identity.holds(access.READS_OFFICE, letter.org_path)
    overseen = {place.code for path in within for place in units_of(unit, path)}
    rows = unit.session.execute(
        select(CirculationReader)
        .where(CirculationReader.circulation_id.in_([one.id for one in circulations]))
        .order_by(CirculationReader.unit, CirculationReader.person_id)
    ).scalars()
    readers: defaultdict[str, list[CirculationReader]] = defaultdict(list)
    sent = {one.id for one in circulations if one.sent_by == unit.actor}
    for row in rows:
        if is_whole or row.circulation_id in sent or row.unit in overseen or row.person_id == unit.actor:
            readers[row.circulation_id].append(row)
    names = names_of(unit, {row.unit for found in readers.values() for row in found})
    return [
        circulation_view(
            one,
            readers[one.id],
            names,
            unit.actor,
            oversees=is_whole or one.id in sent or bool(within),
            may_withdraw=one.withdrawn_at is None and may_withdraw(unit, letter, one),
        )
        for one in circulations
        if readers[one.id]
    ]
