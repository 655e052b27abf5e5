"""ระบบ: queues, parked messages, rebuilds; for those who run the system."""

from __future__ import annotations

from gateway.api import ops as api
from gateway.office import Office
from gateway.web import labels
from gateway.web.addresses import with_query
from gateway.web.site import show
from shared.http.answers import Answer, redirect
from shared.http.request import Request
from shared.http.routing import Routes
from shared.problems import not_found

routes = Routes(tag="pages")

SERVICES = api.SERVICES
PARKED = "/ops/parked/{id}"
REBUILD = "/ops/projections/{service}/rebuild"


@routes.page("/ops", access=api.OPS)
def show_ops(request: Request, office: Office) -> Answer:
    """How every service stands, and the messages that wait for a person."""
    services, parked, missing = api.overview(request, office)
    return show(
        request,
        "ops.html",
        services=services,
        parked=parked,
        unavailable=[labels.label(labels.SERVICES, name) for name in missing],
    )


@routes.page(PARKED, access=api.OPS)
def show_parked(request: Request, office: Office) -> Answer:
    """One parked message, whole, with what can be done about it."""
    found = api.list_parked(request, office)["items"]
    message = next((item for item in found if item["id"] == request.params["id"]), None)
    if message is None:
        raise not_found("ไม่พบข้อความที่พักไว้ อาจมีผู้อื่นจัดการแล้ว")
    return show(request, "parked.html", message=message)


@routes.form(f"{PARKED}/replay", access=api.OPS)
def replay_from_form(request: Request, office: Office) -> Answer:
    """Try it again."""
    api.replay_parked(request, office)
    return redirect(with_query("/ops", done="parked.replayed"))


@routes.form(f"{PARKED}/drop", access=api.OPS)
def drop_from_form(request: Request, office: Office) -> Answer:
    """Forget it for good; the page before asked for certainty."""
    api.drop_parked(request, office)
    return redirect(with_query("/ops", done="parked.dropped"))


@routes.page(REBUILD, access=api.OPS)
def ask_rebuild(request: Request, _office: Office) -> Answer:
    """Is it meant?"""
    service = request.params["service"]
    if service not in SERVICES:
        raise not_found("ไม่มีบริการชื่อนี้")
    return show(request, "rebuild.html", service=service)


@routes.form(REBUILD, access=api.OPS)
def rebuild_from_form(request: Request, office: Office) -> Answer:
    """Empty a service's projections and have their owners replay everything."""
    api.rebuild_projection(request, office)
    return redirect(with_query("/ops", done="projection.rebuilt"))
