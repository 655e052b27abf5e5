"""Events keep their promises: no pupil's data, past tense, compatible with what was published, handled as declared."""

from __future__ import annotations

import copy
import datetime as dt
import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import func, select

from shared.bus.asyncapi import data_schema, document
from shared.bus.contracts.registry import ContractError, EventType, all_types
from shared.bus.envelope import Envelope
from shared.bus.handlers import Handler
from shared.bus.topology import handled_types
from shared.clock import clock_for
from shared.db.engine import Database
from shared.db.unit import Trace, Unit
from shared.runtime.processes import PROCESSES
from shared.security import secrets
from shared.security.vault import Vaults
from tests.contracts.compatibility import all_breaks, normal, published
from tests.contracts.examples import EXAMPLES

TYPES = all_types()
# words of a field's name that could hold who a pupil is; schools and rounds have names, people on the bus have none
PERSONAL = {
    "pupil", "student", "child", "guardian", "father", "mother", "parent", "citizen", "national", "passport", "birth",
    "birthdate", "dob", "phone", "email", "address", "given", "family", "surname", "firstname", "lastname", "nickname",
    "house", "blood", "weight", "height", "photo", "income", "person", "pid", "cid",
}  # fmt: skip
IRREGULAR_PAST = {"began", "taken", "sent", "held", "given", "written", "built", "met", "set", "put", "found", "gone"}


def types_by_name() -> list[Any]:
    return [pytest.param(event, id=name) for name, event in TYPES.items()]


