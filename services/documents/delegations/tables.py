"""Delegations and handovers; rows are never removed."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.documents.database import Base
from services.documents.delegations.rules import Term
from shared.db.sealed import Sealed


class Delegation(Base):
    """``to_person`` stands in for ``from_person`` on the days from ``valid_from`` to ``valid_until``."""

    __tablename__ = "delegation"
    __table_args__ = (Index("ix_delegation_to", "to_person", "valid_until"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    org_path: Mapped[str] = mapped_column(String(200), index=True)
    from_person: Mapped[str] = mapped_column(String(60), index=True)
    to_person: Mapped[str] = mapped_column(String(60))
    capacity: Mapped[str] = mapped_column(String(10))
    order_no: Mapped[str] = mapped_column(String(100))
    valid_from: Mapped[dt.date]
    valid_until: Mapped[dt.date]
    created_at: Mapped[dt.datetime]
    created_by: Mapped[str] = mapped_column(String(60))
    revoked_at: Mapped[dt.datetime | None]
    revoked_by: Mapped[str | None] = mapped_column(String(60))

    @property
    def term(self) -> Term:
        return Term(self.valid_from, self.valid_until)


class Handover(Base):
    """All that somebody held went to somebody else: so many open tasks, and requests for numbers."""

    __tablename__ = "handover"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    org_path: Mapped[str] = mapped_column(String(200), index=True)
    from_person: Mapped[str] = mapped_column(String(60))
    to_person: Mapped[str] = mapped_column(String(60))
    order_no: Mapped[str] = mapped_column(String(100))
    reason: Mapped[str] = mapped_column(Sealed("handover.reason"))
    tasks: Mapped[int] = mapped_column(Integer)
    requests: Mapped[int] = mapped_column(Integer)
    at: Mapped[dt.datetime]
    by: Mapped[str] = mapped_column(String(60))
