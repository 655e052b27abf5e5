"""The index of pupils: what is looked up across schools, without anything that names a pupil."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from services.rounds.database import Base


class PupilEntry(Base):
    """One pupil of the version that stands for a school in a round; ``row`` is the row of the file.

    ``id_key``, ``person_key`` (names and birth date) and ``name_key`` (names) are blind: equal for equal pupils, and
    nothing else can be told from them. They are null where the file lacks what they are made of. ``grade`` is DMC's
    code; ``active`` is false for who only cannot be struck off yet (3.1.8).
    """

    __tablename__ = "pupil_entry"
    __table_args__ = (
        Index("ix_pupil_entry_id_key", "round_id", "id_key"),
        Index("ix_pupil_entry_name_key", "round_id", "name_key"),
    )

    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    row: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    round_id: Mapped[str] = mapped_column(String(36))
    smis: Mapped[str] = mapped_column(String(8))
    id_key: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    person_key: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    name_key: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    grade: Mapped[int | None] = mapped_column(SmallInteger)
    room: Mapped[int | None] = mapped_column(SmallInteger)
    sex: Mapped[str | None] = mapped_column(String(1))
    active: Mapped[bool]


class RevealCount(Base):
    """How many pupils, and ``files`` of them, somebody has had shown in the hour that began at ``hour``; only the last
    hour is kept.
    """

    __tablename__ = "reveal_count"

    person_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    hour: Mapped[dt.datetime]
    count: Mapped[int] = mapped_column(Integer)
    files: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
