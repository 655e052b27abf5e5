"""Letters as the caller may see them: by the units that have them, their own tasks, and what was sent round to them.

What may not be seen is not there: no refusal says that there is such a letter.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select

from services.documents import access
from services.documents.circulations.tables import Circulation, CirculationReader
from services.documents.clearances import witness
from services.documents.clearances.rules import PERSONAL, reason_needed
from services.documents.clearances.standing import cleared, is_open
from services.documents.delegations.standing import absent, persons
from services.documents.directory.queries import at_home, home_of
from services.documents.directory.tables import OfficeUnit
from services.documents.letters.rules import Secrecy
from services.documents.letters.tables import Letter, LetterPlace
from services.documents.tasks.tables import Task
from shared.db.unit import Unit
from shared.problems import not_found
from shared.security.access import reached, units_read

_REGISTRIES = select(OfficeUnit).where(
    OfficeUnit.kind != "GROUP",
    OfficeUnit.org_path.in_(bindparam("paths", expanding=True))
    | (OfficeUnit.org_path == at_home(bindparam("staff_id")).scalar_subquery()),
)


def visible(unit: Unit) -> ColumnElement[bool]:
    """The condition under which the caller may read a letter (§3.4): of the own unit as clerk or head, of the whole
    office as its registry, director or auditor, whatever one has a task in, and what was sent round to oneself; and for
    whose class they are cleared.
    """
    return and_(_within_reach(unit), cleared(unit))


def _within_reach(unit: Unit) -> ColumnElement[bool]:
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
        (Letter.secrecy == Secrecy.NONE) & exists().where(
            CirculationReader.letter_id == Letter.id,
            CirculationReader.person_id == unit.actor,
            Circulation.id == CirculationReader.circulation_id,
            Circulation.withdrawn_at.is_(None),
        ),
    )


def reach_of(unit: Unit) -> list[str]:
    """All by which the caller may see letters, as a search spares looking at others: paths of units, ids of people."""
    identity = unit.identity
    own = units_read(identity, home_of(unit, identity.person_id))
    absent_at = [path for _, member in absent(unit) for path in access.decides_at(member, unit.clock.today())]
    return [*own, *identity.scopes(access.READS_OFFICE), *absent_at, *persons(unit)]


def find_letter(unit: Unit, letter_id: str, *, lock: bool = False, unopened: bool = False) -> Letter:
    """A letter that the caller may read. One with a personal list must have been opened with a reason, but for who is
    just giving it (``unopened``). That a letter with a class of secrecy was let see or not is written down.

    Raises:
        Problem: ``not_found``, ``letter.reason`` (428).
    """
    statement: Any = select(Letter).where(Letter.id == letter_id, visible(unit))
    if lock:
        statement = statement.with_for_update()
    letter: Letter | None = unit.session.execute(statement).scalar_one_or_none()
    if letter is None:
        witness.deny_unseen(unit, letter_id)
        raise not_found("ไม่พบหนังสือนี้")
    if letter.secrecy in PERSONAL and not unopened and not is_open(unit, letter):
        witness.deny(unit, letter)
        raise reason_needed()
    witness.allow(unit, letter)
    return letter


def registry_of(unit: Unit) -> OfficeUnit | None:
    """The office or school whose registry the caller is: letters come to it first."""
    scopes = unit.identity.scopes(access.REGISTERS)
    asked = {"paths": sorted(scopes), "staff_id": unit.identity.person_id}
    places = unit.session.execute(_REGISTRIES, asked).scalars()
    # where they work counts as far as their role reaches (:func:`services.documents.access.acts_at`)
    kept = [place for place in places if place.org_path.startswith(tuple(scopes))]
    return min(kept, key=lambda place: len(place.org_path), default=None)
