"""The cases of a round kept: locked, moved, written down, told; and what they do to head counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import or_, select

from services.rounds.calendar.tables import Round
from services.rounds.calendar.views import iso
from services.rounds.duplicates.rules import CaseState, Side, Standing, losing_keys
from services.rounds.duplicates.tables import DuplicateBook, DuplicateCase, DuplicateEntry
from services.rounds.gates.publishing import Author
from services.rounds.gates.rules import check_open
from services.rounds.gates.tables import SchoolRound
from services.rounds.gates.views import window_of
from services.rounds.pupils.rolls import kept_roll
from services.rounds.pupils.tables import PupilEntry
from services.rounds.rules.dmc.roll import open_roll
from services.rounds.rules.dmc.tables import build_tables
from services.rounds.submissions.commands import publish_submission
from services.rounds.submissions.tables import Submission
from shared.bus.contracts import rounds as contracts
from shared.bus.contracts.registry import EventType
from shared.db.rows import insert_once
from shared.db.unit import Unit


def lock_cases(unit: Unit, round_id: str) -> None:
    """Make every other change to the cases of the round wait until this transaction ends."""
    insert_once(unit.session, DuplicateBook, round_id=round_id)
    unit.session.execute(select(DuplicateBook).filter_by(round_id=round_id).with_for_update()).scalar_one()


def cases_of(unit: Unit, round_id: str, smis: str) -> list[DuplicateCase]:
    """Every case in which the school has a part, those that are gone too."""
    is_part = or_(DuplicateCase.first_smis == smis, DuplicateCase.second_smis == smis)
    statement = select(DuplicateCase).filter_by(round_id=round_id).where(is_part).order_by(DuplicateCase.id)
    return list(unit.session.execute(statement).scalars())


def standing_of(case: DuplicateCase) -> Standing:
    """How a case stands, for its rules."""
    gone_from = CaseState(case.gone_from) if case.gone_from else None
    return Standing(CaseState(case.state), case.basis, case.keep, gone_from)


def sides_of(case: DuplicateCase) -> tuple[Side, Side]:
    """Both pupils of a case."""
    return Side(case.first_smis, case.first_key), Side(case.second_smis, case.second_key)


def other_school(case: DuplicateCase, smis: str) -> str:
    """The school at the other side of a case."""
    return case.second_smis if smis == case.first_smis else case.first_smis


def record_step(
    unit: Unit,
    round_: Round,
    case: DuplicateCase,
    standing: Standing,
    event: EventType,
    *,
    author: Author,
    reason: str | None = None,
) -> None:
    """Move a case: its state, its history, the audit log and the event together."""
    change = {"from": case.state, "to": standing.state.value, "keep": standing.keep, "kind": case.kind}
    case.state, case.keep, case.basis = standing.state.value, standing.keep, standing.basis
    case.gone_from = standing.gone_from.value if standing.gone_from else None
    if standing.state is CaseState.OPEN:
        case.reason = case.decided_at = None
    elif standing.state is not CaseState.GONE and reason is not None:
        case.reason, case.decided_at = reason, unit.now()
    case.revision += 1
    unit.session.add(case)
    unit.session.flush()
    name = event.name.removeprefix("duplicate_")
    add_entry(unit, case, name, author, reason)
    unit.audit(f"duplicate.{name}", f"duplicate/{case.id}", case.org_path, change, reason)
    unit.emit(event, f"duplicate/{case.id}", case.revision, _public(round_, case), case.org_path)


def add_entry(unit: Unit, case: DuplicateCase, event: str, author: Author, reason: str | None = None) -> None:
    """Add a line to the history of a case."""
    unit.session.add(
        DuplicateEntry(
            case_id=case.id,
            at=unit.now(),
            actor_id=author.id,
            actor_name=author.name,
            event=event,
            state=case.state,
            keep=case.keep,
            reason=reason,
        )
    )


def recount_schools(unit: Unit, round_: Round, schools: Iterable[str]) -> None:
    """Tell anew how many pupils of these schools count, where the cases have changed that."""
    for smis in sorted(set(schools)):
        submission_id = unit.session.execute(
            select(SchoolRound.submission_id).filter_by(round_id=round_.id, smis=smis)
        ).scalar_one()
        submission = unit.session.execute(
            select(Submission).filter_by(id=submission_id).with_for_update()
        ).scalar_one_or_none()
        if submission is not None and recount(unit, round_, submission):
            publish_submission(unit, submission, contracts.SUBMISSION_ADJUSTED)


def recount(unit: Unit, round_: Round, submission: Submission) -> bool:
    """Leave out of the tables who counts at another school. True when it is somebody else than before.

    What the file says stays; the adjusted tables are built from its roll, so they are exact in every column.
    """
    rows = _lost_rows(unit, submission)
    if rows == submission.excluded:
        return False
    submission.excluded = rows
    submission.adjusted = None
    if rows:
        pupils, layout = open_roll(kept_roll(unit.adapters, submission.roll_sha256))
        left_out = set(rows)
        staying = [pupil for pupil in pupils if pupil.row not in left_out]
        submission.adjusted = build_tables(staying, layout, round_.as_of_date)
    return True


def _lost_rows(unit: Unit, submission: Submission) -> list[int]:
    cases = cases_of(unit, submission.round_id, submission.smis)
    keys = losing_keys(((standing_of(case), *sides_of(case)) for case in cases), submission.smis)
    if not keys:
        return []
    statement = (
        select(PupilEntry.row)
        .where(PupilEntry.submission_id == submission.id, PupilEntry.active, PupilEntry.id_key.in_(keys))
        .order_by(PupilEntry.row)
    )
    return list(unit.session.execute(statement).scalars())


def _public(round_: Round, case: DuplicateCase) -> dict[str, Any]:
    return {
        "case_id": case.id,
        "round_id": case.round_id,
        "round_title": round_.title,
        "org_path": case.org_path,
        "kind": case.kind,
        "first_smis": case.first_smis,
        "first_name": case.first_name,
        "first_org_path": case.first_path,
        "second_smis": case.second_smis,
        "second_name": case.second_name,
        "second_org_path": case.second_path,
        "state": case.state,
        "keep": case.keep,
        "found_at": case.found_at.isoformat(),
        "found_by": case.found_by,
        "found_with": case.found_with,
        "decided_at": iso(case.decided_at),
    }


def check_workable(unit: Unit, round_: Round, case: DuplicateCase) -> None:
    """Let a case be worked on while one of its schools may still act, also by an extension after the close.

    What the decision says of a school that is locked counts when it is locked anew: a snapshot is never changed.

    Raises:
        Problem: ``round.not_open``, ``round.closed`` (409).
    """
    statement = select(SchoolRound).filter_by(round_id=round_.id)
    both = unit.session.execute(
        statement.where(SchoolRound.smis.in_((case.first_smis, case.second_smis))).order_by(SchoolRound.smis)
    ).scalars()
    windows = [window_of(round_, school) for school in both]
    check_open(next((one for one in windows if not one.is_over(unit.now())), windows[0]), unit.now())
