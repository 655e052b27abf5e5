"""Projections; every row carries its aggregate's version."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.reporting.database import Base


class SchoolFact(Base):
    """A school's place in the tree, and the cluster (เครือข่าย) to which it belongs now."""

    __tablename__ = "school_fact"

    smis: Mapped[str] = mapped_column(String(8), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    org_path: Mapped[str] = mapped_column(String(200), index=True)
    cluster: Mapped[str | None] = mapped_column(String(200))


class RoundFact(Base):
    """A round."""

    __tablename__ = "round_fact"

    round_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    system: Mapped[str] = mapped_column(String(10))
    year_be: Mapped[int] = mapped_column(Integer)
    round_no: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(200))
    as_of_date: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(20))
    org_path: Mapped[str] = mapped_column(String(200))
    closed_at: Mapped[str | None] = mapped_column(String(40))


class SchoolRoundFact(Base):
    """How a school stands in a round: which file stands, whether its numbers are confirmed, its returns."""

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
    school_deadline: Mapped[str] = mapped_column(String(40))
    confirmed_at: Mapped[str | None] = mapped_column(String(40))
    returns: Mapped[int | None] = mapped_column(Integer)


class SubmissionFact(Base):
    """One version (``number``) of a school's file: what its check counted, and its tables once it was accepted."""

    __tablename__ = "submission_fact"

    submission_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    round_id: Mapped[str] = mapped_column(String(36), index=True)
    smis: Mapped[str] = mapped_column(String(8))
    number: Mapped[int] = mapped_column(Integer)
    counts: Mapped[dict[str, Any]]
    tables: Mapped[dict[str, Any] | None]


class SnapshotFact(Base):
    """The tables of a school's newest snapshot; ``version`` is its number."""

    __tablename__ = "snapshot_fact"

    round_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    smis: Mapped[str] = mapped_column(String(8), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    tables: Mapped[dict[str, Any]]


class DuplicateFact(Base):
    """A pupil who may stand in the files of two schools of a round, and what was decided; nothing of the pupil."""

    __tablename__ = "duplicate_fact"

    case_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    round_id: Mapped[str] = mapped_column(String(36), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    first_smis: Mapped[str] = mapped_column(String(8))
    second_smis: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(10))
    keep: Mapped[str | None] = mapped_column(String(8))
    found_at: Mapped[str] = mapped_column(String(40))
