"""The contact book of an area; rows are never removed."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.documents.database import Base
from shared.db.sealed import Sealed


class Contact(Base):
    """A correspondent of the area at ``org_path``. ``name_key`` is its folded name; one that was merged into another
    keeps it, so that the other is found by it. ``version`` is the entity tag.
    """

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("org_path", "name_key"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    org_path: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(Text)
    name_key: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Sealed("contact.address"))
    telephone: Mapped[str] = mapped_column(Sealed("contact.telephone"))
    email: Mapped[str] = mapped_column(Sealed("contact.email"))
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("contact.id"), index=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[dt.datetime]
    created_by: Mapped[str] = mapped_column(String(60))
