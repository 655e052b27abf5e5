"""How a school in a round looks to the outside."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable
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
    return _windows_of(round_)(school)


def _windows_of(round_: Round) -> Callable[[SchoolRound], Window]:
    """The windows of the schools of ``round_``, of which all but the extension is the round's."""
    own = {"opened_at": round_.opened_at, "closed_at": round_.closed_at, "confirm_from": round_.confirm_from}
    closes_at = moments_of(round_).closes_by_itself_at
    return lambda school: Window(**own, closes_at=closes_at, extended_until=school.extended_until)


def school_round_view(round_: Round, school: SchoolRound, now: dt.datetime) -> dict[str, Any]:
    """One school in a round."""
    return school_round_views(round_, [school], now)[0]


def school_round_views(round_: Round, schools: Iterable[SchoolRound], now: dt.datetime) -> list[dict[str, Any]]:
    """Schools of one round."""
    window_of_ = _windows_of(round_)
    return [_school_round_view(school, window_of_(school), *lateness(round_, school, now), now) for school in schools]


def _school_round_view(
    school: SchoolRound, window: Window, on_time: bool, late: bool, now: dt.datetime
) -> dict[str, Any]:
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


def board_stamp(state: str, marks: Iterable[tuple[str, str, int, int, bool]]) -> str:
    """Equal while a board looks the same: the round's ``state`` and of each school (code, state, what was published
    of it, how many of its duplicates wait, whether it is late).
    """
    return hashlib.sha256(json.dumps([state, *marks]).encode()).hexdigest()[:16]


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
