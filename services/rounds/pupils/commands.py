"""Keeping the index of the version that stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete

from services.rounds.pupils.tables import PupilEntry
from services.rounds.submissions.tables import Submission
from shared.db.rows import insert_plain
from shared.db.unit import Unit

COLUMNS = (
    "submission_id", "round_id", "smis", "row", "id_key", "person_key", "name_key", "grade", "room", "sex", "active",
)  # fmt: skip


def index_pupils(unit: Unit, submission: Submission, entries: Sequence[Sequence[Any]]) -> None:
    """Put the pupils of a version into the index; ``entries`` as :func:`services.rounds.rules.dmc.roll.entries`."""
    common = (submission.id, submission.round_id, submission.smis)
    rows = [
        (*common, row, _bytes(id_key), _bytes(person_key), _bytes(name_key), grade, room, sex, active)
        for row, id_key, person_key, name_key, grade, room, sex, active in entries
    ]
    insert_plain(unit.session, PupilEntry, COLUMNS, rows)


def drop_from_index(unit: Unit, submission_id: str) -> None:
    """Take a version that no longer stands out of the index; its roll stays in the file store."""
    unit.session.execute(delete(PupilEntry).filter_by(submission_id=submission_id))


def _bytes(key: str | None) -> bytes | None:
    return bytes.fromhex(key) if key else None
