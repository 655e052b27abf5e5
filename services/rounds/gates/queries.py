"""Looking at schools in rounds: the board, one school, its history."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import select

from services.rounds import access
from services.rounds.calendar.queries import list_rounds
from services.rounds.calendar.rules import RUNNING, RoundPhase
from services.rounds.calendar.tables import Round
from services.rounds.calendar.views import find_round, local, require_announced, require_reader
from services.rounds.duplicates.queries import open_duplicates_by_school, open_duplicates_of
from services.rounds.gates.commands import find_school_round
from services.rounds.gates.rules import Event, SchoolState, Standing, check_certified, completeness
from services.rounds.gates.tables import HistoryEntry, SchoolRound
from services.rounds.gates.views import (
    board_stamp,
    history_view,
    lateness,
    overdue_view,
    school_round_view,
    school_round_views,
)
from services.rounds.schools.tables import School
from services.rounds.submissions.queries import get_submission, list_findings
from services.rounds.submissions.rules import Earlier, SubmissionPhase, version_shown
from services.rounds.submissions.tables import Submission
from services.rounds.submissions.views import submission_view
from shared.db.unit import Unit
from shared.security.access import require, scoped

AT_WORK = RUNNING | {RoundPhase.ANNOUNCED}
SETTLED = frozenset({SchoolState.LOCKED, SchoolState.EXEMPT})


def progress(unit: Unit, round_id: str) -> dict[str, Any]:
    """The board: completeness in numbers, and every school within the caller's reach.

    Raises:
        Problem: ``forbidden``, ``not_found``.
    """
    require_reader(unit.identity)
    round_, schools = _board(unit, round_id)
    views = school_round_views(round_, schools, unit.now())
    duplicates = open_duplicates_by_school(unit, round_id)
    standings = [
        Standing(SchoolState(view["state"]), view["amphoe"], view["late"], view["on_time"]) for view in views
    ]
    marks = [
        (school.smis, school.state, school.revision, duplicates[school.smis], view["late"])
        for school, view in zip(schools, views, strict=True)
    ]
    return {
        "round_id": round_id,
        "state": round_.state,
        "stamp": board_stamp(round_.state, marks),
        **completeness(standings),
        "schools": [{**view, "duplicates": duplicates[view["smis"]]} for view in views],
    }


def list_work(unit: Unit, limit: int = 20) -> dict[str, Any]:
    """What "my work" shows of rounds, in one answer: the newest rounds, and the boards of those in which there is work.

    That is also a closed round in which a school within the caller's reach has an extension that runs.

    Raises:
        Problem: ``forbidden``.
    """
    rounds = list_rounds(unit, limit)["items"]
    extended = _extended_rounds(unit)
    at_work = [round_["id"] for round_ in rounds if round_["state"] in AT_WORK or round_["id"] in extended]
    return {"rounds": rounds, "boards": {round_id: progress(unit, round_id) for round_id in at_work}}


def list_overdue(unit: Unit, round_id: str) -> dict[str, Any]:
    """The escalation list: the schools within the caller's reach that are behind, who owes what, the longest first.

    Raises:
        Problem: ``forbidden``, ``not_found``.
    """
    require_reader(unit.identity)
    round_, schools = _board(unit, round_id)
    require(unit.identity, access.AREA_READERS, round_.org_path)
    now = unit.now()
    found = [view for school in schools if (view := overdue_view(round_, school, now))]
    return {
        "round_id": round_id,
        "round_title": round_.title,
        "state": round_.state,
        "created_at": local(now),
        "schools": sorted(found, key=lambda view: (-view["days_late"], view["smis"])),
    }


def board_marks(unit: Unit, round_id: str) -> dict[str, Any]:
    """What a watcher of the board compares: its stamp, and how far each school within reach is.

    Raises:
        Problem: ``forbidden``, ``not_found``.
    """
    require_reader(unit.identity)
    round_, schools = _board(unit, round_id)
    duplicates, now = open_duplicates_by_school(unit, round_id), unit.now()
    marks = [
        (school.smis, school.state, school.revision, duplicates[school.smis], lateness(round_, school, now)[1])
        for school in schools
    ]
    return {
        "state": round_.state,
        "stamp": board_stamp(round_.state, marks),
        "schools": [
            {"smis": smis, "name": school.name, "state": state, "revision": revision, "duplicates": waiting}
            for school, (smis, state, revision, waiting, _) in zip(schools, marks, strict=True)
        ],
    }


def get_school_round(unit: Unit, round_id: str, smis: str) -> dict[str, Any]:
    """One school in a round, with the version that stands and the newest one.

    Raises:
        Problem: ``forbidden``, ``not_found``.
    """
    round_, school = readable(unit, round_id, smis)
    submissions = unit.session.execute(
        select(Submission).filter_by(round_id=round_id, smis=smis).order_by(Submission.version.desc())
    ).scalars()
    return {
        **school_round_view(round_, school, unit.now()),
        "round_state": round_.state,
        "duplicates": open_duplicates_of(unit, round_id, smis),
        "submissions": [submission_view(submission) for submission in submissions],
    }


def get_shown_version(
    unit: Unit, round_id: str, smis: str, version: int | None = None, **choice: Any
) -> dict[str, Any]:
    """The version of a school's file that its page shows (``submission``, None without any), and its findings.

    ``choice`` narrows the findings as :func:`list_findings` does.

    Raises:
        Problem: ``forbidden``, ``not_found``; ``invalid`` (422) for a cursor that is none of ours.
    """
    _, school = readable(unit, round_id, smis)
    versions = list(
        unit.session.execute(
            select(Submission.id, Submission.version, Submission.state)
            .filter_by(round_id=round_id, smis=smis)
            .order_by(Submission.version.desc())
        )
    )
    newest_first = [Earlier(row.version, SubmissionPhase(row.state)) for row in versions]
    standing = next((row.version for row in versions if row.id == school.submission_id), None)
    shown = version_shown(newest_first, standing, version)
    if shown is None:
        return {"submission": None, "findings": {"items": [], "next_cursor": None}}
    submission_id = next(row.id for row in versions if row.version == shown)
    return {
        "submission": get_submission(unit, submission_id),
        "findings": list_findings(unit, submission_id, **choice),
    }


def get_history(unit: Unit, round_id: str, smis: str) -> dict[str, Any]:
    """The append-only history of a school in a round, oldest first.

    Raises:
        Problem: ``forbidden``, ``not_found``.
    """
    _, school = readable(unit, round_id, smis)
    entries = unit.session.execute(
        select(HistoryEntry).filter_by(school_round_id=school.id).order_by(HistoryEntry.seq)
    ).scalars()
    return {"items": [history_view(entry) for entry in entries], "next_cursor": None}


def _extended_rounds(unit: Unit) -> set[str]:
    """The rounds in which a school within the caller's reach has an extension that has not been locked yet."""
    statement = select(SchoolRound.round_id).where(
        SchoolRound.extended_until.is_not(None), SchoolRound.state.not_in(SETTLED)
    )
    reached = scoped(statement, SchoolRound.org_path, unit.identity, access.READS_SCHOOL)
    return set(unit.session.execute(reached.distinct()).scalars())


