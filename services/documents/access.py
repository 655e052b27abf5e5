"""Who may do what with letters and books (correspondence.md §3.4): one table for commands and queries.

A grant usually reaches the whole subtree of its node. A clerk does not: the central registry keeps the books of the
office, a group's clerk those of the group (clause 1.2 of the handbook). So some roles count at one unit alone: the node
of the grant, or the unit in which its holder works.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from services.documents.directory.queries import home_of
from services.documents.directory.tables import Staff
from shared.db.unit import Unit
from shared.problems import forbidden
from shared.security.access import DIRECTS_OFFICE, HEADS_UNIT, KEEPS_UNIT, ROLES, in_force, is_area, lineage
from shared.security.access import decides_at as places_of
from shared.security.identity import Identity

KEEPS_BOOKS = KEEPS_UNIT
DIRECTS = DIRECTS_OFFICE
HEADS_SCHOOL = ("school_director",)
READS_BOOKS = (*KEEPS_BOOKS, "group_director", *DIRECTS, *HEADS_SCHOOL, "records_officer", "auditor")
REGISTERS = KEEPS_BOOKS
DECIDES_IN_UNIT = HEADS_UNIT
DECIDES = (*DECIDES_IN_UNIT, *DIRECTS)
# letters of everything below the node: directors of the area, whoever audits
READS_OFFICE = (*DIRECTS, "auditor")
HAS_TASKS = ("registrar", "officer", "data_officer", "teacher", "records_officer", "area_admin", *DECIDES)
READS_LETTERS = (*HAS_TASKS, "auditor")
ASKS_FOR_NUMBERS = (*READS_BOOKS, "officer", "data_officer", "teacher", "area_admin")


def office_of(org_path: str) -> str:
    """The path of the office or school to which a unit belongs: a group is a part of its office."""
    parts = org_path.strip("/").split("/")
    is_school = len(parts) > 2 and parts[2].isdigit()
    return f"/{'/'.join(parts[: 3 if is_school else 2])}/"


def offices_asked(identity: Identity) -> set[str]:
    """The offices whose books the caller does not look after and yet may ask for numbers: a group's clerk that of the
    group's office.
    """
    return {office_of(scope) for scope in identity.scopes(ASKS_FOR_NUMBERS)}


def is_of_own_area(identity: Identity, org_path: str) -> bool:
    """Whether a node lies in an area in which the caller holds any role."""
    areas = {area for scope in identity.scopes(ROLES) for area in lineage(scope)[2:3]}
    return any(org_path.startswith(area) for area in areas)


def acts_at(unit: Unit, roles: Iterable[str], org_path: str) -> bool:
    """Whether the caller holds one of ``roles`` for this one unit, not merely for something above it."""
    wanted = set(roles)
    held = [grant for grant in unit.identity.grants if grant.role in wanted and org_path.startswith(grant.scope)]
    if any(grant.scope == org_path for grant in held):
        return True
    return bool(held) and home_of(unit, unit.identity.person_id) == org_path


def heads(unit: Unit, org_path: str) -> bool:
    """Whether the caller heads this one unit: holds a head's role at it, or above it and works in it."""
    held = [
        grant for grant in unit.identity.grants if grant.role in DECIDES_IN_UNIT and org_path.startswith(grant.scope)
    ]
    at_unit = any(grant.scope == org_path for grant in held) and not is_area(org_path)
    return at_unit or (bool(held) and home_of(unit, unit.identity.person_id) == org_path)


def decides_at(member: Staff, today: dt.date) -> list[str]:
    """The nodes at which somebody decides about letters on a day: of a director the office with all below it, of the
    head of a group or school that unit.
    """
    return places_of(member.grants, member.org_path, today)


def roles_on(member: Staff, day: dt.date) -> set[str]:
    """The roles that somebody holds on a day, wherever."""
    return {str(grant["role"]) for grant in in_force(member.grants, day)}


def require_at(unit: Unit, roles: Iterable[str], org_path: str, what: str) -> None:
    """Let pass only who :func:`acts_at` says.

    Raises:
        Problem: ``forbidden`` (403), naming the roles that may.
    """
    wanted = tuple(roles)
    if not acts_at(unit, wanted, org_path):
        who = " หรือ ".join(ROLES[role] for role in wanted)
        raise forbidden(f"{what}ทำได้เฉพาะ{who}ของหน่วยงานนั้น")


def units_acted_for(unit: Unit, roles: Iterable[str]) -> set[str]:
    """The paths of the units for which :func:`acts_at` lets the caller act with one of ``roles``."""
    scopes = unit.identity.scopes(roles)
    home = home_of(unit, unit.identity.person_id) if scopes else ""
    return {*scopes, *(home for scope in scopes if home.startswith(scope))}


def units_headed(unit: Unit) -> set[str]:
    """The paths of the units that the caller heads (:func:`heads`), and of the offices that they direct themselves."""
    led = {scope for scope in units_acted_for(unit, DECIDES_IN_UNIT) if not is_area(scope)}
    return led.union(unit.identity.scopes(DIRECTS))
