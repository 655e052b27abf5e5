"""หน่วยงาน: the tree of an area, its groups and its school clusters, and what is planned for its schools."""

from __future__ import annotations

from typing import Any

from gateway.api.organisations import KEEPS_CLUSTERS, KEEPS_GROUPS
from gateway.office import Office
from gateway.web import labels
from gateway.web.addresses import with_query
from gateway.web.asking import ask_all
from gateway.web.forms import EMPTY, Form, text
from gateway.web.language import gettext
from gateway.web.pages.schools import ALL_SCHOOLS
from gateway.web.site import show
from shared.bus.rpc import Call
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.http.routing import Routes
from shared.problems import Problem, not_found

routes = Routes(tag="pages")

PAGE = "/organisations"
CLUSTER = "/organisations/clusters/{id}"


@routes.page(PAGE)
def show_organisations(request: Request, office: Office) -> Answer:
    """The caller's part of the tree."""
    return _show(request, office, EMPTY)


@routes.form("/organisations/groups", access=KEEPS_GROUPS)
def create_group_from_form(request: Request, office: Office) -> Answer:
    """Create a group."""
    return _act(request, office, "new-group", "create_group", "group.saved", **_named(request))


@routes.form("/organisations/groups/{id}/rename", access=KEEPS_GROUPS)
def rename_group_from_form(request: Request, office: Office) -> Answer:
    """Give a group another name."""
    code, etag = request.params["id"], text(request, "etag")
    return _act(
        request, office, f"group-{code}", "rename_group", "group.saved",
        code=code, name=text(request, "name"), if_match=etag,
    )  # fmt: skip


@routes.form("/organisations/groups/{id}/close", access=KEEPS_GROUPS)
def close_group_from_form(request: Request, office: Office) -> Answer:
    """Close a group."""
    code = request.params["id"]
    return _act(request, office, f"group-{code}", "close_group", "group.closed", code=code)


@routes.form("/organisations/clusters", access=KEEPS_CLUSTERS)
def create_cluster_from_form(request: Request, office: Office) -> Answer:
    """Create a cluster and go on to choose its schools."""
    try:
        cluster = office.ask(request, "schools", "create_cluster", **_named(request))
    except Problem as problem:
        return _show(request, office, Form.sent("new-cluster", request, problem))
    return redirect(with_query(f"/organisations/clusters/{cluster['id']}", done="cluster.saved"))


@routes.page(CLUSTER)
def show_cluster(request: Request, office: Office) -> Answer:
    """A cluster, its schools, and those that could join."""
    return _cluster(request, office, EMPTY)


@routes.form(CLUSTER + "/rename", access=KEEPS_CLUSTERS)
def rename_cluster_from_form(request: Request, office: Office) -> Answer:
    """Give a cluster another name."""
    return _move(request, office, "rename_cluster", name=text(request, "name"), if_match=text(request, "etag"))


@routes.form(CLUSTER + "/close", access=KEEPS_CLUSTERS)
def close_cluster_from_form(request: Request, office: Office) -> Answer:
    """Close a cluster and go back to the tree."""
    try:
        office.ask(request, "schools", "close_cluster", cluster_id=request.params["id"])
    except Problem as problem:
        return _cluster(request, office, Form.sent("close_cluster", request, problem))
    return redirect(with_query(PAGE, done="cluster.closed"))


@routes.form(CLUSTER + "/add", access=KEEPS_CLUSTERS)
def add_schools_from_form(request: Request, office: Office) -> Answer:
    """Put the ticked schools into the cluster."""
    return _move(request, office, "add_schools", smis=request.posted.getlist("smis"))


@routes.form(CLUSTER + "/remove", access=KEEPS_CLUSTERS)
def remove_schools_from_form(request: Request, office: Office) -> Answer:
    """Take the ticked schools out of the cluster."""
    return _move(request, office, "remove_schools", smis=request.posted.getlist("smis"))


def _named(request: Request) -> dict[str, Any]:
    return {"name": text(request, "name"), "area": text(request, "area") or None}


def _act(request: Request, office: Office, form: str, operation: str, done: str, **args: Any) -> Answer:
    try:
        office.ask(request, "schools", operation, **args)
    except Problem as problem:
        return _show(request, office, Form.sent(form, request, problem))
    return redirect(with_query(PAGE, done=done))


def _show(request: Request, office: Office, form: Form) -> Answer:
    asked = ask_all(
        request,
        office,
        tree=Call("schools", "list_organisations", {}),
        plans=Call("schools", "list_plans", {}),
    )
    return show(
        request,
        "organisations.html",
        form.status,
        areas=asked["tree"]["items"],
        plans=asked["plans"]["items"],
        form=form,
        keeps_groups=bool(request.identity.roles & set(KEEPS_GROUPS.roles)),
        keeps_clusters=bool(request.identity.roles & set(KEEPS_CLUSTERS.roles)),
    )


def _move(request: Request, office: Office, operation: str, **args: Any) -> Answer:
    cluster_id = request.params["id"]
    try:
        office.ask(request, "schools", operation, cluster_id=cluster_id, **args)
    except Problem as problem:
        return _cluster(request, office, Form.sent(operation, request, problem))
    return redirect(with_query(f"/organisations/clusters/{cluster_id}", done="cluster.saved"))


def _cluster(request: Request, office: Office, form: Form) -> Answer:
    asked = ask_all(
        request,
        office,
        tree=Call("schools", "list_organisations", {}),
        schools=Call("schools", "list_schools", {"limit": ALL_SCHOOLS}),
    )
    areas = asked["tree"]["items"]
    pairs = [(area, one) for area in areas for one in area["clusters"] if one["id"] == request.params["id"]]
    if not pairs:
        raise not_found("ไม่พบกลุ่มโรงเรียนนี้")
    area, cluster = pairs[0]
    schools = [one for one in asked["schools"]["items"] if one["area_code"] == area["code"]]
    outside: dict[str, list[Any]] = {}
    for one in schools:
        if one["cluster_id"] != cluster["id"]:
            outside.setdefault(one["amphoe"] or gettext(labels.UNKNOWN_AMPHOE), []).append(one)
    return show(
        request,
        "cluster.html",
        form.status,
        cluster=cluster,
        area=area,
        members=[one for one in schools if one["cluster_id"] == cluster["id"]],
        others=sorted(outside.items()),
        form=form,
        keeps=bool(request.identity.roles & set(KEEPS_CLUSTERS.roles)) and cluster["state"] == "OPEN",
    )
