"""What a child is told of the files it checks, and where it finds them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from services.rounds.adapters import PREFIX
from services.rounds.calendar.tables import Round
from services.rounds.gates.tables import SchoolRound
from services.rounds.pupils.queries import rolls_of, round_before
from services.rounds.schools.queries import closed_schools, rooms_of
from services.rounds.submissions.tables import Submission
from shared.db.unit import Unit
from shared.files.memory import memory_path
from shared.files.store import FileStore

COMPARED_ROLLS = ("previous", "earlier", "standing")


@dataclass(frozen=True)
class Claimed:
    """A version in hand: its id, our lease on it, how often it was tried, and the job for the child."""

    submission_id: str
    lease: str
    attempts: int
    sha256: str | None
    job: dict[str, Any]


def claimed_of(unit: Unit, submissions: Sequence[Submission]) -> list[Claimed]:
    """The jobs of versions that were claimed, of one round or several."""
    claimed = []
    for round_id in dict.fromkeys(submission.round_id for submission in submissions):
        own = [submission for submission in submissions if submission.round_id == round_id]
        facts = jobs_of(unit, unit.session.get_one(Round, round_id), [submission.smis for submission in own])
        claimed += [_claimed(submission, facts[submission.smis]) for submission in own]
    return claimed


def _claimed(submission: Submission, facts: Mapping[str, Any]) -> Claimed:
    job = {
        **facts,
        "received_at": submission.created_at.isoformat(),
        "filename": submission.filename,
        "kind": submission.kind,
        "no_pupils": submission.no_pupils,
        "same_bytes_as_version": submission.same_bytes_as,
    }
    return Claimed(submission.id, submission.lease or "", submission.attempts, submission.sha256, job)


def job_of(unit: Unit, round_: Round, smis: str, received_at: dt.datetime) -> dict[str, Any]:
    """What a child must know to check a file of a school: everything but the file itself."""
    return {**jobs_of(unit, round_, [smis])[smis], "received_at": received_at.isoformat()}


def jobs_of(unit: Unit, round_: Round, codes: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What a child must know of each school of a round, whatever it sends and when."""
    of_round = {
        "register": round_.system,
        "year_be": round_.year_be,
        "round_no": round_.round_no,
        "as_of_date": round_.as_of_date.isoformat(),
        "closed_smis": closed_schools(unit, round_.org_path),
        "rule_set": round_.rule_set,
        "today": unit.clock.today().isoformat(),
        "row_key_secret": unit.adapters.row_key,
        "index_secret": unit.vault.blind("pupil_entry", "secret"),
        "opens_at": (round_.opened_at or round_.open_at).isoformat(),
    }
    before = round_before(unit, round_)
    previous = rolls_of(unit, before, codes)
    earlier = rolls_of(unit, before and round_before(unit, before), codes)
    rooms = rooms_of(unit, codes, round_.year_be)
    schools = unit.session.execute(
        select(SchoolRound, Submission.roll_sha256)
        .outerjoin(Submission, Submission.id == SchoolRound.submission_id)
        .where(SchoolRound.round_id == round_.id, SchoolRound.smis.in_(codes))
    )
    return {
        school.smis: {
            **of_round,
            "school": {"smis": school.smis, "name": school.name, "education_range": school.education_range},
            "previous": previous.get(school.smis),
            "earlier": earlier.get(school.smis),
            # None before the first version, or when that one had no pupils
            "standing": {"roll_sha256": roll} if roll else None,
            "rooms": rooms.get(school.smis),
        }
        for school, roll in schools
    }


@contextmanager
def paths_for(app: Any, claimed: Claimed) -> Iterator[dict[str, Any]]:
    """Where the child finds the file and the rolls it is compared with, and where it leaves the roll of this one."""
    files, job = app.adapters.files, claimed.job
    with _readable(files, claimed.sha256) as path, memory_path() as roll, rolls_opened(files, job) as rolls:
        yield {"path": path, "roll_path": str(roll), **rolls}


@contextmanager
def rolls_opened(files: FileStore, job: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The rolls of ``job`` each with the ``path`` under which the child reads it while the context is open."""
    with ExitStack() as opened:
        rolls = {name: job[name] for name in COMPARED_ROLLS}
        paths = {
            name: opened.enter_context(_readable(files, roll and roll["roll_sha256"])) for name, roll in rolls.items()
        }
        yield {name: roll and {**roll, "path": paths[name]} for name, roll in rolls.items()}


@contextmanager
def _readable(files: FileStore, sha256: str | None) -> Iterator[str | None]:
    if sha256 is None:
        yield None
        return
    with files.path_for_reading(PREFIX, sha256) as path:
        yield str(path)
