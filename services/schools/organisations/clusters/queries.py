"""The clusters of the caller's areas, with the schools that belong to each."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from services.schools.organisations.clusters.tables import Cluster
from services.schools.organisations.queries import area_wide
from services.schools.organisations.rules import UnitState, unit_etag
from services.schools.organisations.tables import OrgUnit, School
from services.schools.organisations.tree.areas import visible_areas
from shared.db.unit import Unit
from shared.problems import not_found
from shared.security.access import ROLES, scoped


def list_clusters(unit: Unit) -> dict[str, Any]:
    """The clusters of every area in which the caller holds any role."""
    views = [view for area in visible_areas(unit) for view in cluster_views(unit, area)]
    return {"items": views, "next_cursor": None}


def cluster_views(unit: Unit, area: OrgUnit) -> list[dict[str, Any]]:
    """The clusters of an area by name, the closed ones last."""
    statement = (
        select(Cluster, func.count(OrgUnit.id))
        .outerjoin(School, School.cluster_id == Cluster.id)
        .outerjoin(OrgUnit, (OrgUnit.id == School.unit_id) & (OrgUnit.state == UnitState.OPEN))
        .where(Cluster.area_id == area.id)
        .group_by(Cluster.id)
        .order_by(Cluster.state.desc(), Cluster.name)
    )
    return [cluster_view(cluster, area, schools) for cluster, schools in unit.session.execute(statement)]


def cluster_view(cluster: Cluster, area: OrgUnit, schools: int) -> dict[str, Any]:
    """A cluster with the number of its open schools."""
    return {
        "id": cluster.id,
        "name": cluster.name,
        "state": cluster.state,
        "area_code": area.code,
        "schools": schools,
        "etag": unit_etag(cluster.version),
    }


def find_cluster(unit: Unit, cluster_id: str, *, lock: bool = False) -> tuple[Cluster, OrgUnit]:
    """A cluster of an area in which the caller holds any role, with its area.

    Raises:
        Problem: ``not_found`` (404).
    """
    statement = select(Cluster, OrgUnit).join(OrgUnit, OrgUnit.id == Cluster.area_id).where(Cluster.id == cluster_id)
    statement = scoped(statement, OrgUnit.org_path, area_wide(unit.identity), ROLES)
    if lock:
        statement = statement.with_for_update(of=Cluster)
    found = unit.session.execute(statement).one_or_none()
    if found is None:
        raise not_found("ไม่พบกลุ่มโรงเรียนนี้")
    return found[0], found[1]


def schools_in(unit: Unit, cluster_id: str) -> int:
    """How many open schools belong to a cluster."""
    statement = select(func.count()).select_from(School).join(OrgUnit, OrgUnit.id == School.unit_id)
    open_ones = statement.where(School.cluster_id == cluster_id, OrgUnit.state == UnitState.OPEN)
    return int(unit.session.execute(open_ones).scalar_one())
