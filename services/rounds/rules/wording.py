"""Turn what a rule says (a hit) into what the school reads (a finding): words, masked values, keyed hashes.

Everything that comes from the file passes through here, so this is the one place that keeps ids out of the output.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from services.rounds.rules.model import Cell, Finding, Hit, Rule
from shared.thai.fold import fold_text
from shared.thai.national_id import mask, mask_within

SHOWN_LENGTH = 80


@dataclass(frozen=True)
class Place:
    """Where a hit lies: ``column`` counts from 1; ``cell`` is what stands there, ``is_id`` whether ids belong there."""

    row: int | None = None
    column: int | None = None
    header: str | None = None
    cell: Cell = None
    is_id: bool = False


class FindingWriter:
    """Words findings of one sheet. ``secret`` keys the hashes: without it an id could be found by trying them all."""

    def __init__(self, sheet: str | None, secret: bytes) -> None:
        self.sheet = mask_within(sheet)[:SHOWN_LENGTH] if sheet else None
        self.secret = secret

    def finding(self, rule: Rule, hit: Hit, place: Place, row_identity: str | None) -> Finding:
        """The finding for a hit of ``rule`` at ``place``, in the row of the pupil with that identity."""
        wording = rule.wordings[hit.case]
        raw = hit.value if hit.value is not None else place.cell
        basis = hit.basis or ((raw,) if raw is not None else None)
        value = show(raw, is_id=place.is_id)
        header = _shown_header(place.header) if place.header is not None else None
        words: dict[str, object] = {"value": value or "ว่าง", "header": header or ""}
        for name, word in (hit.words or {}).items():
            words[name] = mask_within(word)[:400] if isinstance(word, str) else word
        return Finding(
            rule=rule.id,
            case=hit.case,
            severity=wording.severity,
            sheet=self.sheet if place.row is not None or place.column is not None else None,
            row=place.row,
            column=column_letter(place.column) if place.column else None,
            header=header,
            value_masked=value,
            value=_hidden(raw, value),
            message=wording.message.format_map(words),
            suggestion=wording.suggestion.format_map(words),
            menu=rule.menu,
            row_key=self._hash((row_identity,)) if row_identity else None,
            value_hash=self._hash(basis) if basis is not None else None,
        )

    def _hash(self, values: Iterable[object]) -> str:
        return keyed_hash(self.secret, values)


def keyed_hash(secret: bytes, values: Iterable[object]) -> str:
    """What is kept of values to know them again, such as whose row it is; without the key it tells nothing."""
    text = "\x1f".join(str(value) for value in values)
    return hmac.digest(secret, text.encode(), "sha256").hex()


@lru_cache(maxsize=256)
def _shown_header(header: str) -> str:
    return mask_within(header)[:SHOWN_LENGTH]


def show(cell: Cell, *, is_id: bool) -> str | None:
    """A cell as it may be shown: an id masked, any other value as it is, cut to 80 characters; None if empty."""
    text = _plain(cell)
    if not text:
        return None
    return (mask(text) if is_id else mask_within(text))[:SHOWN_LENGTH]


def _hidden(cell: Cell, shown: str | None) -> str | None:
    """The cell in full, if what is shown of it is not all of it."""
    text = _plain(cell)
    return text if text and text != shown else None


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell == cell // 1:
        return f"{cell:.0f}"
    if isinstance(cell, datetime | date):
        return f"{cell.day:02d}/{cell.month:02d}/{cell.year:04d}"
    return fold_text(str(cell))


def column_letter(column: int) -> str:
    """1 → ``A``, 27 → ``AA``, as Excel names columns."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def sort_key(finding: Finding) -> tuple[object, ...]:
    """Findings of the file first, then by row, column, rule."""
    letters = finding.column or ""
    return (finding.row or 0, len(letters), letters, finding.rule, finding.case, finding.message)


def count_by_severity(findings: Iterable[Finding]) -> Mapping[str, int]:
    """How many findings of each severity, lower case names, zeros included."""
    counts = {"block": 0, "error": 0, "warn": 0, "info": 0}
    for finding in findings:
        counts[finding.severity.lower()] += 1
    return counts
