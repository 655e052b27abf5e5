"""Changes of a round's rules, and the check of every school's version under the new ones."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.rounds.database import Base


class RuleChange(Base):
    """The newest change of a round's rule set; an earlier one is in the audit log."""

    __tablename__ = "rule_change"

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    rule_set: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(20))
    started_at: Mapped[dt.datetime]
    applied_at: Mapped[dt.datetime | None]


class RuleCheck(Base):
    """One school's version under the new set. ``fails`` is what stands in the way there and did not before.

    ``kept`` marks a school that had signed when the set was applied: its findings and its state were left as they were.
    """

    __tablename__ = "rule_check"

    round_id: Mapped[str] = mapped_column(ForeignKey("rule_change.round_id"), primary_key=True)
    smis: Mapped[str] = mapped_column(String(8), primary_key=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"))
    state: Mapped[str] = mapped_column(String(20), index=True)
    fails: Mapped[list[Any]]
    kept: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    lease: Mapped[str | None] = mapped_column(String(36))
    lease_until: Mapped[dt.datetime | None]
