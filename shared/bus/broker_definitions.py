"""RabbitMQ's definitions, generated from contracts and dispatch tables: who may declare, publish and read what.

A user per process with the least it needs. The broker then holds back a process that went astray: it can publish only
the events it owns, bind only those it handles, call (the gateway) or answer (a service), and read its own queues.
"""

from __future__ import annotations

import base64
import hashlib
import importlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.bus.contracts.registry import all_types
from shared.bus.handlers import Handler
from shared.bus.topology import (
    DEAD_EXCHANGE,
    RPC_EXCHANGE,
    dead_queue,
    dead_queue_name,
    event_exchange,
    event_queue,
    event_queue_name,
)
from shared.runtime.processes import PROCESSES, Process

VHOST = "khet"
MONITOR = "monitor"
UNROUTABLE = "khet.unroutable"
UNROUTABLE_KEPT = 10_000
UNROUTABLE_MILLISECONDS = 7 * 24 * 3600 * 1000
DEFAULT_EXCHANGE = "amq.default"
REPLY_KEY = "[0-9a-f-]{36}"
NOTHING = "^$"
SALT_BYTES = 4


class PasswordMissing(Exception):
    """A broker user without a password; the message names the variable."""


@dataclass(frozen=True)
class Rights:
    """What a user may do, as alternatives of regular expressions over names of queues and exchanges.

    ``topics`` narrows topic exchanges by routing key: exchange → (what may be written, what may be bound).
    """

    configure: tuple[str, ...]
    write: tuple[str, ...]
    read: tuple[str, ...]
    topics: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]


def users() -> tuple[str, ...]:
    """Every user of the broker: one per process and one that only looks."""
    return (*PROCESSES, MONITOR)


def rights_of(name: str) -> Rights:
    """The rights of one process, from what its contracts and dispatch table say it does."""
    process = PROCESSES[name]
    return _service_rights(process) if process.database else _gateway_rights(process)


def _gateway_rights(process: Process) -> Rights:
    """Calls services and reads the answers; touches no event."""
    replies = rf"rpc\.reply-{re.escape(process.name)}-{REPLY_KEY}"
    called = tuple(rf"{re.escape(name)}\.[a-z_]+" for name, other in PROCESSES.items() if other.database)
    own = (replies, re.escape(RPC_EXCHANGE))
    return Rights(own, own, own, {RPC_EXCHANGE: (called, (REPLY_KEY,))})


def _service_rights(process: Process) -> Rights:
    name, handlers = process.name, _handlers(process)
    queues = tuple(re.escape(queue) for queue in (event_queue_name(name), dead_queue_name(name), f"rpc-{name}"))
    owned = tuple(event.type for event in all_types().values() if event.owner == name)
    topics: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
        # answers go to the caller's own key: a service can call nobody
        RPC_EXCHANGE: ((REPLY_KEY,), (rf"{re.escape(name)}\.\*",))
    }
    own_exchange = f"{name}.events"
    if owned:
        topics[own_exchange] = (_exactly(owned), ())
    for owner, types in _by_owner(handlers).items():
        written = topics.get(f"{owner}.events", ((), ()))[0]
        topics[f"{owner}.events"] = (written, _exactly(types))
    bound = tuple(re.escape(f"{owner}.events") for owner in sorted(_by_owner(handlers)))
    exchanges = (*bound, re.escape(DEAD_EXCHANGE), re.escape(RPC_EXCHANGE))
    writes = (*queues, re.escape(RPC_EXCHANGE), *((re.escape(own_exchange),) if owned else ()))
    if _replays(name):
        writes = (*writes, re.escape(DEFAULT_EXCHANGE))
    # kombu declares the exchanges that a queue is bound to along with it, so configure covers them too
    return Rights((*queues, *exchanges), writes, (*queues, *exchanges), topics)


def _handlers(process: Process) -> Mapping[str, tuple[Handler, ...]]:
    if not process.handlers:
        return {}
    module, name = process.handlers.split(":")
    table: Mapping[str, tuple[Handler, ...]] = getattr(importlib.import_module(module), name)
    return table


def _by_owner(handlers: Iterable[str]) -> dict[str, list[str]]:
    owners: dict[str, list[str]] = {}
    for event_type in sorted(handlers):
        owners.setdefault(event_type.split(".", 1)[0], []).append(event_type)
    return owners


def _replays(name: str) -> bool:
    """Whether ``name`` asks for replays or answers them: both go straight into the other's queue."""
    asked = {process.name: _projected_owners(process) for process in PROCESSES.values()}
    return bool(asked[name]) or any(name in owners for owners in asked.values())


def _projected_owners(process: Process) -> set[str]:
    return {entry.event.owner for entries in _handlers(process).values() for entry in entries if entry.projects}


