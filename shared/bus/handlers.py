"""The dispatch table of a consuming service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.bus.contracts.registry import EventType
from shared.bus.envelope import Envelope

HandlerFunction = Callable[[Any, Envelope], None]


@dataclass(frozen=True)
class Handler:
    """What a service does on an event.

    ``projects`` says that the handler only stores a projection guarded by the aggregate's version: it is then also
    called with replayed events. Other handlers have effects and never see a replay.
    """

    event: EventType
    function: HandlerFunction
    projects: bool


def projects(event: EventType, function: HandlerFunction) -> Handler:
    """Keep what the event says as a projection; safe in any order and any number of times."""
    return Handler(event, function, projects=True)


def reacts(event: EventType, function: HandlerFunction) -> Handler:
    """Do something because of the event, exactly once."""
    return Handler(event, function, projects=False)


def dispatch(*handlers: Handler) -> Mapping[str, tuple[Handler, ...]]:
    """The table by CloudEvents type; one event may have several handlers, they share its transaction."""
    table: dict[str, tuple[Handler, ...]] = {}
    for handler in handlers:
        table[handler.event.type] = (*table.get(handler.event.type, ()), handler)
    return table
