"""Files of letters, and where a clerk wants a stamp."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Float, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.documents.database import Base


class Attachment(Base):
    """A file of a letter. ``kind`` is told by its content; ``notices`` are what a clerk should know of it."""

    __tablename__ = "attachment"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    letter_id: Mapped[str] = mapped_column(ForeignKey("letter.id"), index=True)
    role: Mapped[str] = mapped_column(String(12))
    filename: Mapped[str] = mapped_column(String(300))
    kind: Mapped[str] = mapped_column(String(8))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    pages: Mapped[int] = mapped_column(Integer)
    notices: Mapped[list[Any]]
    uploaded_at: Mapped[dt.datetime]
    uploaded_by: Mapped[str] = mapped_column(String(60))


class StampPlace(Base):
    """Where the stamp of one registration was dragged to: upper left corner in percent of the page as it is shown."""

    __tablename__ = "stamp_place"

    entry_id: Mapped[str] = mapped_column(ForeignKey("register_entry.id"), primary_key=True)
    page: Mapped[int] = mapped_column(Integer)
    x: Mapped[float] = mapped_column(Float)
    y: Mapped[float] = mapped_column(Float)
    placed_at: Mapped[dt.datetime]
    placed_by: Mapped[str] = mapped_column(String(60))
