"""Looking at delegations: the own ones, those of the people one directs, and who could stand in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from services.documents import access
from services.documents.delegations.people import colleagues_of, directs
from services.documents.delegations.tables import Delegation
from services.documents.delegations.views import delegation_view
from services.documents.directory.queries import home_of
from services.documents.directory.tables import Staff
from shared.db.unit import Unit
from shared.security.access import reached

SHOWN = 200


def list_delegations(unit: Unit) -> dict[str, Any]:
    """The delegations that run or are to come, the caller's own and those of the units they head or direct, and whether
    the caller may end them.
    """
    home = home_of(unit, unit.actor)
    headed = [home] if home and access.heads(unit, home) else []
    mine = or_(
        Delegation.from_person == unit.actor,
        Delegation.to_person == unit.actor,
        Delegation.org_path.in_(headed),
        reached(Delegation.org_path, unit.identity, access.DIRECTS),
    )
    statement = (
        select(Delegation)
        .where(mine, Delegation.valid_until >= unit.clock.today())
        .order_by(Delegation.valid_from, Delegation.id)
        .limit(SHOWN)
    )
    rows = unit.session.execute(statement).scalars().all()
    items = [{**delegation_view(one), "may_end": not one.revoked_at and may_end(unit, one)} for one in rows]
    return {"items": items, "next_cursor": None}


def list_colleagues(unit: Unit) -> dict[str, Any]:
    """The people of the caller's office or school, by id and unit: ``in_service`` who can stand in, ``is_own`` the
    caller and those whom they direct, for whom they may let somebody stand in or hand tasks over.
    """
    caller = unit.session.get(Staff, unit.actor)
    found = unit.session.execute(colleagues_of(caller)).all() if caller else []
    items = [
        {
            "person_id": member.staff_id,
            "unit": member.unit,
            "unit_name": name,
            "in_service": member.state == "ACTIVE",
            "is_own": member.staff_id == unit.actor or directs(unit, member),
        }
        for member, name in found
    ]
    return {"items": items, "next_cursor": None}


def may_end(unit: Unit, delegation: Delegation) -> bool:
    """Whether the caller may end a delegation: who gave it, who is away, and who directs them."""
    if unit.actor in (delegation.from_person, delegation.created_by):
        return True
    away = unit.session.get(Staff, delegation.from_person)
    return away is not None and directs(unit, away)
