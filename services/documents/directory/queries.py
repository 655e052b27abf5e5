"""What documents asks of its projections of units and staff."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from services.documents.directory.tables import OfficeUnit, Staff
from shared.db.unit import Unit
from shared.problems import not_found


def home_of(unit: Unit, staff_id: str) -> str:
    """The path of the unit in which somebody works; empty while that is not known."""
    found = select(Staff.org_path).filter_by(staff_id=staff_id, state="ACTIVE")
    return unit.session.execute(found).scalar_one_or_none() or ""


def find_unit(unit: Unit, code: str) -> OfficeUnit:
    """A unit by its code.

    Raises:
        Problem: ``not_found``.
    """
    found = unit.session.get(OfficeUnit, code)
    if found is None:
        raise not_found(f"ไม่พบหน่วยงานรหัส {code}")
    return found


def names_of(unit: Unit, codes: Iterable[str]) -> dict[str, str]:
    """The names of units by their codes."""
    statement = select(OfficeUnit.code, OfficeUnit.name).where(OfficeUnit.code.in_(sorted(set(codes))))
    return {row.code: row.name for row in unit.session.execute(statement)}
