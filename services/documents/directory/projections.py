"""Keeping the projections of units and staff up to date; a unit that is new gets its books."""

from __future__ import annotations

from services.documents.directory.tables import OfficeUnit, Staff
from services.documents.registers.opening import open_books
from services.documents.registers.rules import OwnerKind
from shared.bus.envelope import Envelope
from shared.db.rows import upsert_newer
from shared.db.unit import Unit

_OWNERS = {"AREA": OwnerKind.OFFICE, "GROUP": OwnerKind.GROUP, "SCHOOL": OwnerKind.SCHOOL}


def store_unit(unit: Unit, envelope: Envelope) -> None:
    """Keep an area or a group, unless something newer is kept."""
    data = envelope.data
    _store(unit, envelope, data["code"], data["kind"], data["name"])


def store_school(unit: Unit, envelope: Envelope) -> None:
    """Keep a school, unless something newer is kept."""
    _store(unit, envelope, envelope.data["smis"], "SCHOOL", envelope.data["name"])


def _store(unit: Unit, envelope: Envelope, code: str, kind: str, name: str) -> None:
    known = {"code": code, "kind": kind, "name": name}
    places = {"org_path": envelope.data["org_path"], "state": envelope.data["state"]}
    is_newer = upsert_newer(unit.session, OfficeUnit, ("code",), {**known, **places, "version": envelope.version})
    # a unit that was closed keeps its books; one that never was open here needs none
    if is_newer and envelope.data["state"] == "OPEN":
        open_books(unit, code, _OWNERS[kind], envelope.data["org_path"])


def store_staff(unit: Unit, envelope: Envelope) -> None:
    """Keep where somebody works and what they hold, unless something newer is kept."""
    values = {name: envelope.data[name] for name in ("staff_id", "unit", "org_path", "state", "grants")}
    upsert_newer(unit.session, Staff, ("staff_id",), {**values, "version": envelope.version})
