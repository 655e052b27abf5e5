"""People: entered, changed, retired, taken back; and the one way to read a citizen id in full."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import IntegrityError

from services.schools.access import rules as access_rules
from services.schools.access.commands import (
    add_account,
    end_open_grants,
    keep_an_admin,
    retire_account,
)
from services.schools.access.rules import AccountState
from services.schools.faults import refuse
from services.schools.organisations.rules import Fault
from services.schools.organisations.tables import OrgUnit
from services.schools.people import rules
from services.schools.people.dossier import (
    Dossier,
    citizen_id_index,
    find_by_citizen_id,
    find_dossier,
    find_unit,
    is_visible,
    reach_of,
    require_account,
    require_manager,
    require_record,
)
from services.schools.people.rules import PersonState
from services.schools.people.tables import Person
from services.schools.people.views import person_view
from shared.bus.envelope import new_id
from shared.db.unit import Unit
from shared.preconditions import require_seen
from shared.problems import conflict
from shared.security.identity import Identity
from shared.thai.national_id import mask_within


def create_person(
    unit: Unit, works_in: OrgUnit, fields: Mapping[str, Any], *, synthetic: bool = False
) -> Person:
    """Enter a person who works in ``works_in``, by what was written about them (:func:`rules.person_faults`).

    Who calls this has decided that the caller may enter people there. A person of two schools is entered once, where
    they work, and holds a grant at the other one.

    Raises:
        Problem: ``invalid`` (422) naming every wrong field, ``person.exists`` (409) when somebody has this citizen id:
            with ``person_id`` if the caller looks after them, without a word of who it is if not.
    """
    refuse(rules.person_faults(fields))
    known = rules.cleaned(fields)
    if known.get("citizen_id"):
        _refuse_known(unit, known["citizen_id"] or "", None)
    person = Person(
        id=new_id(), unit_id=works_in.id, synthetic=synthetic, state=PersonState.ACTIVE, version=1,
        **{**dict.fromkeys(rules.TITLES), **known, **_indexed(unit, known)},
    )  # fmt: skip
    try:
        with unit.session.savepoint():
            unit.session.add(person)
    except IntegrityError:
        # somebody else entered the same person between the look and the write
        _refuse_known(unit, known["citizen_id"] or "", None)
        raise
    change = {"unit": works_in.code, "fields": sorted(name for name, value in known.items() if value)}
    unit.audit("person.create", f"person/{person.id}", works_in.org_path, change)
    return person


def update_person(unit: Unit, dossier: Dossier, fields: Mapping[str, Any], works_in: OrgUnit | None = None) -> None:
    """Change what is known of a person, and where they work; a field that is not among ``fields`` stays as it is.

    Who calls this has decided that the caller may, and holds the row of the person. Nothing is written where nothing
    changes.

    Raises:
        Problem: ``invalid`` (422), ``person.exists`` (409) as :func:`create_person` does.
    """
    refuse(rules.person_faults(fields, partial=True))
    person, known = dossier.person, rules.cleaned(fields)
    if known.get("citizen_id"):
        _refuse_known(unit, known["citizen_id"] or "", person.id)
    changed = sorted(name for name, value in known.items() if getattr(person, name) != value)
    moves = works_in is not None and works_in.id != person.unit_id
    if not changed and not moves:
        return
    try:
        with unit.session.savepoint():
            for name, value in {**known, **_indexed(unit, known)}.items():
                setattr(person, name, value)
            if works_in is not None:
                person.unit_id = works_in.id
            person.version += 1
            person.revision += 1
    except IntegrityError:
        _refuse_known(unit, known["citizen_id"] or "", person.id)
        raise
    change: dict[str, Any] = {"fields": changed, "version": person.version}
    if works_in is not None and moves:
        change["unit"] = {"before": dossier.home.code, "after": works_in.code}
    # what changed is said by name alone: the log is not sealed
    unit.audit("person.change", f"person/{person.id}", dossier.home.org_path, change)


def add_person(
    unit: Unit, organisation: str, fields: Mapping[str, Any], username: str | None = None
) -> dict[str, Any]:
    """Enter a person who works in the unit with the code ``organisation``, with an account when a user name is given.

    Raises:
        Problem: ``forbidden`` (403), ``not_found`` (404), ``invalid`` (422), ``unit.closed``, ``person.exists``,
            ``account.username_taken`` (409).
    """
    require_manager(unit)
    works_in = find_unit(unit, organisation)
    refuse([*rules.person_faults(fields), *(access_rules.username_faults(username) if username else ())])
    person = create_person(unit, works_in, fields)
    if username:
        return add_account(unit, person.id, username)
    return person_view(unit, find_dossier(unit, person.id))


def change_person(
    unit: Unit, person_id: str, fields: Mapping[str, Any], if_match: str, organisation: str | None = None
) -> dict[str, Any]:
    """Change what is known of a person; with ``organisation`` they work there from now on. Grants stay as they are.

    Raises:
        Problem: ``not_found`` (404), ``forbidden`` (403), ``precondition.stale`` (412), ``invalid`` (422),
            ``unit.closed``, ``person.exists`` (409).
    """
    dossier = find_dossier(unit, person_id, lock=True)
    require_record(unit, dossier)
    works_in = find_unit(unit, organisation) if organisation not in (None, dossier.home.code) else None
    require_seen(dossier.person.etag, if_match, None)
    update_person(unit, dossier, fields, works_in)
    return person_view(unit, find_dossier(unit, person_id, lock=True))


def retire_person(
    unit: Unit, person_id: str, reason: str, retired_on: str | None = None
) -> dict[str, Any]:
    """A person leaves (retires, moves away, dies): the account is closed and whatever they held ends today.

    ``retired_on`` is the day from which they are no longer in service, today or earlier; a leave that is still to come
    is planned by the last day of the grants. The person stays in the records, since rounds and letters name them.

    Raises:
        Problem: ``not_found`` (404), ``forbidden`` (403), ``invalid`` (422), ``account.self``, ``person.retired``,
            ``area_admin.last`` (409).
    """
    dossier = find_dossier(unit, person_id, lock=True)
    require_account(unit, dossier)
    faults: list[Fault] = []
    today = unit.clock.today()
    day = access_rules.read_day("retired_on", "วันที่พ้นจากราชการ", retired_on, faults) or today
    if day > today:
        faults.append(Fault("retired_on", "future", "วันที่พ้นจากราชการ: ต้องไม่เป็นวันในอนาคต"))
    refuse([*faults, *access_rules.reason_faults(reason)])
    if dossier.person.state == PersonState.RETIRED:
        raise conflict("person.retired", "บันทึกการพ้นจากราชการไว้แล้ว")
    keep_an_admin(unit, dossier, today)
    ended = end_open_grants(unit, dossier, reason)
    retire_account(unit, dossier)
    _turn(unit, dossier, PersonState.RETIRED, day, reason.strip(), {"grants_ended": ended})
    return person_view(unit, dossier)


def reinstate_person(unit: Unit, person_id: str) -> dict[str, Any]:
    """A person comes back into service. The account stays locked until somebody opens it, and grants are given anew.

    Raises:
        Problem: ``not_found`` (404), ``forbidden`` (403), ``account.self``, ``person.active`` (409).
    """
    dossier = find_dossier(unit, person_id, lock=True)
    require_account(unit, dossier)
    if dossier.person.state == PersonState.ACTIVE:
        raise conflict("person.active", "บุคคลนี้ยังอยู่ในราชการ")
    if dossier.account is not None:
        dossier.account.state = AccountState.LOCKED
        dossier.account.lock_reason = "กลับเข้ารับราชการ รอผู้ดูแลปลดล็อก"
    _turn(unit, dossier, PersonState.ACTIVE, None, None, {})
    return person_view(unit, dossier)


def reveal_citizen_id(app: Any, caller: Identity | None, person_id: str, reason: str) -> dict[str, Any]:
    """The citizen id in full, for who looks after the person's unit and says why; every look is audited.

    A procedure, since the answers of commands are stored.

    Raises:
        Problem: ``not_found`` (404), ``forbidden`` (403), ``invalid`` (422), ``person.no_citizen_id`` (409).
    """
    with app.write(caller) as unit:
        dossier = find_dossier(unit, person_id)
        require_record(unit, dossier)
        refuse(access_rules.reason_faults(reason))
        if dossier.person.citizen_id is None:
            raise conflict("person.no_citizen_id", "ยังไม่ได้บันทึกเลขประจำตัวประชาชนของบุคคลนี้")
        path = dossier.home.org_path
        unit.audit("reveal.citizen_id", f"person/{person_id}", path, {}, reason.strip())
        return {"person_id": person_id, "citizen_id": dossier.person.citizen_id}


def _turn(
    unit: Unit, dossier: Dossier, state: PersonState, day: dt.date | None, reason: str | None, change: dict[str, Any]
) -> None:
    person = dossier.person
    person.state, person.retired_on, person.retired_reason = state, day, mask_within(reason) if reason else None
    person.version += 1
    person.revision += 1
    action = "person.retire" if state is PersonState.RETIRED else "person.reinstate"
    noted = {**change, "retired_on": day.isoformat() if day else None}
    unit.audit(action, f"person/{person.id}", dossier.home.org_path, noted, reason)


def _indexed(unit: Unit, known: Mapping[str, str | None]) -> dict[str, str | None]:
    """The blind index that belongs to a citizen id among ``known``."""
    if "citizen_id" not in known:
        return {}
    citizen_id = known["citizen_id"]
    return {"citizen_id_index": citizen_id_index(unit, citizen_id) if citizen_id else None}


def _refuse_known(unit: Unit, citizen_id: str, own_id: str | None) -> None:
    found = find_by_citizen_id(unit, citizen_id)
    if found is None or found.person.id == own_id:
        return
    is_known = unit.caller is not None and is_visible(found, reach_of(unit.caller), unit.clock.today())
    if is_known:
        words = "มีบุคคลที่ใช้เลขประจำตัวประชาชนนี้อยู่แล้ว หากทำงานหลายแห่งให้เพิ่มสิทธิ์แก่บุคคลเดิมแทน"
        raise conflict("person.exists", words, person_id=found.person.id)
    raise conflict("person.exists", "เลขประจำตัวประชาชนนี้มีผู้ใช้แล้วในหน่วยงานอื่น โปรดติดต่อผู้ดูแลบัญชีของเขต")
