"""What of a report on a register is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.documents.imports.rules import MOST_TOLD
from services.documents.oldregisters.reporting import counts_of
from services.documents.oldregisters.rows import REASONS

LISTS = ("rows", "skipped", "same_numbers", "same_letters", "gaps")
NOTHING_YET: Mapping[str, Any] = {
    "counts": counts_of(0, [], dict.fromkeys((f"skipped_{reason}" for reason in REASONS), 0)),
    "sheets": [],
    "years": [],
    "opening": None,
    "rows_told": 0,
    "sound": 0,
    **{name: [] for name in LISTS},
}


def told_of(report: Mapping[str, Any], known: frozenset[tuple[int, int, str]]) -> dict[str, Any]:
    """A report as people see it: the rows of which something is to be said, and how many can be entered (``sound``)."""
    noted = [row for row in report["rows"] if row["findings"]]
    shown = {name: report[name][:MOST_TOLD] for name in LISTS if name != "rows"}
    return {
        **report,
        **shown,
        "rows": noted[:MOST_TOLD],
        "rows_told": len(noted),
        "sound": len(sound_lines(report, known)),
    }


def sound_lines(
    report: Mapping[str, Any], known: frozenset[tuple[int, int, str]]
) -> list[Mapping[str, Any]]:
    """The rows that can be entered, as lines of the book: those whose numbers it has not."""
    lines = [row["entry"] for row in report["rows"] if row["is_enterable"]]
    return [line for line in lines if tuple(line["number"].values()) not in known]
