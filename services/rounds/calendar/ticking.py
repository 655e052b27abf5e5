"""What happens by itself: rounds open and close, schools become late, extensions run out. To the second (§1.11).

Every step is looked for without a lock, then taken in a transaction of its own that looks again: processes may do it
side by side.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, select

from services.rounds.calendar.commands import close, open_
from services.rounds.calendar.moving import advance, publish_round
from services.rounds.calendar.rules import RUNNING, RoundPhase, due_step
from services.rounds.calendar.tables import Round
from services.rounds.calendar.views import find_round, moments_of
from services.rounds.gates.locking import lock_again
from services.rounds.gates.publishing import publish, record
from services.rounds.gates.rules import UNCONFIRMED, Event, SchoolState
from services.rounds.gates.tables import SchoolRound
from shared.bus.contracts import rounds as contracts
from shared.db.unit import Unit

# a deadline's last second belongs to it
GRACE = dt.timedelta(seconds=1)
SETTLED = (SchoolState.LOCKED.value, SchoolState.EXEMPT.value)
WAITED_FOR = tuple(state.value for state in UNCONFIRMED)


def advance_by_the_clock(app: Any) -> None:
    """Do everything that is due. Who is late is written down before a close locks it."""
    now = app.clock.now()
    for round_id in _ids(app, _late_schools(now).with_only_columns(SchoolRound.round_id).distinct()):
        with app.write() as unit:
            _tell_late(unit, find_round(unit, round_id, lock=True), now)
    for round_id in _due_rounds(app, now):
        with app.write() as unit:
            take_due_step(unit, find_round(unit, round_id, lock=True), now)
    for school_id in _ids(app, _run_out(now).with_only_columns(SchoolRound.id)):
        with app.write() as unit:
            _lock_run_out(unit, school_id, now)


def _ids(app: Any, statement: Select[Any]) -> list[str]:
    with app.read() as unit:
        return list(unit.session.execute(statement).scalars())


def _due_rounds(app: Any, now: dt.datetime) -> Iterable[str]:
    watched = (RoundPhase.ANNOUNCED.value, *(phase.value for phase in RUNNING))
    with app.read() as unit:
        rounds = unit.session.execute(select(Round).where(Round.state.in_(watched))).scalars()
        return [round_.id for round_ in rounds if due_step(moments_of(round_), now)]


def take_due_step(unit: Unit, round_: Round, now: dt.datetime) -> None:
    """Open a round, begin its confirm window or close it, if its time has come."""
    name = due_step(moments_of(round_), now)
    if name == "open":
        open_(unit, round_)
    elif name == "close":
        close(unit, round_)
    elif name == "begin_confirm_window":
        advance(unit, round_, name)
        publish_round(unit, round_, contracts.CONFIRM_WINDOW_BEGAN)


def _late_schools(now: dt.datetime) -> Select[SchoolRound]:
    """Schools whose own deadline went by without a confirmation, and nobody has been told."""
    return (
        select(SchoolRound)
        .join(Round, Round.id == SchoolRound.round_id)
        .where(
            Round.opened_at.is_not(None),
            SchoolRound.confirmed_at.is_(None),
            SchoolRound.late_since.is_(None),
            SchoolRound.state.in_(WAITED_FOR),
            SchoolRound.school_deadline <= now - GRACE,
        )
    )


def _tell_late(unit: Unit, round_: Round, now: dt.datetime) -> None:
    late = _late_schools(now).filter(SchoolRound.round_id == round_.id).order_by(SchoolRound.smis)
    for school in unit.session.execute(late.with_for_update(of=SchoolRound)).scalars():
        school.late_since = school.school_deadline
        record(unit, school, Event.LATE, SchoolState(school.state))
        publish(unit, round_, school, contracts.SCHOOL_DELAYED)


def _run_out(now: dt.datetime) -> Select[SchoolRound]:
    """Schools of closed rounds whose extension is over."""
    return (
        select(SchoolRound)
        .join(Round, Round.id == SchoolRound.round_id)
        .where(
            SchoolRound.extended_until <= now - GRACE,
            SchoolRound.state.not_in(SETTLED),
            Round.closed_at.is_not(None),
        )
    )


def _lock_run_out(unit: Unit, school_id: str, now: dt.datetime) -> None:
    round_id = unit.session.execute(select(SchoolRound.round_id).filter_by(id=school_id)).scalar_one()
    round_ = find_round(unit, round_id, lock=True)
    mine = _run_out(now).filter(SchoolRound.id == school_id).with_for_update(of=SchoolRound)
    school = unit.session.execute(mine).scalar_one_or_none()
    if school is not None:
        lock_again(unit, round_, school)
