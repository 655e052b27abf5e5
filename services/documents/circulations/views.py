"""How what was sent round looks to the outside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from services.documents.circulations.rules import percent
from services.documents.circulations.tables import Circulation, CirculationReader
from services.documents.letters.views import local


def circulation_view(
    circulation: Circulation,
    readers: Sequence[CirculationReader],
    names: Mapping[str, str],
    viewer: str,
    *,
    oversees: bool,
    may_withdraw: bool,
) -> dict[str, Any]:
    """One circulation with those of its ``readers`` that the viewer is shown, counted in all and by unit; ``own`` is
    the viewer's own line.
    """
    total = Counter(reader.unit for reader in readers)
    read = Counter(reader.unit for reader in readers if reader.opened_at)
    lines = [
        {"person_id": reader.person_id, "unit": reader.unit, "opened_at": local(reader.opened_at)}
        for reader in readers
    ]
    return {
        "id": circulation.id,
        "letter_id": circulation.letter_id,
        "everybody": circulation.audience["everybody"],
        "note": circulation.note,
        "sent_at": local(circulation.sent_at),
        "sent_by": circulation.sent_by_name,
        "withdrawn_at": local(circulation.withdrawn_at),
        "withdraw_reason": circulation.withdraw_reason,
        **_counted(read.total(), total.total()),
        "units": [
            {"code": code, "name": names.get(code, code), **_counted(read[code], total[code])} for code in total
        ],
        "readers": lines,
        "own": next((line for line in lines if line["person_id"] == viewer), None),
        "oversees": oversees,
        "may_withdraw": may_withdraw,
    }


def circular_view(
    circulation: Circulation, reader: CirculationReader, letter: Mapping[str, Any]
) -> dict[str, Any]:
    """A letter that was sent round, as one of its readers has it."""
    return {
        "id": circulation.id,
        "note": circulation.note,
        "sent_at": local(circulation.sent_at),
        "sent_by": circulation.sent_by_name,
        "opened_at": local(reader.opened_at),
        "letter": letter,
    }


def _counted(read: int, total: int) -> dict[str, int]:
    return {"read": read, "total": total, "percent": percent(read, total)}
