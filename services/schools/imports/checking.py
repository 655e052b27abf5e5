"""Reading and judging what waits: claimed with a lease, done in child processes, stored in one transaction."""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from services.schools.adapters import PREFIX
from services.schools.imports.acting import act_as
from services.schools.imports.judged import rows_of
from services.schools.imports.kinds import KINDS
from services.schools.imports.kinds.registers import REGISTERS
from services.schools.imports.reading import refused
from services.schools.imports.rules import ImportState, count
from services.schools.imports.tables import Import, ImportRow
from services.schools.organisations.tables import OrgUnit
from shared.db.types import table_of
from shared.db.unit import Unit
from shared.problems import Problem
from shared.runtime.children import JobFailed, attempt
from shared.runtime.leases import ATTEMPTS, Holding, claim, put_back
from shared.workbooks.faults import ReadFault

log = logging.getLogger(__name__)

READ = "services.schools.imports.reading:read"
JUDGE = "services.schools.imports.judging:judge"
RESOURCE_CAUSES = frozenset({"died", "timeout", "memory"})
TO_CHECK = (ImportState.RECEIVED, ImportState.CHECKING)


@dataclass(frozen=True)
class Claimed:
    """An import in hand, as plain values, with our lease on it and how often it was tried."""

    id: str
    lease: str
    attempts: int
    kind: str
    unit_id: str
    created_by: str
    is_read: bool
    sha256: str
    container: str
    sheets: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Checked:
    """The rows of a file with what is said of each."""

    sheets: Sequence[Mapping[str, Any]]
    rows: Sequence[Mapping[str, Any]]
    judgements: Sequence[Mapping[str, Any]]
    as_of: str | None = None


def check_next(app: Any) -> bool:
    """Read and judge one waiting import. True when there was one."""
    found = claim_next(app)
    if found is None:
        return False
    attempt(lambda: _check_and_store(app, found), partial(_failed, app, found), f"checking the import {found.id}")
    return True


def claim_next(app: Any) -> Claimed | None:
    """The import that waits longest, now in hand; None when none waits."""
    waiting = select(Import).where(Import.state.in_(TO_CHECK)).order_by(Import.created_at, Import.id)
    return next(iter(claim(app, waiting, _claimed)), None)


def _claimed(_unit: Unit, imports: Sequence[Import]) -> list[Claimed]:
    return [
        Claimed(
            id=found.id,
            lease=found.lease or "",
            attempts=found.attempts,
            kind=found.kind,
            unit_id=found.unit_id,
            created_by=found.created_by,
            is_read=found.state == ImportState.CHECKING,
            sha256=found.sha256,
            container=found.container,
            sheets=found.sheets,
        )
        for found in imports
    ]


def _check_and_store(app: Any, claimed: Claimed) -> None:
    holding = Holding(app, update(Import).filter_by(id=claimed.id, lease=claimed.lease))
    with holding.renewing():
        checked = _check(app, claimed, holding)
    with app.write() as unit:
        if isinstance(checked, Checked):
            _store(unit, claimed, checked)
        else:
            _refuse(unit, claimed, checked)


def _check(app: Any, claimed: Claimed, progress: Holding) -> Checked | dict[str, Any]:
    """The judged rows, or why the file is refused."""
    try:
        if claimed.is_read:
            result: dict[str, Any] = {"sheets": claimed.sheets, "rows": _stored_rows(app, claimed), "as_of": None}
        else:
            with app.adapters.files.path_for_reading(PREFIX, claimed.sha256) as path:
                file = {"path": str(path), "container": claimed.container, "kind": claimed.kind}
                result = app.adapters.children.run(READ, file, progress)
        if "fault" in result:
            refusal: dict[str, Any] = result["fault"]
            return refusal
        job = {
            "kind": claimed.kind,
            "sheets": result["sheets"],
            "rows": result["rows"],
            "known": _known(app, claimed, result),
        }
    except Problem as problem:  # the file is gone, or who sent it may no longer do so
        fault: dict[str, Any] = refused(problem.code, problem.title, problem.detail)["fault"]
        return fault
    judgements = app.adapters.children.run(JUDGE, job, progress)["judgements"]
    return Checked(result["sheets"], result["rows"], judgements, result["as_of"])


def _stored_rows(app: Any, claimed: Claimed) -> list[dict[str, Any]]:
    with app.read() as unit:
        rows = unit.session.execute(
            select(ImportRow).filter_by(import_id=claimed.id).order_by(ImportRow.sheet, ImportRow.row)
        ).scalars()
        return [{**row.read, "decisions": row.decided} for row in rows]


def _known(app: Any, claimed: Claimed, result: Mapping[str, Any]) -> dict[str, Any]:
    rows = rows_of(result["rows"], result["sheets"], KINDS[claimed.kind].columns)
    with app.read() as unit:
        act_as(unit, claimed.created_by)
        scope = unit.session.get_one(OrgUnit, claimed.unit_id)
        return dict(REGISTERS[claimed.kind].know(unit, scope, [row for row in rows if row.skipped is None]))


