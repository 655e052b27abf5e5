"""Projections; every row carries its aggregate's version."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.reporting.database import Base


class RoundFact(Base):
    """A round."""

    __tablename__ = "round_fact"

    round_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(200))
    as_of_date: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(20))
    org_path: Mapped[str] = mapped_column(String(200))


class SchoolRoundFact(Base):
    """How a school stands in a round: which file stands, and whether its numbers are confirmed."""

    __tablename__ = "school_round_fact"

    round_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    smis: Mapped[str] = mapped_column(String(8), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(200))
    amphoe: Mapped[str | None] = mapped_column(String(100))
    org_path: Mapped[str] = mapped_column(String(200), index=True)
    state: Mapped[str] = mapped_column(String(20))
    locked_from: Mapped[str | None] = mapped_column(String(20))
    submission_id: Mapped[str | None] = mapped_column(String(36))


class SubmissionFact(Base):
    """The tables of one version of a school's file."""

    __tablename__ = "submission_fact"

    submission_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    round_id: Mapped[str] = mapped_column(String(36), index=True)
    smis: Mapped[str] = mapped_column(String(8))
    tables: Mapped[dict[str, Any] | None]


class SnapshotFact(Base):
    """The tables of a school's newest snapshot; ``version`` is its number."""

    __tablename__ = "snapshot_fact"

    round_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    smis: Mapped[str] = mapped_column(String(8), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    tables: Mapped[dict[str, Any]]
