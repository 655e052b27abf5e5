"""How a school in a round looks to the outside."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from services.rounds.calendar.tables import Round
from services.rounds.calendar.views import local
from services.rounds.gates.rules import SchoolState, is_late, is_on_time, stands
from services.rounds.gates.tables import HistoryEntry, SchoolRound


def lateness(round_: Round, school: SchoolRound, now: dt.datetime) -> tuple[bool, bool]:
    """(on time, late) of a school."""
    counted = stands(SchoolState(school.state), school.locked_from)
    late = is_late(counted, school.confirmed_at, round_.school_deadline, round_.closed_at or now)
    return is_on_time(school.confirmed_at, round_.school_deadline), late


def school_round_view(round_: Round, school: SchoolRound, now: dt.datetime) -> dict[str, Any]:
    """One school in a round."""
    on_time, late = lateness(round_, school, now)
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
    }


def board_stamp(
    round_: Round, schools: Iterable[SchoolRound], duplicates: Mapping[str, int], now: dt.datetime
) -> str:
    """Equal while a board looks the same: states, what was published of each school and how many of its duplicates
    wait, whether the deadline is past.
    """
    marks = [(school.smis, school.state, school.revision, duplicates.get(school.smis, 0)) for school in schools]
    seen = json.dumps([round_.state, now > round_.school_deadline, marks])
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
