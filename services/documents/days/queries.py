"""An office's own days, for people and for whatever counts working days."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select

from services.documents import access
from services.documents.days.tables import OfficeDay
from services.documents.tasks.due import Clocks
from shared.db.unit import Unit
from shared.problems import not_found
from shared.security.access import lineage
from shared.security.identity import Identity
from shared.thai.working_days import OwnDays

_KEY = "documents.clocks"


def clocks_of(unit: Unit, org_path: str) -> Clocks:
    """The clocks of the office to which a unit belongs: the usual ones with the office's own days. Looked up once
    in a transaction.
    """
    known = unit.session.info.setdefault(_KEY, {})
    if org_path not in known:
        known[org_path] = _clocks_of(unit, org_path)
    clocks: Clocks = known[org_path]
    return clocks


def _clocks_of(unit: Unit, org_path: str) -> Clocks:
    own = select(OfficeDay.day, OfficeDay.kind).where(OfficeDay.org_path.in_(lineage(org_path)))
    days = unit.session.execute(own).all()
    return Clocks(
        own=OwnDays(
            off=frozenset(day for day, kind in days if kind == "off"),
            worked=frozenset(day for day, kind in days if kind == "worked"),
        )
    )


def list_days(unit: Unit, year: int | None = None) -> dict[str, Any]:
    """The own days of the caller's area in a year (CE; this one), the first first.

    Raises:
        Problem: ``not_found`` for who belongs to no area.
    """
    chosen = year or unit.clock.today().year
    statement = (
        select(OfficeDay)
        .where(OfficeDay.org_path == area_of(unit.identity))
        .where(OfficeDay.day >= dt.date(chosen, 1, 1), OfficeDay.day <= dt.date(chosen, 12, 31))
        .order_by(OfficeDay.day)
    )
    return {"items": [day_view(row) for row in unit.session.execute(statement).scalars()], "next_cursor": None}


def area_of(identity: Identity) -> str:
    """The area in which the caller holds a role.

    Raises:
        Problem: ``not_found``.
    """
    areas = sorted({area for scope in identity.scopes(access.READS_LETTERS) for area in lineage(scope)[2:3]})
    if not areas:
        raise not_found("ไม่พบเขตพื้นที่ของท่าน")
    return areas[0]


def day_view(row: OfficeDay) -> dict[str, Any]:
    """One day."""
    return {"day": row.day.isoformat(), "kind": row.kind, "name": row.name}
