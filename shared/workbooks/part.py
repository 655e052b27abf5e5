"""Part of a sheet as a file of its own: some rows of it, with the numbers that they have there.

Bytes of our own (:mod:`shared.workbooks.packing`); nobody outside sends them, for no container looks like that. What
JSON has no name for (days, times) is written as an object of one member.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import orjson

from shared.workbooks.packing import pack, unpack
from shared.workbooks.sheet import Book, Sheet

KIND = "part"
_VERSION = 1

_READERS: Mapping[str, Callable[[Any], Any]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "seconds": lambda seconds: timedelta(seconds=seconds),
}


def write_part(sheet: Sheet, *, external_links: bool) -> bytes:
    """The bytes of a part: equal for equal rows at equal places."""
    marker = _Marker()
    rows = orjson.dumps(sheet.rows, default=marker, option=orjson.OPT_PASSTHROUGH_DATETIME)
    formulas = None if sheet.formulas is None else sorted([*place, text] for place, text in sheet.formulas.items())
    return pack(
        {
            "version": _VERSION,
            "name": sheet.name,
            "typed": sheet.typed,
            "external_links": external_links,
            "numbers": sheet.numbers,
            "literals": sorted(sheet.literals),
            "formulas": formulas,
            "marked": marker.has_marked,
            "rows": orjson.Fragment(rows),
        }
    )


def read_part(path: Path) -> Book:
    """The book of the one sheet.

    Raises:
        ValueError: not a part that this version of the system can read.
    """
    document = unpack(path.read_bytes())
    if document["version"] != _VERSION:
        raise ValueError(f"a part of version {document['version']}")
    rows, formulas = document["rows"], document["formulas"]
    sheet = Sheet(
        document["name"],
        [[_read(cell) for cell in row] for row in rows] if document["marked"] else rows,
        typed=document["typed"],
        literals=frozenset((row, column) for row, column in document["literals"]),
        formulas=None if formulas is None else {(row, column): text for row, column, text in formulas},
        numbers=document["numbers"],
    )
    return Book((sheet,), external_links=document["external_links"])


class _Marker:
    """Writes what JSON has no name for, and remembers that there was such."""

    has_marked = False

    def __call__(self, value: object) -> dict[str, Any]:
        self.has_marked = True
        if isinstance(value, timedelta):
            return {"seconds": value.total_seconds()}
        if isinstance(value, date | time):
            return {type(value).__name__: value.isoformat()}
        raise TypeError(f"no cell of a sheet: {type(value).__name__}")


def _read(cell: Any) -> Any:
    if isinstance(cell, dict):
        ((name, content),) = cell.items()
        return _READERS[name](content)
    return cell
