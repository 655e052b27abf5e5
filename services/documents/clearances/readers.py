"""The personal list of a letter of the higher classes: who comes on it, who keeps it, and who may be given a letter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from services.documents import access
from services.documents.clearances import rules
from services.documents.clearances.rules import PERSONAL
from services.documents.clearances.standing import cleared_people, listed_people, people_let_in
from services.documents.clearances.tables import LetterReader, Opening
from services.documents.directory.tables import Staff
from services.documents.letters.rules import Secrecy
from services.documents.letters.tables import Letter
from services.documents.tasks.deciding import capacity_of, decides
from shared.bus.envelope import new_id
from shared.db.unit import Unit

KEYED_IN = "ผู้บันทึกหนังสือ"


def admit(unit: Unit, letter: Letter, person_id: str) -> None:
    """Put somebody on the personal list of a letter; who stands there stays."""
    known = unit.session.get(LetterReader, (letter.id, person_id))
    if known is None:
        unit.session.add(
            LetterReader(letter_id=letter.id, person_id=person_id, added_at=unit.now(), added_by=unit.actor)
        )
    elif known.removed_at is not None:
        known.added_at, known.added_by, known.removed_at = unit.now(), unit.actor, None
    unit.session.flush()


def begin_opening(unit: Unit, letter: Letter, reason: str) -> Opening:
    """Have a letter open to the caller for a while, and write down why."""
    opening = Opening(
        id=new_id(), letter_id=letter.id, person_id=unit.actor, reason=reason, opened_at=unit.now(),
        until=unit.now() + rules.OPEN_FOR,
    )  # fmt: skip
    unit.session.add(opening)
    unit.audit("reveal.letter", f"letter/{letter.id}", letter.org_path, {"level": letter.secrecy}, reason)
    return opening


def let_in(unit: Unit, letter: Letter) -> None:
    """Who gives a letter its class stands on its list and has it open: the paper lies before them."""
    admit(unit, letter, unit.actor)
    begin_opening(unit, letter, KEYED_IN)


def give_access(unit: Unit, letter: Letter, people: Iterable[str], field: str, title: str) -> None:
    """Let people have a letter: they must be cleared for it, and come on its list where it has one.

    Raises:
        Problem: ``invalid`` (422), naming ``field``.
    """
    if letter.secrecy == Secrecy.NONE:
        return
    cleared = cleared_people(unit, letter)
    for person in people:
        if person not in cleared:
            raise rules.uncleared(field, title)
        if letter.secrecy in PERSONAL:
            admit(unit, letter, person)


def has_decider(unit: Unit, letter: Letter) -> bool:
    """Whether anybody who decides about a letter may know of it."""
    if letter.secrecy == Secrecy.NONE:
        return True
    people = select(Staff).where(Staff.staff_id.in_(sorted(people_let_in(unit, letter))), Staff.state == "ACTIVE")
    return any(decides(unit, letter, member) for member in unit.session.execute(people).scalars())


def keeps_list(unit: Unit, letter: Letter) -> bool:
    """Whether the caller keeps the personal list of a letter: its registry, and who decides about it."""
    if letter.secrecy not in PERSONAL:
        return False
    return access.acts_at(unit, access.KEEPS_BOOKS, letter.org_path) or capacity_of(unit, letter) is not None


def readers_view(unit: Unit, letter: Letter) -> dict[str, Any]:
    """Who stands on the personal list of a letter, and for who keeps it who could: people by id."""
    listed = listed_people(unit, letter) if letter.secrecy in PERSONAL else set()
    others = cleared_people(unit, letter) - listed if keeps_list(unit, letter) else set()
    return {"readers": sorted(listed), "reader_candidates": sorted(others)}
