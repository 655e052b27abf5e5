"""Looking at delegations: the own ones, and those of the people one directs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from services.documents import access
from services.documents.delegations.tables import Delegation
from services.documents.delegations.views import delegation_view
from services.documents.directory.queries import home_of
from shared.db.unit import Unit
from shared.security.access import reached

SHOWN = 200


def list_delegations(unit: Unit) -> dict[str, Any]:
    """The delegations that run or are to come, the caller's own and those of the units they head or direct."""
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
    return {"items": [delegation_view(one) for one in unit.session.execute(statement).scalars()], "next_cursor": None}
