"""How an event type is declared, and the registry that publishers and documents read."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from marshmallow import RAISE, Schema, ValidationError

OWNERS = ("schools", "rounds", "documents")


class ContractError(Exception):
    """An event that is not declared, or whose data its schema refuses; nothing is published."""


@dataclass(frozen=True)
class EventType:
    """One kind of fact. ``name`` is in the past tense; the data carry the aggregate's whole public state.

    ``personal`` is always false: no pupil's data on the bus; a test greps the schemas.
    """

    owner: str
    name: str
    version: int
    schema: type[Schema]
    doc: str

    @property
    def type(self) -> str:
        """The CloudEvents type, also the routing key: ``rounds.round_opened.v1``."""
        return f"{self.owner}.{self.name}.v{self.version}"

    @cached_property
    def _strict(self) -> Schema:
        # making a schema takes as long as checking with it
        return self.schema(unknown=RAISE)

    def checked(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """``data`` as the schema dumps them.

        Raises:
            ContractError: a field is missing, unknown or of another type.
        """
        try:
            self._strict.load(data)
        except ValidationError as error:
            raise ContractError(f"{self.type}: {error.messages}") from error
        return dict(data)


_TYPES: dict[str, EventType] = {}


def declare(owner: str, name: str, schema: type[Schema], doc: str, version: int = 1) -> EventType:
    """Declare an event type.

    Raises:
        ContractError: it is declared twice.
    """
    declared = EventType(owner, name, version, schema, doc)
    if declared.type in _TYPES:
        raise ContractError(f"{declared.type} is declared twice")
    _TYPES[declared.type] = declared
    return declared


def all_types() -> dict[str, EventType]:
    """Every declared type by its CloudEvents name."""
    for owner in OWNERS:
        importlib.import_module(f"shared.bus.contracts.{owner}")
    return dict(sorted(_TYPES.items()))
