"""Part of a sheet as a file of its own: some rows of it, with the numbers that they have there.

Compressed JSON of our own; nobody outside sends it, for no container looks like it. What JSON has no name for (days,
times) is written as an object of one member.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

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
    formulas = None if sheet.formulas is None else sorted([*place, text] for place, text in sheet.formulas.items())
    document = {
        "version": _VERSION,
        "name": sheet.name,
        "typed": sheet.typed,
        "external_links": external_links,
        "numbers": sheet.numbers,
        "literals": sorted(sheet.literals),
        "formulas": formulas,
        "rows": sheet.rows,
    }
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=_written)
    return zlib.compress(text.encode(), level=1)


def read_part(path: Path) -> Book:
    """The book of the one sheet.

    Raises:
        ValueError: not a part that this version of the system can read.
    """
    document = json.loads(zlib.decompress(path.read_bytes()), object_hook=_read)
    if document["version"] != _VERSION:
        raise ValueError(f"a part of version {document['version']}")
    formulas = document["formulas"]
    sheet = Sheet(
        document["name"],
        document["rows"],
        typed=document["typed"],
        literals=frozenset((row, column) for row, column in document["literals"]),
        formulas=None if formulas is None else {(row, column): text for row, column, text in formulas},
        numbers=document["numbers"],
    )
    return Book((sheet,), external_links=document["external_links"])


def _written(value: object) -> dict[str, Any]:
    if isinstance(value, timedelta):
        return {"seconds": value.total_seconds()}
    if isinstance(value, date | time):
        return {type(value).__name__: value.isoformat()}
    raise TypeError(f"no cell of a sheet: {type(value).__name__}")


def _read(value: dict[str, Any]) -> Any:
    if len(value) == 1:
        ((name, content),) = value.items()
        return _READERS[name](content)
    return value
