"""Locking schools, at the close or when an extension has run out; and unlocking them when a round is reopened."""

from __future__ import annotations

from sqlalchemy import select

from services.rounds.calendar.moving import advance, publish_round
from services.rounds.calendar.rules import PUBLIC
from services.rounds.calendar.tables import Round
from services.rounds.gates.publishing import move, publish
from services.rounds.gates.rules import SIGNED, Event, SchoolState, runs
from services.rounds.gates.tables import SchoolRound
from services.rounds.snapshots.commands import take_snapshot
from services.rounds.snapshots.tables import Snapshot
from shared.bus.contracts import rounds as contracts
from shared.db.unit import Unit


def lock_schools(unit: Unit, round_: Round) -> None:
    """Lock every school of a round that closes, but those whose own dates run on: the clock locks them later."""
    for school in _schools(unit, round_):
        if school.state != SchoolState.EXEMPT and not runs(school.extended_until, unit.now()):
            _lock(unit, round_, school)


def lock_again(unit: Unit, round_: Round, school: SchoolRound) -> None:
    """Lock a school of a closed round whose extension has run out; new numbers amend a round that was published."""
    taken = _lock(unit, round_, school)
    if taken and round_.state in PUBLIC:
        advance(unit, round_, "amend")
        round_.amended_at = unit.now()
        round_.amendments += 1
        publish_round(unit, round_, contracts.ROUND_AMENDED)


def unlock_schools(unit: Unit, round_: Round, reason: str) -> None:
    """Give every locked school of a reopened round back the state from which it was locked.

    One that has used an extension stays where it has come to since.
    """
    for school in _schools(unit, round_):
        if school.locked_from is None:
            continue
        if school.state == SchoolState.LOCKED or school.extension_unused:
            move(unit, school, Event.REOPEN, outcome=SchoolState(school.locked_from), reason=reason)
        school.locked_from = None
        publish(unit, round_, school, contracts.SCHOOL_REOPENED)


def _lock(unit: Unit, round_: Round, school: SchoolRound) -> Snapshot | None:
    stood = school.locked_from if school.extension_unused else school.state
    move(unit, school, Event.LOCK)
    school.locked_from = stood
    taken = take_snapshot(unit, school) if stood in SIGNED and school.submission_id else None
    publish(unit, round_, school, contracts.SCHOOL_LOCKED)
    return taken


def _schools(unit: Unit, round_: Round) -> list[SchoolRound]:
    statement = select(SchoolRound).filter_by(round_id=round_.id).order_by(SchoolRound.smis).with_for_update()
    return list(unit.session.execute(statement).scalars())
