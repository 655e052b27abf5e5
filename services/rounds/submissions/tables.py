"""Files and findings."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.rounds.database import Base
from shared.db.sealed import Sealed

_HELD = "erased_at IS NULL AND state IN ('SUPERSEDED', 'REJECTED', 'FAILED')"


class Submission(Base):
    """One version of a school's file in a round. The bytes are in the file store under ``sha256``.

    The roll of an accepted version (its pupils, see ``services.rounds.rules.dmc.roll``) is there under ``roll_sha256``.
    ``corrected_from`` is the version whose cells were corrected to make this one, ``compared_with`` the version that
    stood before it.
    ``tables`` are those of the file; ``excluded`` are the rows of pupils who count at another school by a decision on
    duplicates, and ``adjusted`` the tables without them (null while there are none).
    ``erased_at`` is when file, roll and the values of the findings were erased, their time being over.
    """

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("round_id", "smis", "version"),
        Index(
            "ix_submission_waiting",
            "created_at",
            postgresql_where=text("state = 'RECORDING'"),
            sqlite_where=text("state = 'RECORDING'"),
        ),
        # versions that were replaced and still hold something of pupils
        Index("ix_submission_held", "round_id", "smis", postgresql_where=text(_HELD), sqlite_where=text(_HELD)),
        Index("ix_submission_sha256", "sha256"),
        Index("ix_submission_roll_sha256", "roll_sha256"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"))
    smis: Mapped[str] = mapped_column(String(8))
    org_path: Mapped[str] = mapped_column(String(200))
    version: Mapped[int] = mapped_column(Integer)
    revision: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(20))
    filename: Mapped[str] = mapped_column(Sealed("submission.filename"))
    kind: Mapped[str | None] = mapped_column(String(10))
    sha256: Mapped[str | None] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(Integer)
    no_pupils: Mapped[bool]
    uploaded_by: Mapped[str] = mapped_column(String(60))
    uploaded_by_name: Mapped[str] = mapped_column(Sealed("submission.uploaded_by_name"))
    on_behalf: Mapped[bool]
    created_at: Mapped[dt.datetime]
    checked_at: Mapped[dt.datetime | None]
    counts: Mapped[dict[str, Any]]
    tables: Mapped[dict[str, Any] | None]
    excluded: Mapped[list[Any]] = mapped_column(default=list)
    adjusted: Mapped[dict[str, Any] | None]
    not_evaluated: Mapped[list[Any]]
    progress: Mapped[dict[str, Any]]
    roll_sha256: Mapped[str | None] = mapped_column(String(64))
    same_bytes_as: Mapped[int | None] = mapped_column(Integer)
    corrected_from: Mapped[int | None] = mapped_column(Integer)
    compared_with: Mapped[int | None] = mapped_column(Integer)
    erased_at: Mapped[dt.datetime | None]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    lease: Mapped[str | None] = mapped_column(String(36))
    lease_until: Mapped[dt.datetime | None]


class Finding(Base):
    """What a rule says of one place in a file. ``row`` and ``column`` are those the user sees in Excel.

    ``value`` is what stands there in full, kept only where ``value_masked`` hides a part of it. ``kind`` belongs to the
    reason: what happened to a pupil who came or is gone.
    ``since`` tells whether the version before had it too, ``fixed_in`` the version that no longer has it.
    """

    __tablename__ = "finding"
    __table_args__ = (UniqueConstraint("submission_id", "seq"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"))
    seq: Mapped[int] = mapped_column(Integer)
    rule: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(40))
    severity: Mapped[str] = mapped_column(String(10))
    sheet: Mapped[str | None] = mapped_column(String(100))
    row: Mapped[int | None] = mapped_column(Integer)
    column: Mapped[str | None] = mapped_column(String(5))
    header: Mapped[str | None] = mapped_column(String(200))
    value_masked: Mapped[str | None] = mapped_column(Sealed("finding.value_masked"))
    value: Mapped[str | None] = mapped_column(Sealed("finding.value"))
    message: Mapped[str] = mapped_column(Sealed("finding.message"))
    suggestion: Mapped[str] = mapped_column(Text)
    menu: Mapped[str | None] = mapped_column(String(20))
    row_key: Mapped[str | None] = mapped_column(String(64))
    value_hash: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(15))
    reason: Mapped[str | None] = mapped_column(Sealed("finding.reason"))
    kind: Mapped[str | None] = mapped_column(String(10))
    reason_by: Mapped[str | None] = mapped_column(Sealed("finding.reason_by"))
    reason_at: Mapped[dt.datetime | None]
    first_version: Mapped[int] = mapped_column(Integer)
    since: Mapped[str | None] = mapped_column(String(5))
    fixed_in: Mapped[int | None] = mapped_column(Integer)
