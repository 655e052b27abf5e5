"""Taking a snapshot."""

from __future__ import annotations

from sqlalchemy import select

from services.rounds.gates.tables import SchoolRound
from services.rounds.snapshots.tables import Snapshot
from services.rounds.submissions.tables import Submission
from services.rounds.submissions.views import counted, counted_tables
from shared.bus.contracts import rounds as contracts
from shared.bus.envelope import new_id
from shared.db.unit import Unit


def take_snapshot(unit: Unit, school: SchoolRound) -> Snapshot | None:
    """Keep the numbers of a school that is locked now, unless its newest snapshot says the same. None when it does.

    The first has the number 1; a later one (after a reopening or an extension) never touches it.
    """
    newest = newest_snapshot(unit, school)
    submission = unit.session.get_one(Submission, school.submission_id)
    tables = counted_tables(submission)
    now = (school.submission_id, school.locked_from, tables)
    if newest and (newest.submission_id, newest.locked_from, newest.tables) == now:
        return None
    snapshot = Snapshot(
        id=new_id(),
        round_id=school.round_id,
        smis=school.smis,
        number=newest.number + 1 if newest else 1,
        submission_id=submission.id,
        version=submission.version,
        sha256=submission.sha256 or "",
        locked_from=school.locked_from,
        taken_at=unit.now(),
        counts=counted(submission),
        tables=tables,
    )
    unit.session.add(snapshot)
    _publish(unit, school, snapshot)
    return snapshot


def newest_snapshot(unit: Unit, school: SchoolRound) -> Snapshot | None:
    """The last snapshot of a school in a round."""
    statement = select(Snapshot).filter_by(round_id=school.round_id, smis=school.smis)
    return unit.session.execute(statement.order_by(Snapshot.number.desc()).limit(1)).scalar_one_or_none()


def _publish(unit: Unit, school: SchoolRound, snapshot: Snapshot) -> None:
    data = {
        "round_id": snapshot.round_id,
        "smis": snapshot.smis,
        "org_path": school.org_path,
        "number": snapshot.number,
        "submission_id": snapshot.submission_id,
        "version": snapshot.version,
        "sha256": snapshot.sha256,
        "locked_from": snapshot.locked_from,
        "taken_at": snapshot.taken_at.isoformat(),
        "tables": snapshot.tables,
    }
    subject = f"snapshot/{school.round_id}/{school.smis}"
    unit.emit(contracts.SNAPSHOT_TAKEN, subject, snapshot.number, data, school.org_path)
