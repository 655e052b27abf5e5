"""The API describes itself well enough for a stranger to write a program against it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator

from gateway.web.problem_english import PROBLEMS
from tests.contracts import openapi

# the shape of OpenAPI 3.1 that a generator can get wrong
SHAPE = {
    "type": "object",
    "required": ["openapi", "info", "paths", "components"],
    "properties": {
        "openapi": {"const": "3.1.0"},
        "info": {"required": ["title", "version"]},
        "paths": {"propertyNames": {"pattern": "^/[^<>:]*$"}, "additionalProperties": {"$ref": "#/$defs/path"}},
    },
    "$defs": {
        "path": {
            "propertyNames": {"enum": sorted(openapi.METHODS)},
            "additionalProperties": {"$ref": "#/$defs/operation"},
        },
        "operation": {
            "required": ["operationId", "responses", "summary", "tags", "security", "x-access", "x-codes"],
            "properties": {
                "parameters": {"items": {"$ref": "#/$defs/parameter"}},
                "responses": {
                    "required": ["default"],
                    "propertyNames": {"pattern": "^([1-5][0-9][0-9]|default)$"},
                    "additionalProperties": {"required": ["description"]},
                },
                "requestBody": {"required": ["content"]},
            },
        },
        "parameter": {
            "required": ["name", "in", "schema"],
            "properties": {"in": {"enum": ["path", "query", "header", "cookie"]}},
        },
    },
}


def schemas_in(value: Any) -> Iterator[Any]:
    """Everything that stands under a member called ``schema``."""
    if isinstance(value, dict):
        if "schema" in value:
            yield value["schema"]
        for held in value.values():
            yield from schemas_in(held)
    elif isinstance(value, list):
        for held in value:
            yield from schemas_in(held)


def references_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for held in value.values():
            yield from references_in(held)
    elif isinstance(value, list):
        for held in value:
            yield from references_in(held)


def test_the_document_is_valid() -> None:
    document = openapi.document()
    Draft202012Validator(SHAPE).validate(document)
    for schema in [*schemas_in(document), *document["components"]["schemas"].values()]:
        Draft202012Validator.check_schema(schema)


def test_every_reference_leads_somewhere() -> None:
    document = openapi.document()
    schemas = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(references_in(document)) <= schemas


def test_an_operation_has_one_name() -> None:
    names = [operation["operationId"] for operation in openapi.operations().values()]
    assert len(names) == len(set(names))


def test_every_path_parameter_is_described() -> None:
    for name, operation in openapi.operations().items():
        described = {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "path"}
        assert described == set(re.findall(r"{(\w+)}", name)), name


def test_every_route_and_page_has_a_summary() -> None:
    assert [route["name"] for route in openapi.printed()["routes"] if not route["doc"].strip()] == []


def test_every_api_path_is_versioned_or_of_the_house() -> None:
    outside = {"/api/openapi.json", "/health/live", "/health/ready", "/metrics"}
    paths = set(openapi.document()["paths"]) - outside
    assert [path for path in paths if not path.startswith("/api/v1/")] == []


def test_only_the_doors_are_open_to_everybody() -> None:
    """A new public operation is named here after somebody has thought about it."""
    public = {name for name, operation in openapi.operations().items() if operation["x-access"]["public"]}
    assert public == {
        "GET /api/openapi.json",
        "GET /health/live",
        "GET /health/ready",
        "GET /metrics",
        "POST /api/v1/auth/token",
        "POST /api/v1/auth/refresh",
        "POST /api/v1/auth/revoke",
    }


def test_codes_are_in_lower_case_with_dots_or_ids_of_rules() -> None:
    codes = {code for operation in openapi.operations().values() for code in operation["x-codes"]}
    assert [code for code in codes if not re.fullmatch(r"[a-z][a-z_]*(\.[a-z_]+)*|[A-Z]\d\d\.[a-z_]+", code)] == []


def test_every_code_speaks_english_on_pages() -> None:
    codes = {code for operation in openapi.operations().values() for code in operation["x-codes"]}
    assert codes - PROBLEMS.keys() == set()


def test_dates_in_the_buddhist_era_are_named_so() -> None:
    """Only fields ending ``_be`` hold Buddhist years, and they are whole numbers."""
    wrong = [
        f"{name}.{member}"
        for name, schema in openapi.document()["components"]["schemas"].items()
        for member, held in schema.get("properties", {}).items()
        if member.endswith("_be") and "integer" not in str(held.get("type"))
    ]
    assert wrong == []


def test_what_programs_rely_on_is_still_there() -> None:
    kept = json.loads(openapi.KEPT.read_text())
    assert openapi.broken(kept, openapi.promises()) == [], "a code, an answer's member or an operation went away"
    assert kept == openapi.promises(), "compatible: write it with python -m tests.contracts.openapi"


def test_who_may_is_frozen_for_operations_and_pages() -> None:
    """A role that comes in, or a door that opens, shows in the file, where somebody reads it."""
    kept = json.loads(openapi.KEPT.read_text())
    assert [name for name, promised in kept.items() if not {"public", "roles"} <= promised["access"].keys()] == []
    assert len([name for name in kept if name.startswith(openapi.PAGE)]) > 90
    assert kept["GET /api/v1/audit"]["access"]["roles"] == kept["page GET /audit"]["access"]["roles"]
