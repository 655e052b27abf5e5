"""Creating, renaming and closing the groups of an area (กลุ่มงาน): work of its administrator."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.schools.access.commands import end_grants_at
from services.schools.organisations.lifecycle.recording import refusal
from services.schools.organisations.queries import area_wide
from services.schools.organisations.rules import Fault, UnitKind, UnitState, unit_etag
from services.schools.organisations.tables import OrgUnit
from services.schools.organisations.tree.areas import area_for
from services.schools.organisations.tree.queries import group_view, people_at
from services.schools.organisations.tree.rules import next_group_slug, unit_name_faults
from shared.bus.envelope import new_id
from shared.db.unit import Unit
from shared.preconditions import require_seen
from shared.problems import conflict, not_found
from shared.security.access import ROLES, require, scoped
from shared.thai.fold import fold_text

KEEPERS = ("area_admin",)


def create_group(unit: Unit, name: str, area: str | None = None) -> dict[str, Any]:
    """Create a group of the caller's area.

    Raises:
        Problem: ``forbidden`` (403), ``not_found`` (404) for an area of others, ``invalid`` (422).
    """
    node = area_for(unit, KEEPERS, area)
    unit.session.execute(select(OrgUnit.id).filter_by(id=node.id).with_for_update())  # numbers are given one by one
    groups = unit.session.execute(select(OrgUnit).filter_by(parent_id=node.id, kind=UnitKind.GROUP)).scalars().all()
    wanted = _checked_name(name, groups)
    slug = next_group_slug(group.code for group in groups)
    group = OrgUnit(
        id=new_id(),
        kind=UnitKind.GROUP,
        code=f"{node.code}-{slug}",
        name=wanted,
        parent_id=node.id,
        org_path=f"{node.org_path}{slug}/",
        state=UnitState.OPEN,
        version=1,
    )
    unit.session.add(group)
    unit.audit("group.create", f"group/{group.code}", group.org_path, {"name": wanted})
    return group_view(group, 0)


def rename_group(unit: Unit, code: str, name: str, if_match: str | None = None) -> dict[str, Any]:
    """Give a group another name.

    Raises:
        Problem: ``not_found`` (404), ``forbidden`` (403), ``group.closed`` (409), ``invalid`` (422),
            ``precondition.required`` (428), ``precondition.stale`` (412).
    """
    group = _changeable(unit, code)
    require_seen(unit_etag(group.version), if_match)
    others = select(OrgUnit).filter_by(parent_id=group.parent_id, kind=UnitKind.GROUP)
    before, group.name = (
        group.name,
        _checked_name(name, unit.session.execute(others.where(OrgUnit.id != group.id)).scalars().all()),
    )
    group.version += 1
    unit.audit("group.rename", f"group/{code}", group.org_path, {"before": before, "after": group.name})
    return group_view(group, people_at(unit, group.id))


def close_group(unit: Unit, code: str) -> dict[str, Any]:
    """Close a group in which nobody works any more; roles that are held at it end today.

    Raises:
        Problem: ``not_found`` (404), ``forbidden`` (403), ``group.closed`` (409), ``group.in_use`` (409).
    """
    group = _changeable(unit, code)
    people = people_at(unit, group.id)
    if people:
        raise conflict("group.in_use", f"ยังมีบุคลากร {people} คนใน{group.name} ต้องย้ายไปหน่วยงานอื่นก่อน", people=people)
    group.state = UnitState.CLOSED
    group.version += 1
    end_grants_at(unit, group.id, unit.clock.today(), f"ยุบเลิก{group.name}")
    unit.audit("group.close", f"group/{code}", group.org_path, {"name": group.name})
    return group_view(group, 0)


def _changeable(unit: Unit, code: str) -> OrgUnit:
    """An open group that the caller may change; others wait until this unit of work ends.

    Raises:
        Problem: ``not_found`` (404), ``forbidden`` (403), ``group.closed`` (409).
    """
    statement = select(OrgUnit).filter_by(kind=UnitKind.GROUP, code=code).with_for_update()
    statement = scoped(statement, OrgUnit.org_path, area_wide(unit.identity), ROLES)
    group = unit.session.execute(statement).scalar_one_or_none()
    if group is None:
        raise not_found("ไม่พบกลุ่มงานนี้")
    require(unit.identity, KEEPERS, group.org_path)
    if group.state == UnitState.CLOSED:
        raise conflict("group.closed", f"{group.name}ยุบเลิกแล้ว")
    return group


def _checked_name(name: str, others: Any) -> str:
    wanted = fold_text(name)
    faults = unit_name_faults("กลุ่มงาน", wanted)
    if any(other.name == wanted and other.state == UnitState.OPEN for other in others):
        faults.append(Fault("name", "taken", f"มี{wanted}อยู่แล้ว"))
    if faults:
        raise refusal(faults)
    return wanted
