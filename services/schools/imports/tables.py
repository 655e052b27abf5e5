"""Imports and the rows of their files. What stands in a row, and what is said of it, is sealed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.schools.database import Base
from services.schools.imports.rules import ENDED, WORKING, ImportState, row_id
from shared.db.sealed import Sealed, SealedDocument

_WAITING = ", ".join(f"'{state}'" for state in sorted(WORKING))


class Import(Base):
    """A file that somebody wants to be imported at the unit ``unit_id``. The bytes are in the file store under
    ``sha256`` until ``purged_at``.

    ``sheets`` says where the columns are, ``fault`` why the file was refused, ``counts`` what its rows came to.
    ``version`` is the entity tag. ``lease`` belongs to the process that reads or judges it.
    """

    __tablename__ = "import_job"
    __table_args__ = (
        Index(
            "ix_import_job_waiting",
            "created_at",
            postgresql_where=text(f"state IN ({_WAITING})"),
            sqlite_where=text(f"state IN ({_WAITING})"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[str] = mapped_column(ForeignKey("org_unit.id"))
    org_path: Mapped[str] = mapped_column(String(200), index=True)
    state: Mapped[str] = mapped_column(String(10))
    version: Mapped[int]
    filename: Mapped[str] = mapped_column(Sealed("import_job.filename"))
    container: Mapped[str] = mapped_column(String(10))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(Integer)
    sheets: Mapped[list[Any]] = mapped_column(SealedDocument("import_job.sheets"))
    as_of: Mapped[dt.date | None]
    fault: Mapped[dict[str, Any] | None] = mapped_column(SealedDocument("import_job.fault"))
    counts: Mapped[dict[str, Any]]
    repairs: Mapped[dict[str, Any]]
    progress: Mapped[dict[str, Any]]
    created_at: Mapped[dt.datetime]
    created_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    checked_at: Mapped[dt.datetime | None]
    applied_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[dt.datetime | None]
    purged_at: Mapped[dt.datetime | None]
    attempts: Mapped[int]
    lease: Mapped[str | None] = mapped_column(String(36))
    lease_until: Mapped[dt.datetime | None]

    @property
    def etag(self) -> str:
        return f"i{self.version}"

    @property
    def is_open(self) -> bool:
        """Whether something may still become of it."""
        return ImportState(self.state) not in ENDED


class ImportRow(Base):
    """A row of the file, called by sheet (from 1) and row as Excel counts them.

    ``read`` is what stood there: texts by column letter, what was odd about them, why it is no data. ``judged`` is what
    is said of it, ``repairs`` names the groups of what is proposed (``|pad|thai_digits|``), ``decided`` holds the
    decisions by their keys.
    ``outcome`` is what became of it, ``subject`` the person or school concerned, ``said`` the refusal if there was one.
    """

    __tablename__ = "import_row"
    __table_args__ = (Index("ix_import_row_verdict", "import_id", "verdict"),)

    import_id: Mapped[str] = mapped_column(ForeignKey("import_job.id"), primary_key=True)
    sheet: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    row: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    read: Mapped[dict[str, Any]] = mapped_column(SealedDocument("import_row.read"))
    verdict: Mapped[str] = mapped_column(String(10))
    judged: Mapped[dict[str, Any]] = mapped_column(SealedDocument("import_row.judged"))
    repairs: Mapped[str] = mapped_column(Text)
    decided: Mapped[dict[str, Any]] = mapped_column(SealedDocument("import_row.decided"))
    outcome: Mapped[str | None] = mapped_column(String(10))
    subject: Mapped[str | None] = mapped_column(String(36))
    said: Mapped[dict[str, Any] | None] = mapped_column(SealedDocument("import_row.said"))

    @property
    def id(self) -> str:
        return row_id(self.sheet, self.row)
