"""Who is cleared for what today: the caller as a condition on letters, others by name.

A clearance is somebody's own. Who stands in for a person who is cleared is not, nor is who directs them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, exists, or_, select

from services.documents.clearances import rules
from services.documents.clearances.rules import PERSONAL, Level, Post
from services.documents.clearances.tables import Clearance, LetterReader, Opening
from services.documents.directory.tables import Staff
from services.documents.letters.rules import Secrecy
from services.documents.letters.tables import Letter
from shared.db.unit import Unit

_KEY = "documents.clearances"


def own_clearances(unit: Unit) -> Sequence[Clearance]:
    """What the caller is cleared for today; looked up once in a unit of work."""
    known: Sequence[Clearance] | None = unit.known.get(_KEY)
    if known is None:
        mine = select(Clearance).where(Clearance.person_id == unit.actor, _in_force(unit))
        known = unit.known[_KEY] = unit.session.execute(mine).scalars().all()
    return known


def cleared(unit: Unit) -> ColumnElement[bool]:
    """The condition under which the caller is cleared for a letter, whoever else may read it (§3.4: last, and deny
    wins). A class that nobody knows is nobody's.
    """
    own = own_clearances(unit)
    ways: list[ColumnElement[bool]] = [Letter.secrecy == Secrecy.NONE]
    for level in sorted({one.level for one in own}):
        at = sorted({one.org_path for one in own if one.level == level})
        covered = rules.COVERED[Level(level)]
        ways.append(and_(Letter.secrecy.in_(sorted(covered - PERSONAL)), Letter.org_path.in_(at)))
        ways.append(and_(Letter.secrecy.in_(sorted(covered & PERSONAL)), Letter.org_path.in_(at), _on_list(unit.actor)))
    return or_(*ways)


def can_act(unit: Unit, person_id: SQLColumnExpression[str]) -> ColumnElement[bool]:
    """The condition under which somebody is in service and cleared for a letter, whoever else may read it."""
    in_service = person_id.in_(select(Staff.staff_id).where(Staff.state == "ACTIVE"))
    ways: list[ColumnElement[bool]] = [Letter.secrecy == Secrecy.NONE]
    for level, covered in rules.COVERED.items():
        holds = exists().where(
            Clearance.person_id == person_id, Clearance.org_path == Letter.org_path, Clearance.level == level,
            _in_force(unit),
        )  # fmt: skip
        ways.append(and_(Letter.secrecy.in_(sorted(covered - PERSONAL)), holds))
        ways.append(and_(Letter.secrecy.in_(sorted(covered & PERSONAL)), holds, _on_list(person_id)))
    return and_(in_service, or_(*ways))


def known_letters(unit: Unit, found: Select[Letter], asked: Mapping[str, Any]) -> Sequence[Letter]:
    """The letters that a statement finds with the parameters that are ``asked`` of it, as far as the caller is cleared
    for them. What they are cleared for is looked up only where a letter with a class of secrecy is among them.
    """
    letters = unit.session.execute(found, asked).scalars().all()
    if all(letter.secrecy == Secrecy.NONE for letter in letters):
        return letters
    return unit.session.execute(found.where(cleared(unit)), asked).scalars().all()


def is_secret_registrar(unit: Unit, org_path: str, secrecy: Secrecy) -> bool:
    """Whether the caller was appointed to keep the secret registers of an office or school, for this class."""
    enough = rules.covering(secrecy)
    return any(one.post == Post.REGISTRAR and one.org_path == org_path and one.level in enough
               for one in own_clearances(unit))  # fmt: skip


def may_key_in(unit: Unit, org_path: str, secrecy: Secrecy) -> bool:
    """Whether somebody who keeps the books of a unit may key in and register a letter of this class there."""
    return secrecy is Secrecy.NONE or is_secret_registrar(unit, org_path, secrecy)


def require_key_in(unit: Unit, org_path: str, *classes: Secrecy) -> None:
    """Let pass only who :func:`may_key_in` letters of all these classes.

    Raises:
        Problem: ``letter.secret`` (409).
    """
    if not all(may_key_in(unit, org_path, secrecy) for secrecy in classes):
        raise rules.not_a_secret_registrar()


def cleared_people(unit: Unit, letter: Letter) -> set[str]:
    """Everybody who is cleared for a letter's class where it belongs, whether or not they stand on its list."""
    enough = sorted(rules.covering(Secrecy(letter.secrecy)))
    statement = select(Clearance.person_id).where(
        Clearance.org_path == letter.org_path, Clearance.level.in_(enough), _in_force(unit)
    )
    return set(unit.session.execute(statement).scalars())


def listed_people(unit: Unit, letter: Letter) -> set[str]:
    """Everybody on the personal list of a letter."""
    statement = select(LetterReader.person_id).filter_by(letter_id=letter.id, removed_at=None)
    return set(unit.session.execute(statement).scalars())


def people_let_in(unit: Unit, letter: Letter) -> set[str]:
    """Everybody who is cleared for a letter, and on its list where it has one."""
    people = cleared_people(unit, letter)
    return people & listed_people(unit, letter) if letter.secrecy in PERSONAL else people


def is_open(unit: Unit, letter: Letter) -> bool:
    """Whether the caller has said why they open a letter, not long ago."""
    statement = select(Opening.id).where(
        Opening.letter_id == letter.id, Opening.person_id == unit.actor, Opening.until > unit.now()
    )
    return unit.session.execute(statement.limit(1)).first() is not None


def _in_force(unit: Unit) -> ColumnElement[bool]:
    today = unit.clock.today()
    return and_(Clearance.valid_from <= today, Clearance.valid_until >= today, Clearance.ended_at.is_(None))


def _on_list(person_id: str | SQLColumnExpression[str]) -> ColumnElement[bool]:
    return exists().where(
        LetterReader.letter_id == Letter.id, LetterReader.person_id == person_id, LetterReader.removed_at.is_(None)
    )
