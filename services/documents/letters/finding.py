"""Letters as the caller may see them: by the units that have them, and by their own tasks.

What may not be seen is not there: no refusal says that there is such a letter.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select

from services.documents import access
from services.documents.delegations.standing import absent, persons
from services.documents.directory.queries import home_of
from services.documents.directory.tables import OfficeUnit
from services.documents.letters.tables import Letter, LetterPlace
from services.documents.tasks.tables import Task
from shared.db.unit import Unit
from shared.problems import not_found
from shared.security.access import reached, units_read


def visible(unit: Unit) -> ColumnElement[bool]:
    """The condition under which the caller may read a letter (§3.4): of the own unit as clerk or head, of the whole
    office as its registry, director or auditor, and whatever one has a task in.
    """
    identity = unit.identity
    home = home_of(unit, identity.person_id)
    in_own_unit = LetterPlace.org_path.in_(sorted(units_read(identity, home)))
    of_the_office = reached(LetterPlace.org_path, identity, access.READS_OFFICE)
    of_the_absent = [
        LetterPlace.org_path.startswith(path, autoescape=True)
        for _, member in absent(unit)
        for path in access.decides_at(member, unit.clock.today())
    ]
    return or_(
        exists().where(LetterPlace.letter_id == Letter.id, or_(in_own_unit, of_the_office, *of_the_absent)),
        exists().where(Task.letter_id == Letter.id, Task.assignee_id.in_(persons(unit))),
    )


def reach_of(unit: Unit) -> list[str]:
    """All by which the caller may see letters, as a search spares looking at others: paths of units, ids of people."""
    identity = unit.identity
    own = units_read(identity, home_of(unit, identity.person_id))
    absent_at = [path for _, member in absent(unit) for path in access.decides_at(member, unit.clock.today())]
    return [*own, *identity.scopes(access.READS_OFFICE), *absent_at, *persons(unit)]


def find_letter(unit: Unit, letter_id: str, *, lock: bool = False) -> Letter:
    """A letter that the caller may read.

    Raises:
        Problem: ``not_found``.
    """
    statement: Any = select(Letter).where(Letter.id == letter_id, visible(unit))
    if lock:
        statement = statement.with_for_update()
    letter: Letter | None = unit.session.execute(statement).scalar_one_or_none()
    if letter is None:
        raise not_found("ไม่พบหนังสือนี้")
    return letter


def registry_of(unit: Unit) -> OfficeUnit | None:
    """The office or school whose registry the caller is: letters come to it first."""
    paths = access.units_acted_for(unit, access.REGISTERS)
    statement = select(OfficeUnit).where(OfficeUnit.org_path.in_(sorted(paths)), OfficeUnit.kind != "GROUP")
    found = sorted(unit.session.execute(statement).scalars(), key=lambda place: len(place.org_path))
    return found[0] if found else None
