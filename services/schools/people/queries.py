"""The people whom a caller looks after: the list, one of them, their grants."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from services.schools.access.queries import open_sessions
from services.schools.access.rules import GrantState
from services.schools.access.tables import Account, RoleGrant
from services.schools.organisations.rules import UnitKind, UnitState
from services.schools.organisations.tables import OrgUnit
from services.schools.people import rules
from services.schools.people.dossier import MANAGERS, find_dossier, reach_of, require_manager
from services.schools.people.rules import display_name
from services.schools.people.tables import Person
from services.schools.people.views import Standing, grant_views, person_view, standing_of
from shared.db.unit import Unit
from shared.problems import FieldError, invalid
from shared.security.access import ROLES, reached
from shared.thai.collation import sort_key

MOST = 200
SOON = dt.timedelta(days=30)
SOONEST = 10

# everybody in service, whatever their account
IN_SERVICE = "IN_SERVICE"
FILTERS = (IN_SERVICE, *Standing)


@dataclass(frozen=True)
class _Line:
    """One person of the list, as far as it shows them."""

    person_id: str
    given_name: str
    family_name: str
    name: str
    position: str | None
    unit_code: str
    unit_name: str
    unit_path: str
    username: str | None
    last_login_at: dt.datetime | None
    standing: Standing
    roles: tuple[tuple[RoleGrant, OrgUnit], ...]

    @property
    def order(self) -> tuple[Any, ...]:
        return sort_key(self.given_name), sort_key(self.family_name), self.person_id


@dataclass(frozen=True)
class _Wanted:
    """What a list is narrowed to."""

    words: list[str]
    path: str
    role: str | None
    state: str

    def takes(self, line: _Line) -> bool:
        places = (line.unit_path, *(scope.org_path for _grant, scope in line.roles))
        return (
            (line.standing == self.state or (self.state == IN_SERVICE and line.standing is not Standing.RETIRED))
            and (not self.role or any(grant.role == self.role for grant, _scope in line.roles))
            and any(place.startswith(self.path) for place in places)
            and rules.matches(self.words, [line.name, line.position or "", line.username or ""])
        )


def list_people(
    unit: Unit,
    limit: int = 50,
    cursor: str | None = None,
    q: str | None = None,
    organisation: str | None = None,
    role: str | None = None,
    state: str | None = None,
) -> dict[str, Any]:
    """The people who work in the caller's part of the tree or hold grants there, by name in Thai order.

    ``q`` looks through names, positions and user names; ``organisation`` is the code of a unit (with what lies below
    it), ``role`` one that is held today, ``state`` a :class:`Standing` (IN_SERVICE: all but the retired; the default).

    Names are sealed in the database, so it can neither search nor sort them: all people of the caller's scope are
    opened and looked at here. An area has about 1,500 of them and a school 20, which takes about a tenth of a
    second; the whole country is never one caller's scope.

    Raises:
        Problem: ``forbidden`` (403) to who administers nothing, ``invalid`` (422).
    """
    require_manager(unit)
    _check_filters(limit, role, state)
    wanted = _Wanted(rules.search_words(q or ""), _path_of(unit, organisation), role, state or IN_SERVICE)
    lines = sorted(_lines(unit), key=lambda line: line.order)
    found = [line for line in lines[_place_of(lines, cursor) :] if wanted.takes(line)]
    shown = found[:limit]
    return {
        "items": [_line_view(line) for line in shown],
        "next_cursor": shown[-1].person_id if len(found) > limit else None,
        "total": len(found) if cursor is None else None,
    }


def get_person(unit: Unit, person_id: str) -> dict[str, Any]:
    """One person: their data with a masked citizen id, account, grants at units of the caller, what the caller may do.

    Raises:
        Problem: ``forbidden`` (403) to who administers nothing, ``not_found`` (404), also for a person of others.
    """
    return person_view(unit, find_dossier(unit, person_id))


def get_person_with_sessions(unit: Unit, person_id: str) -> dict[str, Any]:
    """As :func:`get_person`, with the open ``sessions`` where the caller may end them.

    Raises:
        Problem: as :func:`get_person`.
    """
    person = get_person(unit, person_id)
    may_end = person["account"] and "sessions" in person["allowed"]
    return {**person, "sessions": open_sessions(unit, person_id) if may_end else []}


def list_grants(unit: Unit, person_id: str) -> dict[str, Any]:
    """The grants of a person at units of the caller, those that count first, then by their beginning.

    Raises:
        Problem: as :func:`get_person`.
    """
    dossier = find_dossier(unit, person_id)
    return {"items": grant_views(unit, dossier, reach_of(unit.identity)), "next_cursor": None}


def list_workplaces(unit: Unit) -> dict[str, Any]:
    """The open units of the caller's part of the tree, in which people may work, each with the roles that the caller
    may give there: area, groups, schools.

    Raises:
        Problem: ``forbidden`` (403) to who administers nothing.
    """
    reach = require_manager(unit)
    statement = select(OrgUnit).where(_within(unit, OrgUnit.org_path), OrgUnit.state == UnitState.OPEN)
    order = {kind.value: place for place, kind in enumerate(UnitKind)}
    nodes = sorted(unit.session.execute(statement).scalars(), key=lambda node: (order[node.kind], node.code))
    return {
        "items": [
            {
                "code": node.code,
                "name": node.name,
                "kind": node.kind,
                "roles": reach.roles_given(node.kind, node.org_path),
            }
            for node in nodes
        ],
        "next_cursor": None,
    }


def accounts_overview(unit: Unit) -> dict[str, Any]:
    """How the accounts of the caller's people stand, and the grants that end within :data:`SOON`; no name is opened
    but those of whose grants end.

    Raises:
        Problem: ``forbidden`` (403) to who administers nothing.
    """
    require_manager(unit)
    statement = (
        select(Person.state, Account.state, Account.last_login_at)
        .join(OrgUnit, OrgUnit.id == Person.unit_id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(or_(_within(unit, OrgUnit.org_path), Person.id.in_(_holders(unit))))
    )
    standings = Counter(standing_of(*row) for row in unit.session.execute(statement))
    ending = _ending(unit)
    return {
        "no_account": standings[Standing.NO_ACCOUNT],
        "never_in": standings[Standing.NEVER_IN],
        "locked": standings[Standing.LOCKED],
        "ending": len(ending),
        "ending_soonest": [
            {
                "person_id": person.id,
                "name": person.name,
                "role": grant.role,
                "organisation_name": scope.name,
                "until": grant.valid_until.isoformat(),
            }
            for grant, scope, person in ending[:SOONEST]
        ],
    }


def _ending(unit: Unit) -> list[tuple[Any, OrgUnit, Person]]:
    """The grants in force at units of the caller that end soon, the soonest first."""
    today = unit.clock.today()
    statement = (
        select(RoleGrant, OrgUnit, Person)
        .join(OrgUnit, OrgUnit.id == RoleGrant.unit_id)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(_within(unit, OrgUnit.org_path), RoleGrant.valid_until.between(today, today + SOON))
        .order_by(RoleGrant.valid_until, RoleGrant.id)
    )
    found = unit.session.execute(statement)
    return [(grant, scope, person) for grant, scope, person in found if grant.state_on(today) is GrantState.CURRENT]


def _lines(unit: Unit) -> list[_Line]:
    held = _roles_held(unit)
    statement = (
        select(Person.id, Person.title, Person.given_name, Person.family_name, Person.synthetic, Person.position,
               Person.state, OrgUnit.code, OrgUnit.name, OrgUnit.org_path, Account.username, Account.state,
               Account.last_login_at)
        .join(OrgUnit, OrgUnit.id == Person.unit_id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(or_(_within(unit, OrgUnit.org_path), Person.id.in_(_holders(unit))))
    )  # fmt: skip
    return [_line(row, tuple(held[row[0]])) for row in unit.session.execute(statement)]


def _line(row: Any, roles: tuple[tuple[RoleGrant, OrgUnit], ...]) -> _Line:
    person_id, title, given_name, family_name, synthetic, position, state, *rest = row
    unit_code, unit_name, unit_path, username, account_state, last_login_at = rest
    return _Line(
        person_id=person_id,
        given_name=given_name,
        family_name=family_name,
        name=display_name(title, given_name, family_name, synthetic=synthetic),
        position=position,
        unit_code=unit_code,
        unit_name=unit_name,
        unit_path=unit_path,
        username=username,
        last_login_at=last_login_at,
        standing=standing_of(state, account_state, last_login_at),
        roles=roles,
    )


def _roles_held(unit: Unit) -> defaultdict[str, list[tuple[RoleGrant, OrgUnit]]]:
    """The grants in force today at units of the caller, by person."""
    today = unit.clock.today()
    statement = (
        select(RoleGrant, OrgUnit)
        .join(OrgUnit, OrgUnit.id == RoleGrant.unit_id)
        .where(_within(unit, OrgUnit.org_path))
        .order_by(OrgUnit.org_path, RoleGrant.role)
    )
    held: defaultdict[str, list[tuple[RoleGrant, OrgUnit]]] = defaultdict(list)
    for grant, scope in unit.session.execute(statement):
        if grant.state_on(today) is GrantState.CURRENT:
            held[grant.person_id].append((grant, scope))
    return held


def _holders(unit: Unit) -> Any:
    """The ids of those who hold a grant at a unit of the caller, now or soon."""
    still = or_(RoleGrant.valid_until.is_(None), RoleGrant.valid_until >= unit.clock.today())
    return (
        select(RoleGrant.person_id)
        .join(OrgUnit, OrgUnit.id == RoleGrant.unit_id)
        .where(and_(_within(unit, OrgUnit.org_path), RoleGrant.withdrawn.is_(False), still))
    )


def _within(unit: Unit, org_path: Any) -> ColumnElement[bool]:
    return reached(org_path, unit.identity, MANAGERS)


def _path_of(unit: Unit, code: str | None) -> str:
    """The path below which the list is wanted; of no unit at all, one below which nobody is."""
    if not code:
        return "/"
    found = unit.session.execute(select(OrgUnit.org_path).filter_by(code=code)).scalar_one_or_none()
    return found or f"/{code}?"


def _place_of(lines: list[_Line], cursor: str | None) -> int:
    """Where the page after the person ``cursor`` begins."""
    if cursor is None:
        return 0
    for place, line in enumerate(lines, start=1):
        if line.person_id == cursor:
            return place
    raise invalid([FieldError("cursor", "cursor", "ตำแหน่งหน้าถัดไปใช้ไม่ได้แล้ว กรุณาเริ่มจากหน้าแรก")])


def _line_view(line: _Line) -> dict[str, Any]:
    return {
        "person_id": line.person_id,
        "name": line.name,
        "position": line.position,
        "unit": {"code": line.unit_code, "name": line.unit_name},
        "username": line.username,
        "last_login_at": line.last_login_at.isoformat() if line.last_login_at else None,
        "standing": line.standing,
        "roles": [
            {
                "role": grant.role,
                "role_name": ROLES[grant.role],
                "organisation": scope.code,
                "organisation_name": scope.name,
                "acting": grant.acting,
            }
            for grant, scope in line.roles
        ],
    }


def _check_filters(limit: int, role: str | None, state: str | None) -> None:
    errors = []
    if not 1 <= limit <= MOST:
        errors.append(FieldError("limit", "range", f"จำนวนต่อหน้าต้องอยู่ระหว่าง 1 ถึง {MOST}"))
    if role and role not in ROLES:
        errors.append(FieldError("role", "choice", f"ไม่มีบทบาท {role}"))
    if state and state not in FILTERS:
        errors.append(FieldError("state", "choice", f"สถานะต้องเป็นค่าใดค่าหนึ่ง: {', '.join(FILTERS)}"))
    if errors:
        raise invalid(errors)
