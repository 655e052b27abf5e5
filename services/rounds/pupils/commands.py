"""Keeping the index of the version that stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert

from services.rounds.pupils.tables import PupilEntry
from services.rounds.submissions.tables import Submission
from shared.db.unit import Unit

FIELDS = ("row", "id_key", "person_key", "name_key", "grade", "room", "sex", "active")
KEYS = ("id_key", "person_key", "name_key")


def index_pupils(unit: Unit, submission: Submission, entries: Sequence[Sequence[Any]]) -> None:
    """Put the pupils of a version into the index; ``entries`` as :func:`services.rounds.rules.dmc.roll.entries`."""
    common = {"submission_id": submission.id, "round_id": submission.round_id, "smis": submission.smis}
    rows = [{**common, **_entry(values)} for values in entries]
    if rows:
        unit.session.execute(insert(PupilEntry.__table__), rows)


def drop_from_index(unit: Unit, submission_id: str) -> None:
    """Take a version that no longer stands out of the index; its roll stays in the file store."""
    unit.session.execute(delete(PupilEntry).filter_by(submission_id=submission_id))


def _entry(values: Sequence[Any]) -> dict[str, Any]:
    entry = dict(zip(FIELDS, values, strict=True))
    return entry | {name: bytes.fromhex(entry[name]) if entry[name] else None for name in KEYS}
