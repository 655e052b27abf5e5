"""Letters by how well they answer what was typed: what says it, then what was given to somebody named there; where
nothing does, what nearly says it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, not_, select

from services.documents.letters.finding import reach_of
from services.documents.letters.tables import Letter
from services.documents.listing.finding import assigned_to
from services.documents.listing.rules import Named, wrong_cursor
from services.documents.search.finding import Hit, Place, find, stands
from services.documents.search.rules import closeness, nearly, query_of
from services.documents.search.tables import LetterText
from shared.db.unit import Unit

# before the place of a letter that was found by somebody's name alone
_BY_NAME = "p~"
# how many letters with a part of a word are compared with it, what they must have in common, how many are shown
_COMPARED, _CLOSE, _SHOWN = 300, 0.5, 10


def page_by_fit(
    unit: Unit, typed: str, named: Named | None, chosen: Sequence[ColumnElement[bool]], limit: int, cursor: str | None
) -> tuple[list[Letter], str | None]:
    """A page of the letters of ``chosen`` that answer what was typed, the best fits first, and where the next goes on.

    Raises:
        Problem: ``invalid`` (422) for a cursor that is none of ours.
    """
    is_by_name = cursor is not None and cursor.startswith(_BY_NAME)
    after, query = _place_of(cursor), query_of(typed)
    hits: list[Hit] = []
    if not is_by_name:
        hits = find(unit.session, _texts_of(chosen), query, reach_of(unit), limit=limit + 1, after=after)
    cursors = [hit.cursor for hit in hits]
    if named and len(hits) <= limit:
        others = _texts_of([*chosen, assigned_to(named.person_ids), not_(stands(query, _dialect(unit)))])
        more = find(
            unit.session, others, query_of(named.rest), named.person_ids,
            limit=limit + 1 - len(hits), after=after if is_by_name else None,
        )  # fmt: skip
        hits += more
        cursors += [_BY_NAME + hit.cursor for hit in more]
    return _letters(unit, hits[:limit]), cursors[limit - 1] if len(hits) > limit else None


def near_letters(unit: Unit, typed: str, chosen: Sequence[ColumnElement[bool]]) -> list[Letter]:
    """The letters of ``chosen`` that come nearest to what was typed, the nearest first; few, and none if none is near.

    A slip in a word leaves a part of it as it was, and by that the index finds letters; they are compared with the word
    by the pairs of letters that they share with it.
    """
    query = query_of(typed)
    wider = nearly(query)
    if wider is None:
        return []
    hits = find(unit.session, _texts_of(chosen), wider, reach_of(unit), limit=_COMPARED)
    found = select(LetterText.letter_id, LetterText.everything)
    found = found.where(LetterText.letter_id.in_([hit.letter_id for hit in hits]))
    near = {row.letter_id: closeness(query, row.everything) for row in unit.session.execute(found)}
    close = [hit for hit in hits if near[hit.letter_id] >= _CLOSE]
    return _letters(unit, sorted(close, key=lambda hit: -near[hit.letter_id])[:_SHOWN])


def _place_of(cursor: str | None) -> Place | None:
    try:
        return Place.of(cursor.removeprefix(_BY_NAME)) if cursor is not None else None
    except ValueError:
        raise wrong_cursor() from None


def _texts_of(chosen: Sequence[ColumnElement[bool]]) -> Select[Any]:
    return select(LetterText).join(Letter, Letter.id == LetterText.letter_id).where(*chosen)


def _letters(unit: Unit, hits: Sequence[Hit]) -> list[Letter]:
    found = select(Letter).where(Letter.id.in_([hit.letter_id for hit in hits]))
    letters = {letter.id: letter for letter in unit.session.execute(found).scalars()}
    return [letters[hit.letter_id] for hit in hits]


def _dialect(unit: Unit) -> str:
    return unit.session.get_bind().dialect.name
