"""What letters are found by, a row each; derived from the letters, so it can be thrown away and made again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Dialect, Index, Integer, String, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from services.documents.database import Base
from shared.db.plumbing import Sequence


class Grams(TypeDecorator[tuple[int, ...]]):
    """Hashes: an array on PostgreSQL, which indexes it; on SQLite the words of a text that FTS5 indexes."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(ARRAY(Integer) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: tuple[int, ...] | None, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return None if value is None else list(value)
        return " ".join(map(gram_word, value))

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[int, ...] | None:
        if value is None:
            return None
        return tuple(value) if dialect.name == "postgresql" else tuple(map(_gram_of, value.split()))


def gram_word(gram: int) -> str:
    """A hash as a word of letters and digits, which no query language reads anything into."""
    return f"{gram & 0xFFFFFFFF:x}"


def _gram_of(word: str) -> int:
    value = int(word, 16)
    return value - (1 << 32) if value >= 1 << 31 else value


class LetterText(Base):
    """The folded texts of one letter (:class:`services.documents.search.rules.SearchText`), where and when it belongs.

    ``at`` is what "newest first" goes by; ``seq`` decides between letters of one moment. ``reach`` says from where a
    letter is seen, ``grams`` that as well. Their indexes are in :mod:`services.documents.search.schema`.
    """

    __tablename__ = "letter_text"
    __table_args__ = (Index("ix_letter_text_at_seq", "at", "seq"),)

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=True)
    letter_id: Mapped[str] = mapped_column(String(36), unique=True)
    org_path: Mapped[str] = mapped_column(String(200))
    at: Mapped[dt.datetime]
    subject: Mapped[str] = mapped_column(Text)
    everything: Mapped[str] = mapped_column(Text)
    reach: Mapped[tuple[int, ...]] = mapped_column(Grams)
    # last: it is the longest and read by nobody
    grams: Mapped[tuple[int, ...]] = mapped_column(Grams)
