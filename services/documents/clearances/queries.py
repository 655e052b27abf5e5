"""Looking at appointments: the own ones, and those of the office or school that one directs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from services.documents.clearances.tables import Clearance
from services.documents.clearances.views import clearance_view
from services.documents.directory.queries import names_of
from services.documents.directory.tables import OfficeUnit
from shared.db.unit import Unit
from shared.security.access import is_area, reached

# who answers for the secrets of an office or school; a deputy does not, nor who stands in (§3.4: appointed only)
APPOINTS_IN_AREA = ("area_director",)
APPOINTS_IN_SCHOOL = ("area_director", "school_director")
SHOWN = 500


def appoints_at(unit: Unit, org_path: str) -> bool:
    """Whether the caller appoints people for the secrets of an office or school."""
    return unit.identity.holds(APPOINTS_IN_AREA if is_area(org_path) else APPOINTS_IN_SCHOOL, org_path)


def list_clearances(unit: Unit) -> dict[str, Any]:
    """The appointments that the caller may know of, those in force first, the newest first among them; ``appoint_at``
    is where the caller is the director.
    """
    mine = or_(Clearance.person_id == unit.actor, reached(Clearance.org_path, unit.identity, APPOINTS_IN_SCHOOL))
    statement = select(Clearance).where(mine).order_by(Clearance.id.desc()).limit(SHOWN)
    today = unit.clock.today()
    found = sorted(
        unit.session.execute(statement).scalars(),
        key=lambda one: one.ended_at is not None or one.valid_until < today,
    )
    names = names_of(unit, {one.unit for one in found})
    items = [{**clearance_view(one), "unit_name": names.get(one.unit, one.unit)} for one in found]
    return {"items": items, "next_cursor": None, "appoint_at": _places(unit)}


def _places(unit: Unit) -> list[dict[str, str]]:
    """Where the caller is the director: an area's director appoints for schools too, by the code of one."""
    scopes = unit.identity.scopes(APPOINTS_IN_SCHOOL)
    statement = select(OfficeUnit).where(OfficeUnit.org_path.in_(scopes), OfficeUnit.kind != "GROUP")
    found = unit.session.execute(statement.order_by(OfficeUnit.org_path)).scalars()
    return [{"code": one.code, "name": one.name} for one in found]
