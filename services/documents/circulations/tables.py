"""Letters sent round, and for each person whether they have read; rows are never removed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.documents.database import Base
from shared.db.sealed import Sealed


class Circulation(Base):
    """A letter was sent round. ``org_path`` is the office or the group within which, ``audience`` what was chosen;
    ``revision`` counts what was told.
    """

    __tablename__ = "circulation"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    letter_id: Mapped[str] = mapped_column(ForeignKey("letter.id"), index=True)
    org_path: Mapped[str] = mapped_column(String(200))
    audience: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(Sealed("circulation.note"))
    sent_at: Mapped[dt.datetime]
    sent_by: Mapped[str] = mapped_column(String(60))
    sent_by_name: Mapped[str] = mapped_column(Sealed("circulation.sent_by_name"))
    withdrawn_at: Mapped[dt.datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(String(60))
    withdraw_reason: Mapped[str | None] = mapped_column(Sealed("circulation.withdraw_reason"))
    revision: Mapped[int] = mapped_column(Integer, default=0)


class CirculationReader(Base):
    """Somebody to whom a letter was sent round: the unit where they worked then, and when they first opened it.
    ``is_untold``: that they did has not been told yet.
    """

    __tablename__ = "circulation_reader"
    __table_args__ = (
        Index("ix_circulation_reader_letter_person", "letter_id", "person_id"),
        Index("ix_circulation_reader_person", "person_id", "circulation_id"),
        Index("ix_circulation_reader_untold", "is_untold"),
    )

    circulation_id: Mapped[str] = mapped_column(ForeignKey("circulation.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    letter_id: Mapped[str] = mapped_column(ForeignKey("letter.id"))
    unit: Mapped[str] = mapped_column(String(40))
    opened_at: Mapped[dt.datetime | None]
    is_untold: Mapped[bool] = mapped_column(default=False)
