"""Cases of duplicates, their history and evidence, and the versions that still have to be compared."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.rounds.database import Base
from shared.db.plumbing import Sequence
from shared.db.sealed import Sealed


class DuplicateCase(Base):
    """A pupil of ``first_smis`` and one of ``second_smis`` (the lower code first) who may be the same child.

    Keys are the blind keys of the two ids, equal for the same id; the rows are found by them in the index of pupils.
    ``same_birth`` is null until the rolls were compared. ``found_by`` is the version that brought the case up, and
    ``found_with`` how many came up between the two schools with it.
    """

    __tablename__ = "duplicate_case"
    __table_args__ = (
        UniqueConstraint(
            "round_id", "first_smis", "second_smis", "first_key", "second_key", name="uq_duplicate_case_pair"
        ),
        Index("ix_duplicate_case_second", "round_id", "second_smis"),
        Index("ix_duplicate_case_found_by", "found_by"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    round_id: Mapped[str] = mapped_column(String(36))
    org_path: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(12))
    first_smis: Mapped[str] = mapped_column(String(8))
    second_smis: Mapped[str] = mapped_column(String(8))
    first_name: Mapped[str] = mapped_column(String(200))
    second_name: Mapped[str] = mapped_column(String(200))
    first_path: Mapped[str] = mapped_column(String(200))
    second_path: Mapped[str] = mapped_column(String(200))
    first_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    second_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    first_masked: Mapped[str] = mapped_column(String(30))
    second_masked: Mapped[str] = mapped_column(String(30))
    same_names: Mapped[bool]
    same_birth: Mapped[bool | None]
    revision: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(10))
    keep: Mapped[str | None] = mapped_column(String(8))
    basis: Mapped[str] = mapped_column(String(32))
    gone_from: Mapped[str | None] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(Sealed("duplicate_case.reason"))
    decided_at: Mapped[dt.datetime | None]
    found_at: Mapped[dt.datetime]
    found_by: Mapped[str] = mapped_column(String(36))
    found_with: Mapped[int] = mapped_column(Integer)


class DuplicateEntry(Base):
    """One step of a case; rows are only ever added. ``org_path`` is where the actor acted from."""

    __tablename__ = "duplicate_history"
    __table_args__ = (Index("ix_duplicate_history_case_seq", "case_id", "seq"),)

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("duplicate_case.id"))
    at: Mapped[dt.datetime]
    actor_id: Mapped[str] = mapped_column(String(60))
    actor_name: Mapped[str] = mapped_column(Sealed("duplicate_history.actor_name"))
    event: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10))
    keep: Mapped[str | None] = mapped_column(String(8))
    reason: Mapped[str | None] = mapped_column(Sealed("duplicate_history.reason"))


class DuplicateEvidence(Base):
    """A document put to a case by a school (``smis``) or by the area; its bytes are in the file store."""

    __tablename__ = "duplicate_evidence"
    __table_args__ = (
        UniqueConstraint("case_id", "smis", "sha256"),
        Index("ix_duplicate_evidence_sha256", "sha256"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("duplicate_case.id"))
    smis: Mapped[str] = mapped_column(String(8))
    sha256: Mapped[str] = mapped_column(String(64))
    filename: Mapped[str] = mapped_column(Sealed("duplicate_evidence.filename"))
    content_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int] = mapped_column(Integer)
    uploaded_by: Mapped[str] = mapped_column(String(60))
    uploaded_by_name: Mapped[str] = mapped_column(Sealed("duplicate_evidence.uploaded_by_name"))
    uploaded_at: Mapped[dt.datetime]
    is_cited: Mapped[bool] = mapped_column(default=False)


class DuplicateBook(Base):
    """The cases of a round as one thing: whoever has locked its row may change them, so that two files which come to
    stand in the same moment cannot miss each other.
    """

    __tablename__ = "duplicate_book"

    round_id: Mapped[str] = mapped_column(String(36), primary_key=True)


class ComparisonTask(Base):
    """A version whose pupils still have to be compared by name with those of other schools."""

    __tablename__ = "duplicate_comparison"

    submission_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    due_at: Mapped[dt.datetime] = mapped_column(index=True)
