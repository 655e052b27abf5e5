"""What the register knows of the people of a list, and how a row is entered: by the commands a manager uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from services.schools.access.commands import add_account, add_grant
from services.schools.access.rules import Reach, normal_username
from services.schools.access.tables import Account, RoleGrant
from services.schools.imports.judged import Row
from services.schools.imports.kinds.people.columns import CITIZEN_ID, USERNAME
from services.schools.imports.repairs import mend_digits
from services.schools.organisations.rules import UnitState
from services.schools.organisations.tables import OrgUnit
from services.schools.people.commands import add_person, change_person
from services.schools.people.dossier import citizen_id_index, reach_of
from services.schools.people.tables import Person
from shared.db.unit import Unit
from shared.problems import not_found
from shared.thai import national_id

ANY_VERSION = "*"
# more values than this in one statement no database likes
CHUNK = 500


def know(unit: Unit, scope: OrgUnit, rows: Sequence[Row]) -> dict[str, Any]:
    """The units of ``scope``, the people whom the rows name by citizen id or user name, and what the caller may do."""
    reach = reach_of(unit.identity)
    by_index = {citizen_id_index(unit, citizen_id): citizen_id for row in rows for citizen_id in _citizen_ids(row)}
    usernames = {normal_username(row.text(USERNAME)) for row in rows if row.text(USERNAME)}
    by_citizen_id = {
        by_index[index]: person_id
        for chunk in _chunks(by_index)
        for person_id, index in unit.session.execute(
            select(Person.id, Person.citizen_id_index).where(Person.citizen_id_index.in_(chunk))
        )
        if index is not None
    }
    by_username = {
        username: person_id
        for chunk in _chunks(usernames)
        for person_id, username in unit.session.execute(
            select(Account.person_id, Account.username).where(Account.username.in_(chunk))
        )
    }
    return {
        "caller": unit.identity.person_id,
        "today": unit.clock.today().isoformat(),
        "reach": {"areas": reach.areas, "schools": reach.schools, "runs_system": reach.runs_system},
        "scope": _unit_view(scope),
        "units": [_unit_view(node) for node in _units(unit, scope)],
        "people": _people(unit, {*by_citizen_id.values(), *by_username.values()}, reach),
        "by_citizen_id": by_citizen_id,
        "by_username": by_username,
    }


def write(unit: Unit, scope: OrgUnit, judgement: Mapping[str, Any]) -> str:  # noqa: ARG001 - the form of every kind
    """Do what a judgement plans; the id of the person.

    Raises:
        Problem: what the commands behind it refuse; ``not_found`` when the row that enters the person was not applied.
    """
    plan = judgement["plan"]
    if judgement["verdict"] == "NEW":
        person_id = str(add_person(unit, plan["organisation"], plan["fields"])["person_id"])
    else:
        person_id = judgement["target"] or _entered(unit, plan)
        if plan["fields"]:
            change_person(unit, person_id, plan["fields"], ANY_VERSION)
    if plan["username"]:
        add_account(unit, person_id, plan["username"])
    for grant in plan["grants"]:
        add_grant(unit, person_id, grant["organisation"], grant["role"], grant["from"], grant["until"])
    return person_id


def _entered(unit: Unit, plan: Mapping[str, Any]) -> str:
    """Somebody whom another row of the file has entered."""
    if plan["citizen_id"]:
        found = select(Person.id).filter_by(citizen_id_index=citizen_id_index(unit, plan["citizen_id"]))
    else:
        found = select(Account.person_id).filter_by(username=plan["known_as"])
    person_id = unit.session.execute(found).scalar_one_or_none()
    if person_id is None:
        raise not_found("แถวก่อนหน้าของบุคคลนี้ไม่ได้นำเข้า จึงให้บทบาทเพิ่มไม่ได้")
    return str(person_id)


def _citizen_ids(row: Row) -> tuple[str, ...]:
    """A citizen id, and what may become of it by a repair."""
    digits = mend_digits(row.raw(CITIZEN_ID)).text
    return tuple(form for form in (digits, f"0{digits}") if len(form) == national_id.ID_LENGTH and form.isdecimal())


def _units(unit: Unit, scope: OrgUnit) -> Iterable[OrgUnit]:
    statement = select(OrgUnit).where(
        OrgUnit.org_path.startswith(scope.org_path, autoescape=True), OrgUnit.state == UnitState.OPEN
    )
    return unit.session.execute(statement.order_by(OrgUnit.code)).scalars()


def _unit_view(node: OrgUnit) -> dict[str, str]:
    return {"code": node.code, "name": node.name, "kind": node.kind, "path": node.org_path}


def _people(unit: Unit, ids: Iterable[str], reach: Reach) -> dict[str, dict[str, Any]]:
    """People as the caller may know them; of one who is none of theirs nothing but that there is one."""
    today = unit.clock.today()
    views: dict[str, dict[str, Any]] = {}
    for chunk in _chunks(ids):
        grants = _grants(unit, chunk)
        found = (
            select(Person, OrgUnit, Account.username)
            .join(OrgUnit, OrgUnit.id == Person.unit_id)
            .outerjoin(Account, Account.person_id == Person.id)
            .where(Person.id.in_(chunk))
        )
        for person, home, username in unit.session.execute(found):
            held = [(grant, place) for grant, place in grants.get(person.id, ()) if grant.is_open_on(today)]
            covered = reach.covers(home.org_path)
            visible = covered or any(reach.covers(place.org_path) for _grant, place in held)
            views[person.id] = {"id": person.id, "visible": visible}
            if visible:
                views[person.id] |= _person_view(person, home, username, held, covered=covered)
    return views


def _person_view(
    person: Person, home: OrgUnit, username: str | None, held: Sequence[tuple[RoleGrant, OrgUnit]], *, covered: bool
) -> dict[str, Any]:
    return {
        "covered": covered,
        "state": person.state,
        "unit": home.code,
        "unit_name": home.name,
        "username": username,
        "title": person.title,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "citizen_id": person.citizen_id,
        "position": person.position,
        "email": person.email,
        "phone": person.phone,
        "grants": [
            {
                "role": grant.role,
                "organisation": place.code,
                "from": grant.valid_from.isoformat(),
                "until": grant.valid_until.isoformat() if grant.valid_until else None,
            }
            for grant, place in held
        ],
    }


def _grants(unit: Unit, people: Sequence[str]) -> dict[str, list[tuple[RoleGrant, OrgUnit]]]:
    statement = (
        select(RoleGrant, OrgUnit)
        .join(OrgUnit, OrgUnit.id == RoleGrant.unit_id)
        .where(RoleGrant.person_id.in_(people))
        .order_by(RoleGrant.id)
    )
    held: dict[str, list[tuple[RoleGrant, OrgUnit]]] = {}
    for grant, place in unit.session.execute(statement):
        held.setdefault(grant.person_id, []).append((grant, place))
    return held


def _chunks(values: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(values)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
