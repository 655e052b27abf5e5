"""Taking a file, deciding about the repairs that are proposed, applying, cancelling."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select, update

from services.schools.adapters import INCOMING, PREFIX
from services.schools.imports.kinds import KINDS
from services.schools.imports.queries import UNKNOWN_KIND, find_import, import_view
from services.schools.imports.rules import (
    ENDED,
    SETTLED,
    WRITING,
    ImportState,
    Outcome,
    Step,
    after,
    parse_row_id,
)
from services.schools.imports.scoping import scope_for
from services.schools.imports.tables import Import, ImportRow
from shared.bus.envelope import new_id
from shared.db.unit import Unit
from shared.preconditions import require_seen
from shared.problems import FieldError, conflict, invalid
from shared.workbooks.claiming import claim_workbook

# a row, one of the repairs proposed for it, and whether it was accepted
Taken = tuple[ImportRow, Mapping[str, Any], bool]


def receive(
    unit: Unit,
    kind: str,
    file: Mapping[str, Any] | None = None,
    smis: str | None = None,
    area: str | None = None,
) -> dict[str, Any]:
    """Take a file for an area, or for the school ``smis``; it is read and judged afterwards, and nothing changes yet.

    ``file`` is {sha256, filename, size} of a file in the store's ``incoming``.

    Raises:
        Problem: ``invalid`` (422) for an unknown kind or no file, ``forbidden``, ``not_found``; ``F01.<cause>`` (4xx)
            for a file that is no readable container; ``import.same_file`` (409): it waits for a decision already.
    """
    if kind not in KINDS:
        raise invalid([UNKNOWN_KIND])
    scope = scope_for(unit, KINDS[kind], smis, area)
    if file is None:
        raise invalid([FieldError("file", "required", "กรุณาแนบไฟล์")])
    _refuse_twice(unit, kind, scope.id, file["sha256"])
    found = Import(
        id=new_id(),
        kind=kind,
        unit_id=scope.id,
        org_path=scope.org_path,
        state=ImportState.RECEIVED.value,
        version=1,
        filename=file["filename"],
        container=claim_workbook(unit.adapters.files, INCOMING, PREFIX, file),
        sha256=file["sha256"],
        size=file["size"],
        sheets=[],
        counts={},
        repairs={},
        progress={"stage": "waiting", "done": 0, "total": 0},
        created_at=unit.now(),
        created_by=unit.identity.person_id,
        attempts=0,
    )
    unit.session.add(found)
    change = {"kind": kind, "sha256": found.sha256, "size": found.size}
    unit.audit("import.receive", f"import/{found.id}", found.org_path, change)
    return import_view(unit, found)


def decide(
    unit: Unit,
    import_id: str,
    decisions: Sequence[Mapping[str, Any]] = (),
    groups: Sequence[Mapping[str, Any]] = (),
    if_match: str | None = None,
) -> dict[str, Any]:
    """Accept or reject proposed repairs: ``groups`` ({repair, accept}) all of a kind, ``decisions`` ({row_id, key,
    accept}) single ones, which win. The rows are judged again afterwards.

    Raises:
        Problem: ``not_found``; ``invalid`` (422) for what is not proposed, and for nothing at all; ``import.state``
            (409); ``precondition.stale`` (412).
    """
    found = _in_hand(unit, import_id, if_match)
    state = after(ImportState(found.state), Step.DECIDE)
    if not decisions and not groups:
        raise invalid([FieldError("decisions", "required", "กรุณาเลือกอย่างน้อยหนึ่งรายการ")])
    taken = [*_of_groups(unit, found, groups), *_single(unit, found, decisions)]
    for row, repair, accept in taken:
        row.decided = {**row.decided, repair["key"]: {"accept": accept, "after": repair["after"]}}
    found.state = state
    found.version += 1
    found.progress = {"stage": "waiting", "done": 0, "total": 0}
    accepted = sum(accept for _row, _repair, accept in taken)
    change = {"accepted": accepted, "rejected": len(taken) - accepted, "groups": [dict(group) for group in groups]}
    unit.audit("import.decide", f"import/{found.id}", found.org_path, change)
    return import_view(unit, found)


def apply(unit: Unit, import_id: str, if_match: str | None = None) -> dict[str, Any]:
    """Let the rows without errors be applied; nothing happens where they are, or were, already.

    Raises:
        Problem: ``not_found``; ``import.state`` (409); ``import.nothing`` (409): no row is left to be applied;
            ``precondition.stale`` (412).
    """
    found = _in_hand(unit, import_id, if_match)
    state = after(ImportState(found.state), Step.APPLY)
    if state == found.state:
        return import_view(unit, found)
    to_write = sum(found.counts[verdict] for verdict in WRITING)
    if not to_write:
        raise conflict("import.nothing", "ไม่มีแถวที่นำเข้าได้ ทุกแถวตรงกับในระบบแล้ว หรือมีข้อผิดพลาด")
    for verdict, outcome in SETTLED.items():
        _settle(unit, found.id, verdict, outcome)
    found.state, found.applied_by = state, unit.identity.person_id
    found.version += 1
    found.progress = {"stage": "apply", "done": 0, "total": to_write}
    unit.audit("import.apply", f"import/{found.id}", found.org_path, {"kind": found.kind, "counts": found.counts})
    return import_view(unit, found)


def cancel(unit: Unit, import_id: str, if_match: str | None = None) -> dict[str, Any]:
    """Leave it: nothing of the file is applied.

    Raises:
        Problem: ``not_found``; ``import.state`` (409); ``precondition.stale`` (412).
    """
    found = _in_hand(unit, import_id, if_match)
    state = after(ImportState(found.state), Step.CANCEL)
    if state != found.state:
        end(unit, found, state)
        unit.audit("import.cancel", f"import/{found.id}", found.org_path, {"kind": found.kind})
    return import_view(unit, found)


def end(unit: Unit, found: Import, state: ImportState) -> None:
    """Let nothing more become of an import; whoever has it in hand finds the lease gone."""
    found.state, found.ended_at = state, unit.now()
    found.lease = found.lease_until = None
    found.version += 1
    found.progress = {"stage": "done", "done": 0, "total": 0}


def _in_hand(unit: Unit, import_id: str, if_match: str | None) -> Import:
    """The import, locked, if it still is what the caller has seen."""
    found = find_import(unit, import_id, lock=True)
    if if_match is not None:
        require_seen(found.etag, if_match)
    return found


def _refuse_twice(unit: Unit, kind: str, unit_id: str, sha256: str) -> None:
    waiting = (
        select(Import.id)
        .filter_by(kind=kind, unit_id=unit_id, sha256=sha256)
        .where(Import.state.not_in(ENDED))
        .limit(1)
    )
    same = unit.session.execute(waiting).scalar_one_or_none()
    if same is not None:
        detail = "ไฟล์นี้ส่งไว้แล้วและยังไม่ได้นำเข้าหรือยกเลิก กรุณาเปิดรายการเดิม"
        raise conflict("import.same_file", detail, import_id=same)


def _of_groups(
    unit: Unit, found: Import, groups: Sequence[Mapping[str, Any]]
) -> Iterable[Taken]:
    unknown = [group["repair"] for group in groups if group["repair"] not in found.repairs]
    if unknown:
        raise invalid([FieldError("groups", "unknown", f"ไม่มีการแก้แบบ {name[:60]} ในไฟล์นี้") for name in unknown])
    accepts = {group["repair"]: bool(group["accept"]) for group in groups}
    if not accepts:
        return
    named = or_(*(ImportRow.repairs.contains(f"|{name}|", autoescape=True) for name in accepts))
    for row in unit.session.execute(select(ImportRow).filter_by(import_id=found.id).where(named)).scalars():
        for repair in row.judged["repairs"]:
            if repair["repair"] in accepts:
                yield row, repair, accepts[repair["repair"]]


def _single(
    unit: Unit, found: Import, decisions: Sequence[Mapping[str, Any]]
) -> Iterable[Taken]:
    rows = _named_rows(unit, found, {decision["row_id"] for decision in decisions}) if decisions else {}
    errors = []
    for place, decision in enumerate(decisions):
        row = rows.get(decision["row_id"])
        proposed = {repair["key"]: repair for repair in row.judged["repairs"]} if row else {}
        repair = proposed.get(decision["key"])
        if row is None or repair is None:
            errors.append(FieldError(f"decisions.{place}", "unknown", "ไม่มีการแก้ที่เสนอไว้ในแถวและช่องนี้"))
        else:
            yield row, repair, bool(decision["accept"])
    if errors:
        raise invalid(errors)


def _named_rows(unit: Unit, found: Import, ids: set[str]) -> dict[str, ImportRow]:
    places = [place for place in map(parse_row_id, ids) if place is not None]
    rows = unit.session.execute(
        select(ImportRow)
        .filter_by(import_id=found.id)
        .where(ImportRow.row.in_({row for _sheet, row in places}), ImportRow.repairs != "")
    ).scalars()
    return {row.id: row for row in rows}


def _settle(unit: Unit, import_id: str, verdict: str, outcome: Outcome) -> None:
    unit.session.execute(
        update(ImportRow).filter_by(import_id=import_id, verdict=verdict).values(outcome=outcome)
    )
