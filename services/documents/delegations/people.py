"""Who is above whom, and who works in one office or school: among them somebody stands in for somebody else."""

from __future__ import annotations

from sqlalchemy import Select, exists, or_, select

from services.documents import access
from services.documents.directory.tables import OfficeUnit, Staff
from services.documents.registers.requests import asked_for_numbers
from services.documents.tasks.rules import WAITING
from services.documents.tasks.tables import Task
from shared.db.unit import Unit


def directs(unit: Unit, member: Staff) -> bool:
    """Whether the caller is above somebody: heads their unit, or directs the office."""
    return unit.identity.holds(access.DIRECTS, member.org_path) or access.heads(unit, member.org_path)


def colleagues_of(member: Staff) -> Select[Staff, str]:
    """Everybody of somebody's office or school with the name of their unit, as far as they are in service or still
    hold something.
    """
    office = access.office_of(member.org_path)
    holds_tasks = exists().where(Task.assignee_id == Staff.staff_id, Task.state.in_(WAITING))
    return (
        select(Staff, OfficeUnit.name)
        .join(OfficeUnit, OfficeUnit.code == Staff.unit)
        .where(Staff.org_path.startswith(office, autoescape=True))
        .where(or_(OfficeUnit.kind != "SCHOOL", OfficeUnit.org_path == office))
        .where(or_(Staff.state == "ACTIVE", holds_tasks, asked_for_numbers(Staff.staff_id)))
        .order_by(OfficeUnit.name, Staff.staff_id)
    )
