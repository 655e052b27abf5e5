"""For whom the caller may act today."""

from __future__ import annotations

from sqlalchemy import select

from services.documents.delegations.tables import Delegation
from services.documents.directory.tables import Staff
from shared.db.unit import Unit

_KEY = "documents.stands_in_for"


def stands_in_for(unit: Unit) -> dict[str, Delegation]:
    """The delegations by which the caller acts today, by who is away; looked up once in a unit of work."""
    known: dict[str, Delegation] | None = unit.known.get(_KEY)
    if known is None:
        today = unit.clock.today()
        current = select(Delegation).where(
            Delegation.to_person == unit.actor,
            Delegation.valid_from <= today,
            Delegation.valid_until >= today,
            Delegation.revoked_at.is_(None),
        )
        known = {row.from_person: row for row in unit.session.execute(current).scalars()}
        unit.known[_KEY] = known
    return known


def persons(unit: Unit) -> list[str]:
    """The caller and everybody for whom they act today."""
    return [unit.actor, *stands_in_for(unit)]


def absent(unit: Unit) -> list[tuple[Delegation, Staff]]:
    """Those for whom the caller acts today, as far as they are in service."""
    found = []
    for person, delegation in stands_in_for(unit).items():
        member = unit.session.get(Staff, person)
        if member is not None and member.state == "ACTIVE":
            found.append((delegation, member))
    return found
