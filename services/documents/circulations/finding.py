"""To whom letters were sent round."""

from __future__ import annotations

from sqlalchemy import select

from services.documents.circulations.tables import Circulation, CirculationReader
from shared.db.unit import Unit


def readers_of(unit: Unit, letter_id: str) -> list[str]:
    """To whom a letter was sent round, and not taken back from."""
    statement = (
        select(CirculationReader.person_id)
        .join(Circulation, Circulation.id == CirculationReader.circulation_id)
        .where(CirculationReader.letter_id == letter_id, Circulation.withdrawn_at.is_(None))
    )
    return list(unit.session.execute(statement).scalars())