def names_in(schema: Any) -> Iterator[str]:
    """Every member's name in a schema, however deep."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for held in schema.values():
            yield from names_in(held)
    elif isinstance(schema, list):
        for held in schema:
            yield from names_in(held)


def example_of(event: EventType) -> Envelope:
    data = EXAMPLES[event.schema]
    return Envelope(
        type=event.type,
        source=f"/services/{event.owner}",
        subject="example/1",
        version=3,
        time=dt.datetime(2026, 6, 9, 3, 0, tzinfo=dt.UTC),
        data=data,
        org="/obec/5704/57040001/",
    )


def dispatch_table(service: str) -> dict[str, tuple[Handler, ...]]:
    module, name = PROCESSES[service].handlers.split(":")
    return dict(getattr(importlib.import_module(module), name))


@pytest.mark.parametrize("event", types_by_name())
def test_no_field_could_hold_who_a_pupil_is(event: EventType) -> None:
    words = {word for name in names_in(data_schema(event)) for word in name.lower().split("_")}
    assert not words & PERSONAL


@pytest.mark.parametrize("event", types_by_name())
def test_a_name_is_a_fact_in_the_past_tense(event: EventType) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)+", event.name)
    last = event.name.rsplit("_", 1)[-1]
    assert last.endswith("ed") or last in IRREGULAR_PAST
    assert event.doc.strip().endswith("."), "an event has a sentence that says what happened"


def test_every_owner_is_a_service() -> None:
    owners = {event.owner for event in TYPES.values()}
    assert owners <= {name for name, process in PROCESSES.items() if process.database}


@pytest.mark.parametrize("event", types_by_name())
def test_an_example_of_every_event_is_accepted(event: EventType) -> None:
    data = EXAMPLES[event.schema]
    assert event.checked(data) == data
    Draft202012Validator(data_schema(event)).validate(data)


@pytest.mark.parametrize("event", types_by_name())
def test_an_unknown_field_is_refused_at_the_publisher(event: EventType) -> None:
    with pytest.raises(ContractError):
        event.checked({**EXAMPLES[event.schema], "citizen_id": "1570400000000"})


@pytest.mark.parametrize("event", types_by_name())
def test_every_event_is_published_and_has_not_changed_since(event: EventType) -> None:
    known = published()
    assert event.type in known, "write it with python -m tests.contracts.compatibility"
    assert all_breaks(known[event.type], normal(event)) == [], "an incompatible change needs a new version"
    assert known[event.type] == normal(event), "compatible: write it with python -m tests.contracts.compatibility"


def test_nothing_that_was_published_disappears() -> None:
    assert set(published()) <= set(TYPES)


SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["state", "rows"],
    "properties": {
        "state": {"type": "string", "enum": ["OPEN", "CLOSED"]},
        "rows": {"type": "array", "items": {"type": "object", "properties": {"male": {"type": "integer"}}}},
        "tables": {"anyOf": [{"type": "object", "properties": {"ages": {"type": "integer"}}}, {"type": "null"}]},
        "note": {"type": "string"},
    },
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """``SCHEMA`` with one place set to ``value``; None removes it."""
    schema = copy.deepcopy(SCHEMA)
    *steps, last = path.split("/")
    place: Any = schema
    for step in steps:
        place = place[int(step) if isinstance(place, list) else step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return schema


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("properties/note", None, "data.note was removed"),
        ("properties/rows/items/properties/male", None, "data.rows[].male was removed"),
        ("properties/note", {"type": "integer"}, "data.note was ['string'] and may now be ['integer']"),
        ("properties/note", {"type": ["string", "null"]}, "data.note was ['string'] and may now be ['null', 'string']"),
        ("properties/tables/anyOf/0/properties/ages", {"type": "string"}, "data.tables.ages was"),
        ("required", ["state"], "data.rows may now be missing"),
        ("required", ["state", "rows", "note"], "data.note is newly required"),
        ("properties/state/enum", ["OPEN", "CLOSED", "MERGED"], "values outside"),
        ("properties/state", {"type": "string"}, "no longer one of"),
    ],
)
def test_a_change_that_breaks_readers_is_told(path: str, value: Any, told: str) -> None:
    assert any(told in found for found in all_breaks(SCHEMA, changed(path, value)))


@pytest.mark.parametrize(
    ("path", "value"), [("properties/more", {"type": "string"}), ("properties/state/enum", ["OPEN"])]
)
def test_an_addition_or_a_narrower_promise_is_compatible(path: str, value: Any) -> None:
    assert all_breaks(SCHEMA, changed(path, value)) == []


@pytest.mark.parametrize(
    ("service", "event_type"), [(service, name) for service, names in handled_types().items() for name in names]
)
def test_every_handler_takes_a_declared_event_as_its_owner_publishes_it(
    service: str, event_type: str, tmp_path: Path
) -> None:
    assert event_type in TYPES
    definition = importlib.import_module(f"services.{service}.bootstrap").DEFINITION
    secrets.create(tmp_path)
    vault = Vaults(tmp_path / "vault").of(service)
    database = Database(f"sqlite:///{tmp_path / 'db.sqlite'}", 2, vault)
    definition.base.metadata.create_all(database.engine)
    envelope = Envelope.decode(example_of(TYPES[event_type]).encode())
    handlers = dispatch_table(service)[event_type]
    for _ in range(2):
        with database.write() as session:
            unit = Unit(service, session, clock_for(""), definition.tables, None, Trace(), vault)
            for handler in handlers:
                if handler.projects:
                    handler.function(unit, envelope)
    with database.write() as session:
        unit = Unit(service, session, clock_for(""), definition.tables, None, Trace(), vault)
        for handler in handlers:
            if not handler.projects:
                handler.function(unit, envelope)
    with database.read() as session:
        kept = {table: session.scalar(select(func.count()).select_from(table)) for table in definition.projections}
    assert max(kept.values(), default=0) <= 1, "applied twice, kept once"
    database.close()


def test_a_service_handles_nothing_of_its_own() -> None:
    for service, names in handled_types().items():
        assert not [name for name in names if TYPES[name].owner == service]


def resolves(written: Any, root: Any) -> bool:
    """Whether every reference leads somewhere."""
    if isinstance(written, dict):
        if "$ref" in written:
            place = root
            for step in written["$ref"].removeprefix("#/").split("/"):
                place = place[step]
        return all(resolves(held, root) for held in written.values())
    return all(resolves(held, root) for held in written) if isinstance(written, list) else True


def test_the_asyncapi_document_names_every_event_its_owner_and_its_readers() -> None:
    written = document()
    assert json.loads(json.dumps(written)) == written
    assert resolves(written, written)
    assert set(written["channels"]) == set(written["components"]["messages"]) == set(TYPES)
    sent = {name for name, operation in written["operations"].items() if operation["action"] == "send"}
    received = {name for name, operation in written["operations"].items() if operation["action"] == "receive"}
    assert sent == {f"{event.owner}.sends.{name}" for name, event in TYPES.items()}
    assert received == {f"{service}.receives.{n}" for service, names in handled_types().items() for n in names}


@pytest.mark.parametrize("event", types_by_name())
def test_what_is_encoded_is_what_the_asyncapi_document_says(event: EventType) -> None:
    written = document()
    message = json.loads(example_of(event).encode())
    schema = {"$ref": f"#/components/messages/{event.type}/payload", "components": written["components"]}
    Draft202012Validator(schema).validate(message)
    assert set(message) == set(written["components"]["schemas"]["Envelope"]["properties"])
