"""The rows of one school out of an area's file, as a workbook of their own. Runs in a child process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from services.rounds.workbooks.opening import read_source
from services.rounds.workbooks.rebuilding import rebuild


def as_workbook(job: Mapping[str, Any], _progress: Callable[[str, int, int], None]) -> dict[str, Any]:
    """Write the workbook: job {path, kind, out}; its column at the end tells the rows of the area's file."""
    source = read_source(Path(job["path"]), job["kind"])
    book, _ = rebuild(source.sheet, source.layout, {}, {})
    book.save(Path(job["out"]))
    return {}
