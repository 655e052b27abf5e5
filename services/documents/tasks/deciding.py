"""Who decides about a letter: the office's director, the head of the unit that has it, or whoever stands in for one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.documents import access
from services.documents.delegations.rules import PRINTED, Capacity
from services.documents.delegations.standing import absent
from services.documents.directory.tables import OfficeUnit, Staff
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


def deciders(unit: Unit, letter: Letter) -> list[dict[str, Any]]:
    """Those of the letter's own office or school to whom it can be proposed: id, the role by which they decide, and
    whether it waits on their desk (:class:`Waiting`) where it is now. Who is on a desk here comes first.
    """
    statement = (
        select(Staff)
        .join(OfficeUnit, OfficeUnit.code == Staff.unit)
        .where(Staff.state == "ACTIVE", Staff.org_path.startswith(letter.org_path, autoescape=True))
        .where((OfficeUnit.kind != "SCHOOL") | (OfficeUnit.code == letter.holder))
        .order_by(Staff.staff_id)
    )
    today, here = unit.clock.today(), letter.holder_path
    found = [
        {"person_id": one.staff_id, "role": _role(one), "is_here": here in access.decides_at(one, today)}
        for one in unit.session.execute(statement).scalars()
        if decides(unit, letter, one)
    ]
    return sorted(found, key=lambda one: not one["is_here"])


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
    return ROLES[_role(member)]


def _role(member: Staff) -> str:
    """The highest of the roles by which somebody decides."""
    held = [str(grant["role"]) for grant in member.grants if grant["role"] in access.DECIDES]
    return min(held, key=access.DECIDES[::-1].index)
