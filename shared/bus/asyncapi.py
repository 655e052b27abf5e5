"""The AsyncAPI 3 document of every event: channels, messages with their envelope, who sends and who receives."""

from __future__ import annotations

from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from shared.bus.contracts.registry import EventType, all_types
from shared.bus.envelope import CONTENT_TYPE
from shared.bus.topology import event_exchange, event_queue_name, handled_types

VERSION = "1"
BINDING_VERSION = "0.3.0"

_TEXT = {"type": "string"}
_ENVELOPE: dict[str, Any] = {
    "type": "object",
    "description": "CloudEvents 1.0 in structured JSON, with the house's own attributes.",
    "required": ["specversion", "id", "source", "type", "subject", "time", "aggregateversion", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "description": "UUID 7; a second delivery with it changes nothing"},
        "source": {"type": "string", "description": "`/services/<owner>`"},
        "type": {"type": "string", "description": "the event type, also the routing key"},
        "subject": {"type": "string", "description": "the aggregate, `school/57040001`"},
        "time": {"type": "string", "format": "date-time"},
        "datacontenttype": {"const": "application/json"},
        "aggregateversion": {"type": "integer", "description": "a projection applies a fact only if this is newer"},
        "actor": {"type": "string", "description": "the person's id, or `system`"},
        "org": {"type": "string", "description": "path in the organisation tree"},
        "traceparent": _TEXT,
        "correlationid": _TEXT,
        "causationid": _TEXT,
        "replay": {"type": "boolean", "description": "an old fact for the asker's projections; nothing reacts to it"},
        "data": {"type": "object", "description": "the aggregate's whole public state"},
    },
}


def document() -> dict[str, Any]:
    """The document, from the registry of contracts and the dispatch tables of the services."""
    types = all_types()
    written: dict[str, Any] = {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Khet events",
            "version": VERSION,
            "description": "Facts between the services: whole public states, and never a pupil's personal data.",
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {name: _channel(event) for name, event in types.items()},
        "operations": _operations(types),
        "components": {
            "messages": {name: _message(event) for name, event in types.items()},
            "schemas": {"Envelope": _ENVELOPE, **_data_schemas(types)},
        },
    }
    return written


def data_schema(event: EventType) -> dict[str, Any]:
    """The JSON schema of the data of ``event``, with every nested schema written out in its place."""
    schemas = _data_schemas({event.type: event})
    whole: dict[str, Any] = _written_out(schemas[_name(event.schema)], schemas)
    return whole


def _channel(event: EventType) -> dict[str, Any]:
    exchange = {"name": event_exchange(event.owner).name, "type": "topic", "durable": True, "autoDelete": False}
    return {
        "address": event.type,
        "description": event.doc,
        "messages": {event.name: {"$ref": f"#/components/messages/{event.type}"}},
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": BINDING_VERSION}},
    }


def _message(event: EventType) -> dict[str, Any]:
    return {
        "name": event.type,
        "title": event.name.replace("_", " "),
        "summary": event.doc,
        "contentType": CONTENT_TYPE,
        "payload": {
            "allOf": [
                {"$ref": "#/components/schemas/Envelope"},
                {
                    "type": "object",
                    "properties": {
                        "type": {"const": event.type},
                        "source": {"const": f"/services/{event.owner}"},
                        "data": {"$ref": f"#/components/schemas/{_name(event.schema)}"},
                    },
                },
            ]
        },
        "bindings": {"amqp": {"messageType": event.type, "bindingVersion": BINDING_VERSION}},
    }


def _operations(types: dict[str, EventType]) -> dict[str, Any]:
    operations: dict[str, Any] = {}
    for name, event in types.items():
        operations[f"{event.owner}.sends.{name}"] = _operation("send", event, {"deliveryMode": 2})
    for service, handled in handled_types().items():
        for name in handled:
            operation = _operation("receive", types[name], {"ack": True})
            operations[f"{service}.receives.{name}"] = {**operation, "x-queue": event_queue_name(service)}
    return dict(sorted(operations.items()))


def _operation(action: str, event: EventType, binding: dict[str, Any]) -> dict[str, Any]:
    channel = f"#/channels/{event.type}"
    return {
        "action": action,
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{event.name}"}],
        "bindings": {"amqp": {**binding, "bindingVersion": BINDING_VERSION}},
    }


def _data_schemas(types: dict[str, EventType]) -> dict[str, Any]:
    """Every schema of ``types`` and those nested in them, by name."""
    spec = APISpec(
        title="",
        version="",
        openapi_version="3.1.0",
        plugins=[MarshmallowPlugin(schema_name_resolver=lambda schema: _name(_class_of(schema)))],
    )
    for schema in dict.fromkeys(event.schema for event in types.values()):
        if _name(schema) not in spec.components.schemas:
            spec.components.schema(_name(schema), schema=schema)
    schemas: dict[str, Any] = spec.to_dict()["components"]["schemas"]
    return {name: _open({**held, "type": "object"}) for name, held in sorted(schemas.items())}


def _open(value: Any) -> Any:
    """Without the ban on further members: publishers obey it, readers ignore what they do not know."""
    if isinstance(value, dict):
        return {key: _open(held) for key, held in value.items() if (key, held) != ("additionalProperties", False)}
    return [_open(held) for held in value] if isinstance(value, list) else value


def _class_of(schema: Any) -> type[Schema]:
    return schema if isinstance(schema, type) else type(schema)


def _name(schema: type[Schema]) -> str:
    return schema.__name__


def _written_out(value: Any, schemas: dict[str, Any]) -> Any:
    if isinstance(value, dict):
        if "$ref" in value:
            return _written_out(schemas[value["$ref"].rsplit("/", 1)[-1]], schemas)
        return {key: _written_out(held, schemas) for key, held in value.items()}
    return [_written_out(held, schemas) for held in value] if isinstance(value, list) else value
