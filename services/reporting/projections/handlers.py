"""Keeping the projections: each event holds its aggregate's whole state, so the newest one wins."""

from __future__ import annotations

from typing import Any

from services.reporting.projections.tables import RoundFact, SchoolRoundFact, SnapshotFact, SubmissionFact
from shared.bus.envelope import Envelope
from shared.db.rows import upsert_newer
from shared.db.unit import Unit


def _store(unit: Unit, envelope: Envelope, table: Any, key: tuple[str, ...]) -> None:
    kept = {column.name for column in table.__table__.columns} - {"version"}
    values = {name: value for name, value in envelope.data.items() if name in kept}
    upsert_newer(unit.session, table, key, {**values, "version": envelope.version})


def store_round(unit: Unit, envelope: Envelope) -> None:
    """Keep a round."""
    _store(unit, envelope, RoundFact, ("round_id",))


def store_school_round(unit: Unit, envelope: Envelope) -> None:
    """Keep how a school stands."""
    _store(unit, envelope, SchoolRoundFact, ("round_id", "smis"))


def store_submission(unit: Unit, envelope: Envelope) -> None:
    """Keep the tables of a file that was accepted; files that moved nothing are of no interest here."""
    if envelope.data["tables"] is not None:
        _store(unit, envelope, SubmissionFact, ("submission_id",))


def store_snapshot(unit: Unit, envelope: Envelope) -> None:
    """Keep what a school's numbers were at the close."""
    _store(unit, envelope, SnapshotFact, ("round_id", "smis"))
