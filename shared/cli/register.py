"""``khet register``: the proof that the export of a book is what the office wrote, away from any system."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from shared.chained_lines import first_break, head_of


@dataclass(frozen=True)
class Export:
    """An export as a file holds it: how the book stood in its year, and its lines."""

    year: Mapping[str, Any]
    lines: list[dict[str, Any]]

    @classmethod
    def read(cls, text: str) -> Export:
        """The download of the page (JSON lines, the first says of which book and year) or the answer of the API.

        Raises:
            ValueError: neither of them.
        """
        documents = [json.loads(line) for line in text.splitlines() if line.strip()]
        if not documents or not all(isinstance(document, dict) for document in documents):
            raise ValueError("no export of a book")
        year, *lines = documents
        if "be_year" not in year:
            raise ValueError("no export of a book")
        return cls(year, list(year["lines"]) if "lines" in year else lines)

    def faults(self, noted: str | None) -> list[str]:
        """What is wrong with it; ``noted`` is a digest that somebody wrote down when the year was closed."""
        place = first_break(self.lines)
        if place is not None:
            number = self.lines[place].get("display_no", "?")
            return [f"line {place + 1} ({number}): it, or one before it, was changed, removed or put in"]
        head = head_of(self.lines)
        expected = {
            "the digest at the closing": self.year.get("head"),
            "the last digest of the export": self.year.get("computed_head"),
            "the digest that was noted": noted,
        }
        wrong = ((name, known) for name, known in expected.items() if known not in (None, head))
        return [f"the lines end in {head}, {name} is {known}" for name, known in wrong]


@click.group()
def register() -> None:
    """The books in which numbers are given."""


@register.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--head", help="digest noted when the year was closed, or at an earlier verification")
def verify(file: Path, head: str | None) -> None:
    """Check every line of FILE, the export of a book's year. Nothing is asked of any system. Exit code 1 on a fault.

    Without --head it proves only that the lines fit each other: whoever can rewrite the whole file can do so.
    """
    try:
        export = Export.read(file.read_text("utf-8"))
    except ValueError as error:
        sys.exit(f"khet: {file}: {error}")
    faults = export.faults(head)
    year = export.year
    state = f"{len(faults)} FAULTS" if faults else "sound"
    closed = f"closed {year['closed_at']}" if year.get("closed_at") else "not closed yet"
    click.echo(f"{year.get('owner', '?')} {year.get('kind', '?')} {year['be_year']}: {state}; {closed}")
    click.echo(f"{len(export.lines)} lines; head {head_of(export.lines)}")
    for fault in faults:
        click.echo(f"  {fault}")
    sys.exit(1 if faults else 0)
