"""Keeping how rounds, schools in them, tasks and circulated letters stand."""

from __future__ import annotations

import datetime as dt

from services.notifications.digests.tables import CirculationFact, RoundFact, SchoolRoundFact, TaskFact
from shared.bus.envelope import Envelope
from shared.db.rows import upsert_newer
from shared.db.unit import Unit

OF_ROUND = ("round_id", "state", "org_path")
OF_SCHOOL = ("round_id", "smis", "round_title", "name", "org_path", "state")
OF_TASK = ("task_id", "assignee_id", "org_path", "role", "state")
OF_CIRCULATION = ("circulation_id", "org_path", "unread")
DEADLINES = ("school_deadline", "certify_deadline")


def store_round(unit: Unit, envelope: Envelope) -> None:
    """Keep a round, unless something newer is kept."""
    values = {name: envelope.data[name] for name in OF_ROUND}
    upsert_newer(unit.session, RoundFact, ("round_id",), {**values, "version": envelope.version})


def store_school_round(unit: Unit, envelope: Envelope) -> None:
    """Keep how a school stands, unless something newer is kept."""
    values = {name: envelope.data[name] for name in OF_SCHOOL}
    deadlines = {name: dt.datetime.fromisoformat(envelope.data[name]) for name in DEADLINES}
    upsert_newer(
        unit.session, SchoolRoundFact, ("round_id", "smis"), {**values, **deadlines, "version": envelope.version}
    )


def store_task(unit: Unit, envelope: Envelope) -> None:
    """Keep what somebody has to do about a letter, unless something newer is kept."""
    values = {name: envelope.data[name] for name in OF_TASK}
    instants = {name: dt.datetime.fromisoformat(envelope.data[name]) for name in ("assigned_at", "due_at")}
    upsert_newer(unit.session, TaskFact, ("task_id",), {**values, **instants, "version": envelope.version})


def store_circulation(unit: Unit, envelope: Envelope) -> None:
    """Keep who has not opened a letter that was sent round, unless something newer is kept."""
    unread = envelope.data["unread"]
    values = {name: envelope.data[name] for name in OF_CIRCULATION}
    told = {**values, "waits": bool(unread), "version": envelope.version}
    upsert_newer(unit.session, CirculationFact, ("circulation_id",), told)
