"""Keeping the record of a school."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.schools.organisations.commands import announce_school
from services.schools.organisations.details import rules
from services.schools.organisations.details.queries import school_page
from services.schools.organisations.queries import details_view, find_school, row_of
from services.schools.organisations.rules import UnitState, unit_etag
from shared.db.unit import Unit
from shared.preconditions import require_seen
from shared.problems import FieldError, Problem, conflict, invalid
from shared.security.access import require

EDITORS = ("data_officer", "school_director", "officer", "area_admin")


def record_details(unit: Unit, smis: str, body: Mapping[str, Any], if_match: str | None = None) -> dict[str, Any]:
    """Change what is given in the record of a school; what is not given stays. Doubts are answered as warnings.

    Raises:
        Problem: ``not_found`` (404), ``forbidden`` (403), ``school.closed`` (409), ``invalid`` (422; with
            ``suggestions`` where something else was probably meant), ``precondition.required`` (428),
            ``precondition.stale`` (412).
    """
    row = find_school(unit, smis)
    require(unit.identity, EDITORS, row.unit.org_path)
    # whoever writes about the same school waits here and then sees what the other one has written
    unit.session.refresh(row.unit, with_for_update=True)
    unit.session.refresh(row.school)
    if row.unit.state == UnitState.CLOSED:
        raise conflict("school.closed", f"โรงเรียน{row.unit.name}ยุบหรือเลิกแล้ว แก้ไขข้อมูลพื้นฐานไม่ได้")
    require_seen(unit_etag(row.unit.version), if_match)
    before = details_view(row)
    after = _checked(before, body)
    changed = {name: value for name, value in after.items() if value != before[name]}
    for name, value in changed.items():
        setattr(row.school, name, value)
    row.school.details_at = unit.now()
    row.unit.version += 1
    row = row_of(unit, row.unit.id)
    announce_school(unit, row)
    change = {"before": {name: before[name] for name in changed}, "after": changed}
    unit.audit("school.record", f"school/{row.unit.code}", row.unit.org_path, change)
    return school_page(unit, row)


def _checked(before: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
    """The whole record as it will stand.

    Raises:
        Problem: ``invalid`` (422).
    """
    values, faults = rules.read_details(body)
    after = rules.without_null_island({**before, **values})
    found = list(rules.record_faults(after))
    faults += [fault for fault, _meant in found]
    if faults:
        problem = invalid([FieldError(fault.pointer, fault.code, fault.message) for fault in faults])
        suggestions = [dict(meant) for _fault, meant in found if meant]
        raise Problem(
            problem.code,
            problem.status,
            problem.title,
            problem.detail,
            problem.errors,
            {"suggestions": suggestions} if suggestions else {},
        )
    return after