def get_certificate(unit: Unit, round_id: str, smis: str) -> dict[str, Any]:
    """What a certification sheet says: the counts of the certified version, its hash, who confirmed and certified.

    ``classes`` are the pupils by grade and room, as in the tables of a version; instants are in Bangkok time.

    Raises:
        Problem: ``forbidden``, ``not_found``; ``school_round.not_certified`` (409).
    """
    round_, school = readable(unit, round_id, smis)
    check_certified(SchoolState(school.state), school.locked_from)
    submission = unit.session.get_one(Submission, school.submission_id)
    return {
        **school_round_view(round_, school, unit.now()),
        "round_title": round_.title,
        "as_of_date": round_.as_of_date.isoformat(),
        "area_name": _area_name_of(unit, school),
        "sha256": submission.sha256,
        "counts": submission.counts,
        "classes": (submission.tables or {})["classes"],
        "confirmed_by": _actor_of_last(unit, school, Event.CONFIRM),
        "certified_by": _actor_of_last(unit, school, Event.CERTIFY),
    }


def _area_name_of(unit: Unit, school: SchoolRound) -> str | None:
    """The name of the area in which a school lies, as the owner of schools last told it."""
    return unit.session.execute(select(School.area_name).filter_by(smis=school.smis)).scalar_one_or_none()


def _actor_of_last(unit: Unit, school: SchoolRound, event: Event) -> str:
    statement = select(HistoryEntry).filter_by(school_round_id=school.id, event=event.value)
    entry = unit.session.execute(statement.order_by(HistoryEntry.seq.desc()).limit(1)).scalar_one()
    return str(entry.actor_name)


def _board(unit: Unit, round_id: str) -> tuple[Round, list[SchoolRound]]:
    """A round, and its schools within the caller's reach: to look at, for they are rows of the table with its names,
    which take a third of the time of entities that may be changed.
    """
    round_ = find_round(unit, round_id)
    require_announced(unit, round_)
    statement = select(*SchoolRound.__table__.columns).filter_by(round_id=round_id).order_by(SchoolRound.smis)
    schools = unit.session.execute(scoped(statement, SchoolRound.org_path, unit.identity, access.READS_SCHOOL))
    return round_, cast(list[SchoolRound], schools.all())


def readable(unit: Unit, round_id: str, smis: str) -> tuple[Round, SchoolRound]:
    """A round and a school of it, for who may read about that school.

    Raises:
        Problem: ``forbidden``, ``not_found``.
    """
    require_reader(unit.identity)
    round_ = find_round(unit, round_id)
    school = find_school_round(unit, round_id, smis)
    require(unit.identity, access.READS_SCHOOL, school.org_path)
    return round_, school
