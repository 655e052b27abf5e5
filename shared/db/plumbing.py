"""The tables every service has beside its own: outbox, inbox, deferred, replays, audit and its seals, idempotency."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from shared.db.sealed import Sealed, SealedDocument

Sequence = BigInteger().with_variant(Integer, "sqlite")


class OutboxRow:
    """An event that was decided with a change and is on its way; the last one of an aggregate is kept for ever."""

    __tablename__ = "outbox"

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    type: Mapped[str] = mapped_column(String(100))
    aggregate: Mapped[str] = mapped_column(String(120))
    envelope: Mapped[str] = mapped_column(Text)
    created_at: Mapped[dt.datetime]
    published_at: Mapped[dt.datetime | None]
    claimed_until: Mapped[dt.datetime | None]

    @declared_attr.directive
    def __table_args__(cls) -> Any:  # noqa: N805
        return (
            Index(
                "ix_outbox_pending",
                "seq",
                postgresql_where=text("published_at IS NULL"),
                sqlite_where=text("published_at IS NULL"),
            ),
            Index("ix_outbox_aggregate_seq", "aggregate", "seq"),
        )


class InboxRow:
    """An event whose effect was committed here; it is written in the same transaction as the effect."""

    __tablename__ = "inbox"

    event_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    processed_at: Mapped[dt.datetime]


class DeferredRow:
    """A message that failed: it waits for its next attempt, or is parked for a person to look at."""

    __tablename__ = "deferred"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    event_id: Mapped[str | None] = mapped_column(String(36), index=True)
    type: Mapped[str] = mapped_column(String(100))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(10), index=True)
    attempt: Mapped[int]
    not_before: Mapped[dt.datetime]
    error: Mapped[str] = mapped_column(Text)
    first_failed_at: Mapped[dt.datetime]
    last_failed_at: Mapped[dt.datetime]


class ReplayRow:
    """The full replay of one owner that this service's projections asked for."""

    __tablename__ = "replays"

    owner: Mapped[str] = mapped_column(String(40), primary_key=True)
    request_id: Mapped[str] = mapped_column(String(36))
    requested_at: Mapped[dt.datetime]
    completed_at: Mapped[dt.datetime | None]


class AuditRow:
    """Who changed what, when and why. Rows are only ever added; a sealer chains them later.

    ``mac`` is made with the service's audit key when the row is written, so nobody without it can add one.
    """

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    at: Mapped[dt.datetime]
    actor: Mapped[str] = mapped_column(String(60))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(120), index=True)
    org_path: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str | None] = mapped_column(Sealed("audit.reason"))
    change: Mapped[dict[str, Any]]
    correlation_id: Mapped[str] = mapped_column(String(64))
    mac: Mapped[str | None] = mapped_column(String(64))


class AuditSealRow:
    """One link of the chain over the audit log: the row it seals and the digest over it and everything before."""

    __tablename__ = "audit_seal"

    position: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=False)
    audit_seq: Mapped[int] = mapped_column(BigInteger, unique=True)
    digest: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[dt.datetime]


class AuditHeadRow:
    """Where the chain ends. Up to ``settled_seq`` every row has been sealed long enough that none can still come;
    up to ``unkeyed_seq`` rows were written before rows had digests of their own.
    """

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(String(64))
    settled_seq: Mapped[int] = mapped_column(BigInteger)
    unkeyed_seq: Mapped[int] = mapped_column(BigInteger)


class ResealedRow:
    """A key with which everything of this service is sealed now: older keys may go."""

    __tablename__ = "resealed"

    key_id: Mapped[str] = mapped_column(String(20), primary_key=True)
    completed_at: Mapped[dt.datetime]


class IdempotencyRow:
    """The answer that was given to a request with an Idempotency-Key, stored with its effect; it may name people."""

    __tablename__ = "idempotency"

    id: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=True)
    person_id: Mapped[str] = mapped_column(String(36))
    operation: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(200))
    fingerprint: Mapped[str] = mapped_column(String(64))
    answer: Mapped[dict[str, Any]] = mapped_column(SealedDocument("idempotency.answer"))
    created_at: Mapped[dt.datetime]

    @declared_attr.directive
    def __table_args__(cls) -> Any:  # noqa: N805
        return (UniqueConstraint("person_id", "operation", "key"),)


class Plumbing:
    """The mapped plumbing classes of one service."""

    def __init__(self, base: type[DeclarativeBase]) -> None:
        self.outbox: Any = type("Outbox", (OutboxRow, base), {})
        self.inbox: Any = type("Inbox", (InboxRow, base), {})
        self.deferred: Any = type("Deferred", (DeferredRow, base), {})
        self.replays: Any = type("Replay", (ReplayRow, base), {})
        self.audit: Any = type("Audit", (AuditRow, base), {})
        self.audit_seal: Any = type("AuditSeal", (AuditSealRow, base), {})
        self.audit_head: Any = type("AuditHead", (AuditHeadRow, base), {})
        self.resealed: Any = type("Resealed", (ResealedRow, base), {})
        self.idempotency: Any = type("Idempotency", (IdempotencyRow, base), {})
