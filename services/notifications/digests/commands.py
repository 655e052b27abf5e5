"""Sending the digests of a day: all of an area in one transaction, once, whoever else tries and whatever dies."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import and_, or_, select

from services.notifications.digests.rules import (
    CONFIRMED,
    UNCONFIRMED,
    Digest,
    SchoolInRound,
    digests_of,
    due_day,
    watched,
)
from services.notifications.digests.tables import DigestRun, RoundFact, SchoolRoundFact
from services.notifications.inbox.tables import Message
from shared.bus import replay
from shared.bus.envelope import new_id
from shared.db.rows import insert_once
from shared.db.unit import Unit


def send_due(app: Any) -> None:
    """Send what is due today to every area that has not had it.

    Until the first replay is stored nobody knows who owes what: nothing is sent, and the day is not marked as done.
    """
    day = due_day(app.clock.now())
    if day is None or not replay.is_complete(app):
        return
    with app.read() as unit:
        sent = select(DigestRun.area_path).filter_by(day=day)
        waiting = select(RoundFact.org_path).where(RoundFact.org_path.not_in(sent)).distinct()
        areas = unit.session.execute(waiting).scalars().all()
    for area_path in areas:
        with app.write() as unit:
            send(unit, area_path, day)


def send(unit: Unit, area_path: str, day: dt.date) -> int:
    """Put the digests of ``day`` into the inboxes of an area and its schools. How many; 0 when that was done before."""
    run = {"day": day, "area_path": area_path}
    # whoever comes second waits here for the first: its row decides, and goes with its messages if it dies
    if not insert_once(unit.session, DigestRun, **run, sent_at=unit.now(), messages=0):
        return 0
    digests = digests_of(_schools(unit, area_path, day), day)
    for digest in digests:
        insert_once(unit.session, Message, **_message(unit, digest, day))
    unit.session.get_one(DigestRun, (day, area_path)).messages = len(digests)
    return len(digests)


def _message(unit: Unit, digest: Digest, day: dt.date) -> dict[str, Any]:
    return {
        "id": new_id(),
        "dedupe_key": f"{digest.kind}/{day.isoformat()}/{digest.role}/{digest.org_path}",
        "created_at": unit.now(),
        **vars(digest),
    }


def _schools(unit: Unit, area_path: str, day: dt.date) -> list[SchoolInRound]:
    """Every school that still owes something somewhere, if anything of it is due around ``day``."""
    first, last = watched(day)
    owing = SchoolRoundFact.state.in_((*UNCONFIRMED, CONFIRMED))
    near = or_(
        *(and_(deadline >= first, deadline <= last)
          for deadline in (SchoolRoundFact.school_deadline, SchoolRoundFact.certify_deadline))
    )  # fmt: skip
    near_schools = select(SchoolRoundFact.org_path).where(owing, near)
    found = unit.session.execute(
        select(SchoolRoundFact, RoundFact)
        .join(RoundFact, RoundFact.round_id == SchoolRoundFact.round_id)
        .where(RoundFact.org_path == area_path, owing, SchoolRoundFact.org_path.in_(near_schools))
    )
    return [_school(school, round_) for school, round_ in found]


def _school(school: SchoolRoundFact, round_: RoundFact) -> SchoolInRound:
    return SchoolInRound(
        round_id=school.round_id,
        round_title=school.round_title,
        round_state=round_.state,
        area_path=round_.org_path,
        smis=school.smis,
        name=school.name,
        org_path=school.org_path,
        state=school.state,
        school_deadline=school.school_deadline,
        certify_deadline=school.certify_deadline,
    )
