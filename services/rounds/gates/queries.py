"""Looking at schools in rounds: the board, one school, its history."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.rounds import access
from services.rounds.calendar.queries import list_rounds
from services.rounds.calendar.rules import RoundPhase
from services.rounds.calendar.tables import Round
from services.rounds.calendar.views import find_round, local, require_announced, require_reader
from services.rounds.duplicates.queries import open_duplicates_by_school, open_duplicates_of
from services.rounds.gates.commands import find_school_round
from services.rounds.gates.rules import SchoolState, Standing, completeness
from services.rounds.gates.tables import HistoryEntry, SchoolRound
from services.rounds.gates.views import board_stamp, history_view, lateness, school_round_view
from services.rounds.submissions.tables import Submission
from services.rounds.submissions.views import submission_view
from shared.db.unit import Unit
from shared.security.access import require, scoped

RUNNING = frozenset({RoundPhase.ANNOUNCED, RoundPhase.OPEN, RoundPhase.CONFIRM_WINDOW})


def progress(unit: Unit, round_id: str) -> dict[str, Any]:
    """The board: completeness in numbers, and every school within the caller's reach.

    Raises:
        Problem: ``forbidden``, ``not_found``.
    """
    require_reader(unit.identity)
    round_, schools = _board(unit, round_id)
    now = unit.now()
    rows, standings = [], []
    duplicates = open_duplicates_by_school(unit, round_id)
    for school in schools:
        on_time, late = lateness(round_, school, now)
        standings.append(Standing(SchoolState(school.state), school.amphoe, late, on_time))
        rows.append({**school_round_view(round_, school, now), "duplicates": duplicates[school.smis]})
    return {
        "round_id": round_id,
        "state": round_.state,
        "stamp": board_stamp(round_, schools, duplicates, now),
        **completeness(standings),
        "schools": rows,
    }


def list_work(unit: Unit, limit: int = 20) -> dict[str, Any]:
    """What "my work" shows of rounds, in one answer: the newest rounds, and the boards of those that run.

    Raises:
        Problem: ``forbidden``.
    """
    rounds = list_rounds(unit, limit)["items"]
    running = [round_["id"] for round_ in rounds if round_["state"] in RUNNING]
    return {"rounds": rounds, "boards": {round_id: progress(unit, round_id) for round_id in running}}


def board_marks(unit: Unit, round_id: str) -> dict[str, Any]:
    """What a watcher of the board compares: its stamp, and how far each school within reach is.

    Raises:
        Problem: ``forbidden``, ``not_found``.
    """
    require_reader(unit.identity)
    round_, schools = _board(unit, round_id)
    duplicates = open_duplicates_by_school(unit, round_id)
    return {
        "state": round_.state,
        "stamp": board_stamp(round_, schools, duplicates, unit.now()),
        "schools": [
            {
                "smis": school.smis,
                "name": school.name,
                "state": school.state,
                "revision": school.revision,
                "duplicates": duplicates[school.smis],
            }
            for school in schools
        ],
    }


def get_school_round(unit: Unit, round_id: str, smis: str) -> dict[str, Any]:
    """One school in a round, with the version that stands and the newest one.

    Raises:
        Problem: ``forbidden``, ``not_found``.
    """
    round_, school = _readable(unit, round_id, smis)
    submissions = unit.session.execute(
        select(Submission).filter_by(round_id=round_id, smis=smis).order_by(Submission.version.desc())
    ).scalars()
    return {
        **school_round_view(round_, school, unit.now()),
        "round_state": round_.state,
        "school_deadline": local(round_.school_deadline),
        "certify_deadline": local(round_.certify_deadline),
        "duplicates": open_duplicates_of(unit, round_id, smis),
        "submissions": [submission_view(submission) for submission in submissions],
    }


def get_history(unit: Unit, round_id: str, smis: str) -> dict[str, Any]:
    """The append-only history of a school in a round, oldest first.

    Raises:
        Problem: ``forbidden``, ``not_found``.
    """
    _, school = _readable(unit, round_id, smis)
    entries = unit.session.execute(
        select(HistoryEntry).filter_by(school_round_id=school.id).order_by(HistoryEntry.seq)
    ).scalars()
    return {"items": [history_view(entry) for entry in entries], "next_cursor": None}


def _board(unit: Unit, round_id: str) -> tuple[Round, list[SchoolRound]]:
    """A round, and its schools within the caller's reach."""
    round_ = find_round(unit, round_id)
    require_announced(unit, round_)
    statement = select(SchoolRound).filter_by(round_id=round_id).order_by(SchoolRound.smis)
    schools = unit.session.execute(scoped(statement, SchoolRound.org_path, unit.identity, access.READS_SCHOOL))
    return round_, list(schools.scalars())


def _readable(unit: Unit, round_id: str, smis: str) -> tuple[Any, SchoolRound]:
    require_reader(unit.identity)
    round_ = find_round(unit, round_id)
    school = find_school_round(unit, round_id, smis)
    require(unit.identity, access.READS_SCHOOL, school.org_path)
    return round_, school
