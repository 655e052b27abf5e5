"""Looking at snapshots."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.rounds.calendar.views import local
from services.rounds.gates.queries import readable
from services.rounds.snapshots.rules import differences, label_of
from services.rounds.snapshots.tables import Snapshot
from shared.db.unit import Unit


def list_snapshots(unit: Unit, round_id: str, smis: str) -> dict[str, Any]:
    """Every snapshot of a school in a round, the first first, each with what differs from the one before.

    Raises:
        Problem: ``forbidden``, ``not_found``.
    """
    readable(unit, round_id, smis)
    found = list(
        unit.session.execute(
            select(Snapshot).filter_by(round_id=round_id, smis=smis).order_by(Snapshot.number)
        ).scalars()
    )
    pairs = zip(found, [None, *found], strict=False)
    return {"items": [_view(snapshot, previous) for snapshot, previous in pairs], "next_cursor": None}


def _view(snapshot: Snapshot, previous: Snapshot | None) -> dict[str, Any]:
    return {
        "number": snapshot.number,
        "label": label_of(snapshot.number),
        "version": snapshot.version,
        "submission_id": snapshot.submission_id,
        "sha256": snapshot.sha256,
        "locked_from": snapshot.locked_from,
        "taken_at": local(snapshot.taken_at),
        "pupils": snapshot.counts["pupils"],
        "tables": snapshot.tables,
        "differences": differences(previous.tables, snapshot.tables) if previous else [],
    }
