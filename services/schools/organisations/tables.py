"""The organisation tree, the codes of its units, schools and their profiles."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.schools.database import Base


class OrgUnit(Base):
    """A node of the tree. ``code`` is what the other services call it: the SMIS code of a school, the four digits of
    an area, ``5704-g-ict`` for a group. ``version`` counts its published states,
    ``told`` is the last that was told of an area or a group.
    """

    __tablename__ = "org_unit"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("org_unit.id"))
    org_path: Mapped[str] = mapped_column(String(200), unique=True)
    state: Mapped[str] = mapped_column(String(10))
    version: Mapped[int]
    told: Mapped[int] = mapped_column(default=0)


class OrgCode(Base):
    """A code of a unit in one scheme (rounds.md §2.1), for as long as it is valid; None is an end that is not known."""

    __tablename__ = "org_code"
    __table_args__ = (
        # a code that is in use names one unit of its scheme; the same digits may stand in another scheme
        Index(
            "uq_org_code_in_use",
            "scheme",
            "code",
            unique=True,
            sqlite_where=text("valid_to IS NULL"),
            postgresql_where=text("valid_to IS NULL"),
        ),
        UniqueConstraint("scheme", "code", "valid_from", "valid_to"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    org_unit_id: Mapped[str] = mapped_column(ForeignKey("org_unit.id"), index=True)
    scheme: Mapped[str] = mapped_column(String(12))
    code: Mapped[str] = mapped_column(String(20))
    valid_from: Mapped[dt.date | None]
    valid_to: Mapped[dt.date | None]


class School(Base):
    """What is known of a school beside its node. What the source lacks is null, never guessed.

    ``main_school_id`` is where its pupils are taught while it keeps its code (เรียนรวม), ``successor_id`` where they
    went when it was merged or closed. A founding date stays as it was typed, with its year (rounds.md §2.4, §2.8).
    """

    __tablename__ = "school"

    unit_id: Mapped[str] = mapped_column(ForeignKey("org_unit.id"), primary_key=True)
    education_range: Mapped[str] = mapped_column(String(100))
    tambon: Mapped[str | None] = mapped_column(String(100))
    amphoe: Mapped[str | None] = mapped_column(String(100))
    province: Mapped[str | None] = mapped_column(String(100))
    one_teacher: Mapped[bool]
    main_school_id: Mapped[str | None] = mapped_column(ForeignKey("org_unit.id"), index=True)
    successor_id: Mapped[str | None] = mapped_column(ForeignKey("org_unit.id"))
    cluster_id: Mapped[str | None] = mapped_column(ForeignKey("cluster.id"), index=True)
    name_en: Mapped[str | None] = mapped_column(String(200))
    village: Mapped[str | None] = mapped_column(String(200))
    postcode: Mapped[str | None] = mapped_column(String(20))
    phone: Mapped[str | None] = mapped_column(String(100))
    fax: Mapped[str | None] = mapped_column(String(100))
    email: Mapped[str | None] = mapped_column(String(200))
    website: Mapped[str | None] = mapped_column(String(300))
    founded: Mapped[str | None] = mapped_column(String(60))
    founded_year_be: Mapped[int | None]
    local_authority: Mapped[str | None] = mapped_column(String(200))
    km_to_area: Mapped[float | None]
    km_to_amphoe: Mapped[float | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    highland: Mapped[bool | None]
    details_at: Mapped[dt.datetime | None]


class SchoolProfile(Base):
    """The profile of a school in one academic year; ``version`` is its entity tag."""

    __tablename__ = "school_profile"
    __table_args__ = (UniqueConstraint("unit_id", "year_be"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("org_unit.id"))
    year_be: Mapped[int]
    rooms_by_grade: Mapped[dict[str, Any]]
    teachers: Mapped[int | None]
    version: Mapped[int]
    updated_at: Mapped[dt.datetime]
    updated_by: Mapped[str] = mapped_column(String(36))