def _store(unit: Unit, claimed: Claimed, checked: Checked) -> None:
    """Store the judgement; whoever comes second with the same import finds the lease gone and leaves it."""
    found = _in_hand(unit, claimed)
    if found is None:
        return
    if claimed.is_read:
        _update_rows(unit, claimed.id, checked)
    else:
        found.sheets = list(checked.sheets)
        found.as_of = dt.date.fromisoformat(checked.as_of) if checked.as_of else None
        unit.session.execute(insert(table_of(ImportRow)), [_fresh(claimed.id, *pair) for pair in _pairs(checked)])
    found.counts = count(len(checked.rows), (judgement["verdict"] for judgement in checked.judgements))
    found.repairs = _by_group(checked.judgements)
    found.state, found.checked_at = ImportState.CHECKED, unit.now()
    _release(found, "done", len(checked.rows))
    unit.audit("import.check", f"import/{found.id}", found.org_path, {"kind": found.kind, "counts": found.counts})


def _pairs(checked: Checked) -> Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    return zip(checked.rows, checked.judgements, strict=True)


def _fresh(import_id: str, read: Mapping[str, Any], judgement: Mapping[str, Any]) -> dict[str, Any]:
    undecided: dict[str, Any] = {"decided": {}, "outcome": None, "subject": None, "said": None}
    place = {"import_id": import_id, "sheet": read["sheet"], "row": read["row"]}
    return {**place, **undecided, "read": dict(read), **_judged(judgement)}


def _judged(judgement: Mapping[str, Any]) -> dict[str, Any]:
    groups = sorted({repair["repair"] for repair in judgement["repairs"]})
    named = f"|{'|'.join(groups)}|" if groups else ""
    return {"verdict": judgement["verdict"], "judged": dict(judgement), "repairs": named}


def _update_rows(unit: Unit, import_id: str, checked: Checked) -> None:
    """Store what is said of those rows of which something else is said now: each is sealed anew."""
    before = {
        (row.sheet, row.row): row.judged
        for row in unit.session.execute(select(ImportRow).filter_by(import_id=import_id)).scalars()
    }
    changed = [
        {"at_sheet": read["sheet"], "at_row": read["row"], **_judged(judgement)}
        for read, judgement in _pairs(checked)
        if before[read["sheet"], read["row"]] != judgement
    ]
    if changed:
        table = table_of(ImportRow)
        place = (table.c.import_id == import_id) & (table.c.sheet == bindparam("at_sheet"))
        unit.session.connection().execute(update(table).where(place & (table.c.row == bindparam("at_row"))), changed)


def _by_group(judgements: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The repairs that are proposed, by group: why, how many, how many nobody has decided yet."""
    groups: defaultdict[str, dict[str, Any]] = defaultdict(lambda: {"reasons": [], "total": 0, "undecided": 0})
    for judgement in judgements:
        for repair in judgement["repairs"]:
            group = groups[repair["repair"]]
            group["reasons"] = repair["reasons"]
            group["total"] += 1
            group["undecided"] += repair["accepted"] is None
    return dict(groups)


def _refuse(unit: Unit, claimed: Claimed, fault: Mapping[str, Any]) -> None:
    found = _in_hand(unit, claimed)
    if found is not None:
        found.state, found.fault = ImportState.REJECTED, dict(fault)
        found.ended_at = unit.now()
        _release(found, "done", 0)
        unit.audit("import.reject", f"import/{found.id}", found.org_path, {"kind": found.kind, "code": fault["code"]})


def _failed(app: Any, claimed: Claimed, failure: JobFailed) -> None:
    """Our fault: tried again by itself, then left for a person. A file no child survives is the file's fault: F01."""
    log.error("checking the import %s failed (%s of %s): %s", claimed.id, claimed.attempts, ATTEMPTS, failure)
    with app.write() as unit:
        found = _in_hand(unit, claimed)
        if found is None:
            return
        if claimed.attempts < ATTEMPTS:
            put_back(found, unit.now())
        elif failure.cause in RESOURCE_CAUSES:
            fault = ReadFault("unreadable")
            _refuse(unit, claimed, refused(f"F01.{fault.cause}", fault.title, fault.detail)["fault"])
        else:
            found.state, found.ended_at = ImportState.FAILED, unit.now()
            _release(found, "failed", 0)
            unit.audit("import.fail", f"import/{found.id}", found.org_path, {"kind": found.kind})


def _in_hand(unit: Unit, claimed: Claimed) -> Import | None:
    """The import, locked, if it still is ours and waits for this."""
    found = unit.session.execute(select(Import).filter_by(id=claimed.id).with_for_update()).scalar_one()
    waits_for = ImportState.CHECKING if claimed.is_read else ImportState.RECEIVED
    return found if (found.lease, found.state) == (claimed.lease, waits_for) else None


def _release(found: Import, stage: str, done: int) -> None:
    found.lease = found.lease_until = None
    found.attempts = 0
    found.version += 1
    found.progress = {"stage": stage, "done": done, "total": done}
