"""The roll: the pupils of one version as the rules read them, in columns, to be kept and read again.

A later round compares with it, a decision on duplicates looks a pupil up in it. It holds what the file holds, with the
harmless disguises undone, so reading it gives the same pupils.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from services.rounds.rules.dmc.layout import CITIZEN_ID, KNOWN_COLUMNS, Layout
from services.rounds.rules.dmc.pupils import Pupil, is_blank, read_numbered, text_of
from services.rounds.rules.model import Cell
from shared.thai.dates import format_slashed

_VERSION = 1
_KEY_BYTES = 16
_NO_ROOM_ABOVE = 32_767


Roll = Mapping[str, Any]


def roll_of(pupils: Sequence[Pupil], layout: Layout) -> Roll:
    """The roll of ``pupils``: the row numbers and a list of texts for each known column, as a document to be kept."""
    fields = [column.field for column in KNOWN_COLUMNS if column.field in layout.at]
    cells = list(zip(*(pupil.cells for pupil in pupils), strict=True))
    return {
        "version": _VERSION,
        "rows": [pupil.row for pupil in pupils],
        "columns": {name: _column(pupils, name, cells[layout.at[name]]) for name in fields},
    }


def read_roll(roll: Roll) -> list[Pupil]:
    """The pupils of a roll, their rows those of the file it was made of.

    Raises:
        ValueError: not a roll that this version of the system can read.
    """
    return open_roll(roll)[0]


def open_roll(roll: Roll) -> tuple[list[Pupil], Layout]:
    """The pupils of a roll as :func:`read_roll`, and where each column stands in their cells.

    Raises:
        ValueError: not a roll that this version of the system can read.
    """
    _check_version(roll)
    columns = roll["columns"]
    headers = [column.header for column in KNOWN_COLUMNS if column.field in columns]
    layout = Layout(header_row=0, at={name: place for place, name in enumerate(columns)}, headers=headers)
    cells = zip(*columns.values(), strict=True)
    return read_numbered(zip(roll["rows"], cells, strict=True), layout, typed=False), layout


def read_columns(roll: Roll, names: Sequence[str]) -> dict[int, tuple[str, ...]]:
    """Some columns of a roll by row, as texts, without reading the rest; "" where the file lacks a column.

    Raises:
        ValueError: not a roll that this version of the system can read.
    """
    _check_version(roll)
    rows, columns = roll["rows"], roll["columns"]
    chosen = [columns.get(name) or [""] * len(rows) for name in names]
    return dict(zip(rows, zip(*chosen, strict=True), strict=True))


def _check_version(roll: Roll) -> None:
    if roll["version"] != _VERSION:
        raise ValueError(f"a roll of version {roll['version']}")


def entries(pupils: Sequence[Pupil], secret: bytes) -> list[list[Any]]:
    """What the index keeps of each pupil: row, three keys (hex or None), grade code, room, sex, whether active.

    ``secret`` keys the digests: without it an id could be found by trying them all.
    """
    return [
        [
            pupil.row,
            _key(secret, "id", pupil.identity.value),
            _key(secret, "person", *_names(pupil), pupil.birth.day.isoformat() if pupil.birth.day else None),
            _key(secret, "name", *_names(pupil)),
            pupil.grade.code if pupil.grade else None,
            pupil.room if pupil.room and pupil.room <= _NO_ROOM_ABOVE else None,
            pupil.sex,
            not pupil.pending,
        ]
        for pupil in pupils
    ]


def id_key(secret: bytes, value: str) -> bytes:
    """What the index keeps of an id: 13 digits or a G-code."""
    return _digest(secret, "id", value)


def _column(pupils: Sequence[Pupil], name: str, cells: Sequence[Cell]) -> list[str]:
    texts = list(map(text_of, cells))
    if name == CITIZEN_ID:
        return [pupil.identity.value or text for pupil, text in zip(pupils, texts, strict=True)]
    if name == "birth_date":
        days = (pupil.birth.day for pupil in pupils)
        return [format_slashed(day) if day else text for day, text in zip(days, texts, strict=True)]
    return texts


def _names(pupil: Pupil) -> tuple[str | None, str | None]:
    """Both names without spaces; a name that is not there makes no key, or all without one would be equal."""
    first, last = pupil.first_name.replace(" ", ""), pupil.last_name.replace(" ", "")
    return (None if is_blank(first) else first, None if is_blank(last) else last)


def _key(secret: bytes, kind: str, *parts: str | None) -> str | None:
    if not all(parts):
        return None
    return _digest(secret, kind, *(part or "" for part in parts)).hex()


def _digest(secret: bytes, *parts: str) -> bytes:
    return hmac.digest(secret, "\x1f".join(parts).encode(), "sha256")[:_KEY_BYTES]
