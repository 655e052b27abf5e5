"""The API's description for people, made of the same document that programs read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.api import docs
from gateway.web.site import show
from shared.http.answers import Answer
from shared.http.request import Request
from shared.http.routing import PUBLIC, Routes

routes = Routes(tag="pages")


@dataclass(frozen=True)
class Operation:
    """One method on one path, ready to be shown."""

    method: str
    path: str
    summary: str
    tag: str
    parameters: list[Mapping[str, Any]]
    body: list[tuple[str, str, str, bool]]
    answers: list[tuple[str, str]]


@routes.page("/api/docs", access=PUBLIC)
def show_api_docs(request: Request, _office: Any) -> Answer:
    """Every operation by tag."""
    document = json.loads(docs.get_openapi(request, None).body)
    by_tag: dict[str, list[Operation]] = {}
    for operation in _operations(document):
        by_tag.setdefault(operation.tag, []).append(operation)
    return show(request, "api_docs.html", info=document["info"], by_tag=by_tag)


def _operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield Operation(
                method=method.upper(),
                path=path,
                summary=operation.get("summary") or operation.get("description", ""),
                tag=operation["tags"][0],
                parameters=operation.get("parameters", []),
                body=_body(document, operation.get("requestBody")),
                answers=[(status, answer.get("description", "")) for status, answer in operation["responses"].items()],
            )


def _body(document: Mapping[str, Any], body: Mapping[str, Any] | None) -> list[tuple[str, str, str, bool]]:
    """The fields of a body: name, type, Thai name, whether it must be there."""
    if body is None:
        return []
    schema = next(iter(body["content"].values()))["schema"]
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    required = schema.get("required", [])
    return [
        (name, _type(field), field.get("title", ""), name in required)
        for name, field in schema.get("properties", {}).items()
    ]


def _type(field: Mapping[str, Any]) -> str:
    written = field.get("type", "object")
    return " | ".join(written) if isinstance(written, list) else str(written)
