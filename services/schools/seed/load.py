"""Loading the demo office into the database of this service: organisation, schools, people, accounts, grants."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.schools.access.commands import give_grant, open_account
from services.schools.access.rules import Period
from services.schools.database import TABLES
from services.schools.organisations.commands import announce_school
from services.schools.organisations.queries import SchoolRow
from services.schools.organisations.rules import Scheme, UnitKind, UnitState
from services.schools.organisations.tables import OrgCode, OrgUnit, School
from services.schools.people.tables import Person
from services.schools.seed import office
from services.schools.seed.office import DemoArea, Name, SchoolEntry
from shared.bus.envelope import new_id
from shared.clock import clock_for
from shared.db.engine import database_for
from shared.db.unit import Trace, Unit
from shared.security.passwords import Passwords
from shared.security.vault import Vaults
from shared.settings import Settings, SettingsError

log = logging.getLogger(__name__)

# the day from which the grants of the demo office run: early enough for every round that a demo plays
IN_OFFICE_FROM = Period(dt.date(2022, 10, 1))


def load(settings: Settings, areas: int = 1) -> None:
    """Load the first ``areas`` areas of the demo office into a migrated database; what is there already stays.

    Raises:
        SettingsError: in production.
    """
    if settings.env == "production":
        raise SettingsError("no demo office in production (KHET_ENV)")
    database = database_for("schools", settings)
    try:
        with database.read() as session:
            missing = _missing(session, office.AREAS[:areas])
        if not missing:
            return
        password_hash = Passwords(cheap=settings.cheap_hashes).hash(settings.demo_password)
        with database.write() as session:
            vault = Vaults(settings.vault_root).of("schools")
            unit = Unit("schools", session, clock_for(settings.clock_file), TABLES, None, Trace(), vault)
            obec = _obec(unit)
            for area in missing:
                _enter_people(unit, area, _enter_area(unit, obec, area), password_hash)
    finally:
        database.close()
    log.info("the demo office is loaded: %s", ", ".join(area.code for area in missing))


def _missing(session: Session, wanted: tuple[DemoArea, ...]) -> list[DemoArea]:
    """The areas to load: none where somebody has begun an office of their own."""
    standing = set(session.execute(select(OrgUnit.code)).scalars())
    if standing and office.AREAS[0].code not in standing:
        return []
    return [area for area in wanted if area.code not in standing]


def _obec(unit: Unit) -> OrgUnit:
    """The root of the tree, entered with the first area."""
    found = unit.session.execute(select(OrgUnit).filter_by(code=office.OBEC_CODE)).scalar_one_or_none()
    return found or _enter_unit(
        unit, None, office.OBEC_CODE, kind=UnitKind.OBEC, code=office.OBEC_CODE, name=office.OBEC_NAME
    )


def _enter_area(unit: Unit, obec: OrgUnit, known: DemoArea) -> dict[str, OrgUnit]:
    """An area with its groups, schools and codes; every school is announced. Returns the units by code."""
    area = _enter_unit(unit, obec, known.code, kind=UnitKind.AREA, code=known.code, name=known.name)
    units = [area]
    for slug, name in office.groups():
        code = office.group_code(known, slug)
        units.append(_enter_unit(unit, area, slug, kind=UnitKind.GROUP, code=code, name=name))
    schools = [
        (
            entry,
            _enter_unit(unit, area, entry.smis, kind=UnitKind.SCHOOL, code=entry.smis, name=entry.name, state=state),
        )
        for state, entries in (
            (UnitState.OPEN, office.schools(known)),
            (UnitState.CLOSED, office.closed_schools(known)),
        )
        for entry in entries
    ]
    unit.session.flush()  # what follows refers to the units, and the tables are not tied by relationships
    _enter_code(unit, area, Scheme.AREA4, known.code)
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


def _enter_people(unit: Unit, area: DemoArea, units: dict[str, OrgUnit], password_hash: str) -> None:
    """A synthetic person with account and grants for every post; all share one hash, argon2 being slow."""
    appointed = [
        (post, _person(units[post.works_in], name))
        for post, name in zip(office.posts(area), office.synthetic_names(area), strict=False)
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
