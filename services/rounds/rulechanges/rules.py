"""Rules of a change of the rule set in an open round: when it may be, and what comes of it for a school."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from services.rounds.calendar.rules import RoundPhase
from shared.problems import FieldError, conflict, invalid

TAKES_DATA = frozenset({RoundPhase.OPEN, RoundPhase.CONFIRM_WINDOW})
STANDS_IN_THE_WAY = frozenset({"BLOCK", "ERROR", "WARN"})


class ChangePhase(StrEnum):
    """A set is tried on every version that stands, then applied to each."""

    TRIAL = "TRIAL"
    APPLYING = "APPLYING"
    APPLIED = "APPLIED"


class CheckPhase(StrEnum):
    """Where one school's version stands in that."""

    WAITING = "WAITING"
    DONE = "DONE"
    FAILED = "FAILED"


def check_set(register: str, current: tuple[str, int], asked: tuple[str, int, str] | None) -> None:
    """Whether the set asked for (id, version, register) may follow the current one (id, version).

    Raises:
        Problem: ``invalid`` (422) for a set that is not there, of another register, or not newer.
    """
    if asked is None or asked[2] != register:
        raise invalid([FieldError("rule_set", "unknown", "ไม่มีชุดกฎนี้")])
    if asked[1] <= current[1]:
        message = f"รอบนี้ใช้ชุดกฎ {current[0]} อยู่แล้ว เลือกได้เฉพาะชุดที่ใหม่กว่า"
        raise invalid([FieldError("rule_set", "not_newer", message)])


def check_phase(phase: RoundPhase) -> None:
    """Rules change only where data still can.

    Raises:
        Problem: ``round.state`` (409).
    """
    if phase not in TAKES_DATA:
        raise conflict("round.state", "เปลี่ยนชุดกฎได้เฉพาะรอบที่เปิดรับข้อมูลอยู่", state=phase.value)


def check_applicable(waiting: int, failed: int) -> None:
    """Nobody applies what was not seen tried.

    Raises:
        Problem: ``rule_change.running`` (409) while versions wait, ``rule_change.failed`` when some were not read.
    """
    if waiting:
        raise conflict("rule_change.running", f"ยังทดลองตรวจไม่ครบ เหลืออีก {waiting} โรงเรียน", waiting=waiting)
    if failed:
        raise conflict("rule_change.failed", f"ทดลองตรวจไม่สำเร็จ {failed} โรงเรียน กรุณาทดลองใหม่", failed=failed)


def newly_failing(before: Iterable[Mapping[str, Any]], now: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What stands in the way under the new set and did not under the old: {rule, severity, count}, by rule.

    ``before`` are the findings as stored (a warning that was explained does not stand in the way), ``now`` those of the
    trial after reasons were carried.
    """
    old, new = _open(before), _open(now)
    return [
        {"rule": rule, "severity": severity, "count": count - old[rule, severity]}
        for (rule, severity), count in sorted(new.items())
        if count > old[rule, severity]
    ]


def _open(findings: Iterable[Mapping[str, Any]]) -> Counter[tuple[str, str]]:
    return Counter(
        (finding["rule"], finding["severity"])
        for finding in findings
        if finding["severity"] in STANDS_IN_THE_WAY and finding["state"] == "open"
    )
