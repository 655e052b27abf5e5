"""Looking pupils up across the schools of a round, by what the index keeps of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import aliased

from services.rounds.pupils.tables import PupilEntry
from shared.db.unit import Unit

# the databases bind so many values in a statement without trouble
_AT_ONCE = 500

_Mine = aliased(PupilEntry)
_Theirs = aliased(PupilEntry)


@dataclass(frozen=True)
class Entry:
    """A pupil who is present, as the index has them."""

    row: int
    grade: int | None
    person_key: bytes | None
    name_key: bytes | None

    @property
    def facts(self) -> bytes | None:
        """What a decision rests on."""
        return self.person_key or self.name_key


def shared_ids(submission_id: str) -> Select[bytes | None, str]:
    """The ids (blind) of a version's pupils that other schools of the round have too, with those schools."""
    return (
        select(_Mine.id_key, _Theirs.smis)
        .join(_Theirs, and_(_Theirs.round_id == _Mine.round_id, _Theirs.id_key == _Mine.id_key))
        .where(_Mine.submission_id == submission_id, _Mine.active, _Theirs.active, _Theirs.smis != _Mine.smis)
        .distinct()
    )


@dataclass(frozen=True)
class NameMatch:
    """Two pupils of different schools with the same names and different ids."""

    key: bytes
    row: int
    smis: str
    other_key: bytes
    other_row: int
    other_submission: str


def shared_names(submission_id: str) -> Select[*tuple[Any, ...]]:
    """The pupils of other schools who bear the names of a version's pupils, under other ids: :class:`NameMatch`."""
    same_names = and_(_Theirs.round_id == _Mine.round_id, _Theirs.name_key == _Mine.name_key)
    return (
        select(_Mine.id_key, _Mine.row, _Theirs.smis, _Theirs.id_key, _Theirs.row, _Theirs.submission_id)
        .join(_Theirs, same_names)
        .where(
            _Mine.submission_id == submission_id,
            _Mine.active,
            _Theirs.active,
            _Theirs.smis != _Mine.smis,
            _Theirs.id_key != _Mine.id_key,
        )
        .order_by(_Mine.row, _Theirs.smis, _Theirs.row)
    )


def entries_by_id(unit: Unit, round_id: str, keys: Collection[bytes]) -> dict[tuple[str, bytes], Entry]:
    """The pupils of a round with these ids, by school and id; of one whom a file has twice, the first row."""
    found: dict[tuple[str, bytes], Entry] = {}
    ordered = sorted(keys)
    for start in range(0, len(ordered), _AT_ONCE):
        chunk = ordered[start : start + _AT_ONCE]
        statement = (
            select(PupilEntry)
            .where(PupilEntry.round_id == round_id, PupilEntry.id_key.in_(chunk), PupilEntry.active)
            .order_by(PupilEntry.smis, PupilEntry.row)
        )
        for entry in unit.session.execute(statement).scalars():
            place = (entry.smis, entry.id_key or b"")
            found.setdefault(place, Entry(entry.row, entry.grade, entry.person_key, entry.name_key))
    return found
