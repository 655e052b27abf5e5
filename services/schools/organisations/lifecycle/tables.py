"""The history of schools."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.schools.database import Base


class SchoolEvent(Base):
    """A change in the life of a school, with the order behind it. Rows are only added; of a planned one the state moves
    once, to what became of it, with who settled it and why.

    ``unit_id`` is null until the school that it opens exists; ``smis`` is the code the school bore when it was
    recorded. ``before`` is known when it has been applied.
    """

    __tablename__ = "school_event"
    __table_args__ = (Index("ix_school_event_state_effective_on", "state", "effective_on"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    area_id: Mapped[str] = mapped_column(ForeignKey("org_unit.id"))
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("org_unit.id"), index=True)
    successor_id: Mapped[str | None] = mapped_column(ForeignKey("org_unit.id"), index=True)
    smis: Mapped[str] = mapped_column(String(8))
    org_path: Mapped[str] = mapped_column(String(200), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10))
    order_no: Mapped[str | None] = mapped_column(String(100))
    order_date: Mapped[dt.date | None]
    effective_on: Mapped[dt.date]
    effective_year_be: Mapped[int]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any]]
    note: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[dt.datetime]
    recorded_by: Mapped[str] = mapped_column(String(36))
    settled_at: Mapped[dt.datetime | None]
    settled_by: Mapped[str | None] = mapped_column(String(36))
    settled_note: Mapped[str | None] = mapped_column(Text)
