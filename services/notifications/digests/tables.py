"""What digests are made of, and which were sent."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Date, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.database import Base


class RoundFact(Base):
    """A round."""

    __tablename__ = "round_fact"

    round_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(20))
    org_path: Mapped[str] = mapped_column(String(200), index=True)


class SchoolRoundFact(Base):
    """How a school stands in a round, with its own deadlines."""

    __tablename__ = "school_round_fact"
    __table_args__ = (Index("ix_school_round_fact_deadlines", "state", "school_deadline", "certify_deadline"),)

    round_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    smis: Mapped[str] = mapped_column(String(8), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    round_title: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(200))
    org_path: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20))
    school_deadline: Mapped[dt.datetime]
    certify_deadline: Mapped[dt.datetime]


class DigestRun(Base):
    """That the digests of a day were sent to an area and its schools."""

    __tablename__ = "digest_run"

    day: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    area_path: Mapped[str] = mapped_column(String(200), primary_key=True)
    sent_at: Mapped[dt.datetime]
    messages: Mapped[int] = mapped_column(Integer)


class TaskFact(Base):
    """What somebody has to do about a letter, or to read; no word of the letter."""

    __tablename__ = "task_fact"
    __table_args__ = (Index("ix_task_fact_state", "state", "org_path"),)

    task_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    assignee_id: Mapped[str] = mapped_column(String(60))
    org_path: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(10))
    assigned_at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime]


class CirculationFact(Base):
    """A letter that was sent round, and who has not opened it; no word of the letter."""

    __tablename__ = "circulation_fact"

    circulation_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    org_path: Mapped[str] = mapped_column(String(200))
    waits: Mapped[bool] = mapped_column(index=True)
    unread: Mapped[list[Any]]


class TaskDigestRun(Base):
    """That people were told of their letters on a day."""

    __tablename__ = "task_digest_run"

    day: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    sent_at: Mapped[dt.datetime]
    messages: Mapped[int] = mapped_column(Integer)
