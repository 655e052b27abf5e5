"""Looking at duplicates: lists, one case, how many wait. A school sees the cases in which it has a part."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import func, or_, select

from services.rounds import access
from services.rounds.calendar.views import find_round, require_announced, require_reader
from services.rounds.duplicates.lookup import Entry, entries_by_id
from services.rounds.duplicates.rules import GATING, CaseState
from services.rounds.duplicates.tables import DuplicateCase, DuplicateEntry, DuplicateEvidence
from services.rounds.duplicates.views import Viewpoint, case_view, entry_view, evidence_view, pupil_view
from services.rounds.gates.tables import SchoolRound
from services.rounds.pupils.rolls import roll_columns
from services.rounds.rules.dmc.layout import COLUMNS
from services.rounds.submissions.tables import Submission
from shared.db.unit import Unit
from shared.problems import not_found
from shared.security.access import reached

LIMIT = 200
_GATES = [kind.value for kind in GATING]


def open_duplicates_by_school(unit: Unit, round_id: str) -> Counter[str]:
    """How many duplicates of each school keep รับทราบ waiting."""
    counts: Counter[str] = Counter()
    for side in (DuplicateCase.first_smis, DuplicateCase.second_smis):
        statement = select(side, func.count()).where(*_waiting(round_id)).group_by(side)
        counts.update(dict(unit.session.execute(statement).all()))
    return counts


def open_duplicates_of(unit: Unit, round_id: str, smis: str) -> int:
    """How many duplicates of one school keep รับทราบ waiting."""
    statement = select(func.count()).select_from(DuplicateCase).where(*_waiting(round_id), _has_part(smis))
    return unit.session.execute(statement).scalar_one()


def list_duplicates(
    unit: Unit,
    round_id: str,
    state: str | None = None,
    kind: str | None = None,
    smis: str | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> dict[str, Any]:
    """The duplicates of a round within the caller's reach, in the order in which they came up.

    Raises:
        Problem: ``forbidden``, ``not_found``.
    """
    require_reader(unit.identity)
    require_announced(unit, find_round(unit, round_id))
    statement = select(DuplicateCase).where(DuplicateCase.round_id == round_id, _in_reach(unit))
    for name, value in (("state", state), ("kind", kind)):
        if value:
            statement = statement.filter_by(**{name: value})
    if smis:
        statement = statement.where(_has_part(smis))
    if cursor:
        statement = statement.where(DuplicateCase.id > cursor)
    size = min(limit, LIMIT)
    cases = list(unit.session.execute(statement.order_by(DuplicateCase.id).limit(size + 1)).scalars())
    page = cases[:size]
    entries = entries_by_id(unit, round_id, {key for case in page for key in (case.first_key, case.second_key)})
    documents = _documents(unit, page)
    return {
        "items": [case_view(case, viewpoint_of(unit, case), entries, documents[case.id]) for case in page],
        "next_cursor": page[-1].id if len(cases) > size else None,
    }


def get_duplicate(unit: Unit, round_id: str, case_id: str) -> dict[str, Any]:
    """One case: whole on the side of the caller's school, of the other side what settles it; evidence and history.

    Raises:
        Problem: ``not_found``.
    """
    case = find_case(unit, round_id, case_id)
    entries = entries_by_id(unit, round_id, {case.first_key, case.second_key})
    viewpoint = viewpoint_of(unit, case)
    view = told_case(unit, case, viewpoint, entries)
    return {
        **view,
        "schools": [
            {**school, **_place(unit, case, school["smis"], entries, viewpoint)} for school in view["schools"]
        ],
    }


def told_case(
    unit: Unit, case: DuplicateCase, viewpoint: Viewpoint, entries: dict[tuple[str, bytes], Entry]
) -> dict[str, Any]:
    """A case with its documents and steps, as ``viewpoint`` sees them."""
    evidence = list(
        unit.session.execute(
            select(DuplicateEvidence).filter_by(case_id=case.id).order_by(DuplicateEvidence.uploaded_at)
        ).scalars()
    )
    steps = unit.session.execute(
        select(DuplicateEntry).filter_by(case_id=case.id).order_by(DuplicateEntry.seq)
    ).scalars()
    return {
        **case_view(case, viewpoint, entries, len(evidence)),
        "evidence": [evidence_view(document, viewpoint) for document in evidence],
        "history": [entry_view(step, viewpoint) for step in steps],
    }


def find_case(unit: Unit, round_id: str, case_id: str) -> DuplicateCase:
    """A case of the round in which the caller's school or area has a part.

    Raises:
        Problem: ``not_found`` where even its existence is not the caller's to know.
    """
    statement = select(DuplicateCase).where(
        DuplicateCase.round_id == round_id, DuplicateCase.id == case_id, _in_reach(unit)
    )
    case = unit.session.execute(statement).scalar_one_or_none()
    if case is None:
        raise not_found("ไม่พบรายการนักเรียนซ้ำซ้อนนี้")
    return case


def viewpoint_of(unit: Unit, case: DuplicateCase) -> Viewpoint:
    """From where the caller looks: the area, or one of the schools, of which everything is theirs to see."""
    identity = unit.identity
    own = [
        smis
        for smis, path in ((case.first_smis, case.first_path), (case.second_smis, case.second_path))
        if any(grant.role in access.OWN_SCHOOL and grant.scope == path for grant in identity.grants)
    ]
    return Viewpoint(identity.holds(access.AREA_READERS, case.org_path), frozenset(own))


def _waiting(round_id: str) -> tuple[Any, ...]:
    return (
        DuplicateCase.round_id == round_id,
        DuplicateCase.state == CaseState.OPEN.value,
        DuplicateCase.kind.in_(_GATES),
    )


def _has_part(smis: str) -> Any:
    return or_(DuplicateCase.first_smis == smis, DuplicateCase.second_smis == smis)


def _in_reach(unit: Unit) -> Any:
    reads = unit.identity, access.READS_SCHOOL
    return or_(reached(DuplicateCase.first_path, *reads), reached(DuplicateCase.second_path, *reads))


def _documents(unit: Unit, cases: list[DuplicateCase]) -> Counter[str]:
    statement = (
        select(DuplicateEvidence.case_id, func.count())
        .where(DuplicateEvidence.case_id.in_([case.id for case in cases]))
        .group_by(DuplicateEvidence.case_id)
    )
    return Counter(dict(unit.session.execute(statement).all()))


def _place(
    unit: Unit, case: DuplicateCase, smis: str, entries: dict[tuple[str, bytes], Entry], viewpoint: Viewpoint
) -> dict[str, Any]:
    """Where a side's pupil stands in its file, for whoever may see that; for the own school the pupil itself."""
    entry = entries.get((smis, case.first_key if smis == case.first_smis else case.second_key))
    if entry is None or not (viewpoint.is_area or smis in viewpoint.own):
        return {"submission_id": None, "row": None, "pupil": None}
    submission = unit.session.execute(
        select(Submission)
        .join(SchoolRound, SchoolRound.submission_id == Submission.id)
        .where(SchoolRound.round_id == case.round_id, SchoolRound.smis == smis)
    ).scalar_one()
    pupil = None
    if smis in viewpoint.own:
        columns = roll_columns(unit.adapters, submission.roll_sha256, *(column.field for column in COLUMNS))
        pupil = pupil_view(columns[entry.row])
    return {"submission_id": submission.id, "row": entry.row, "pupil": pupil}
