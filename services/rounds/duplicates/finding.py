"""Finding duplicates: as soon as a version stands those with the same id, a moment later the likely ones."""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, exists, or_, select

from services.rounds.calendar.tables import Round
from services.rounds.duplicates import rules
from services.rounds.duplicates.book import (
    cases_of,
    lock_cases,
    other_school,
    record_step,
    recount,
    recount_schools,
    sides_of,
    standing_of,
)
from services.rounds.duplicates.lookup import Entry, NameMatch, entries_by_id, shared_ids, shared_names
from services.rounds.duplicates.rules import CaseState, Kind, Person, Standing
from services.rounds.duplicates.tables import ComparisonTask, DuplicateCase
from services.rounds.gates.publishing import SYSTEM_NAME, Author
from services.rounds.gates.rules import SchoolState
from services.rounds.gates.tables import SchoolRound
from services.rounds.pupils.rolls import roll_columns
from services.rounds.rules.dmc.layout import CITIZEN_ID
from services.rounds.submissions.rules import SubmissionPhase
from services.rounds.submissions.tables import Submission
from shared.bus.contracts import rounds as contracts
from shared.bus.envelope import new_id
from shared.db.unit import SYSTEM, Unit
from shared.thai.national_id import mask

log = logging.getLogger(__name__)

BIRTH = "birth_date"
RETRY = dt.timedelta(minutes=1)
LETS_OTHERS_FIRST = dt.timedelta(seconds=30)
THE_SYSTEM = Author(SYSTEM, SYSTEM_NAME)
CHANGED_FACTS = "ชื่อหรือวันเกิดในไฟล์ใหม่ต่างจากตอนที่วินิจฉัย"

_EVENT_OF = {
    CaseState.SETTLED: contracts.DUPLICATE_SETTLED,
    CaseState.CARRIED: contracts.DUPLICATE_CARRIED,
    CaseState.GONE: contracts.DUPLICATE_GONE,
}


@dataclass(frozen=True)
class Pair:
    """Two pupils who may be one, the school with the lower code first."""

    first_smis: str
    first_key: bytes
    second_smis: str
    second_key: bytes

    @classmethod
    def of(cls, smis: str, key: bytes, other: str, other_key: bytes) -> Pair:
        return cls(smis, key, other, other_key) if smis < other else cls(other, other_key, smis, key)


def settle_in(unit: Unit, round_: Round, submission: Submission) -> None:
    """Bring the cases of a school up to the version that now stands, which must be in the index.

    The caller holds the lock of the cases, and publishes the version afterwards.
    """
    smis = submission.smis
    known = {_pair_of(case): case for case in cases_of(unit, round_.id, smis)}
    found = unit.session.execute(shared_ids(submission.id))
    same_ids = {Pair.of(smis, key, other, key) for key, other in found if key is not None}
    keys = {key for pair in known.keys() | same_ids for key in (pair.first_key, pair.second_key)}
    entries = entries_by_id(unit, round_.id, keys)
    touched = set()
    batch = _Batch(unit, round_, submission)
    for case in known.values():
        if _bring_up(unit, case, entries, batch):
            touched.add(other_school(case, smis))
    for pair in sorted(same_ids - known.keys(), key=lambda pair: (pair.first_smis, pair.second_smis, pair.first_key)):
        batch.add(pair, Kind.SAME_ID, entries)
    batch.publish()
    if known or same_ids:
        recount(unit, round_, submission)
        recount_schools(unit, round_, touched)
    if submission.roll_sha256 is not None:
        unit.session.add(ComparisonTask(submission_id=submission.id, due_at=unit.now()))


def _bring_up(
    unit: Unit, case: DuplicateCase, entries: dict[tuple[str, bytes], Entry], batch: _Batch
) -> bool:
    """Whether a known case moved; one that is open again is told with the new ones."""
    first, second = (entries.get((side.smis, side.key)) for side in sides_of(case))
    standing = standing_of(case)
    if first is None or second is None or not _still(Kind(case.kind), first, second):
        after = rules.unseen(standing)
    else:
        after = rules.seen(standing, rules.basis_of(first.facts, second.facts))
    if after == standing:
        return False
    if after.basis != standing.basis and first and second:
        case.same_names, case.same_birth = agreement(first, second)
    if after.state is CaseState.OPEN and standing.state is CaseState.GONE:
        batch.found_again(case, after)
    elif after.state is CaseState.OPEN:
        is_taken_back = standing.state is not CaseState.OPEN
        if is_taken_back:
            record_step(
                unit, batch.round, case, after, contracts.DUPLICATE_REOPENED, author=THE_SYSTEM, reason=CHANGED_FACTS
            )
        case.basis = after.basis
    else:
        record_step(unit, batch.round, case, after, _EVENT_OF[after.state], author=THE_SYSTEM)
    return True


