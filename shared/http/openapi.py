"""The OpenAPI 3.1 document, written from the routes and their schemas; equal routes give an equal document."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from shared.http.routes import Route
from shared.http.routing import Router

_JSON_TYPES = {"int": {"type": "integer", "minimum": 0}, "uuid": {"type": "string", "format": "uuid"}}

_PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457; `code` is stable, `title` and `detail` are Thai.",
    "required": ["type", "code", "status", "title", "trace_id"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "code": {"type": "string"},
        "status": {"type": "integer"},
        "title": {"type": "string"},
        "detail": {"type": "string"},
        "trace_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "message"],
                "properties": {name: {"type": "string"} for name in ("pointer", "code", "message")},
            },
        },
    },
}


def document(router: Router, title: str, version: str, description: str = "") -> dict[str, Any]:
    """The document of every API route of ``router``; pages are for people and not part of it."""
    spec = APISpec(
        title=title,
        version=version,
        openapi_version="3.1.0",
        info={"description": description},
        plugins=[MarshmallowPlugin()],
    )
    spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})
    spec.components.schema("Problem", _PROBLEM)
    routes = sorted((r for r in router.routes if r.kind == "api"), key=lambda r: (r.path, r.method))
    for tag in sorted({route.tag for route in routes}):
        spec.tag({"name": tag})
    for route in routes:
        spec.path(path=_plain_path(route), operations={route.method.lower(): _operation(route)})
    written: dict[str, Any] = _sorted_members(spec.to_dict())
    return written


def _operation(route: Route) -> dict[str, Any]:
    summary, _, description = inspect.cleandoc(route.handler.__doc__ or route.name).partition("\n")
    operation: dict[str, Any] = {
        "operationId": route.name,
        "tags": [route.tag],
        "summary": summary,
        "parameters": _parameters(route),
        "responses": _responses(route),
        "security": [] if route.access.public else [{"bearer": []}],
        "x-access": {
            "public": route.access.public,
            "roles": list(route.access.roles),
            "scope": route.access.scope,
            "elsewhere": route.access.elsewhere,
        },
        "x-codes": sorted(route.problems),
    }
    if description.strip():
        operation["description"] = description.strip()
    if route.body is not None or route.files:
        operation["requestBody"] = {"content": dict(_contents(route)), "required": _needs_body(route)}
    return operation


def _parameters(route: Route) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": _JSON_TYPES.get(kind, {"type": "string"})}
        for name, kind in route.path_params
    ]
    if route.query is not None:
        parameters.append({"in": "query", "schema": route.query})
    if route.idempotent:
        parameters.append(_header("Idempotency-Key", "The client's name for this command: repeating it is harmless."))
    if route.if_match:
        parameters.append(_header("If-Match", "The ETag of the version that is changed.", required=True))
    return parameters


def _header(name: str, description: str, *, required: bool = False) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": description,
        "schema": {"type": "string"},
    }


def _needs_body(route: Route) -> bool:
    """An absent body counts as ``{}``: only required members make it required."""
    fields = route.body().load_fields.values() if route.body else ()
    return any(field.required for field in fields) or any(not file.many for file in route.files)


def _contents(route: Route) -> Iterable[tuple[str, dict[str, Any]]]:
    if all(file.many for file in route.files):
        schema: Any = route.body or {"type": "object"}
        yield "application/json", {"schema": {"type": "array", "items": schema} if route.many else schema}
    if route.files:
        binary = {"type": "string", "contentMediaType": "application/octet-stream"}
        parts = {
            "type": "object",
            "properties": {f.name: {"type": "array", "items": binary} if f.many else binary for f in route.files},
            "required": sorted(f.name for f in route.files if not f.many),
        }
        yield "multipart/form-data", {"schema": {"allOf": [route.body, parts]} if route.body else parts}


def _responses(route: Route) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": HTTPStatus(route.status).phrase}
    if route.answers is not None:
        answer["content"] = {"application/json": {"schema": route.answers}}
    elif route.produces != "application/json":
        answer["content"] = {route.produces: {"schema": {"type": "string"}}}
    responses: dict[str, Any] = {str(route.status): answer}
    for status in sorted(_problem_statuses(route)):
        responses[str(status)] = _problem_response(HTTPStatus(status).phrase)
    responses["default"] = _problem_response("Any other problem")
    return responses


def _problem_statuses(route: Route) -> set[int]:
    """The refusals that follow from how the route is declared."""
    statuses = set()
    if not route.access.public:
        statuses |= {401, 403}
    if route.path_params:
        statuses.add(404)
    if route.query is not None:
        statuses |= {400, 422}
    if route.method != "GET":
        statuses |= {400, 413, 415, 422}
    if route.if_match:
        statuses |= {412, 428}
    if route.problems or route.idempotent:
        statuses.add(409)
    return statuses


def _problem_response(description: str) -> dict[str, Any]:
    reference = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {"application/problem+json": {"schema": reference}}}


def _plain_path(route: Route) -> str:
    path = route.path
    for name, kind in route.path_params:
        path = path.replace(f"{{{name}:{kind}}}", f"{{{name}}}")
    return path


def _sorted_members(value: Any) -> Any:
    """Members in one order, whatever order modules were imported in."""
    if isinstance(value, dict):
        return {key: _sorted_members(value[key]) for key in sorted(value, key=str)}
    return [_sorted_members(item) for item in value] if isinstance(value, list) else value
