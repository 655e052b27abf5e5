"""Receiving the area's file."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.rounds import access
from services.rounds.adapters import INCOMING, PREFIX
from services.rounds.batches.rules import BatchPhase
from services.rounds.batches.tables import Batch
from services.rounds.batches.views import batch_view
from services.rounds.calendar.tables import Round
from services.rounds.calendar.views import find_round
from services.rounds.gates.rules import check_open, round_closed
from services.rounds.gates.tables import SchoolRound
from services.rounds.gates.views import window_of
from services.rounds.retention.commands import keep_bytes
from shared.bus.envelope import new_id
from shared.db.unit import Unit
from shared.security.access import require
from shared.workbooks.claiming import claim_workbook


def receive_batch(
    unit: Unit, round_id: str, file: dict[str, Any], include_confirmed: bool = False
) -> dict[str, Any]:
    """Take a file with several schools of the area; it is split and checked afterwards.

    ``file`` is {sha256, filename, size} of a file in the store's ``incoming``. Schools that have confirmed are passed
    over unless ``include_confirmed``.

    Raises:
        Problem: ``forbidden``, ``not_found``; ``F01.<cause>`` (4xx) for a file that is no readable container;
            ``round.not_open``, ``round.closed`` (409) when no school may send anything now.
    """
    round_ = find_round(unit, round_id)
    require(unit.identity, access.RUNS_ROUNDS, round_.org_path)
    _check_any_open(unit, round_)
    keep_bytes(unit, file["sha256"])
    batch = Batch(
        id=new_id(),
        round_id=round_.id,
        org_path=round_.org_path,
        state=BatchPhase.RECORDING.value,
        filename=file["filename"],
        kind=claim_workbook(unit.adapters.files, INCOMING, PREFIX, file),
        sha256=file["sha256"],
        size=file["size"],
        include_confirmed=include_confirmed,
        uploaded_by=unit.identity.person_id,
        uploaded_by_name=unit.identity.name,
        created_at=unit.now(),
        rows=0,
        findings=[],
        progress={"stage": "waiting", "done": 0, "total": 0},
    )
    unit.session.add(batch)
    change = {"round": round_.id, "sha256": batch.sha256, "include_confirmed": include_confirmed}
    unit.audit("batch.received", f"batch/{batch.id}", batch.org_path, change)
    return batch_view(batch, [])


def _check_any_open(unit: Unit, round_: Round) -> None:
    """An extended school may still send after the close, and so may the area for it."""
    schools = unit.session.execute(select(SchoolRound).filter_by(round_id=round_.id)).scalars()
    windows = [window_of(round_, school) for school in schools]
    now = unit.now()
    window = next((one for one in windows if not one.is_over(now)), None) or next(iter(windows), None)
    if window is None:
        raise round_closed()
    check_open(window, now)
