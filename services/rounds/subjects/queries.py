"""Finding what is held about one pupil, within the caller's reach."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from services.rounds import access
from services.rounds.calendar.tables import Round
from services.rounds.duplicates.lookup import entries_by_id
from services.rounds.duplicates.queries import told_case, viewpoint_of
from services.rounds.duplicates.tables import DuplicateCase
from services.rounds.gates.tables import SchoolRound
from services.rounds.pupils.tables import PupilEntry
from services.rounds.rules.dmc.roll import id_key
from services.rounds.rules.wording import keyed_hash
from services.rounds.subjects.rules import is_about
from services.rounds.submissions.tables import Finding, Submission
from shared.audit.disclosure import PREFIX
from shared.db.unit import Unit
from shared.security.access import reached, scoped


@dataclass(frozen=True)
class Place:
    """A row of a version that stands: of which school in which round."""

    submission: Submission
    school: SchoolRound
    round: Round
    row: int


def blind_key(unit: Unit, value: str) -> bytes:
    """What the index has for an id."""
    return id_key(bytes.fromhex(unit.vault.blind("pupil_entry", "secret")), value)


def places_of(unit: Unit, key: bytes) -> list[Place]:
    """Every row of a version that stands with this id, the newest round first."""
    statement = (
        select(Submission, SchoolRound, Round, PupilEntry.row)
        .join(PupilEntry, PupilEntry.submission_id == Submission.id)
        .join(SchoolRound, SchoolRound.submission_id == Submission.id)
        .join(Round, Round.id == SchoolRound.round_id)
        # the index is by round: each is looked into
        .where(PupilEntry.round_id.in_(select(Round.id)), PupilEntry.id_key == key)
        .order_by(Round.year_be.desc(), Round.round_no.desc(), Submission.smis, PupilEntry.row)
    )
    found = unit.session.execute(scoped(statement, Submission.org_path, unit.identity, access.REVEALS))
    return [Place(*one) for one in found]


def findings_of(unit: Unit, value: str, places: Iterable[Place]) -> dict[str, list[Finding]]:
    """What rules say of the pupil in the versions that stand for these schools, by version.

    Found by the row, and by the keyed id: who is missing since the round before has no row any more.
    """
    places = list(places)
    row_key = keyed_hash(bytes.fromhex(unit.adapters.row_key), (value,))
    schools = {place.submission.smis for place in places}
    standing = scoped(
        select(Submission.id)
        .join(SchoolRound, SchoolRound.submission_id == Submission.id)
        .where(Submission.smis.in_(schools)),
        Submission.org_path,
        unit.identity,
        access.REVEALS,
    )
    rows = [(Finding.submission_id == place.submission.id) & (Finding.row == place.row) for place in places]
    statement = select(Finding).where(Finding.submission_id.in_(standing), or_(Finding.row_key == row_key, *rows))
    found: dict[str, list[Finding]] = {}
    for finding in unit.session.execute(statement.order_by(Finding.submission_id, Finding.seq)).scalars():
        found.setdefault(finding.submission_id, []).append(finding)
    return found


def versions_of(unit: Unit, ids: Iterable[str]) -> list[tuple[Submission, Round]]:
    """Versions with their rounds."""
    statement = select(Submission, Round).join(Round, Round.id == Submission.round_id).where(Submission.id.in_(ids))
    return [(submission, round_) for submission, round_ in unit.session.execute(statement)]


def older_versions(unit: Unit, place: Place) -> list[int]:
    """The versions of the same school and round that are still held: no index says who stands in them."""
    statement = select(Submission.version).where(
        Submission.round_id == place.round.id,
        Submission.smis == place.submission.smis,
        Submission.id != place.submission.id,
        Submission.erased_at.is_(None),
        Submission.sha256.is_not(None),
    )
    return list(unit.session.execute(statement.order_by(Submission.version)).scalars())


def duplicates_of(unit: Unit, key: bytes) -> list[dict[str, Any]]:
    """The cases in which the id has a part, each as the caller may see it, with documents and steps."""
    reads = unit.identity, access.REVEALS
    statement = select(DuplicateCase).where(
        or_(DuplicateCase.first_key == key, DuplicateCase.second_key == key),
        DuplicateCase.round_id.in_(select(Round.id)),
        or_(reached(DuplicateCase.first_path, *reads), reached(DuplicateCase.second_path, *reads)),
    )
    cases = list(unit.session.execute(statement.order_by(DuplicateCase.id)).scalars())
    return [_case(unit, case) for case in cases]


def disclosures_of(unit: Unit, place: Place) -> Sequence[Any]:
    """Who was shown this row, or the file it stands in, the last first."""
    audit = unit.tables.audit
    statement = (
        select(audit.at, audit.actor, audit.action, audit.reason, audit.change)
        .where(
            audit.subject == f"school/{place.submission.smis}",
            audit.org_path == place.submission.org_path,
            audit.action.startswith(PREFIX, autoescape=True),
        )
        .order_by(audit.at.desc(), audit.id.desc())
    )
    version = place.submission.id, place.submission.version
    rows = unit.session.execute(statement)
    return [row for row in rows if is_about(row.action, row.change, *version, place.row)]


def _case(unit: Unit, case: DuplicateCase) -> dict[str, Any]:
    entries = entries_by_id(unit, case.round_id, {case.first_key, case.second_key})
    title = unit.session.get_one(Round, case.round_id).title
    return {**told_case(unit, case, viewpoint_of(unit, case), entries), "round_title": title}
