"""Keeping how rounds and schools in them stand."""

from __future__ import annotations

import datetime as dt

from services.notifications.digests.tables import RoundFact, SchoolRoundFact
from shared.bus.envelope import Envelope
from shared.db.rows import upsert_newer
from shared.db.unit import Unit

OF_ROUND = ("round_id", "state", "org_path")
OF_SCHOOL = ("round_id", "smis", "round_title", "name", "org_path", "state")
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
