"""Imports of old registers, while they go on and afterwards."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.documents.database import Base
from shared.db.sealed import Sealed, SealedDocument


class RegisterImport(Base):
    """A file of an old register on its way into a book. The bytes lie under ``sha256`` in the store's ``incoming`` and
    are not kept; ``report`` is what was found in them.

    ``entered`` counts the lines, ``parts`` the transactions in which they came, each told by an event of its own.
    ``problem`` ({code, title, detail}) says why it was refused.
    """

    __tablename__ = "register_import"
    __table_args__ = (
        Index("ix_register_import_book", "book_id", "created_at"),
        Index(
            "ix_register_import_waiting",
            "created_at",
            postgresql_where=text("ended_at IS NULL"),
            sqlite_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    book_id: Mapped[str] = mapped_column(ForeignKey("register_book.id"))
    dry_run: Mapped[bool]
    state: Mapped[str] = mapped_column(String(10))
    filename: Mapped[str] = mapped_column(Sealed("register_import.filename"))
    kind: Mapped[str] = mapped_column(String(10))
    sha256: Mapped[str] = mapped_column(String(64))
    report: Mapped[dict[str, Any] | None] = mapped_column(SealedDocument("register_import.report"))
    problem: Mapped[dict[str, Any] | None]
    entered: Mapped[int] = mapped_column(Integer, default=0)
    parts: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[dt.datetime]
    created_by: Mapped[str] = mapped_column(String(60))
    ended_at: Mapped[dt.datetime | None]
    progress: Mapped[dict[str, Any]]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    lease: Mapped[str | None] = mapped_column(String(36))
    lease_until: Mapped[dt.datetime | None]
