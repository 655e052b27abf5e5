"""Files of the area, and what became of each school in them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.rounds.database import Base
from shared.db.sealed import Sealed, SealedDocument


class Batch(Base):
    """A file with several schools. Its bytes lie under ``sha256`` until a while after the parts hold its rows.

    ``rows`` counts its pupils, ``findings`` is what is wrong with the file as a whole: it cannot be read, or rows bear
    codes of no school of the round.
    """

    __tablename__ = "batch"
    __table_args__ = (
        Index("ix_batch_round", "round_id", "created_at"),
        Index(
            "ix_batch_waiting",
            "created_at",
            postgresql_where=text("state = 'RECORDING'"),
            sqlite_where=text("state = 'RECORDING'"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"))
    org_path: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20))
    filename: Mapped[str] = mapped_column(Sealed("batch.filename"))
    kind: Mapped[str] = mapped_column(String(10))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(Integer)
    include_confirmed: Mapped[bool]
    uploaded_by: Mapped[str] = mapped_column(String(60))
    uploaded_by_name: Mapped[str] = mapped_column(Sealed("batch.uploaded_by_name"))
    created_at: Mapped[dt.datetime]
    split_at: Mapped[dt.datetime | None]
    rows: Mapped[int] = mapped_column(Integer, default=0)
    findings: Mapped[list[Any]] = mapped_column(SealedDocument("batch.findings"))
    progress: Mapped[dict[str, Any]]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    lease: Mapped[str | None] = mapped_column(String(36))
    lease_until: Mapped[dt.datetime | None]


class BatchSchool(Base):
    """A school in an area's file: how many rows, the first of them, and its version or why it got none."""

    __tablename__ = "batch_school"

    batch_id: Mapped[str] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    smis: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    rows: Mapped[int] = mapped_column(Integer)
    first_row: Mapped[int] = mapped_column(Integer)
    skipped: Mapped[str | None] = mapped_column(String(20))
    submission_id: Mapped[str | None] = mapped_column(ForeignKey("submission.id"))
