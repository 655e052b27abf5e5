"""To whom somebody may circulate a letter (correspondence.md §3.4, "circulate to all"): who keeps the registry of an
office or directs it to the whole office, a group's clerk and head to their group, a school's to their school.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from services.documents import access
from services.documents.circulations.tables import Circulation
from services.documents.delegations.standing import absent
from services.documents.directory.queries import members_of
from services.documents.letters.tables import Letter, LetterPlace
from shared.db.unit import Unit
from shared.problems import Problem, forbidden


def circulates_within(unit: Unit, letter: Letter) -> list[str]:
    """The paths of the office or of the groups to whose people the caller may circulate a letter; of a group only where
    the letter is or was there. The office alone where it is among them: it holds the others.
    """
    today = unit.clock.today()
    stood_in = {place for _, member in absent(unit) for place in access.decides_at(member, today)}
    own = {*stood_in, *unit.identity.scopes(access.DIRECTS)}
    if letter.org_path in own or _leads(unit, letter.org_path):
        return [letter.org_path]
    placed = select(LetterPlace.org_path).filter_by(letter_id=letter.id)
    places = unit.session.execute(placed).scalars()
    return sorted(path for path in places if path in own or _leads(unit, path))


def may_withdraw(unit: Unit, letter: Letter, circulation: Circulation) -> bool:
    """Whether the caller may take back what was sent round: who sent it, and whoever might have."""
    if circulation.sent_by == unit.actor:
        return True
    return bool({circulation.org_path, letter.org_path} & set(circulates_within(unit, letter)))


def refused() -> Problem:
    """The caller may circulate a letter to nobody."""
    return forbidden("เวียนหนังสือทำได้เฉพาะสารบรรณและผู้อำนวยการของหน่วยงานที่หนังสืออยู่ หรือผู้บริหาร")


def readers_within(unit: Unit, paths: Iterable[str]) -> list[tuple[str, str]]:
    """Who works there and may open letters, as (person, unit): whoever may not would be waited for in vain."""
    today = unit.clock.today()
    return [
        (member.staff_id, member.unit)
        for path in paths
        for member in members_of(unit, path)
        if access.roles_on(member, today) & set(access.READS_LETTERS)
    ]


def _leads(unit: Unit, org_path: str) -> bool:
    return access.acts_at(unit, access.KEEPS_BOOKS, org_path) or access.heads(unit, org_path)