def _still(kind: Kind, first: Entry, second: Entry) -> bool:
    """Whether what made the pair one of ``kind`` still holds; the ids are those of before."""
    if kind is Kind.SAME_ID:
        return True
    if kind is Kind.SAME_PERSON:
        return first.person_key is not None and first.person_key == second.person_key
    return first.name_key is not None and first.name_key == second.name_key


def agreement(first: Entry, second: Entry) -> tuple[bool, bool | None]:
    """Whether the names agree, and the birth dates: None where the index cannot tell."""
    same_names = first.name_key is not None and first.name_key == second.name_key
    if same_names and first.person_key and second.person_key:
        return True, first.person_key == second.person_key
    return same_names, None


class _Batch:
    """What one version brought up, told at once: each case says how many came up between its two schools."""

    def __init__(self, unit: Unit, round_: Round, submission: Submission) -> None:
        self.unit, self.round, self.submission = unit, round_, submission
        self._moves: list[tuple[DuplicateCase, Standing]] = []
        self._schools: dict[str, SchoolRound] = {}
        self._masked: dict[int, str] = {}

    def add(
        self,
        pair: Pair,
        kind: Kind,
        entries: dict[tuple[str, bytes], Entry],
        masked: tuple[str, str] | None = None,
    ) -> None:
        """A pair nobody has seen; schools that need not answer have no pupils to settle."""
        schools = self._school(pair.first_smis), self._school(pair.second_smis)
        first = entries.get((pair.first_smis, pair.first_key))
        second = entries.get((pair.second_smis, pair.second_key))
        if SchoolState.EXEMPT in [school.state for school in schools] or first is None or second is None:
            return
        same_names, same_birth = agreement(first, second)
        shown = masked or (self._masked_id(pair, entries),) * 2
        standing = rules.found(rules.basis_of(first.facts, second.facts))
        case = DuplicateCase(
            id=new_id(),
            round_id=self.round.id,
            org_path=self.round.org_path,
            kind=kind.value,
            first_smis=pair.first_smis,
            second_smis=pair.second_smis,
            first_name=schools[0].name,
            second_name=schools[1].name,
            first_path=schools[0].org_path,
            second_path=schools[1].org_path,
            first_key=pair.first_key,
            second_key=pair.second_key,
            first_masked=shown[0],
            second_masked=shown[1],
            same_names=same_names,
            same_birth=same_birth,
            revision=0,
            state=standing.state.value,
            basis=standing.basis,
        )
        self._moves.append((case, standing))

    def found_again(self, case: DuplicateCase, standing: Standing) -> None:
        """A case that was gone without having been decided."""
        self._moves.append((case, standing))

    def publish(self) -> None:
        """Write down and tell everything that came up."""
        counts = Counter((case.first_smis, case.second_smis) for case, _ in self._moves)
        for case, standing in self._moves:
            case.found_at, case.found_by = self.unit.now(), self.submission.id
            case.found_with = counts[case.first_smis, case.second_smis]
            record_step(self.unit, self.round, case, standing, contracts.DUPLICATE_FOUND, author=THE_SYSTEM)

    def _school(self, smis: str) -> SchoolRound:
        if smis not in self._schools:
            statement = select(SchoolRound).filter_by(round_id=self.round.id, smis=smis)
            self._schools[smis] = self.unit.session.execute(statement).scalar_one()
        return self._schools[smis]

    def _masked_id(self, pair: Pair, entries: dict[tuple[str, bytes], Entry]) -> str:
        """The masked id of a pair with the same one, out of the version's own roll."""
        if not self._masked:
            columns = roll_columns(self.unit.adapters, self.submission.roll_sha256, CITIZEN_ID)
            self._masked = {row: mask(value) for row, (value,) in columns.items()}
        return self._masked[entries[self.submission.smis, pair.first_key].row]


@dataclass(frozen=True)
class _Compared:
    """What the rolls told: likely pairs with their masked ids, and whether birth dates agree in known cases."""

    likely: list[tuple[Pair, Kind, tuple[str, str]]]
    births: dict[str, bool]


