"""Schools in rounds and their history."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.rounds.database import Base
from shared.db.plumbing import Sequence
from shared.db.sealed import Sealed


class SchoolRound(Base):
    """One school in one round. ``revision`` counts its published states; ``version`` is the file that stands.

    The deadlines are the school's own: the round's until they are extended. ``locked_from`` is where it was locked; it
    stays while an extension runs after the close, since what was signed then counts until the school is locked again.
    """

    __tablename__ = "school_round"
    __table_args__ = (
        UniqueConstraint("round_id", "smis"),
        # what the clock looks for every second: who has missed a deadline, whose extension has run out
        Index(
            "ix_school_round_unconfirmed",
            "school_deadline",
            postgresql_where=text("confirmed_at IS NULL AND late_since IS NULL"),
            sqlite_where=text("confirmed_at IS NULL AND late_since IS NULL"),
        ),
        Index(
            "ix_school_round_extended",
            "extended_until",
            postgresql_where=text("extended_until IS NOT NULL"),
            sqlite_where=text("extended_until IS NOT NULL"),
        ),
    )

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
    reason: Mapped[str | None] = mapped_column(Sealed("school_round.reason"))
    due: Mapped[dt.datetime | None]
    locked_from: Mapped[str | None] = mapped_column(String(20))
    school_deadline: Mapped[dt.datetime]
    certify_deadline: Mapped[dt.datetime]
    late_since: Mapped[dt.datetime | None]
    extended_until: Mapped[dt.datetime | None]
    extension_reason: Mapped[str | None] = mapped_column(Sealed("school_round.extension_reason"))
    extension_unused: Mapped[bool] = mapped_column(default=False)
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
    reason: Mapped[str | None] = mapped_column(Sealed("school_round_history.reason"))
    detail: Mapped[dict[str, Any]]
