"""Books, their counters, the entries in them, requests for numbers, blocks of numbers for paper."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.documents.database import Base
from services.documents.registers.rules import BookKind, Numbering
from shared.db.sealed import Sealed


class RegisterBook(Base):
    """A book of a unit. ``owner`` is the unit's code, ``org_path`` its place; ``version`` is the entity tag."""

    __tablename__ = "register_book"
    __table_args__ = (UniqueConstraint("owner", "kind"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    owner: Mapped[str] = mapped_column(String(40))
    owner_kind: Mapped[str] = mapped_column(String(10))
    org_path: Mapped[str] = mapped_column(String(200), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    prefix: Mapped[str] = mapped_column(String(40))
    circular_policy: Mapped[str] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(Integer, default=1)

    @property
    def numbering(self) -> Numbering:
        return Numbering(BookKind(self.kind), self.prefix)


class RegisterCounter(Base):
    """The last number of a book in a year (BE). ``opening_no`` was the last one used on paper; a year that is closed
    has the digest over its last entry.
    """

    __tablename__ = "register_counter"

    book_id: Mapped[str] = mapped_column(ForeignKey("register_book.id"), primary_key=True)
    be_year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    last_no: Mapped[int] = mapped_column(Integer)
    opening_no: Mapped[int] = mapped_column(Integer, default=0)
    closed_at: Mapped[dt.datetime | None]
    head: Mapped[str | None] = mapped_column(String(64))


class RegisterEntry(Base):
    """A number and what it was given for. Rows are never removed; ``suffix`` is empty but for insertions (7.1).

    ``purpose`` is what the book says of it where no letter does, and so are ``doc_no`` to ``note`` (the columns of
    forms 13 and 14) of a line from an old system. ``entry_date`` is the day it bears, ``entered_at`` when it was
    written down.
    """

    __tablename__ = "register_entry"
    __table_args__ = (
        UniqueConstraint("book_id", "be_year", "no", "suffix"),
        Index(
            "ix_register_entry_reserved",
            "reserved_until",
            postgresql_where=text("reserved_until IS NOT NULL AND state = 'reserved'"),
            sqlite_where=text("reserved_until IS NOT NULL AND state = 'reserved'"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    book_id: Mapped[str] = mapped_column(ForeignKey("register_book.id"))
    be_year: Mapped[int] = mapped_column(Integer)
    no: Mapped[int] = mapped_column(Integer)
    suffix: Mapped[str] = mapped_column(String(10), default="")
    display_no: Mapped[str] = mapped_column(String(80))
    circular: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(10))
    purpose: Mapped[str] = mapped_column(Text, default="")
    letter_id: Mapped[str | None] = mapped_column(String(36), index=True)
    block_id: Mapped[str | None] = mapped_column(String(36), index=True)
    entry_date: Mapped[dt.date]
    entered_at: Mapped[dt.datetime]
    entered_by: Mapped[str] = mapped_column(String(60))
    reserved_until: Mapped[dt.datetime | None]
    void_reason: Mapped[str | None] = mapped_column(Sealed("register_entry.void_reason"))
    voided_at: Mapped[dt.datetime | None]
    voided_by: Mapped[str | None] = mapped_column(String(60))
    doc_no: Mapped[str | None] = mapped_column(Text)
    doc_date: Mapped[dt.date | None]
    sender: Mapped[str | None] = mapped_column(Text)
    receiver: Mapped[str | None] = mapped_column(Text)
    action: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)


class NumberRequest(Base):
    """Somebody who may not issue asks for a number."""

    __tablename__ = "number_request"
    __table_args__ = (Index("ix_number_request_waiting", "book_id", "state"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    book_id: Mapped[str] = mapped_column(ForeignKey("register_book.id"))
    requester_id: Mapped[str] = mapped_column(String(60), index=True)
    requester_name: Mapped[str] = mapped_column(Sealed("number_request.requester_name"))
    purpose: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(Sealed("number_request.reason"))
    entry_id: Mapped[str | None] = mapped_column(ForeignKey("register_entry.id"))
    created_at: Mapped[dt.datetime]
    decided_at: Mapped[dt.datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(60))


class OfflineBlock(Base):
    """Numbers that follow each other, handed out to be written by hand while there is no system."""

    __tablename__ = "offline_block"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    book_id: Mapped[str] = mapped_column(ForeignKey("register_book.id"), index=True)
    be_year: Mapped[int] = mapped_column(Integer)
    first_no: Mapped[int] = mapped_column(Integer)
    last_no: Mapped[int] = mapped_column(Integer)
    purpose: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[dt.datetime]
    created_by: Mapped[str] = mapped_column(String(60))
    reconciled_at: Mapped[dt.datetime | None]
