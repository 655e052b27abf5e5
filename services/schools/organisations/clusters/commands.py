"""Keeping the clusters of an area, and putting schools into them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.schools.organisations.clusters.queries import cluster_view, find_cluster, schools_in
from services.schools.organisations.clusters.tables import Cluster
from services.schools.organisations.commands import announce_school
from services.schools.organisations.lifecycle.recording import CHANGERS, refusal
from services.schools.organisations.queries import row_of
from services.schools.organisations.rules import Fault, UnitKind, UnitState, unit_etag
from services.schools.organisations.tables import OrgUnit, School
from services.schools.organisations.tree.areas import area_for
from services.schools.organisations.tree.rules import unit_name_faults
from shared.bus.envelope import new_id
from shared.db.unit import Unit
from shared.preconditions import require_seen
from shared.problems import conflict
from shared.security.access import require
from shared.thai.fold import fold_text

MOST_AT_ONCE = 500


def create_cluster(unit: Unit, name: str, area: str | None = None) -> dict[str, Any]:
    """Create a cluster of the caller's area.

    Raises:
        Problem: ``forbidden`` (403), ``not_found`` (404) for an area of others, ``invalid`` (422).
    """
    node = area_for(unit, CHANGERS, area)
    unit.session.execute(select(OrgUnit.id).filter_by(id=node.id).with_for_update())  # names are taken one by one
    cluster = Cluster(
        id=new_id(), area_id=node.id, name=_checked_name(unit, node.id, name), state=UnitState.OPEN, version=1
    )
    unit.session.add(cluster)
    unit.audit("cluster.create", f"cluster/{cluster.id}", node.org_path, {"name": cluster.name})
    return cluster_view(cluster, node, 0)


def rename_cluster(unit: Unit, cluster_id: str, name: str, if_match: str | None = None) -> dict[str, Any]:
    """Give a cluster another name; its schools are told anew.

    Raises:
        Problem: ``not_found`` (404), ``forbidden`` (403), ``cluster.closed`` (409), ``invalid`` (422),
            ``precondition.required`` (428), ``precondition.stale`` (412).
    """
    cluster, area = _changeable(unit, cluster_id)
    require_seen(unit_etag(cluster.version), if_match)
    before = cluster.name
    cluster.name = _checked_name(unit, area.id, name, but=cluster.id)
    cluster.version += 1
    members = unit.session.execute(select(School.unit_id).filter_by(cluster_id=cluster.id)).scalars().all()
    for unit_id in members:
        _announce_anew(unit, unit_id)
    change = {"before": before, "after": cluster.name}
    unit.audit("cluster.rename", f"cluster/{cluster.id}", area.org_path, change)
    return cluster_view(cluster, area, schools_in(unit, cluster.id))


def close_cluster(unit: Unit, cluster_id: str) -> dict[str, Any]:
    """Close a cluster to which no open school belongs any more.

    Raises:
        Problem: ``not_found`` (404), ``forbidden`` (403), ``cluster.closed`` (409), ``cluster.in_use`` (409).
    """
    cluster, area = _changeable(unit, cluster_id)
    schools = schools_in(unit, cluster.id)
    if schools:
        detail = f"ยังมีโรงเรียน {schools} แห่งใน{cluster.name} ต้องย้ายหรือนำออกก่อน"
        raise conflict("cluster.in_use", detail, schools=schools)
    cluster.state = UnitState.CLOSED
    cluster.version += 1
    unit.audit("cluster.close", f"cluster/{cluster.id}", area.org_path, {"name": cluster.name})
    return cluster_view(cluster, area, 0)


def add_schools(unit: Unit, cluster_id: str, smis: list[str]) -> dict[str, Any]:
    """Put schools into a cluster, out of the one in which they were.

    Raises:
        Problem: ``not_found`` (404), ``forbidden`` (403), ``cluster.closed`` (409), ``invalid`` (422) naming every
            code that is no open school of the area.
    """
    cluster, area = _changeable(unit, cluster_id)
    return _assign(unit, cluster, area, smis, cluster.id)


def remove_schools(unit: Unit, cluster_id: str, smis: list[str]) -> dict[str, Any]:
    """Take schools out of a cluster; those that are in another one stay there.

    Raises:
        Problem: as :func:`add_schools`.
    """
    cluster, area = _changeable(unit, cluster_id)
    return _assign(unit, cluster, area, smis, None)


def _assign(unit: Unit, cluster: Cluster, area: OrgUnit, smis: list[str], target: str | None) -> dict[str, Any]:
    moved = []
    for unit_id in _members(unit, area, smis):
        row = row_of(unit, unit_id)
        concerned = row.school.cluster_id != target if target else row.school.cluster_id == cluster.id
        if concerned:
            row.school.cluster_id = target
            moved.append(row.unit.code)
            _announce_anew(unit, unit_id)
    if moved:
        action = "cluster.add" if target else "cluster.remove"
        unit.audit(action, f"cluster/{cluster.id}", area.org_path, {"schools": moved})
    return {**cluster_view(cluster, area, schools_in(unit, cluster.id)), "moved": moved}


def _members(unit: Unit, area: OrgUnit, smis: list[str]) -> list[str]:
    """The ids of the schools with these codes, which nobody else changes until this unit of work ends.

    Raises:
        Problem: ``invalid`` (422).
    """
    if not smis or len(smis) > MOST_AT_ONCE:
        raise refusal([Fault("smis", "required", f"ต้องเลือกโรงเรียน 1 ถึง {MOST_AT_ONCE} แห่ง")])
    statement = select(OrgUnit.id, OrgUnit.code).filter_by(parent_id=area.id, kind=UnitKind.SCHOOL)
    statement = statement.where(OrgUnit.state == UnitState.OPEN, OrgUnit.code.in_(smis)).order_by(OrgUnit.id)
    found = unit.session.execute(statement.with_for_update()).all()
    unknown = sorted(set(smis) - {code for _id, code in found})
    if unknown:
        raise refusal([Fault("smis", "not_found", f"ไม่พบโรงเรียนที่เปิดอยู่รหัส {code}") for code in unknown])
    return [unit_id for unit_id, _code in found]


def _announce_anew(unit: Unit, unit_id: str) -> None:
    row = row_of(unit, unit_id)
    row.unit.version += 1
    announce_school(unit, row)


def _changeable(unit: Unit, cluster_id: str) -> tuple[Cluster, OrgUnit]:
    """An open cluster that the caller may change; others wait until this unit of work ends.

    Raises:
        Problem: ``not_found`` (404), ``forbidden`` (403), ``cluster.closed`` (409).
    """
    cluster, area = find_cluster(unit, cluster_id, lock=True)
    require(unit.identity, CHANGERS, area.org_path)
    if cluster.state == UnitState.CLOSED:
        raise conflict("cluster.closed", f"{cluster.name}ยุบเลิกแล้ว")
    return cluster, area


def _checked_name(unit: Unit, area_id: str, name: str, but: str = "") -> str:
    wanted = fold_text(name)
    faults = unit_name_faults("กลุ่มโรงเรียน", wanted)
    same = select(Cluster.id).filter_by(area_id=area_id, name=wanted, state=UnitState.OPEN).where(Cluster.id != but)
    if unit.session.execute(same).first():
        faults.append(Fault("name", "taken", f"มี{wanted}อยู่แล้ว"))
    if faults:
        raise refusal(faults)
    return wanted
