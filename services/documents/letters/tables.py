"""Letters, the units that have them, and what happened to them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.documents.database import Base
from services.documents.registers.tables import RegisterEntry
from shared.db.plumbing import Sequence
from shared.db.sealed import Sealed


class Letter(Base):
    """A letter. ``org_path`` is the registry that owns it (an area office or a school), ``holder`` the unit where it is
    now; ``again_key`` finds the same one keyed in twice. ``version`` is the entity tag, ``revision`` counts what was
    told. ``due_at`` is when its class of speed wants it dealt with; of ``registered_at`` to ``assigned_at`` the first
    time counts, ``completed_at`` is when nobody had to act any more. ``numbers`` are the lines of the books that bear
    it, the first first, ``places`` the units that have or had it: of a letter that is just keyed in they are known
    without a look into the database.
    """

    __tablename__ = "letter"
    __table_args__ = (
        Index("ix_letter_owner_state", "org_path", "state"),
        Index("ix_letter_same_document", "org_path", "doc_date", "doc_no"),
        # lists stand by them; by texts, in the order of the dictionary, only PostgreSQL has indexes (migration 0013)
        Index("ix_letter_doc_date_id", "doc_date", "id"),
        Index("ix_letter_received_at_id", "received_at", "id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    org_path: Mapped[str] = mapped_column(String(200))
    owner: Mapped[str] = mapped_column(String(40))
    holder: Mapped[str] = mapped_column(String(40))
    holder_path: Mapped[str] = mapped_column(String(200), index=True)
    direction: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(Text)
    sender: Mapped[str] = mapped_column(Text)
    receiver: Mapped[str] = mapped_column(Text)
    doc_no: Mapped[str] = mapped_column(String(100))
    doc_date: Mapped[dt.date]
    received_at: Mapped[dt.datetime]
    speed: Mapped[str] = mapped_column(String(12))
    speed_deadline: Mapped[dt.datetime | None]
    secrecy: Mapped[str] = mapped_column(String(12))
    channel: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(Text, default="")
    summary: Mapped[str | None] = mapped_column(Sealed("letter.summary"))
    state: Mapped[str] = mapped_column(String(12))
    again_key: Mapped[str] = mapped_column(String(64), index=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    revision: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[dt.datetime]
    created_by: Mapped[str] = mapped_column(String(60))
    due_at: Mapped[dt.datetime | None]
    registered_at: Mapped[dt.datetime | None]
    proposed_at: Mapped[dt.datetime | None]
    assigned_at: Mapped[dt.datetime | None]
    completed_at: Mapped[dt.datetime | None]
    closed_at: Mapped[dt.datetime | None]
    void_reason: Mapped[str | None] = mapped_column(Sealed("letter.void_reason"))
    numbers: Mapped[list[RegisterEntry]] = relationship(
        primaryjoin=lambda: RegisterEntry.letter_id == Letter.id, foreign_keys=RegisterEntry.letter_id,
        order_by=RegisterEntry.id,
    )  # fmt: skip
    places: Mapped[list[LetterPlace]] = relationship(order_by=lambda: (LetterPlace.since, LetterPlace.unit))


class LetterPlace(Base):
    """A unit that has or had a letter: its clerks and heads may read it."""

    __tablename__ = "letter_place"
    __table_args__ = (Index("ix_letter_place_org_path", "org_path", "letter_id"),)

    letter_id: Mapped[str] = mapped_column(ForeignKey("letter.id"), primary_key=True)
    unit: Mapped[str] = mapped_column(String(40), primary_key=True)
    org_path: Mapped[str] = mapped_column(String(200))
    since: Mapped[dt.datetime]


class LetterStep(Base):
    """One thing that was done with a letter; rows are only ever added."""

    __tablename__ = "letter_step"
    __table_args__ = (Index("ix_letter_step_letter_seq", "letter_id", "seq"),)

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=True)
    letter_id: Mapped[str] = mapped_column(ForeignKey("letter.id"))
    at: Mapped[dt.datetime]
    actor_id: Mapped[str] = mapped_column(String(60))
    actor_name: Mapped[str] = mapped_column(Sealed("letter_step.actor_name"))
    move: Mapped[str] = mapped_column(String(20))
    from_state: Mapped[str | None] = mapped_column(String(12))
    to_state: Mapped[str] = mapped_column(String(12))
    unit: Mapped[str] = mapped_column(String(40))
    text: Mapped[str | None] = mapped_column(Sealed("letter_step.text"))
    detail: Mapped[dict[str, Any]]
