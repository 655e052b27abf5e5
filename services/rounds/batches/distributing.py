"""Splitting what waits: read in a child, then every school gets its part as its next version, in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from services.rounds.adapters import PREFIX
from services.rounds.batches.rules import BatchPhase, Skipped, skipped
from services.rounds.batches.tables import Batch, BatchSchool
from services.rounds.calendar.tables import Round
from services.rounds.gates.rules import SchoolState
from services.rounds.gates.tables import SchoolRound
from services.rounds.gates.views import window_of
from services.rounds.retention.commands import keep_stored, let_go
from services.rounds.rules.check import unreadable
from services.rounds.schools.queries import closed_schools
from services.rounds.submissions.commands import Sender, new_version
from services.rounds.submissions.rules import RESOURCE_CAUSES, SAME_FILE
from shared.db.unit import Unit
from shared.files.memory import memory_path
from shared.problems import Problem
from shared.runtime.children import JobFailed, attempt
from shared.runtime.leases import ATTEMPTS, Holding, claim, put_back
from shared.workbooks import part

log = logging.getLogger(__name__)

TASK = "services.rounds.batches.splitting:split"


@dataclass(frozen=True)
class Claimed:
    """A file in hand: our lease on it, how often it was tried, and the job for the child."""

    id: str
    lease: str
    attempts: int
    sha256: str
    job: dict[str, Any]


def split_next(app: Any) -> bool:
    """Split one waiting file. True when there was one."""
    waiting = select(Batch).where(Batch.state == BatchPhase.RECORDING.value).order_by(Batch.created_at, Batch.id)
    claimed = next(iter(claim(app, waiting, _claimed)), None)
    if claimed is None:
        return False
    attempt(
        lambda: _split(app, claimed), lambda failure: _failed(app, claimed, failure), f"splitting {claimed.id}"
    )
    return True


def _claimed(unit: Unit, batches: Sequence[Batch]) -> list[Claimed]:
    return [
        Claimed(batch.id, batch.lease or "", batch.attempts, batch.sha256, _job(unit, batch)) for batch in batches
    ]


def _job(unit: Unit, batch: Batch) -> dict[str, Any]:
    round_ = unit.session.get_one(Round, batch.round_id)
    known = unit.session.execute(select(SchoolRound.smis).filter_by(round_id=round_.id)).scalars()
    return {
        "kind": batch.kind,
        "rule_set": round_.rule_set,
        "row_key_secret": unit.adapters.row_key,
        "year_be": round_.year_be,
        "round_no": round_.round_no,
        "known": sorted(known),
        "closed": closed_schools(unit, round_.org_path),
    }


def _split(app: Any, claimed: Claimed) -> None:
    files = app.adapters.files
    holding = Holding(app, update(Batch).filter_by(id=claimed.id, lease=claimed.lease))
    with holding.renewing(), memory_path() as out:
        with files.path_for_reading(PREFIX, claimed.sha256) as path:
            result = app.adapters.children.run(TASK, {**claimed.job, "path": str(path), "out": str(out)}, holding)
        content = out.read_bytes()
        pieces = [content[one["start"] : one["start"] + one["size"]] for one in result["parts"]]
        hashes = files.keep_all(PREFIX, pieces)
    parts = [{**one, "sha256": sha256} for one, sha256 in zip(result["parts"], hashes, strict=True)]
    with app.write() as unit:
        _store(unit, claimed, {**result, "parts": parts})


def _store(unit: Unit, claimed: Claimed, result: Mapping[str, Any]) -> None:
    """Hand the parts out; whoever comes second with the same file finds it done and leaves it."""
    batch = _in_hand(unit, claimed)
    if batch is None:
        return
    batch.rows, batch.findings = result["rows"], result["findings"]
    if not result["parts"]:
        _end(unit, batch, BatchPhase.REJECTED)
        return
    parts = {one["smis"]: one for one in result["parts"]}
    round_ = unit.session.get_one(Round, batch.round_id)
    schools = unit.session.execute(
        select(SchoolRound)
        .where(SchoolRound.round_id == batch.round_id, SchoolRound.smis.in_(parts))
        .order_by(SchoolRound.smis)
        .with_for_update()
    ).scalars().all()
    keep_stored(unit, [one["sha256"] for one in result["parts"]])
    with unit.session.no_autoflush:
        handed_over = [_hand_over(unit, batch, round_, school, parts[school.smis]) for school in schools]
    # the versions first, for these name them
    unit.session.flush()
    unit.session.add_all(handed_over)
    passed_over = {school.smis for school in handed_over if school.skipped}
    let_go(unit, [one["sha256"] for one in result["parts"] if one["smis"] in passed_over])
    _end(unit, batch, BatchPhase.SPLIT)


def _hand_over(
    unit: Unit, batch: Batch, round_: Round, school: SchoolRound, piece: Mapping[str, Any]
) -> BatchSchool:
    """The school's part as its next version, unless it is passed over."""
    reason: str | None = skipped(
        SchoolState(school.state),
        is_over=window_of(round_, school).is_over(unit.now()),
        include_confirmed=batch.include_confirmed,
    )
    submission = None
    if reason is None:
        file = {"sha256": piece["sha256"], "filename": batch.filename, "size": piece["size"]}
        sender = Sender(batch.uploaded_by, batch.uploaded_by_name, on_behalf=True)
        try:
            submission = new_version(unit, school, file, part.KIND, sender)
        except Problem as problem:
            if problem.code != SAME_FILE:
                raise
            reason = Skipped.SAME_FILE
    return BatchSchool(
        batch_id=batch.id,
        smis=school.smis,
        name=school.name,
        rows=piece["rows"],
        first_row=piece["first_row"],
        skipped=reason,
        submission_id=submission.id if submission else None,
    )


def _failed(app: Any, claimed: Claimed, failure: JobFailed) -> None:
    """Our fault: tried again by itself, then left for a person. A file no child survives is the file's fault: F01."""
    log.error("splitting %s failed (%s of %s): %s", claimed.id, claimed.attempts, ATTEMPTS, failure)
    with app.write() as unit:
        batch = _in_hand(unit, claimed)
        if batch is None:
            return
        if claimed.attempts < ATTEMPTS:
            put_back(batch, unit.now())
        elif failure.cause in RESOURCE_CAUSES:
            batch.findings = unreadable(claimed.job["rule_set"])["findings"]
            _end(unit, batch, BatchPhase.REJECTED)
        else:
            _end(unit, batch, BatchPhase.FAILED)


def _in_hand(unit: Unit, claimed: Claimed) -> Batch | None:
    """The file, locked, if it still is ours."""
    batch = unit.session.execute(select(Batch).filter_by(id=claimed.id).with_for_update()).scalar_one()
    return batch if (batch.state, batch.lease) == (BatchPhase.RECORDING, claimed.lease) else None


def _end(unit: Unit, batch: Batch, phase: BatchPhase) -> None:
    """The rows lie with the schools now, or with who sent them: the file itself is kept no longer."""
    batch.state, batch.split_at = phase.value, unit.now()
    batch.lease = batch.lease_until = None
    let_go(unit, [batch.sha256])
    batch.progress = {"stage": "done", "done": batch.rows, "total": batch.rows}
    change = {"state": phase.value, "rows": batch.rows, "findings": len(batch.findings)}
    unit.audit(f"batch.{phase.value.lower()}", f"batch/{batch.id}", batch.org_path, change)
