"""The jobs of a child process that reads the register of an old system for an import. Job and result are plain JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import orjson

from services.documents.imports.telling import sound_lines, told_of
from services.documents.oldregisters.reading import read_register

Progress = Callable[[str, int, int], None]


def look(job: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """What is told of a register: job as of :func:`read_register`; the report (``telling.told_of``), or {fault}."""
    report = read_register(job, progress)
    return report if "fault" in report else told_of(report, _known(job))


def read_lines(job: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """The same, and the lines that can be entered in the file ``out`` of the job, a line of JSON each.

    A file, because a hundred thousand lines in one answer would keep the service that reads it from everything else.
    """
    report = read_register(job, progress)
    if "fault" in report:
        return report
    known = _known(job)
    with Path(job["out"]).open("wb") as stream:
        for line in sound_lines(report, known):
            stream.write(orjson.dumps(line) + b"\n")
    return told_of(report, known)


def _known(job: Mapping[str, Any]) -> frozenset[tuple[int, int, str]]:
    return frozenset((be_year, no, suffix) for be_year, no, suffix in job["known"])
