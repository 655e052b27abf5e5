"""What is not needed any more goes: the file and what stood in its rows, once an import has ended long enough ago.

The state of the import and its sums stay. One that nobody decides about is cancelled first.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from services.schools.adapters import PREFIX
from services.schools.imports.commands import end
from services.schools.imports.rules import KEPT, ImportState
from services.schools.imports.tables import Import, ImportRow
from shared.db.unit import Unit


def purge_next(app: Any) -> bool:
    """Cancel, or empty, one import whose time has come. True when there was one."""
    with app.write() as unit:
        return _cancel_forgotten(unit) or _purge_ended(unit)


def _cancel_forgotten(unit: Unit) -> bool:
    forgotten = select(Import).where(
        Import.state == ImportState.CHECKED, Import.checked_at < unit.now() - KEPT
    )
    found = _one(unit, forgotten)
    if found is None:
        return False
    end(unit, found, ImportState.CANCELLED)
    unit.audit("import.forget", f"import/{found.id}", found.org_path, {"kind": found.kind})
    return True


def _purge_ended(unit: Unit) -> bool:
    ended = select(Import).where(Import.purged_at.is_(None), Import.ended_at < unit.now() - KEPT)
    found = _one(unit, ended)
    if found is None:
        return False
    unit.session.execute(delete(ImportRow).filter_by(import_id=found.id))
    found.filename, found.sheets, found.purged_at = "", [], unit.now()
    found.version += 1
    unit.session.flush()
    _drop_file(unit, found.sha256)
    unit.audit("import.purge", f"import/{found.id}", found.org_path, {"kind": found.kind, "counts": found.counts})
    return True


def _drop_file(unit: Unit, sha256: str) -> None:
    """Delete the file, unless another import of the same bytes still needs it."""
    needed = select(Import.id).filter_by(sha256=sha256, purged_at=None).limit(1)
    if unit.session.execute(needed).first() is None:
        unit.adapters.files.delete(PREFIX, sha256)


def _one(unit: Unit, statement: Any) -> Import | None:
    oldest = statement.order_by(Import.created_at, Import.id).limit(1).with_for_update(skip_locked=True)
    found: Import | None = unit.session.execute(oldest).scalar_one_or_none()
    return found
