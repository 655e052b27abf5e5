"""Appointments, the personal lists of letters, and openings; rows are never removed."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.documents.database import Base
from services.documents.delegations.rules import Term
from shared.db.sealed import Sealed


class Clearance(Base):
    """Somebody is cleared for letters of one office or school (``unit``, at ``org_path``), not of what lies below it,
    on the days from ``valid_from`` to ``valid_until``.
    """

    __tablename__ = "clearance"
    __table_args__ = (Index("ix_clearance_person", "person_id", "valid_until"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    unit: Mapped[str] = mapped_column(String(40))
    org_path: Mapped[str] = mapped_column(String(200), index=True)
    person_id: Mapped[str] = mapped_column(String(60))
    post: Mapped[str] = mapped_column(String(10))
    level: Mapped[str] = mapped_column(String(12))
    order_no: Mapped[str] = mapped_column(String(100))
    order_date: Mapped[dt.date]
    valid_from: Mapped[dt.date]
    valid_until: Mapped[dt.date]
    created_at: Mapped[dt.datetime]
    created_by: Mapped[str] = mapped_column(String(60))
    ended_at: Mapped[dt.datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(60))
    end_reason: Mapped[str | None] = mapped_column(Sealed("clearance.end_reason"))

    @property
    def term(self) -> Term:
        return Term(self.valid_from, self.valid_until)


class LetterReader(Base):
    """Somebody stands on the personal list of a letter, until ``removed_at``."""

    __tablename__ = "letter_reader"

    letter_id: Mapped[str] = mapped_column(ForeignKey("letter.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    added_at: Mapped[dt.datetime]
    added_by: Mapped[str] = mapped_column(String(60))
    removed_at: Mapped[dt.datetime | None]


class Opening(Base):
    """Somebody has said why they open a letter; it is open to them ``until`` then."""

    __tablename__ = "letter_opening"
    __table_args__ = (Index("ix_letter_opening_letter_person", "letter_id", "person_id", "until"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    letter_id: Mapped[str] = mapped_column(ForeignKey("letter.id"))
    person_id: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(Sealed("letter_opening.reason"))
    opened_at: Mapped[dt.datetime]
    until: Mapped[dt.datetime]
