"""The OpenAPI document as people read it: operations by subject, who may, what goes in, an example, what comes out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.web import labels
from gateway.web.language import gettext as _

Document = Mapping[str, Any]

# what a field holds when nobody wrote an example
_SAMPLES: Mapping[str, Any] = {"string": "…", "integer": 1, "number": 1, "boolean": True, "array": [], "object": {}}


@dataclass(frozen=True)
class Field:
    """A parameter, or a member of a body or an answer."""

    name: str
    place: str
    type: str
    title: str
    is_required: bool


@dataclass(frozen=True)
class Operation:
    """One method on one path, ready to be shown."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    who: str
    parameters: list[Field]
    body: list[Field]
    media: list[str]
    example: str
    success: str
    answer: list[Field]
    answer_type: str
    codes: list[str]


def by_subject(document: Document) -> dict[str, list[Operation]]:
    """The operations under the subject each belongs to, in the order of the document."""
    found: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            found.setdefault(operation["tags"][0], []).append(_operation(document, path, method, operation))
    return found


def _operation(document: Document, path: str, method: str, operation: Mapping[str, Any]) -> Operation:
    content = operation.get("requestBody", {}).get("content", {})
    written = next(iter(content.values()))["schema"] if content else {}
    is_list = written.get("type") == "array"
    body = _resolved(document, written["items"] if is_list else written)
    status, answer = next((status, answer) for status, answer in operation["responses"].items() if status < "3")
    answer_content = answer.get("content", {})
    answer_type: str = next(iter(answer_content), "")
    answer_schema = answer_content[answer_type].get("schema", {}) if answer_type else {}
    is_json = "json" in next(iter(content), "")
    return Operation(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        description=operation.get("description", ""),
        who=_who(operation["x-access"]),
        parameters=[_parameter(parameter) for parameter in operation.get("parameters", [])],
        body=list(_fields(body)),
        media=list(content),
        example=_curl(document, path, method, body if is_json else {}, operation, is_list=is_list),
        success=f"{status} {answer.get('description', '')}",
        answer=list(_fields(_resolved(document, answer_schema))),
        answer_type=answer_type,
        codes=operation.get("x-codes", []),
    )


def _who(access: Mapping[str, Any]) -> str:
    if access["public"]:
        return _("ทุกคน ไม่ต้องเข้าสู่ระบบ")
    if not access["roles"]:
        return _("ทุกคนที่เข้าสู่ระบบ")
    return ", ".join(labels.label(labels.ROLES, role) for role in access["roles"])


def _parameter(parameter: Mapping[str, Any]) -> Field:
    schema = parameter.get("schema", {})
    title = schema.get("title") or parameter.get("description") or ""
    return Field(parameter["name"], parameter["in"], _type(schema), title, bool(parameter.get("required")))


def _fields(schema: Mapping[str, Any]) -> Iterator[Field]:
    required = schema.get("required", [])
    for name, member in schema.get("properties", {}).items():
        yield Field(name, "", _type(member), member.get("title", ""), name in required)


def _resolved(document: Document, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema with the members of those it refers to."""
    if "$ref" in schema:
        return _resolved(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if "allOf" not in schema:
        return schema
    parts = [_resolved(document, part) for part in schema["allOf"]]
    members = {name: member for part in parts for name, member in part.get("properties", {}).items()}
    return {"properties": members, "required": [name for part in parts for name in part.get("required", [])]}


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    written = schema.get("type", "object")
    if written == "array":
        return f"{_type(schema.get('items', {}))}[]"
    return " | ".join(written) if isinstance(written, list) else str(written)


def _curl(
    document: Document,
    path: str,
    method: str,
    body: Mapping[str, Any],
    operation: Mapping[str, Any],
    *,
    is_list: bool,
) -> str:
    """The call as a line of the shell."""
    words = ["curl", *_flags(method, operation)]
    members = body.get("properties", {})
    if members:
        sample: Any = {name: _sample(document, member) for name, member in members.items()}
        sample = [sample] if is_list else sample
        words += ["-H 'Content-Type: application/json'", f"-d '{json.dumps(sample, ensure_ascii=False)}'"]
    return " \\\n  ".join([*words, f'"$KHET{path}"'])


def _flags(method: str, operation: Mapping[str, Any]) -> Iterator[str]:
    if method != "get":
        yield f"-X {method.upper()}"
    if not operation["x-access"]["public"]:
        yield '-H "Authorization: Bearer $TOKEN"'
    for parameter in operation.get("parameters", []):
        if parameter["name"] == "Idempotency-Key":
            yield '-H "Idempotency-Key: $(uuidgen)"'
        elif parameter["name"] == "If-Match":
            yield '-H "If-Match: \\"$ETAG\\""'


def _sample(document: Document, member: Mapping[str, Any]) -> Any:
    schema = _resolved(document, member)
    if "example" in schema:
        return schema["example"]
    if schema.get("properties"):
        return {name: _sample(document, inner) for name, inner in schema["properties"].items()}
    if choices := schema.get("enum"):
        return choices[0]
    written = schema.get("type", "object")
    return _SAMPLES[next(iter(written)) if isinstance(written, list) else written]


def codes_of(subjects: Mapping[str, Iterable[Operation]]) -> dict[str, list[Operation]]:
    """Every problem code with the operations that may answer it."""
    found: dict[str, list[Operation]] = {}
    for operations in subjects.values():
        for operation in operations:
            for code in operation.codes:
                found.setdefault(code, []).append(operation)
    return dict(sorted(found.items()))
