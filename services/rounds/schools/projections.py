"""Keeping the projection of schools up to date."""

from __future__ import annotations

from services.rounds.schools.tables import School, SchoolProfile
from shared.bus.envelope import Envelope
from shared.db.rows import upsert_newer
from shared.db.unit import Unit

KEPT = ("smis", "name", "education_range", "amphoe", "org_path", "area_code", "area_name", "state", "one_teacher")


def store_school(unit: Unit, envelope: Envelope) -> None:
    """Keep a school as its owner describes it, unless something newer is kept."""
    values = {name: envelope.data[name] for name in KEPT}
    upsert_newer(unit.session, School, ("smis",), {**values, "version": envelope.version})


def store_profile(unit: Unit, envelope: Envelope) -> None:
    """Keep the rooms by grade that a school declares for a year (DMC menu 2.2), unless something newer is kept."""
    values = {name: envelope.data[name] for name in ("smis", "year_be", "rooms_by_grade")}
    upsert_newer(unit.session, SchoolProfile, ("smis", "year_be"), {**values, "version": envelope.version})
