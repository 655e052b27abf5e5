"""How a school in a round looks to the outside."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from services.rounds.calendar.tables import Round
from services.rounds.calendar.views import local, moments_of
from services.rounds.gates.rules import SchoolState, Window, is_late, is_on_time, judged_at, overdue, stands
from services.rounds.gates.tables import HistoryEntry, SchoolRound


def lateness(round_: Round, school: SchoolRound, now: dt.datetime) -> tuple[bool, bool]:
    """(on time, late) of a school."""
    counted = stands(SchoolState(school.state), school.locked_from)
    judged = judged_at(round_.closed_at, school.extended_until, now)
    late = is_late(counted, school.confirmed_at, school.school_deadline, judged)
    return is_on_time(school.confirmed_at, school.school_deadline), late


def window_of(round_: Round, school: SchoolRound) -> Window:
    """When ``school`` may act in ``round_``: by its own dates, not by the state of the round (§1.11)."""
    return Window(
        round_.opened_at,
        round_.closed_at,
        round_.confirm_from,
        closes_at=moments_of(round_).closes_by_itself_at,
        extended_until=school.extended_until,
    )


def school_round_view(round_: Round, school: SchoolRound, now: dt.datetime) -> dict[str, Any]:
    """One school in a round."""
    on_time, late = lateness(round_, school, now)
    window = window_of(round_, school)
    return {
        "round_id": school.round_id,
        "smis": school.smis,
        "name": school.name,
        "amphoe": school.amphoe,
        "org_path": school.org_path,
        "state": school.state,
        "late": late,
        "on_time": on_time,
        "version": school.version,
        "last_version": school.last_version,
        "submission_id": school.submission_id,
        "on_hold": school.on_hold,
        "same_person": school.same_person,
        "reason": school.reason,
        "due": local(school.due),
        "confirmed_at": local(school.confirmed_at),
        "certified_at": local(school.certified_at),
        "acknowledged_at": local(school.acknowledged_at),
        "locked_from": school.locked_from,
        "school_deadline": local(school.school_deadline),
        "certify_deadline": local(school.certify_deadline),
        "extended_until": local(school.extended_until),
        "extension_reason": school.extension_reason,
        "is_open": window.opened_at is not None and not window.is_over(now),
    }


def overdue_view(round_: Round, school: SchoolRound, now: dt.datetime) -> dict[str, Any] | None:
    """A school that is behind, as the escalation list shows it; None when it is not."""
    state = stands(SchoolState(school.state), school.locked_from)
    judged = judged_at(round_.closed_at, school.extended_until, now)
    found = overdue(state, school.school_deadline, school.certify_deadline, judged)
    if found is None:
        return None
    return {
        "smis": school.smis,
        "name": school.name,
        "amphoe": school.amphoe,
        "org_path": school.org_path,
        "state": state.value,
        "owes": found.owes,
        "deadline": local(found.deadline),
        "days_late": found.days,
        "extended_until": local(school.extended_until),
    }


def board_stamp(
    round_: Round, schools: Iterable[SchoolRound], duplicates: Mapping[str, int], now: dt.datetime
) -> str:
    """Equal while a board looks the same: states, what was published of each school, how many of its duplicates wait,
    who is late.
    """
    marks = [
        (school.smis, school.state, school.revision, duplicates.get(school.smis, 0), lateness(round_, school, now)[1])
        for school in schools
    ]
    seen = json.dumps([round_.state, marks])
    return hashlib.sha256(seen.encode()).hexdigest()[:16]


def history_view(entry: HistoryEntry) -> dict[str, Any]:
    """One line of a school's history."""
    return {
        "seq": entry.seq,
        "at": local(entry.at),
        "actor": entry.actor_name,
        "event": entry.event,
        "from": entry.from_state,
        "to": entry.to_state,
        "version": entry.version,
        "sha256": entry.sha256,
        "reason": entry.reason,
        "detail": entry.detail,
    }
