"""Rules of a submission: its states, whether the same bytes may come again, what becomes of its findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shared.problems import FieldError, conflict, invalid

SAME_FILE = "submission.same_file"


class SubmissionPhase(StrEnum):
    """States of one version of a file."""

    RECORDING = "RECORDING"
    HAS_ERRORS = "HAS_ERRORS"
    READY = "READY"
    REJECTED = "REJECTED"
    FAILED = "FAILED"
    SUPERSEDED = "SUPERSEDED"


class Since(StrEnum):
    """Whether the version that stood before had a finding too."""

    OPEN = "open"
    NEW = "new"


SEVERITIES = ("block", "error", "warn", "info")
NO_COUNTS = {"rows": 0, "pupils": 0, "pending": 0, "block": 0, "error": 0, "warn": 0, "info": 0}


@dataclass(frozen=True)
class Earlier:
    """An earlier version with the same bytes or the current one."""

    version: int
    state: SubmissionPhase


# a failed reading was our fault, and a rejected file may have had nothing wrong but its name
NEVER_STOOD = frozenset({SubmissionPhase.FAILED, SubmissionPhase.REJECTED})


# versions of which nobody knows yet, or nobody ever will, whether they may stand
UNCHECKED = NEVER_STOOD | {SubmissionPhase.RECORDING}


def version_shown(newest_first: Sequence[Earlier], standing: int | None, asked: int | None) -> int | None:
    """The version of a school's file that its page shows; None without any.

    The one that was asked for; else the newest when it is being read or was refused; else the one that stands.
    """
    versions = [one.version for one in newest_first]
    waiting = [one.version for one in newest_first[:1] if one.state in UNCHECKED]
    wanted = [version for version in (asked, *waiting, standing) if version in versions]
    return next(iter([*wanted, *versions]), None)


def check_same_bytes(current: Earlier | None, same: Iterable[Earlier], *, returned: bool) -> int | None:
    """Whether bytes that came before may come again.

    Returns the older version they equal (then F05), or None.

    Raises:
        Problem: ``submission.same_file`` (409) when they are those of the version that stands or is being read.
    """
    older = None
    for earlier in same:
        is_current = current is not None and earlier.version == current.version
        if earlier.state is SubmissionPhase.RECORDING or (is_current and not returned):
            raise conflict(
                SAME_FILE,
                f"ไฟล์นี้เหมือนกับฉบับที่ {earlier.version} ซึ่งเป็นฉบับปัจจุบันทุกประการ ไม่ต้องส่งซ้ำ",
                version=earlier.version,
            )
        if earlier.state not in NEVER_STOOD:
            older = max(older or 0, earlier.version)
    # a returned school may send what stands once more, however often it did so before
    return None if current is not None else older


@dataclass(frozen=True)
class Reason:
    """What was said of a warning, of which kind (who came or left), by whom and when, since which version."""

    text: str
    kind: str | None
    by: str
    at: Any
    first_version: int


# who came or is gone since the round before is explained by what happened (§1.11 of the rules: until there is a ledger)
EXPLAINED_BY_KIND = frozenset({"R01", "R02", "R03"})
KINDS = ("new", "in", "out", "graduated", "left", "other")


def check_kind(rules: Iterable[str], kind: str | None) -> None:
    """A kind is given for pupils who came or left, and for nothing else.

    Raises:
        Problem: ``invalid`` (422) naming ``kind``.
    """
    by_kind = {rule in EXPLAINED_BY_KIND for rule in rules}
    if kind is not None and kind not in KINDS:
        raise invalid([FieldError("kind", "unknown", "ไม่รู้จักประเภทการเคลื่อนไหวนี้")])
    if kind is None and True in by_kind:
        raise invalid([FieldError("kind", "required", "กรุณาเลือกว่าเข้าใหม่ ย้ายเข้า ย้ายออก จบ ออก หรืออื่นๆ")])
    if kind is not None and False in by_kind:
        raise invalid([FieldError("kind", "unused", "ประเภทการเคลื่อนไหวใช้กับกฎ R01 R02 และ R03 เท่านั้น")])


def carry_reasons(
    findings: Iterable[dict[str, Any]], reasons: Mapping[tuple[Any, ...], Reason]
) -> list[dict[str, Any]]:
    """Give the warnings of a new version the reasons of the last one, where rule, row key and value are unchanged."""
    carried = []
    for finding in findings:
        known = reasons.get(reason_key(finding))
        if known and finding["severity"] == "WARN":
            carried.append({**finding, "state": "acknowledged", "reason": known.text, "kind": known.kind,
                            "reason_by": known.by, "reason_at": known.at, "first_version": known.first_version})
        else:
            carried.append(finding)
    return carried


def reason_key(finding: Mapping[str, Any]) -> tuple[Any, ...]:
    """What must stay the same for a reason to stay: rule, row key, hash of the value."""
    return finding["rule"], finding["row_key"], finding["value_hash"]


@dataclass(frozen=True)
class Comparison:
    """A version's findings beside those of the version that stood before it.

    ``since`` says of each finding whether it was there before; None for INFO, which nobody has to settle. ``fixed`` are
    the places (from 0) of the earlier findings that were open and are gone.
    """

    since: Sequence[Since | None]
    fixed: Sequence[int]


def compare(earlier: Sequence[Mapping[str, Any]], later: Sequence[Mapping[str, Any]]) -> Comparison:
    """Tell fixed, still open and new apart.

    A finding is the same when rule and row key are: first where the value is unchanged too, then where the column is.
    Who corrects an id gives the row another key, so at last the same value at the same place counts. Each finding is
    matched once: of two that were there and one that is left, one is fixed.
    """
    here = [place for place, finding in enumerate(later) if finding["severity"] != "INFO"]
    gone = [place for place, finding in enumerate(earlier) if finding["severity"] != "INFO"]
    since: list[Since | None] = [None] * len(later)
    for sameness in (_same_value, _same_column, _same_row, _same_place):
        waiting: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for place in reversed(gone):
            waiting[sameness(earlier[place])].append(place)
        matched = set()
        for place in here:
            known = waiting.get(sameness(later[place]))
            if known:
                matched.add(known.pop())
                since[place] = Since.OPEN
        here = [place for place in here if since[place] is None]
        gone = [place for place in gone if place not in matched]
    for place in here:
        since[place] = Since.NEW
    return Comparison(since, [place for place in gone if earlier[place]["state"] == "open"])


def _row(finding: Mapping[str, Any]) -> Any:
    """Whose row it is; a row without an id is known by its number."""
    return finding["row_key"] or finding["row"]


def _same_value(finding: Mapping[str, Any]) -> tuple[Any, ...]:
    return finding["rule"], _row(finding), finding["header"], finding["value_hash"]


def _same_column(finding: Mapping[str, Any]) -> tuple[Any, ...]:
    return finding["rule"], _row(finding), finding["header"]


def _same_row(finding: Mapping[str, Any]) -> tuple[Any, ...]:
    # what is said of the file as a whole has no row to go by: there the column must be the same
    return finding["rule"], _row(finding), None if _row(finding) else finding["header"]


def _same_place(finding: Mapping[str, Any]) -> tuple[Any, ...]:
    return finding["rule"], finding["row"], finding["header"], finding["value_hash"]


def phase_after_check(severities_open: Iterable[str]) -> SubmissionPhase:
    """READY when no ERROR is left and every WARN has a reason."""
    return SubmissionPhase.HAS_ERRORS if {"ERROR", "WARN"} & set(severities_open) else SubmissionPhase.READY


# what a child may die of that is the fault of the file
RESOURCE_CAUSES = frozenset({"died", "timeout", "memory"})
TOGETHER, TOGETHER_BYTES = 8, 2 << 20


def fair_share(waiting: Sequence[tuple[int, int]]) -> int:
    """How many of the files that wait, (bytes, attempts) the oldest first, one checker takes at once.

    Small ones together, at most half of them so that another checker has work too. A file that was tried before is
    taken alone: if it kills its child, it takes no other with it.
    """
    share = total = 0
    for size, attempts in waiting[: min(TOGETHER, (len(waiting) + 1) // 2)]:
        total += size
        if share and (attempts or total > TOGETHER_BYTES):
            break
        share += 1
        if attempts:
            break
    return share
