"""The organisation tree of an area, its groups, its school clusters, and whom a code names."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from gateway.office import Office
from shared.http.answers import Answer, json_answer
from shared.http.request import Request
from shared.http.routing import Access, Routes
from shared.http.schemas import listing

routes = Routes(tag="organisations")

KEEPS_GROUPS = Access(roles=("area_admin",), scope="area")
KEEPS_CLUSTERS = Access(roles=("officer", "area_admin"), scope="area")
GROUP, CLUSTER = "/api/v1/groups/{id}", "/api/v1/clusters/{id}"


def _name(example: str) -> fields.String:
    limit = validate.Length(max=200)
    return fields.String(required=True, validate=limit, metadata={"title": "ชื่อ", "example": example})


def _area() -> fields.String:
    shown = {"title": "รหัสเขตพื้นที่ (เมื่อมีสิทธิ์หลายเขต)", "example": "5704"}
    return fields.String(validate=validate.Length(max=10), metadata=shown)


class Group(Schema):
    code = fields.String(required=True)
    name = fields.String(required=True)
    state = fields.String(required=True)
    people = fields.Integer(required=True)
    etag = fields.String(required=True)


class GroupName(Schema):
    name = _name("กลุ่มส่งเสริมการศึกษาทางไกล")


class NewGroup(GroupName):
    area = _area()


class Cluster(Schema):
    id = fields.String(required=True)
    name = fields.String(required=True)
    state = fields.String(required=True)
    area_code = fields.String(required=True)
    schools = fields.Integer(required=True)
    etag = fields.String(required=True)


class ClusterName(Schema):
    name = _name("กลุ่มโรงเรียนเวียงเทิง")


class NewCluster(ClusterName):
    area = _area()


class Members(Schema):
    smis = fields.List(
        fields.String(validate=validate.Length(max=20)),
        required=True,
        validate=validate.Length(min=1, max=500),
        metadata={"title": "รหัส SMIS", "example": ["57040001", "57040002"]},
    )


class MovedCluster(Cluster):
    moved = fields.List(fields.String(), required=True)


class SchoolCounts(Schema):
    open = fields.Integer(required=True)
    closed = fields.Integer(required=True)
    opening = fields.Integer(required=True, metadata={"title": "มีแผนจัดตั้ง"})


class AmphoeCount(Schema):
    name = fields.String(required=True)
    schools = fields.Integer(required=True)


class Area(Schema):
    code = fields.String(required=True)
    name = fields.String(required=True)
    state = fields.String(required=True)
    org_path = fields.String(required=True)
    groups = fields.List(fields.Nested(Group), required=True)
    clusters = fields.List(fields.Nested(Cluster), required=True)
    schools = fields.Nested(SchoolCounts, required=True)
    amphoes = fields.List(fields.Nested(AmphoeCount), required=True)


class CodeQuery(Schema):
    code = fields.String(
        required=True, validate=validate.Length(min=1, max=20), metadata={"title": "รหัส", "example": "5704"}
    )


class Named(Schema):
    """A unit of the tree, or a place (``unit`` is null), that bears the code in ``scheme``."""

    scheme = fields.String(required=True)
    code = fields.String(required=True)
    valid_from = fields.String(required=True, allow_none=True)
    valid_to = fields.String(required=True, allow_none=True)
    kind = fields.String(required=True)
    name = fields.String(required=True)
    unit = fields.String(required=True, allow_none=True)
    state = fields.String(required=True, allow_none=True)


@routes.get("/api/v1/organisations", answers=listing(Area))
def list_organisations(request: Request, office: Office) -> Any:
    """The caller's part of the tree: areas, their groups and clusters, and how many schools there are."""
    return office.ask(request, "schools", "list_organisations")


@routes.get("/api/v1/codes", query=CodeQuery, answers=listing(Named))
def find_by_code(request: Request, office: Office) -> Any:
    """Every unit of the caller's part of the tree, and every place, that a code names (5704: an area, an amphoe)."""
    return office.ask(request, "schools", "find_by_code", **request.query)


@routes.post(
    "/api/v1/groups", body=NewGroup, answers=Group, status=201, access=KEEPS_GROUPS, idempotent=True,
    problems=("invalid", "not_found"),
)  # fmt: skip
def create_group(request: Request, office: Office) -> Any:
    """Create a group of the caller's area."""
    return office.ask(request, "schools", "create_group", **request.json)


@routes.patch(
    GROUP, body=GroupName, answers=Group, access=KEEPS_GROUPS,
    problems=("not_found", "group.closed", "invalid", "precondition.stale"),
)  # fmt: skip
def rename_group(request: Request, office: Office) -> Answer:
    """Give a group another name."""
    group = office.ask(
        request, "schools", "rename_group", code=request.params["id"], if_match=request.if_match, **request.json
    )
    return json_answer(group, etag=group["etag"])


@routes.post(
    GROUP + "/close", answers=Group, access=KEEPS_GROUPS, idempotent=True,
    problems=("not_found", "group.closed", "group.in_use"),
)  # fmt: skip
def close_group(request: Request, office: Office) -> Any:
    """Close a group in which nobody works any more; roles held at it end."""
    return office.ask(request, "schools", "close_group", code=request.params["id"])


@routes.get("/api/v1/clusters", answers=listing(Cluster))
def list_clusters(request: Request, office: Office) -> Any:
    """The school clusters of the caller's areas."""
    return office.ask(request, "schools", "list_clusters")


@routes.post(
    "/api/v1/clusters", body=NewCluster, answers=Cluster, status=201, access=KEEPS_CLUSTERS, idempotent=True,
    problems=("invalid", "not_found"),
)  # fmt: skip
def create_cluster(request: Request, office: Office) -> Any:
    """Create a cluster of the caller's area."""
    return office.ask(request, "schools", "create_cluster", **request.json)


@routes.patch(
    CLUSTER, body=ClusterName, answers=Cluster, access=KEEPS_CLUSTERS,
    problems=("not_found", "cluster.closed", "invalid", "precondition.stale"),
)  # fmt: skip
def rename_cluster(request: Request, office: Office) -> Answer:
    """Give a cluster another name."""
    cluster = office.ask(
        request, "schools", "rename_cluster", cluster_id=request.params["id"], if_match=request.if_match, **request.json
    )
    return json_answer(cluster, etag=cluster["etag"])


@routes.post(
    CLUSTER + "/close", answers=Cluster, access=KEEPS_CLUSTERS, idempotent=True,
    problems=("not_found", "cluster.closed", "cluster.in_use"),
)  # fmt: skip
def close_cluster(request: Request, office: Office) -> Any:
    """Close a cluster to which no open school belongs any more."""
    return office.ask(request, "schools", "close_cluster", cluster_id=request.params["id"])


@routes.post(
    CLUSTER + "/schools", body=Members, answers=MovedCluster, access=KEEPS_CLUSTERS, idempotent=True,
    problems=("not_found", "cluster.closed", "invalid"),
)  # fmt: skip
def add_schools(request: Request, office: Office) -> Any:
    """Put schools into a cluster, out of the one in which they were."""
    return office.ask(request, "schools", "add_schools", cluster_id=request.params["id"], **request.json)


@routes.post(
    CLUSTER + "/schools/remove", body=Members, answers=MovedCluster, access=KEEPS_CLUSTERS, idempotent=True,
    problems=("not_found", "cluster.closed", "invalid"),
)  # fmt: skip
def remove_schools(request: Request, office: Office) -> Any:
    """Take schools out of a cluster."""
    return office.ask(request, "schools", "remove_schools", cluster_id=request.params["id"], **request.json)
