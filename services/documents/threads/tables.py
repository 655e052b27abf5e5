"""Which letter names which earlier one."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from services.documents.database import Base


class LetterReference(Base):
    """A letter names an earlier one as its reference (อ้างถึง), or answers it."""

    __tablename__ = "letter_reference"

    letter_id: Mapped[str] = mapped_column(ForeignKey("letter.id"), primary_key=True)
    linked_letter_id: Mapped[str] = mapped_column(ForeignKey("letter.id"), primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(String(10))
