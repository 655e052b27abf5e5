"""The OpenAPI document: complete, valid, always the same."""

from __future__ import annotations

import json

from jsonschema import Draft202012Validator
from marshmallow import RAISE, Schema, fields, validate

from shared.http.openapi import document
from shared.http.routing import PUBLIC, Access, Router, Routes
from shared.http.schemas import Paging, listing

# The parts of the OpenAPI 3.1 meta-schema that a generator can get wrong.
SHAPE = {
    "type": "object",
    "required": ["openapi", "info", "paths", "components"],
    "properties": {
        "openapi": {"const": "3.1.0"},
        "info": {"type": "object", "required": ["title", "version"]},
        "paths": {
            "propertyNames": {"pattern": "^/[^<>:]*$"},
            "additionalProperties": {"additionalProperties": {"$ref": "#/$defs/operation"}},
        },
    },
    "$defs": {
        "operation": {
            "type": "object",
            "required": ["operationId", "responses", "summary", "tags", "x-access", "x-codes"],
            "properties": {
                "parameters": {"items": {"required": ["name", "in", "schema"]}},
                "responses": {
                    "propertyNames": {"pattern": "^([1-5][0-9][0-9]|default)$"},
                    "additionalProperties": {"required": ["description"]},
                },
                "requestBody": {"required": ["content"]},
            },
        }
    },
}


class CreateOrder(Schema):
    class Meta:
        unknown = RAISE

    title = fields.String(required=True, validate=validate.Length(max=200), metadata={"title": "เรื่อง"})
    due = fields.Date(required=True)


class OrderView(CreateOrder):
    id = fields.UUID(required=True)


def orders(order: int = 1) -> list[Routes]:
    one, two = Routes(tag="orders"), Routes(tag="files")

    @one.post(
        "/api/v1/orders",
        body=CreateOrder,
        answers=OrderView,
        status=201,
        access=Access(roles=("officer",), scope="area"),
        idempotent=True,
        problems=("order.dates",),
    )
    def create_order(request, office):
        """Create an order.

        It is numbered at once.
        """

    @one.get("/api/v1/orders", query=Paging, answers=listing(OrderView), access=PUBLIC)
    def list_orders(request, office):
        """List the orders."""

    @one.patch("/api/v1/orders/{id:uuid}", body=CreateOrder, answers=OrderView)
    def change_order(request, office):
        """Change an order."""

    @one.page("/orders")
    def orders_page(request, office):
        """Not part of the API."""

    @two.post("/api/v1/orders/{id}/files", body=CreateOrder, files=("file", "more*"))
    def add_order_files(request, office):
        """Add files."""

    @two.get("/api/v1/orders/{id}/file", produces="application/pdf")
    def order_file(request, office):
        """The signed order."""

    return [one, two][::order]


def made(order: int = 1):
    return document(Router(orders(order)), "Khet", "1")


def references(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from [inner] if key == "$ref" else references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_the_document_is_well_formed():
    spec = made()
    Draft202012Validator(SHAPE).validate(spec)
    for reference in references(spec):
        target = spec
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]
    for schema in spec["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_pages_are_not_part_of_it():
    assert "/orders" not in made()["paths"]
    assert set(made()["paths"]["/api/v1/orders/{id}"]) == {"patch"}


def test_an_operation_says_all_that_a_caller_needs():
    post = made()["paths"]["/api/v1/orders"]["post"]
    assert (post["operationId"], post["summary"], post["description"]) == (
        "create_order",
        "Create an order.",
        "It is numbered at once.",
    )
    assert post["security"] == [{"bearer": []}]
    assert post["x-access"] == {"public": False, "roles": ["officer"], "scope": "area", "elsewhere": None}
    assert post["x-codes"] == ["order.dates"]
    assert [parameter["name"] for parameter in post["parameters"]] == ["Idempotency-Key"]
    assert {"201", "401", "403", "409", "422", "default"} <= set(post["responses"])
    assert post["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/CreateOrder"}
    paths = made()["paths"]
    assert paths["/api/v1/orders"]["get"]["security"] == []
    assert {"limit", "cursor"} == {p["name"] for p in paths["/api/v1/orders"]["get"]["parameters"]}
    assert {"412", "428"} <= set(paths["/api/v1/orders/{id}"]["patch"]["responses"])
    upload = paths["/api/v1/orders/{id}/files"]["post"]["requestBody"]
    assert list(upload["content"]) == ["multipart/form-data"]
    assert upload["required"]
    pdf = paths["/api/v1/orders/{id}/file"]["get"]["responses"]["200"]
    assert list(pdf["content"]) == ["application/pdf"]


def test_dates_are_iso_and_the_names_thai():
    schema = made()["components"]["schemas"]["CreateOrder"]
    assert schema["properties"]["due"] == {"type": "string", "format": "date"}
    assert schema["properties"]["title"]["title"] == "เรื่อง"
    assert schema["additionalProperties"] is False


def test_the_order_of_modules_does_not_matter():
    assert json.dumps(made()) == json.dumps(made(-1))
