"""Applying the rows of an import, a few in each transaction: what was done and that it was done are stored together.

So it may be interrupted anywhere and goes on where it stood, and no row is ever applied twice or by half.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from services.schools.imports.acting import act_as
from services.schools.imports.judged import rows_of
from services.schools.imports.judging import judge_rows
from services.schools.imports.kinds import KINDS
from services.schools.imports.kinds.model import Judgement
from services.schools.imports.kinds.registers import REGISTERS
from services.schools.imports.rules import ImportState, Outcome, Verdict, count
from services.schools.imports.tables import Import, ImportRow
from services.schools.organisations.tables import OrgUnit
from shared.db.engine import is_unavailable
from shared.db.unit import Unit
from shared.problems import Problem
from shared.runtime.children import attempt

log = logging.getLogger(__name__)

# a step is a transaction, during which nobody else writes where the database is one file, and nobody is answered: it
# judges some rows together and then enters as many of them as fit into the time, one at least
BATCH, STEP_SECONDS = 20, 0.2
ATTEMPTS = 3
STALE = Problem(
    "import.stale", 409, "ข้อมูลในระบบเปลี่ยนไปหลังการตรวจ", "ไม่นำเข้าแถวนี้ กรุณาส่งไฟล์อีกครั้งเพื่อดูว่าจะเปลี่ยนอะไร"
)
DEFECT = Problem("import.failed", 500, "ระบบนำเข้าแถวนี้ไม่สำเร็จ", "ไม่ใช่ความผิดของไฟล์ กรุณาแจ้งผู้ดูแลระบบ")


def apply_next(app: Any) -> bool:
    """Apply some rows of an import that waits for it. True when there may be more to do."""
    waiting = (
        select(Import).where(Import.state == ImportState.APPLYING).order_by(Import.created_at, Import.id).limit(1)
    )
    with app.read() as unit:
        found = unit.session.execute(waiting).scalar_one_or_none()
        if found is None:
            return False
        import_id = found.id
    attempt(
        lambda: _apply_some(app, import_id), lambda _failure: _stumbled(app, import_id), f"applying {import_id}"
    )
    return True


def _apply_some(app: Any, import_id: str) -> None:
    """Apply the next rows; close the import when none is left."""
    with app.write() as unit:
        found = _in_hand(unit, import_id)
        if found is not None:
            _apply_batch(unit, found)
            found.attempts = 0


def _stumbled(app: Any, import_id: str) -> None:
    """Give up on the next rows when no attempt at them came to an end: the others, and other imports, go on."""
    with app.write() as unit:
        found = _in_hand(unit, import_id)
        if found is None:
            return
        found.attempts += 1
        if found.attempts >= ATTEMPTS:
            found.attempts = 0
            for row in _next_rows(unit, found):
                _refuse(row, DEFECT)


def _in_hand(unit: Unit, import_id: str) -> Import | None:
    """The import, if it still waits and nobody else has it in hand."""
    statement = select(Import).filter_by(id=import_id, state=ImportState.APPLYING.value)
    found: Import | None = unit.session.execute(statement.with_for_update(skip_locked=True)).scalar_one_or_none()
    return found


def _next_rows(unit: Unit, found: Import) -> list[ImportRow]:
    rows = select(ImportRow).filter_by(import_id=found.id, outcome=None).order_by(ImportRow.sheet, ImportRow.row)
    return list(unit.session.execute(rows.limit(BATCH)).scalars())


def _apply_batch(unit: Unit, found: Import) -> None:
    batch = _next_rows(unit, found)
    if not batch:
        _finish(unit, found)
        return
    try:
        act_as(unit, found.applied_by or "")
    except Problem as problem:
        for row in batch:
            _refuse(row, problem)
    else:
        _apply_rows(unit, found, batch)
    done = sum(row.outcome is not None for row in batch)
    found.progress = {**found.progress, "stage": "apply", "done": found.progress["done"] + done}


def _apply_rows(unit: Unit, found: Import, batch: Sequence[ImportRow]) -> None:
    """Apply rows, or store why not. What happens now must be what was shown when they were checked."""
    scope = unit.session.get_one(OrgUnit, found.unit_id)
    judgements = _judged_now(unit, scope, found, batch)
    started = time.monotonic()
    for row, judgement in zip(batch, judgements, strict=True):
        if row is not batch[0] and time.monotonic() - started > STEP_SECONDS:
            return
        row.subject = judgement["target"]
        if judgement["verdict"] == Verdict.SAME:
            row.outcome = Outcome.UNCHANGED
        elif not _is_as_shown(judgement, row.judged):
            row.outcome, row.said = Outcome.STALE, STALE.as_dict()
        else:
            _write_row(unit, scope, found, row, judgement)


def _judged_now(unit: Unit, scope: OrgUnit, found: Import, batch: Sequence[ImportRow]) -> Sequence[Judgement]:
    kind = KINDS[found.kind]
    reads = [{**row.read, "decisions": row.decided} for row in batch]
    rows = rows_of(reads, found.sheets, kind.columns)
    return judge_rows(kind, rows, REGISTERS[found.kind].know(unit, scope, rows))


def _is_as_shown(now: Judgement, shown: Judgement) -> bool:
    """Whether the same would happen. By a row further up the person may meanwhile have got an id (``target``), and with
    it more can be said of them (``notes``).
    """
    return all(now[part] == shown[part] for part in ("verdict", "errors", "repairs", "changes", "plan"))


def _write_row(unit: Unit, scope: OrgUnit, found: Import, row: ImportRow, judgement: Judgement) -> None:
    """Enter a row, in a savepoint of its own: all of it, or nothing."""
    try:
        with unit.session.savepoint():
            row.subject = REGISTERS[found.kind].write(unit, scope, judgement)
        row.outcome = Outcome.APPLIED
    except Problem as problem:
        _refuse(row, problem)
    except Exception as error:
        if is_unavailable(error):
            raise
        # one row that nobody thought of must not stop the others; which one it was stands in the report
        log.exception("applying row %s of the import %s failed", row.id, row.import_id)
        _refuse(row, DEFECT)


def _refuse(row: ImportRow, problem: Problem) -> None:
    row.outcome, row.said = Outcome.REFUSED, problem.as_dict()


def _finish(unit: Unit, found: Import) -> None:
    told = unit.session.execute(select(ImportRow.verdict, ImportRow.outcome).filter_by(import_id=found.id)).all()
    found.counts = count(len(told), (row.verdict for row in told), (row.outcome for row in told))
    found.state, found.ended_at = ImportState.APPLIED, unit.now()
    found.version += 1
    found.progress = {**found.progress, "stage": "done", "done": found.progress["total"]}
    unit.audit("import.applied", f"import/{found.id}", found.org_path, {"kind": found.kind, "counts": found.counts})