def _exactly(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(re.escape(name) for name in names)


def _pattern(alternatives: Iterable[str]) -> str:
    joined = "|".join(dict.fromkeys(alternatives))
    return f"^({joined})$" if joined else NOTHING


def passwords_from(environ: Mapping[str, str]) -> dict[str, str]:
    """The password of every user: ``BROKER_PASSWORD_<USER>``, or the file that ``BROKER_PASSWORD_<USER>_FILE`` names.

    Raises:
        PasswordMissing: there is none for a user; nobody has a default one.
    """
    return {user: _password(user, environ) for user in users()}


def _password(user: str, environ: Mapping[str, str]) -> str:
    variable = f"BROKER_PASSWORD_{user.upper()}"
    file = environ.get(f"{variable}_FILE", "")
    password = Path(file).read_text().strip() if file else environ.get(variable, "")
    if not password:
        raise PasswordMissing(f"{variable} (or {variable}_FILE) is needed")
    return password


def password_hash(user: str, password: str) -> str:
    """RabbitMQ's salted SHA-256.

    The salt comes from user and password, so that the same passwords give the same file and an unchanged one is not
    imported again; two users with one password still have different hashes.
    """
    salt = hashlib.sha256(f"{user}\0{password}".encode()).digest()[:SALT_BYTES]
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def document(passwords: Mapping[str, str], vhost: str = VHOST) -> dict[str, Any]:
    """The definitions of one virtual host and its users, ready for ``load_definitions`` or the management API."""
    rights = {name: rights_of(name) for name in PROCESSES}
    return {
        "users": [_user(name, passwords[name], ["monitoring"] if name == MONITOR else []) for name in users()],
        "vhosts": [{"name": vhost}],
        "permissions": [
            *(_permission(vhost, name, right) for name, right in rights.items()),
            _permission(vhost, MONITOR, Rights((), (), (), {})),
        ],
        "topic_permissions": [
            {"vhost": vhost, "user": name, "exchange": exchange, "write": _pattern(write), "read": _pattern(read)}
            for name, right in rights.items()
            for exchange, (write, read) in sorted(right.topics.items())
        ],
        "policies": _policies(vhost),
        "exchanges": _exchanges(vhost),
        "queues": _queues(vhost),
        "bindings": _bindings(vhost),
    }


def _user(name: str, password: str, tags: list[str]) -> dict[str, Any]:
    return {
        "name": name,
        "password_hash": password_hash(name, password),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": tags,
    }


def _permission(vhost: str, user: str, rights: Rights) -> dict[str, Any]:
    return {
        "vhost": vhost,
        "user": user,
        "configure": _pattern(rights.configure),
        "write": _pattern(rights.write),
        "read": _pattern(rights.read),
    }


def _policies(vhost: str) -> list[dict[str, Any]]:
    """What may change without declaring a queue anew: dead letters are kept, unroutable events are seen."""
    return [
        {
            "vhost": vhost,
            "name": "events",
            "pattern": r"^events\.",
            "apply-to": "queues",
            "priority": 0,
            "definition": {"dead-letter-strategy": "at-least-once", "overflow": "reject-publish"},
        },
        {
            "vhost": vhost,
            "name": "unroutable-events",
            "pattern": r"\.events$",
            "apply-to": "exchanges",
            "priority": 0,
            "definition": {"alternate-exchange": UNROUTABLE},
        },
        {
            # facts that nobody follows yet come here too; their owner keeps the last of each, so old ones may go
            "vhost": vhost,
            "name": "unroutable-kept",
            "pattern": f"^{re.escape(UNROUTABLE)}$",
            "apply-to": "queues",
            "priority": 0,
            "definition": {
                "max-length": UNROUTABLE_KEPT,
                "overflow": "drop-head",
                "message-ttl": UNROUTABLE_MILLISECONDS,
            },
        },
    ]


def _exchanges(vhost: str) -> list[dict[str, Any]]:
    kinds = {event_exchange(name).name: "topic" for name in PROCESSES}
    kinds |= {RPC_EXCHANGE: "topic", DEAD_EXCHANGE: "direct", UNROUTABLE: "fanout"}
    return [
        {
            "vhost": vhost,
            "name": name,
            "type": kind,
            "durable": True,
            "auto_delete": False,
            "internal": False,
            "arguments": {},
        }
        for name, kind in sorted(kinds.items())
    ]


def _queues(vhost: str) -> list[dict[str, Any]]:
    declared = [
        queue for name, types in _dispatched().items() for queue in (event_queue(name, types), dead_queue(name))
    ]
    arguments = {queue.name: dict(queue.queue_arguments) for queue in declared}
    arguments[UNROUTABLE] = {"x-queue-type": "quorum"}
    return [
        {"vhost": vhost, "name": name, "durable": True, "auto_delete": False, "arguments": held}
        for name, held in sorted(arguments.items())
    ]


def _bindings(vhost: str) -> list[dict[str, Any]]:
    bindings = [(UNROUTABLE, UNROUTABLE, "")]
    for service, types in _dispatched().items():
        bindings.append((DEAD_EXCHANGE, dead_queue_name(service), service))
        for owner, owned in _by_owner(types).items():
            bindings += [(f"{owner}.events", event_queue_name(service), event_type) for event_type in owned]
    return [
        {
            "vhost": vhost,
            "source": source,
            "destination": queue,
            "destination_type": "queue",
            "routing_key": key,
            "arguments": {},
        }
        for source, queue, key in sorted(bindings)
    ]


def _dispatched() -> dict[str, list[str]]:
    """Every service that consumes, with the types in its dispatch table."""
    return {process.name: sorted(_handlers(process)) for process in PROCESSES.values() if process.handlers}
