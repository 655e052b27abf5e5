"""Tasks, and what those who decide wrote on letters."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.documents.database import Base
from shared.db.plumbing import Sequence
from shared.db.sealed import Sealed


class Task(Base):
    """Somebody has to act on a letter, or to know of it. ``org_path`` is the unit that assigned it."""

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_assignee_state", "assignee_id", "state"),
        Index("ix_task_org_path_state", "org_path", "state"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    letter_id: Mapped[str] = mapped_column(ForeignKey("letter.id"), index=True)
    org_path: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(12))
    assignee_id: Mapped[str] = mapped_column(String(60))
    assigned_by: Mapped[str] = mapped_column(String(60))
    assigned_by_name: Mapped[str] = mapped_column(Sealed("task.assigned_by_name"))
    instruction: Mapped[str] = mapped_column(Sealed("task.instruction"))
    due_at: Mapped[dt.datetime]
    state: Mapped[str] = mapped_column(String(10))
    revision: Mapped[int] = mapped_column(Integer, default=0)
    assigned_at: Mapped[dt.datetime]
    opened_at: Mapped[dt.datetime | None]
    accepted_at: Mapped[dt.datetime | None]
    reported_at: Mapped[dt.datetime | None]
    closed_at: Mapped[dt.datetime | None]
    report: Mapped[str | None] = mapped_column(Sealed("task.report"))


class Endorsement(Base):
    """What somebody wrote on a letter (เกษียน), with the name and capacity they had then; rows are only ever added."""

    __tablename__ = "endorsement"
    __table_args__ = (Index("ix_endorsement_letter_seq", "letter_id", "seq"),)

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=True)
    letter_id: Mapped[str] = mapped_column(ForeignKey("letter.id"))
    author_id: Mapped[str] = mapped_column(String(60))
    author_name: Mapped[str] = mapped_column(Sealed("endorsement.author_name"))
    capacity: Mapped[str] = mapped_column(String(200))
    verdict: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Sealed("endorsement.text"))
    at: Mapped[dt.datetime]
