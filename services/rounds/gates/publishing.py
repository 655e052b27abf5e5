"""Moving a school to its next state: the one place that writes state, history, audit and event together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.rounds.calendar.tables import Round
from services.rounds.calendar.views import iso
from services.rounds.gates.rules import Event, SchoolState, after
from services.rounds.gates.tables import HistoryEntry, SchoolRound
from services.rounds.gates.views import lateness
from shared.bus.contracts.registry import EventType
from shared.db.unit import Unit

SYSTEM_NAME = "ระบบ"


@dataclass(frozen=True)
class Author:
    """Who did what a line of the history tells."""

    id: str
    name: str


def _caller_of(unit: Unit) -> Author:
    return Author(unit.actor, unit.caller.name if unit.caller else SYSTEM_NAME)


def move(
    unit: Unit,
    school: SchoolRound,
    event: Event,
    *,
    outcome: SchoolState | None = None,
    sha256: str | None = None,
    reason: str | None = None,
    detail: Mapping[str, Any] | None = None,
    author: Author | None = None,
) -> None:
    """Apply ``event`` to a school and add the line to its history; ``author`` where the caller is not who did it.

    Raises:
        Problem: ``school_round.state`` (409).
    """
    origin = SchoolState(school.state)
    target = after(origin, event, outcome)
    school.state = target.value
    if event is Event.EXTEND:
        school.extension_unused = school.extension_unused or origin is SchoolState.LOCKED
    elif target is not origin:
        school.extension_unused = False
    record(unit, school, event, origin, sha256=sha256, reason=reason, detail=detail, author=author)


def record(
    unit: Unit,
    school: SchoolRound,
    event: Event | str,
    origin: SchoolState | None,
    *,
    sha256: str | None = None,
    reason: str | None = None,
    detail: Mapping[str, Any] | None = None,
    author: Author | None = None,
) -> None:
    """Add a line to a school's append-only history, and to the audit log."""
    name = str(event)
    author = author or _caller_of(unit)
    unit.session.add(
        HistoryEntry(
            school_round_id=school.id,
            at=unit.now(),
            actor_id=author.id,
            actor_name=author.name,
            event=name,
            from_state=origin.value if origin else None,
            to_state=school.state,
            version=school.version,
            sha256=sha256,
            reason=reason,
            detail=dict(detail or {}),
        )
    )
    change = {"from": origin.value if origin else None, "to": school.state, "version": school.version}
    unit.audit(f"school_round.{name}", subject_of(school), school.org_path, change, reason)


def subject_of(school: SchoolRound) -> str:
    """The aggregate of a school in a round."""
    return f"school_round/{school.round_id}/{school.smis}"


def publish(unit: Unit, round_: Round, school: SchoolRound, event: EventType) -> None:
    """Tell the others how the school stands now."""
    school.revision += 1
    _, late = lateness(round_, school, unit.now())
    data = {
        "round_id": school.round_id,
        "round_title": round_.title,
        "smis": school.smis,
        "name": school.name,
        "amphoe": school.amphoe,
        "org_path": school.org_path,
        "state": school.state,
        "locked_from": school.locked_from,
        "version": school.version,
        "submission_id": school.submission_id,
        "school_deadline": iso(school.school_deadline),
        "certify_deadline": iso(school.certify_deadline),
        "extended_until": iso(school.extended_until),
        "late": late,
        "confirmed_at": iso(school.confirmed_at),
        "on_hold": school.on_hold,
        "reason": school.reason,
        "extension_reason": school.extension_reason,
        "returns": school.returns,
    }
    unit.emit(event, subject_of(school), school.revision, data, school.org_path)