def compare_next(app: Any) -> bool:
    """Compare one version by name with the other schools. True when there was one.

    Nothing is lost when the process dies meanwhile: the task goes with the transaction that stores its result. While
    files wait to be checked it lets them go first, for a while: somebody waits for those.
    """
    with app.read() as unit:
        due = select(ComparisonTask.submission_id).where(ComparisonTask.due_at <= unit.now())
        waiting = exists().where(Submission.state == SubmissionPhase.RECORDING.value)
        due = due.where(or_(~waiting, ComparisonTask.due_at <= unit.now() - LETS_OTHERS_FIRST))
        submission_id = unit.session.execute(due.order_by(ComparisonTask.due_at).limit(1)).scalar_one_or_none()
        if submission_id is None:
            return False
        compared = _compare_or_none(unit, submission_id)
    with app.write() as unit:
        if compared is None:
            task = unit.session.get(ComparisonTask, submission_id)
            if task is not None:
                task.due_at = unit.now() + RETRY
        else:
            _store(unit, submission_id, compared)
    return True


def _compare_or_none(unit: Unit, submission_id: str) -> _Compared | None:
    try:
        return _compare(unit, submission_id)
    except Exception:
        # one version that cannot be compared must not keep the others waiting
        log.exception("comparing %s failed; it is tried again", submission_id)
        return None


def _compare(unit: Unit, submission_id: str) -> _Compared:
    submission = unit.session.get_one(Submission, submission_id)
    rolls = _Rolls(unit)
    likely = []
    for match in (NameMatch(*row) for row in unit.session.execute(shared_names(submission_id))):
        own, other = rolls.person(submission_id, match.row), rolls.person(match.other_submission, match.other_row)
        kind = rules.candidate(own, other)
        if kind is not None:
            pair = Pair.of(submission.smis, match.key, match.smis, match.other_key)
            ids = mask(own.citizen_id), mask(other.citizen_id)
            likely.append((pair, kind, ids if submission.smis < match.smis else ids[::-1]))
    return _Compared(likely, dict(_births(unit, submission, rolls)))


def _births(unit: Unit, submission: Submission, rolls: _Rolls) -> Iterable[tuple[str, bool]]:
    """Of the cases about which the index could not tell, whether the birth dates agree."""
    unknown = [
        case
        for case in cases_of(unit, submission.round_id, submission.smis)
        if case.same_birth is None and case.state != CaseState.GONE
    ]
    entries = entries_by_id(unit, submission.round_id, {key for case in unknown for key in _keys(case)})
    standing = dict(
        unit.session.execute(
            select(SchoolRound.smis, SchoolRound.submission_id).filter_by(round_id=submission.round_id)
        ).all()
    )
    for case in unknown:
        births = {
            rolls.person(standing[side.smis], entries[side.smis, side.key].row).birth
            for side in sides_of(case)
            if (side.smis, side.key) in entries
        }
        yield case.id, len(births) == 1 and "" not in births


class _Rolls:
    """Ids and birth dates of versions; each roll is opened once."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._opened: dict[str, dict[int, tuple[str, ...]]] = {}

    def person(self, submission_id: Any, row: int) -> Person:
        if submission_id not in self._opened:
            submission = self._unit.session.get_one(Submission, submission_id)
            self._opened[submission_id] = roll_columns(
                self._unit.adapters, submission.roll_sha256, CITIZEN_ID, BIRTH
            )
        return Person(*self._opened[submission_id][row])


def _store(unit: Unit, submission_id: str, compared: _Compared) -> None:
    """Keep what was found, unless somebody else did or the version stands no more."""
    submission = unit.session.get_one(Submission, submission_id)
    round_ = unit.session.get_one(Round, submission.round_id)
    lock_cases(unit, round_.id)
    is_ours = unit.session.execute(
        delete(ComparisonTask).filter_by(submission_id=submission_id).returning(ComparisonTask.submission_id)
    ).first()
    school = unit.session.execute(
        select(SchoolRound).filter_by(round_id=round_.id, smis=submission.smis)
    ).scalar_one()
    if is_ours is None or school.submission_id != submission_id:
        return
    known = {_pair_of(case): case for case in cases_of(unit, round_.id, submission.smis)}
    for case in known.values():
        if case.id in compared.births and case.same_birth is None:
            case.same_birth = compared.births[case.id]
    pairs = [found for found in compared.likely if found[0] not in known]
    entries = entries_by_id(unit, round_.id, {key for pair, _, _ in pairs for key in (pair.first_key, pair.second_key)})
    batch = _Batch(unit, round_, submission)
    for pair, kind, masked in pairs:
        # the other school's file may have changed while the rolls were read
        first, second = (
            entries.get((pair.first_smis, pair.first_key)),
            entries.get((pair.second_smis, pair.second_key)),
        )
        if first and second and _still(kind, first, second):
            batch.add(pair, kind, entries, masked)
    batch.publish()


def _pair_of(case: DuplicateCase) -> Pair:
    return Pair(case.first_smis, case.first_key, case.second_smis, case.second_key)


def _keys(case: DuplicateCase) -> tuple[bytes, bytes]:
    return case.first_key, case.second_key
