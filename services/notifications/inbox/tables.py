"""Messages and who has read them."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.database import Base


class Message(Base):
    """A message to a role at an organisation, or to one person; ``dedupe_key`` makes it be sent once whatever happens
    on the way.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("dedupe_key"),
        Index("ix_message_address", "role", "org_path", "id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(String(200))
    person_id: Mapped[str | None] = mapped_column(String(60), index=True)
    role: Mapped[str] = mapped_column(String(40))
    org_path: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    round_id: Mapped[str | None] = mapped_column(String(36))
    smis: Mapped[str | None] = mapped_column(String(8))
    created_at: Mapped[dt.datetime]


class MessageRead(Base):
    """That a person has read a message."""

    __tablename__ = "message_read"

    message_id: Mapped[str] = mapped_column(ForeignKey("message.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    read_at: Mapped[dt.datetime]
