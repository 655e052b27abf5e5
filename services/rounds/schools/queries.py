"""What rounds asks of its projection of schools."""

from __future__ import annotations

from services.rounds.schools.tables import SchoolProfile
from shared.db.unit import Unit


def rooms_of(unit: Unit, smis: str, year_be: int) -> dict[str, int] | None:
    """The rooms by grade of a school's profile of the year; None while it has none."""
    profile = unit.session.get(SchoolProfile, (smis, year_be))
    return dict(profile.rooms_by_grade) if profile else None
