"""Keeping the projections of letters up to date; each event holds its aggregate's whole state, the newest one wins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Date

from services.reporting.letters.tables import EntryFact, LetterFact, StaffFact, TaskFact, UnitFact
from shared.bus.envelope import Envelope
from shared.db.rows import upsert_newer
from shared.db.types import UtcDateTime
from shared.db.unit import Unit

_READERS: Mapping[type, Callable[[str], Any]] = {UtcDateTime: dt.datetime.fromisoformat, Date: dt.date.fromisoformat}


def store_unit(unit: Unit, envelope: Envelope) -> None:
    """Keep an area or a group."""
    _store_unit(unit, envelope, envelope.data["code"], envelope.data["kind"])


def store_school_as_unit(unit: Unit, envelope: Envelope) -> None:
    """Keep a school: it has books and letters like a group."""
    _store_unit(unit, envelope, envelope.data["smis"], "SCHOOL")


def store_staff(unit: Unit, envelope: Envelope) -> None:
    """Keep where somebody works and what they hold."""
    data = {name: envelope.data[name] for name in ("staff_id", "org_path", "state", "grants")}
    upsert_newer(unit.session, StaffFact, ("staff_id",), {**data, "version": envelope.version})


def store_letter(unit: Unit, envelope: Envelope) -> None:
    """Keep where a letter is and when it came how far."""
    # events from before the path of the holder was told: the registry that owns it
    where = envelope.data.get("holder_path") or envelope.data["org_path"]
    _store(unit, LetterFact, ("letter_id",), {**envelope.data, "holder_path": where}, envelope.version)


def store_task(unit: Unit, envelope: Envelope) -> None:
    """Keep what somebody has to do about a letter."""
    _store(unit, TaskFact, ("task_id",), envelope.data, envelope.version)


def store_entry(unit: Unit, envelope: Envelope) -> None:
    """Keep a line of a book."""
    _store(unit, EntryFact, ("entry_id",), envelope.data, envelope.version)


def store_imported(unit: Unit, envelope: Envelope) -> None:
    """Keep lines that came from an old system: the first that is heard of each of them."""
    book = {name: envelope.data[name] for name in ("org_path", "book_kind")}
    for line in envelope.data["entries"]:
        _store(unit, EntryFact, ("entry_id",), {**book, **line}, 1)


def _store_unit(unit: Unit, envelope: Envelope, code: str, kind: str) -> None:
    data = {"code": code, "kind": kind, "name": envelope.data["name"], "org_path": envelope.data["org_path"]}
    upsert_newer(unit.session, UnitFact, ("code",), {**data, "version": envelope.version})


def _store(unit: Unit, table: Any, key: tuple[str, ...], data: Mapping[str, Any], version: int) -> None:
    columns = {column.name: type(column.type) for column in table.__table__.columns if column.name != "version"}
    values = {name: _read(kind, data.get(name)) for name, kind in columns.items()}
    upsert_newer(unit.session, table, key, {**values, "version": version})


def _read(kind: type, written: Any) -> Any:
    """A value as its column has it: days and instants travel as text."""
    reader = _READERS.get(kind)
    return reader(written) if reader and written is not None else written
