"""What letters are called, for lists made elsewhere that know their ids alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from services.documents.letters.finding import visible
from services.documents.letters.tables import Letter
from services.documents.registers.rules import EntryState
from services.documents.registers.tables import RegisterEntry
from shared.db.unit import Unit

MOST_NAMED = 1000


def name_letters(unit: Unit, letter_ids: Sequence[str]) -> dict[str, Any]:
    """Numbers and subject of those of ``letter_ids`` (at most 1,000) that the caller may read, and of no others."""
    wanted = list(letter_ids[:MOST_NAMED])
    numbers: defaultdict[str | None, list[str]] = defaultdict(list)
    lines = select(RegisterEntry.letter_id, RegisterEntry.display_no).where(
        RegisterEntry.letter_id.in_(wanted), RegisterEntry.state != EntryState.VOID
    )
    for letter_id, display_no in unit.session.execute(lines.order_by(RegisterEntry.id)):
        numbers[letter_id].append(display_no)
    found = unit.session.execute(select(Letter.id, Letter.subject).where(Letter.id.in_(wanted), visible(unit)))
    return {"letters": {id_: {"no": ", ".join(numbers[id_]), "subject": subject} for id_, subject in found}}
