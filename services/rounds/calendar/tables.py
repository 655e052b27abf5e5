"""Rounds."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.rounds.database import Base


class Round(Base):
    """A data round of one area. ``revision`` counts its published states, ``amendments`` changes of public numbers."""

    __tablename__ = "round"
    __table_args__ = (UniqueConstraint("org_path", "system", "year_be", "round_no"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    org_path: Mapped[str] = mapped_column(String(200), index=True)
    area_name: Mapped[str] = mapped_column(String(200))
    system: Mapped[str] = mapped_column(String(10))
    year_be: Mapped[int] = mapped_column(Integer)
    round_no: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(200))
    as_of_date: Mapped[dt.date]
    open_at: Mapped[dt.datetime]
    confirm_from: Mapped[dt.datetime | None]
    school_deadline: Mapped[dt.datetime]
    certify_deadline: Mapped[dt.datetime]
    area_ack_deadline: Mapped[dt.datetime]
    close_at: Mapped[dt.datetime]
    rule_set: Mapped[str] = mapped_column(String(40))
    school_codes: Mapped[list[Any] | None]
    state: Mapped[str] = mapped_column(String(20))
    revision: Mapped[int] = mapped_column(Integer)
    moved_by_clock: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[dt.datetime]
    announced_at: Mapped[dt.datetime | None]
    opened_at: Mapped[dt.datetime | None]
    closed_at: Mapped[dt.datetime | None]
    reopened_at: Mapped[dt.datetime | None]
    published_at: Mapped[dt.datetime | None]
    amended_at: Mapped[dt.datetime | None]
    amendments: Mapped[int] = mapped_column(Integer, default=0)
