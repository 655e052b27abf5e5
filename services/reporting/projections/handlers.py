"""Keeping the projections: each event holds its aggregate's whole state, so the newest one wins."""

from __future__ import annotations

from typing import Any

from services.reporting.projections.tables import (
    DuplicateFact,
    RoundFact,
    SchoolFact,
    SchoolRoundFact,
    SnapshotFact,
    SubmissionFact,
)
from shared.bus.envelope import Envelope
from shared.db.rows import upsert_newer
from shared.db.unit import Unit


def _store(unit: Unit, envelope: Envelope, table: Any, key: tuple[str, ...], **more: Any) -> None:
    kept = {column.name for column in table.__table__.columns} - {"version"}
    # a column whose field an event lacks is emptied with it: the whole state counts, not what was known before
    values = {name: envelope.data.get(name) for name in kept} | more
    upsert_newer(unit.session, table, key, {**values, "version": envelope.version})


def store_school(unit: Unit, envelope: Envelope) -> None:
    """Keep a school."""
    _store(unit, envelope, SchoolFact, ("smis",))


def store_round(unit: Unit, envelope: Envelope) -> None:
    """Keep a round."""
    _store(unit, envelope, RoundFact, ("round_id",))


def store_school_round(unit: Unit, envelope: Envelope) -> None:
    """Keep how a school stands."""
    _store(unit, envelope, SchoolRoundFact, ("round_id", "smis"))


def store_submission(unit: Unit, envelope: Envelope) -> None:
    """Keep a version of a file, also one that moved nothing: how many there were says how hard it was."""
    _store(unit, envelope, SubmissionFact, ("submission_id",), number=envelope.data["version"])


def store_snapshot(unit: Unit, envelope: Envelope) -> None:
    """Keep what a school's numbers were at the close."""
    _store(unit, envelope, SnapshotFact, ("round_id", "smis"))


def store_duplicate(unit: Unit, envelope: Envelope) -> None:
    """Keep a pupil in the files of two schools."""
    _store(unit, envelope, DuplicateFact, ("case_id",))
