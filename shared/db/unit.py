"""The unit of work: one command, one transaction, with its audit rows and events."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.audit.chain import ROW_CONTEXT, Entry
from shared.bus.contracts.registry import EventType
from shared.bus.envelope import Envelope, new_id
from shared.clock import Clock
from shared.db.ending import UnitSession
from shared.db.plumbing import Plumbing
from shared.problems import forbidden
from shared.security.identity import Identity
from shared.security.vault import Vault
from shared.thai.national_id import mask_within

SYSTEM = "system"


@dataclass(frozen=True)
class Trace:
    """What ties a call, its events and its log lines together."""

    correlation_id: str = field(default_factory=new_id)
    causation_id: str = ""
    traceparent: str = ""


@dataclass
class Unit:
    """What a command may use: the session, the clock, who calls; and the two things it must leave behind.

    Commands never commit. ``caller`` is None for the system itself (timers, events). ``vault`` seals and makes blind
    indexes with the service's own keys. ``operation`` is the call that is answered; ``attested`` see :meth:`attest`.
    ``known`` is what was looked up about the caller: a session may be shared with units of others.
    """

    service: str
    session: UnitSession
    clock: Clock
    tables: Plumbing
    caller: Identity | None
    trace: Trace
    vault: Vault
    adapters: Any = None
    operation: str = ""
    attested: list[tuple[str, str, str, Mapping[str, Any]]] = field(default_factory=list)
    known: dict[str, Any] = field(default_factory=dict)

    @property
    def identity(self) -> Identity:
        """The caller.

        Raises:
            Problem: ``forbidden`` when there is none.
        """
        if self.caller is None:
            raise forbidden("รายการนี้ต้องมีผู้ทำรายการ")
        return self.caller

    @property
    def actor(self) -> str:
        return self.caller.person_id if self.caller else SYSTEM

    def now(self) -> dt.datetime:
        return self.clock.now()

    def emit(self, event: EventType, subject: str, version: int, data: Mapping[str, Any], org_path: str) -> None:
        """Put a fact into the outbox of this transaction.

        Raises:
            ContractError: the data do not fit the event's contract.
        """
        envelope = Envelope(
            type=event.type,
            source=f"/services/{self.service}",
            subject=subject,
            version=version,
            time=self.now(),
            data=event.checked(data),
            actor=self.actor,
            org=org_path,
            traceparent=self.trace.traceparent,
            correlation_id=self.trace.correlation_id,
            causation_id=self.trace.causation_id,
        )
        self.session.append(
            self.tables.outbox,
            id=envelope.id,
            type=envelope.type,
            aggregate=subject,
            envelope=envelope.encode().decode(),
            created_at=envelope.time,
        )

    def audit(
        self, action: str, subject: str, org_path: str, change: Mapping[str, Any], reason: str | None = None
    ) -> None:
        """Record who changed what in this transaction. ``change`` holds no pupil's data and nobody's name; an id typed
        into ``reason`` is masked.
        """
        entry = Entry(
            id=new_id(),
            at=self.now(),
            actor=self.actor,
            action=action,
            subject=subject,
            org_path=org_path,
            reason=mask_within(reason) if reason else reason,
            change=json.loads(json.dumps(change)),
            correlation_id=self.trace.correlation_id,
        )
        mac = self.vault.mac(ROW_CONTEXT, entry.canonical())
        self.session.append(self.tables.audit, **vars(entry), mac=mac)

    def attest(self, action: str, subject: str, org_path: str, change: Mapping[str, Any]) -> None:
        """Record something that must stand in the audit log whatever becomes of this unit: that somebody looked, which
        changes nothing, or was refused, which undoes everything. It is written before the call is answered.
        """
        seen = (action, subject, org_path, change)
        if seen not in self.attested:
            self.attested.append(seen)
