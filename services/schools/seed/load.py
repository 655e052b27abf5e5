"""Loading the demo office into the database of this service: organisation, schools, people, accounts, grants."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from sqlalchemy import select

from services.schools.access.commands import give_grant, open_account
from services.schools.access.rules import Period
from services.schools.database import TABLES
from services.schools.organisations.commands import announce_school
from services.schools.organisations.queries import SchoolRow
from services.schools.organisations.rules import Scheme, UnitKind, UnitState
from services.schools.organisations.tables import OrgCode, OrgUnit, School
from services.schools.people.tables import Person
from services.schools.seed import office
from services.schools.seed.office import Name, SchoolEntry
from shared.bus.envelope import new_id
from shared.clock import clock_for
from shared.db.engine import Database
from shared.db.unit import Trace, Unit
from shared.security.passwords import Passwords
from shared.settings import Settings, SettingsError

log = logging.getLogger(__name__)

# the day from which the grants of the demo office run: early enough for every round that a demo plays
IN_OFFICE_FROM = Period(dt.date(2022, 10, 1))


def load(settings: Settings) -> None:
    """Load the demo office into a migrated database; nothing happens where an office is already there.

    Raises:
        SettingsError: in production.
    """
    if settings.env == "production":
        raise SettingsError("no demo office in production (KHET_ENV)")
    database = Database(settings.database_of("schools"), settings.workers)
    try:
        with database.read() as session:
            if session.execute(select(OrgUnit.id).limit(1)).first() is not None:
                return
        password_hash = Passwords(cheap=settings.cheap_hashes).hash(settings.demo_password)
        with database.write() as session:
            unit = Unit("schools", session, clock_for(settings.clock_file), TABLES, None, Trace())
            units = _enter_organisation(unit)
            _enter_people(unit, units, password_hash)
    finally:
        database.close()
    log.info("the demo office is loaded: %s units", len(units))


def _enter_organisation(unit: Unit) -> dict[str, OrgUnit]:
    """The tree with its codes; every school is announced. Returns the units by code."""
    obec = _enter_unit(unit, None, office.OBEC_CODE, kind=UnitKind.OBEC, code=office.OBEC_CODE, name=office.OBEC_NAME)
    area = _enter_unit(unit, obec, office.AREA_CODE, kind=UnitKind.AREA, code=office.AREA_CODE, name=office.AREA_NAME)
    units = [area]
    for slug, name in office.groups():
        units.append(_enter_unit(unit, area, slug, kind=UnitKind.GROUP, code=office.group_code(slug), name=name))
    schools = [
        (
            entry,
            _enter_unit(unit, area, entry.smis, kind=UnitKind.SCHOOL, code=entry.smis, name=entry.name, state=state),
        )
        for state, entries in ((UnitState.OPEN, office.schools()), (UnitState.CLOSED, office.closed_schools()))
        for entry in entries
    ]
    unit.session.flush()  # what follows refers to the units, and the tables are not tied by relationships
    _enter_code(unit, area, Scheme.AREA4, office.AREA_CODE)
    for entry, node in schools:
        _enter_school(unit, area, node, entry)
        units.append(node)
    return {node.code: node for node in units}


def _enter_unit(unit: Unit, parent: OrgUnit | None, segment: str, **known: Any) -> OrgUnit:
    """A node below ``parent``; ``segment`` is the last part of its path, ``known`` its kind, code, name and state."""
    node = OrgUnit(
        id=new_id(),
        parent_id=parent.id if parent else None,
        org_path=f"{parent.org_path if parent else '/'}{segment}/",
        version=1,
        **{"state": UnitState.OPEN, **known},
    )
    unit.session.add(node)
    return node


def _enter_code(unit: Unit, node: OrgUnit, scheme: Scheme, code: str) -> None:
    values: dict[str, Any] = {"scheme": scheme, "code": code, "valid_from": None, "valid_to": None}
    unit.session.add(OrgCode(id=new_id(), org_unit_id=node.id, **values))


def _enter_school(unit: Unit, area: OrgUnit, node: OrgUnit, entry: SchoolEntry) -> None:
    codes = ((Scheme.SMIS8, entry.smis), (Scheme.MOE10, entry.ministry_code), (Scheme.PER6, entry.obec6_code))
    for scheme, code in codes:
        if code:
            _enter_code(unit, node, scheme, code)
    school = School(
        unit_id=node.id,
        education_range=entry.education_range,
        tambon=entry.tambon,
        amphoe=entry.amphoe,
        province=entry.province,
        one_teacher=False,
    )
    unit.session.add(school)
    announce_school(unit, SchoolRow(node, school, area, entry.ministry_code, entry.obec6_code))


def _enter_people(unit: Unit, units: dict[str, OrgUnit], password_hash: str) -> None:
    """A synthetic person with account and grants for every post; all share one hash, argon2 being slow."""
    appointed = [
        (post, _person(units[post.works_in], name))
        for post, name in zip(office.posts(), office.synthetic_names(), strict=False)
    ]
    unit.session.add_all(person for _, person in appointed)
    unit.session.flush()
    for post, person in appointed:
        open_account(unit, person.id, post.username, password_hash)
        for role in post.roles:
            give_grant(unit, person.id, role, units[post.scope], IN_OFFICE_FROM)


def _person(works_in: OrgUnit, name: Name) -> Person:
    return Person(
        id=new_id(),
        unit_id=works_in.id,
        title=name.title,
        given_name=name.given_name,
        family_name=name.family_name,
        synthetic=True,
    )
