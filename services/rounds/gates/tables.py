"""Schools in rounds, their history, their snapshots."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.rounds.database import Base
from shared.db.plumbing import Sequence
from shared.db.sealed import Sealed


class SchoolRound(Base):
    """One school in one round. ``revision`` counts its published states; ``version`` is the file that stands."""

    __tablename__ = "school_round"
    __table_args__ = (UniqueConstraint("round_id", "smis"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"))
    smis: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(200))
    amphoe: Mapped[str | None] = mapped_column(String(100))
    education_range: Mapped[str] = mapped_column(String(100))
    one_teacher: Mapped[bool]
    org_path: Mapped[str] = mapped_column(String(200), index=True)
    state: Mapped[str] = mapped_column(String(20))
    revision: Mapped[int] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer, default=0)
    submission_id: Mapped[str | None] = mapped_column(String(36))
    last_version: Mapped[int] = mapped_column(Integer, default=0)
    on_hold: Mapped[bool] = mapped_column(default=False)
    confirmed_by: Mapped[str | None] = mapped_column(String(60))
    confirmed_at: Mapped[dt.datetime | None]
    certified_by: Mapped[str | None] = mapped_column(String(60))
    certified_at: Mapped[dt.datetime | None]
    acknowledged_at: Mapped[dt.datetime | None]
    same_person: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str | None] = mapped_column(Text)
    due: Mapped[dt.datetime | None]
    locked_from: Mapped[str | None] = mapped_column(String(20))
    returns: Mapped[int] = mapped_column(Integer, default=0)


class HistoryEntry(Base):
    """One transition; rows are only ever added."""

    __tablename__ = "school_round_history"
    __table_args__ = (Index("ix_history_school_round_seq", "school_round_id", "seq"),)

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=True)
    school_round_id: Mapped[str] = mapped_column(ForeignKey("school_round.id"))
    at: Mapped[dt.datetime]
    actor_id: Mapped[str] = mapped_column(String(60))
    actor_name: Mapped[str] = mapped_column(Sealed("school_round_history.actor_name"))
    event: Mapped[str] = mapped_column(String(20))
    from_state: Mapped[str | None] = mapped_column(String(20))
    to_state: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(Text)
    detail: Mapped[dict[str, Any]]


class Snapshot(Base):
    """The numbers of a school at the close; never changed."""

    __tablename__ = "snapshot"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    smis: Mapped[str] = mapped_column(String(8))
    submission_id: Mapped[str] = mapped_column(String(36))
    version: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    locked_from: Mapped[str] = mapped_column(String(20))
    taken_at: Mapped[dt.datetime]
    counts: Mapped[dict[str, Any]]
    tables: Mapped[dict[str, Any]]
