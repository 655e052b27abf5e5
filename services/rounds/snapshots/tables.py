"""Snapshots."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.rounds.database import Base


class Snapshot(Base):
    """The numbers of a school when it was locked; never changed. What is amended later gets the next ``number``."""

    __tablename__ = "snapshot"
    __table_args__ = (
        UniqueConstraint("round_id", "smis", "number"),
        Index("ix_snapshot_submission", "submission_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    smis: Mapped[str] = mapped_column(String(8))
    number: Mapped[int] = mapped_column(Integer)
    submission_id: Mapped[str] = mapped_column(String(36))
    version: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    locked_from: Mapped[str] = mapped_column(String(20))
    taken_at: Mapped[dt.datetime]
    counts: Mapped[dict[str, Any]]
    tables: Mapped[dict[str, Any]]
