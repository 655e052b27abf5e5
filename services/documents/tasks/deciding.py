"""Who decides about a letter: the office's director, the head of the unit that has it, or whoever stands in for one."""

from __future__ import annotations

from services.documents import access
from services.documents.delegations.rules import PRINTED, Capacity
from services.documents.delegations.standing import absent
from services.documents.directory.tables import Staff
from services.documents.letters.tables import Letter
from shared.db.unit import Unit
from shared.security.access import ROLES, is_area


def capacity_of(unit: Unit, letter: Letter) -> str | None:
    """In what capacity the caller decides about a letter: as the office's director or the head of the unit that has it,
    or in the place of one of them; None when they do not.
    """
    here = letter.holder_path
    if unit.identity.holds(access.DIRECTS, here) or access.heads(unit, here):
        held = [grant for grant in unit.identity.grants if grant.role in access.DECIDES]
        best = min(held, key=lambda grant: access.DECIDES[::-1].index(grant.role))
        return f"{PRINTED[Capacity.ACTING]}{ROLES[best.role]}" if best.acting else ROLES[best.role]
    for delegation, member in absent(unit):
        if decides(unit, letter, member):
            return f"{PRINTED[Capacity(delegation.capacity)]}{_title(member)}"
    return None


def decides(unit: Unit, letter: Letter, member: Staff) -> bool:
    """Whether somebody else decides about a letter, by what is known of them."""
    here = letter.holder_path
    places = [place for place in access.decides_at(member, unit.clock.today()) if here.startswith(place)]
    return any(place == here or is_area(place) for place in places)


def directs_office(unit: Unit, letter: Letter) -> bool:
    """Whether the caller decides for the whole office, not for the one unit that has the letter."""
    if unit.identity.holds(access.DIRECTS, letter.holder_path):
        return True
    today, here = unit.clock.today(), letter.holder_path
    return any(
        is_area(place) and here.startswith(place)
        for _, member in absent(unit)
        for place in access.decides_at(member, today)
    )


def _title(member: Staff) -> str:
    held = [grant["role"] for grant in member.grants if grant["role"] in access.DECIDES]
    return ROLES[min(held, key=access.DECIDES[::-1].index)]
