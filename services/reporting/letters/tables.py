"""Projections of letters, of what is to be done about them, of lines of books, and of who works where."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.reporting.database import Base


class UnitFact(Base):
    """An area office (``AREA``), a group of it or a school."""

    __tablename__ = "unit_fact"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(200))
    org_path: Mapped[str] = mapped_column(String(200), index=True)


class StaffFact(Base):
    """Where somebody works and what they hold; nothing else is known of people here."""

    __tablename__ = "staff_fact"

    staff_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    org_path: Mapped[str] = mapped_column(String(200), index=True)
    state: Mapped[str] = mapped_column(String(10))
    grants: Mapped[list[Any]]


class LetterFact(Base):
    """A letter: where it is (``holder_path``; ``org_path`` is the registry that owns it), and when it came how far."""

    __tablename__ = "letter_fact"
    __table_args__ = (Index("ix_letter_fact_holder_completed", "holder_path", "completed_at"),)

    letter_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    org_path: Mapped[str] = mapped_column(String(200), index=True)
    holder_path: Mapped[str] = mapped_column(String(200))
    speed: Mapped[str] = mapped_column(String(12))
    secrecy: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12))
    received_at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime | None]
    registered_at: Mapped[dt.datetime | None]
    proposed_at: Mapped[dt.datetime | None]
    assigned_at: Mapped[dt.datetime | None]
    completed_at: Mapped[dt.datetime | None]


class TaskFact(Base):
    """What somebody has to do about a letter; ``org_path`` is the unit that gave it."""

    __tablename__ = "task_fact"

    task_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    letter_id: Mapped[str] = mapped_column(String(36), index=True)
    org_path: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(12))
    assignee_id: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(10))
    due_at: Mapped[dt.datetime]
    assigned_at: Mapped[dt.datetime]
    opened_at: Mapped[dt.datetime | None]
    reported_at: Mapped[dt.datetime | None]
    closed_at: Mapped[dt.datetime | None]


class EntryFact(Base):
    """A line of a book of the unit ``owner``, also one that came from an old system."""

    __tablename__ = "entry_fact"
    __table_args__ = (Index("ix_entry_fact_org_path_date", "org_path", "entry_date"),)

    entry_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    org_path: Mapped[str] = mapped_column(String(200))
    book_kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10))
    entry_date: Mapped[dt.date]
