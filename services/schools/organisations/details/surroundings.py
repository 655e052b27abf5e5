"""What the record of a school is compared with: the year, its place, the schools around it."""

from __future__ import annotations

from sqlalchemy import select

from services.schools.organisations.details.rules import Surroundings
from services.schools.organisations.places import checks
from services.schools.organisations.queries import SchoolRow
from services.schools.organisations.tables import School
from shared.db.unit import Unit
from shared.thai.dates import be_year


def surroundings_of(unit: Unit, row: SchoolRow) -> Surroundings:
    """What is known around a school."""
    place = (row.school.tambon, row.school.amphoe, row.school.province)
    return Surroundings(
        this_year_be=be_year(unit.clock.today().year),
        province=row.school.province,
        tambon_known=not checks.place_faults(*place),
        amphoe_in_area=checks.amphoe_in_area(row.school.amphoe, row.school.province, row.area.code),
        postcodes=checks.postcodes(*place),
        neighbours=_neighbours(unit, row),
    )


def _neighbours(unit: Unit, row: SchoolRow) -> list[tuple[float, float]]:
    """Where the other schools of the same tambon lie."""
    if row.school.tambon is None:
        return []
    here = {"tambon": row.school.tambon, "amphoe": row.school.amphoe, "province": row.school.province}
    statement = select(School.latitude, School.longitude).filter_by(**here).where(School.unit_id != row.unit.id)
    return [
        (latitude, longitude)
        for latitude, longitude in unit.session.execute(statement)
        if latitude is not None and longitude is not None
    ]
