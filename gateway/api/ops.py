"""For those who run the system: queues, parked messages, rebuilds."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from gateway.office import Office
from shared.bus.rpc import Call
from shared.http.request import Request
from shared.http.routing import Access, Routes
from shared.problems import not_found
from shared.runtime.processes import PROCESSES

routes = Routes(tag="ops")

OPS = Access(roles=("ops",), scope="system")
SERVICES = tuple(process.name for process in PROCESSES.values() if process.database)


class Aggregated(Schema):
    items = fields.List(fields.Dict(), required=True)
    unavailable = fields.List(fields.String(), required=True)


class Queues(Aggregated):
    """How each service's queues, outbox and deferred messages stand."""


class Parked(Aggregated):
    next_cursor = fields.String(required=True, allow_none=True)


class ParkedState(Schema):
    id = fields.String(required=True)
    state = fields.String(required=True)


@routes.get("/api/v1/ops/queues", answers=Queues, access=OPS)
def list_queues(request: Request, office: Office) -> Any:
    """Queues, outboxes, deferred and parked messages of every service."""
    answers, missing = _ask_all(request, office, "ops_status")
    return {"items": answers["ops_status"], "unavailable": missing}


@routes.get("/api/v1/ops/parked", answers=Parked, access=OPS)
def list_parked(request: Request, office: Office) -> Any:
    """The messages that wait for a person."""
    answers, missing = _ask_all(request, office, "ops_parked")
    return {"items": _parked(answers), "unavailable": missing, "next_cursor": None}


def overview(request: Request, office: Office) -> tuple[list[Any], list[Any], list[str]]:
    """How the services stand, the messages that wait for a person, and the services that did not answer."""
    answers, missing = _ask_all(request, office, "ops_status", "ops_parked")
    return answers["ops_status"], _parked(answers), missing


@routes.post("/api/v1/ops/parked/{id}/replay", answers=ParkedState, access=OPS, problems=("not_found",))
def replay_parked(request: Request, office: Office) -> Any:
    """Try a parked message again."""
    service, message_id = _parts(request.params["id"])
    return office.ask(request, service, "ops_replay", id=message_id)


@routes.post("/api/v1/ops/parked/{id}/drop", answers=ParkedState, access=OPS, problems=("not_found",))
def drop_parked(request: Request, office: Office) -> Any:
    """Forget a parked message for good."""
    service, message_id = _parts(request.params["id"])
    return office.ask(request, service, "ops_drop", id=message_id)


@routes.post("/api/v1/ops/projections/{service}/rebuild", access=OPS, status=202, problems=("not_found",))
def rebuild_projection(request: Request, office: Office) -> Any:
    """Empty a service's projections and have their owners replay everything."""
    service = request.params["service"]
    if service not in SERVICES:
        raise not_found("ไม่มีบริการชื่อนี้")
    return office.ask(request, service, "ops_rebuild")


def _ask_all(request: Request, office: Office, *operations: str) -> tuple[dict[str, list[Any]], list[str]]:
    """What every service that is there answers, by operation; all are asked at once."""
    asked = {f"{operation} {name}": Call(name, operation, {}) for operation in operations for name in SERVICES}
    found, missing = office.gather(request, **asked)
    answers = {
        operation: [found[key] for name in SERVICES if (key := f"{operation} {name}") in found]
        for operation in operations
    }
    return answers, missing


def _parked(answers: dict[str, list[Any]]) -> list[Any]:
    return [item for items in answers["ops_parked"] for item in items]


def _parts(public_id: str) -> tuple[str, str]:
    service, _, message_id = public_id.partition(".")
    if service not in SERVICES or not message_id:
        raise not_found("ไม่พบข้อความที่พักไว้")
    return service, message_id
