"""Files whose bytes are to go."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from services.rounds.database import Base


class FileErasure(Base):
    """A file of the store that nothing referred to when this was written; removed at ``due_at`` if that is still so."""

    __tablename__ = "file_erasure"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    due_at: Mapped[dt.datetime] = mapped_column(index=True)
