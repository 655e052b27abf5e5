"""The projection of schools and their profiles."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.rounds.database import Base


class School(Base):
    """A school as its owner last described it; ``version`` is its owner's."""

    __tablename__ = "school"

    smis: Mapped[str] = mapped_column(String(8), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(200))
    education_range: Mapped[str] = mapped_column(String(100))
    amphoe: Mapped[str | None] = mapped_column(String(100))
    org_path: Mapped[str] = mapped_column(String(200), index=True)
    area_code: Mapped[str] = mapped_column(String(10))
    area_name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10))
    one_teacher: Mapped[bool]


class SchoolProfile(Base):
    """The rooms by grade (``{"ป.1": 2}``) that a school declares for a school year."""

    __tablename__ = "school_profile"

    smis: Mapped[str] = mapped_column(String(8), primary_key=True)
    year_be: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(Integer)
    rooms_by_grade: Mapped[dict[str, Any]]
