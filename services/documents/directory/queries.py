"""What documents asks of its projections of units and staff."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select

from services.documents.directory.tables import OfficeUnit, Staff
from shared.db.unit import Unit
from shared.problems import not_found
from shared.security.access import is_area


def at_home(staff_id: Any) -> Select[str]:
    """The statement behind :func:`home_of`."""
    return select(Staff.org_path).where(Staff.staff_id == staff_id, Staff.state == "ACTIVE")


_HOME = at_home(bindparam("staff_id"))


def home_of(unit: Unit, staff_id: str) -> str:
    """The path of the unit in which somebody works; empty while that is not known."""
    return unit.session.execute(_HOME, {"staff_id": staff_id}).scalar_one_or_none() or ""


def find_unit(unit: Unit, code: str) -> OfficeUnit:
    """A unit by its code.

    Raises:
        Problem: ``not_found``.
    """
    found = unit.session.get(OfficeUnit, code)
    if found is None:
        raise not_found(f"ไม่พบหน่วยงานรหัส {code}")
    return found


def units_of(unit: Unit, org_path: str) -> list[OfficeUnit]:
    """A unit by its path; with an area office its groups, not its schools."""
    statement = select(OfficeUnit).where(_of_unit(OfficeUnit.org_path, org_path))
    return list(unit.session.execute(statement.order_by(OfficeUnit.org_path)).scalars())


def members_of(unit: Unit, org_path: str) -> list[Staff]:
    """Who is in service in a unit, of an area office in its groups too."""
    statement = (
        select(Staff)
        .join(OfficeUnit, OfficeUnit.code == Staff.unit)
        .where(Staff.state == "ACTIVE", _of_unit(Staff.org_path, org_path))
        .order_by(Staff.staff_id)
    )
    return list(unit.session.execute(statement).scalars())


def _of_unit(place: Any, org_path: str) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = place == org_path
    if is_area(org_path):
        condition |= place.startswith(org_path, autoescape=True) & (OfficeUnit.kind == "GROUP")
    return condition


def names_of(unit: Unit, codes: Iterable[str]) -> dict[str, str]:
    """The names of units by their codes."""
    statement = select(OfficeUnit.code, OfficeUnit.name).where(OfficeUnit.code.in_(sorted(set(codes))))
    return {row.code: row.name for row in unit.session.execute(statement)}
