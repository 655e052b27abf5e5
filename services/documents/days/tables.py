"""An office's own days off, and days on which it works after all."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped, mapped_column

from services.documents.database import Base


class OfficeDay(Base):
    """One day of an area: ``off`` beside the holidays, or ``worked`` though it is one."""

    __tablename__ = "office_day"

    org_path: Mapped[str] = mapped_column(String(200), primary_key=True)
    day: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str] = mapped_column(String(6))
    name: Mapped[str] = mapped_column(String(200))
    entered_at: Mapped[dt.datetime]
    entered_by: Mapped[str] = mapped_column(String(60))
