"""The projections of units and of staff; ``version`` is their owner's."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.documents.database import Base


class OfficeUnit(Base):
    """An area office, a group of it or a school, as its owner last described it."""

    __tablename__ = "office_unit"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(200))
    org_path: Mapped[str] = mapped_column(String(200), index=True)
    state: Mapped[str] = mapped_column(String(10))


class Staff(Base):
    """Somebody who works in ``unit`` and what they hold; names stay with the owner of people."""

    __tablename__ = "staff"
    __table_args__ = (Index("ix_staff_org_path", "org_path"),)

    staff_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    unit: Mapped[str] = mapped_column(String(40))
    org_path: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10))
    grants: Mapped[list[Any]]
