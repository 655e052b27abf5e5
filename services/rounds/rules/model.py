"""The words of every register: severities, rules, rule sets, hits (what a rule says), findings (what the school reads).

Pure: standard library and ``shared.thai`` only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Protocol

Cell = str | float | int | bool | date | datetime | time | timedelta | None
Place = tuple[int, int]


class Severity(StrEnum):
    """BLOCK: the file is not accepted. ERROR: to be corrected before ยืนยัน. WARN: needs a reason. INFO: shown only."""

    BLOCK = "BLOCK"
    ERROR = "ERROR"
    WARN = "WARN"
    INFO = "INFO"


class Source(Protocol):
    """A sheet as a reader hands it over; row and column numbers are the spreadsheet program's, from 1."""

    @property
    def name(self) -> str: ...
    @property
    def rows(self) -> Sequence[Sequence[Cell]]: ...
    @property
    def typed(self) -> bool:
        """Whether text and numbers are told apart in the file."""
        ...

    @property
    def literals(self) -> frozenset[Place]:
        """Cells written as ``="text"``."""
        ...

    @property
    def formulas(self) -> Mapping[Place, str] | None:
        """All other formulas; None when the file does not tell."""
        ...


@dataclass(frozen=True)
class Wording:
    """One case of a rule: its severity and what it says. ``message`` may hold ``{words}`` of the hit."""

    severity: Severity
    message: str
    suggestion: str


@dataclass(frozen=True)
class Example:
    """What is wrong, and how it is right."""

    wrong: str
    right: str


@dataclass(frozen=True)
class Rule:
    """A rule as the rule set has it: the usual wording under ``""``, further cases under their names, thresholds.

    ``menu`` is the number in DMC's menu where the school corrects it, None when there is none. Sets of
    version 1 have no ``example``.
    """

    id: str
    wordings: Mapping[str, Wording]
    params: Mapping[str, Any]
    menu: str | None
    example: Example | None = None

    @property
    def worst(self) -> Severity:
        """The severity of the usual case: what the absence of its column costs."""
        return self.wordings[""].severity


@dataclass(frozen=True)
class RuleSet:
    """A frozen version of a register's rules; a round keeps the one it was opened with."""

    id: str
    version: int
    register: str
    rules: Mapping[str, Rule]


@dataclass(frozen=True, slots=True)
class Hit:
    """What a rule has to say about a row or a file.

    ``field`` names the column concerned; ``value`` is shown instead of the cell; ``basis`` are the values the judgement
    rests on when they are more than that cell (a reason given for it holds while they stay). ``row`` is set by rules of
    the roll and the file, ``column`` (from 1) and ``header`` by rules of the file whose column has no field.
    ``absentee`` is the identity of a pupil who is not in the file, when it is about one.
    """

    case: str = ""
    field: str | None = None
    words: Mapping[str, object] | None = None
    value: Cell = None
    basis: tuple[object, ...] | None = None
    row: int | None = None
    column: int | None = None
    header: str | None = None
    absentee: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What the school reads: ``row`` and ``column`` (letter) as Excel shows them, ``value_masked`` never a full id.

    ``value`` is the cell in full where ``value_masked`` hides a part of it: it is sealed, and shown for a reason only.
    ``menu`` is where in DMC it is corrected. ``row_key`` and ``value_hash`` are keyed hashes: they carry a reason from
    one version of the file to the next.
    """

    rule: str
    case: str
    severity: Severity
    sheet: str | None
    row: int | None
    column: str | None
    header: str | None
    value_masked: str | None
    message: str
    suggestion: str
    menu: str | None
    row_key: str | None
    value_hash: str | None
    value: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready; ``code`` names rule and case (``F01.range``)."""
        return {
            "rule": self.rule,
            "code": f"{self.rule}.{self.case}" if self.case else self.rule,
            "severity": self.severity.value,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "header": self.header,
            "value_masked": self.value_masked,
            "value": self.value,
            "message": self.message,
            "suggestion": self.suggestion,
            "menu": self.menu,
            "row_key": self.row_key,
            "value_hash": self.value_hash,
        }


@dataclass(frozen=True, slots=True)
class NotEvaluated:
    """A rule that did not run, or did not run in full, and why: never to be shown as passed."""

    rule: str
    reason: str
