"""Exchanges and queues: their names, their kombu declarations, and the broker's definitions made from them.

One topic exchange per publishing service, one event queue per consuming service (its name has nothing to do with the
names of handlers), one dead-letter queue per consuming service for what the broker gives up on.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from typing import Any

from kombu import Exchange, Queue, binding

from shared.runtime.processes import PROCESSES

DEAD_EXCHANGE = "khet.dead"
RPC_EXCHANGE = "nameko-rpc"
DELIVERY_LIMIT = 20


def event_exchange(owner: str) -> Exchange:
    """The exchange on which ``owner`` publishes its facts."""
    return Exchange(f"{owner}.events", type="topic", durable=True)


def event_queue_name(service: str) -> str:
    return f"events.{service}"


def dead_queue_name(service: str) -> str:
    return f"dead.{service}"


def event_queue(service: str, types: Iterable[str]) -> Queue:
    """The quorum queue of ``service``, bound to every event type it handles."""
    bindings = [binding(event_exchange(name.split(".", 1)[0]), routing_key=name) for name in sorted(types)]
    return Queue(
        event_queue_name(service),
        bindings=bindings,
        durable=True,
        queue_arguments={
            "x-queue-type": "quorum",
            "x-delivery-limit": DELIVERY_LIMIT,
            "x-dead-letter-exchange": DEAD_EXCHANGE,
            "x-dead-letter-routing-key": service,
        },
    )


def dead_queue(service: str) -> Queue:
    """Where the broker puts what it gives up on; the service itself files it as parked."""
    return Queue(
        dead_queue_name(service),
        exchange=Exchange(DEAD_EXCHANGE, type="direct", durable=True),
        routing_key=service,
        durable=True,
        queue_arguments={"x-queue-type": "quorum"},
    )


def handled_types() -> dict[str, list[str]]:
    """For every service, the event types in its dispatch table."""
    tables: dict[str, list[str]] = {}
    for process in PROCESSES.values():
        if process.handlers:
            module, name = process.handlers.split(":")
            handlers: Mapping[str, Any] = getattr(importlib.import_module(module), name)
            tables[process.name] = sorted(handlers)
    return tables


def declare_all(channel: Any) -> None:
    """Declare every exchange and queue, so that no event is published before its consumers' queues exist."""
    Exchange(RPC_EXCHANGE, type="topic", durable=True)(channel).declare()
    for process in PROCESSES.values():
        event_exchange(process.name)(channel).declare()
    for service, types in handled_types().items():
        event_queue(service, types)(channel).declare()
        dead_queue(service)(channel).declare()
