"""Saved views; each is one person's alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.documents.database import Base
from shared.db.sealed import Sealed, SealedDocument


class SavedView(Base):
    """A view of ``person_id``. Its name and what it looks for are that person's words, and may be names of others.
    ``version`` is the entity tag.
    """

    __tablename__ = "saved_view"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(60), index=True)
    name: Mapped[str] = mapped_column(Sealed("saved_view.name"))
    filter: Mapped[dict[str, Any]] = mapped_column(SealedDocument("saved_view.filter"))
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[dt.datetime]
