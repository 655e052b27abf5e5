"""The unit of work: one command, one transaction, with its audit rows and events."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event as sql_event
from sqlalchemy.orm import Session

from shared.audit.chain import ROW_CONTEXT, Entry
from shared.bus.contracts.registry import EventType
from shared.bus.envelope import Envelope, new_id
from shared.clock import Clock
from shared.db.plumbing import Plumbing
from shared.problems import forbidden
from shared.security.identity import Identity
from shared.security.vault import Vault
from shared.thai.national_id import mask_within

SYSTEM = "system"
_AT_END = "khet.at_end"


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
    """

    service: str
    session: Session
    clock: Clock
    tables: Plumbing
    caller: Identity | None
    trace: Trace
    vault: Vault
    adapters: Any = None
    operation: str = ""
    attested: list[tuple[str, str, str, Mapping[str, Any]]] = field(default_factory=list)

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

    def at_end(self, key: Hashable, work: Callable[[], None]) -> None:
        """Do ``work`` once, in this transaction, when the command is through: what is derived from all that it changed.
        Of several with one ``key`` the last one is done.
        """
        if _AT_END not in self.session.info:
            self.session.info[_AT_END] = {}
            sql_event.listen(self.session, "before_commit", _finish)
        self.session.info[_AT_END][key] = work

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part of the transaction that is kept or undone by itself; what it asked for at the end goes with it."""
        waiting = dict(self.session.info.get(_AT_END, {}))
        self.session.flush()
        try:
            with self.session.begin_nested():
                yield
        except BaseException:
            if _AT_END in self.session.info:
                self.session.info[_AT_END] = waiting
            raise

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
        self.session.add(
            self.tables.outbox(
                id=envelope.id,
                type=envelope.type,
                aggregate=subject,
                envelope=envelope.encode().decode(),
                created_at=envelope.time,
            )
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
        self.session.add(self.tables.audit(**vars(entry), mac=mac))

    def attest(self, action: str, subject: str, org_path: str, change: Mapping[str, Any]) -> None:
        """Record something that must stand in the audit log whatever becomes of this unit: that somebody looked, which
        changes nothing, or was refused, which undoes everything. It is written before the call is answered.
        """
        seen = (action, subject, org_path, change)
        if seen not in self.attested:
            self.attested.append(seen)


def _finish(session: Session) -> None:
    # a savepoint is committed, too: what waits is done there, and may be asked for anew behind it
    waiting, session.info[_AT_END] = session.info[_AT_END], {}
    for work in waiting.values():
        work()
