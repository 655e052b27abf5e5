"""Recording schools and their yearly profiles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from services.schools.organisations import rules
from services.schools.organisations.queries import (
    SchoolRow,
    details_view,
    find_profile,
    find_school,
    profile_view,
    school_view,
)
from services.schools.organisations.rules import Profile, UnitState
from services.schools.organisations.tables import SchoolProfile
from shared.bus.contracts.schools import PROFILE_RECORDED, SCHOOL_RECORDED
from shared.bus.envelope import new_id
from shared.db.unit import Unit
from shared.preconditions import require_seen
from shared.problems import FieldError, conflict, invalid
from shared.security.access import require

EDITORS = ("data_officer", "officer")
PUBLIC = frozenset(SCHOOL_RECORDED.schema().fields)


def put_profile(
    unit: Unit,
    smis: str,
    body: Mapping[str, Any],
    if_match: str | None = None,
    if_none_match: str | None = None,
) -> dict[str, Any]:
    """Record the profile of a school for one academic year (DMC menu 2.2): rooms by grade, teachers.

    Raises:
        Problem: ``not_found`` (404), ``forbidden`` (403) to all but the school's data officer and the area's officers,
            ``school.closed`` (409), ``invalid`` (422), ``precondition.required`` (428), ``precondition.stale`` (412).
    """
    row = find_school(unit, smis)
    require(unit.identity, EDITORS, row.unit.org_path)
    if row.unit.state == UnitState.CLOSED:
        raise conflict("school.closed", f"โรงเรียนรหัส {smis} ยุบหรือเลิกแล้ว บันทึกข้อมูลพื้นฐานไม่ได้")
    smis = row.unit.code  # it may have been asked for by a code that it bore before
    given = _checked(body, row.school.education_range)
    # whoever writes about the same school waits here and then sees what the other one has written
    unit.session.refresh(row.unit, with_for_update=True)
    stored = find_profile(unit, row.unit.id, given.year_be)
    require_seen(rules.profile_etag(stored.version) if stored else None, if_match, if_none_match)
    before = profile_view(smis, stored) if stored else None
    profile = _change(unit, stored, given) if stored else _enter(unit, row.unit.id, given)
    _announce_profile(unit, row, profile)
    _note_teachers(unit, row, given)
    after = profile_view(smis, profile)
    change = {"before": before, "after": after}
    unit.audit("profile.record", f"profile/{smis}/{given.year_be}", row.unit.org_path, change)
    return after


def announce_school(unit: Unit, row: SchoolRow) -> None:
    """Tell the others how the school stands now; its version must have been raised."""
    unit.emit(SCHOOL_RECORDED, f"school/{row.unit.code}", row.unit.version, _state_of(row), row.unit.org_path)


def announce_renumbered(unit: Unit, row: SchoolRow, former: str) -> None:
    """Tell the others that a school has another SMIS code: they know it by its code, so the former one is closed for
    them, and its profiles are told anew under the present one.
    """
    state = {**_state_of(row), "smis": former, "state": UnitState.CLOSED, "renumbered_to": row.unit.code}
    unit.emit(SCHOOL_RECORDED, f"school/{former}", row.unit.version, state, row.unit.org_path)
    for profile in unit.session.execute(select(SchoolProfile).filter_by(unit_id=row.unit.id)).scalars():
        _announce_profile(unit, row, profile)


def _state_of(row: SchoolRow) -> dict[str, Any]:
    state = {**school_view(row), **details_view(row), "area_name": row.area.name, "one_teacher": row.school.one_teacher}
    return {name: value for name, value in state.items() if name in PUBLIC}


def _checked(body: Mapping[str, Any], education_range: str) -> Profile:
    faults = rules.profile_faults(body, education_range)
    if faults:
        raise invalid([FieldError(fault.pointer, fault.code, fault.message) for fault in faults])
    return Profile(body["year_be"], rules.in_grade_order(body["rooms_by_grade"]), body.get("teachers"))


def _enter(unit: Unit, unit_id: str, given: Profile) -> SchoolProfile:
    profile = SchoolProfile(
        id=new_id(),
        unit_id=unit_id,
        year_be=given.year_be,
        rooms_by_grade=dict(given.rooms_by_grade),
        teachers=given.teachers,
        version=1,
        updated_at=unit.now(),
        updated_by=unit.actor,
    )
    unit.session.add(profile)
    return profile


def _change(unit: Unit, profile: SchoolProfile, given: Profile) -> SchoolProfile:
    profile.rooms_by_grade = dict(given.rooms_by_grade)
    profile.teachers = given.teachers
    profile.version += 1
    profile.updated_at = unit.now()
    profile.updated_by = unit.actor
    return profile


def _announce_profile(unit: Unit, row: SchoolRow, profile: SchoolProfile) -> None:
    smis, org_path = row.unit.code, row.unit.org_path
    data = {
        "smis": smis,
        "org_path": org_path,
        "year_be": profile.year_be,
        "rooms_by_grade": dict(profile.rooms_by_grade),
    }
    unit.emit(PROFILE_RECORDED, f"profile/{smis}/{profile.year_be}", profile.version, data, org_path)


def _note_teachers(unit: Unit, row: SchoolRow, given: Profile) -> None:
    """A school with one teacher may be confirmed and certified by the same person (rounds.md §1.7): tell the rounds."""
    alone = given.has_one_teacher
    if alone is None or alone == row.school.one_teacher or not _is_newest(unit, row.unit.id, given.year_be):
        return
    row.school.one_teacher = alone
    row.unit.version += 1
    announce_school(unit, row)


def _is_newest(unit: Unit, unit_id: str, year_be: int) -> bool:
    later = select(SchoolProfile.id).where(SchoolProfile.unit_id == unit_id, SchoolProfile.year_be > year_be)
    return unit.session.execute(later.limit(1)).first() is None
