"""What rounds asks of its projection of schools."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from services.rounds.schools.tables import School, SchoolProfile
from shared.db.unit import Unit


def rooms_of(unit: Unit, codes: Collection[str], year_be: int) -> dict[str, dict[str, int]]:
    """The rooms by grade of schools' profiles of the year; a school without one is left out."""
    profiles = unit.session.execute(
        select(SchoolProfile).where(SchoolProfile.smis.in_(codes), SchoolProfile.year_be == year_be)
    ).scalars()
    return {profile.smis: dict(profile.rooms_by_grade) for profile in profiles}


def closed_schools(unit: Unit, org_path: str) -> list[str]:
    """The codes of the closed schools below a node."""
    statement = select(School.smis).where(School.state == "CLOSED", School.org_path.startswith(org_path))
    return list(unit.session.execute(statement.order_by(School.smis)).scalars())
