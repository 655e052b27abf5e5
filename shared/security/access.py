"""One place that decides who may do what, and one function that scopes every query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, false, or_

from shared.problems import forbidden
from shared.security.identity import Identity

ROLES = {
    "registrar": "สารบรรณ",
    "officer": "เจ้าหน้าที่",
    "group_director": "ผู้อำนวยการกลุ่ม",
    "deputy_director": "รองผู้อำนวยการเขต",
    "area_director": "ผู้อำนวยการเขต",
    "records_officer": "เจ้าหน้าที่เก็บและทำลายเอกสาร",
    "data_officer": "ครูผู้รับผิดชอบข้อมูล",
    "school_director": "ผู้อำนวยการโรงเรียน",
    "teacher": "ครู",
    "area_admin": "ผู้ดูแลระบบของเขต",
    "ops": "ผู้ดูแลระบบปฏิบัติการ",
    "auditor": "ผู้ตรวจสอบ",
}

# a clerk keeps, a head leads the one unit at which the role is held, or in which its holder works
KEEPS_UNIT = ("registrar",)
HEADS_UNIT = ("group_director", "school_director")
# these decide for an office and all below it
DIRECTS_OFFICE = ("deputy_director", "area_director")

Columns = TypeVarTuple("Columns")


def require(identity: Identity, roles: Iterable[str], org_path: str, detail: str = "") -> None:
    """Let pass only who holds one of ``roles`` at or above ``org_path``.

    Raises:
        Problem: ``forbidden`` (403), naming the roles that may.
    """
    wanted = tuple(roles)
    if not identity.holds(wanted, org_path):
        who = " หรือ ".join(ROLES[role] for role in wanted)
        raise forbidden(detail or f"รายการนี้ทำได้เฉพาะ {who} ของหน่วยงานนี้")


def scoped(statement: Select[*Columns], org_path: Any, identity: Identity, roles: Iterable[str]) -> Select[*Columns]:
    """Narrow ``statement`` to the rows whose ``org_path`` the caller reaches with one of ``roles``."""
    return statement.where(reached(org_path, identity, roles))


def reached(org_path: Any, identity: Identity, roles: Iterable[str]) -> ColumnElement[bool]:
    """The condition behind :func:`scoped`, for statements that are not selects."""
    scopes = identity.scopes(roles)
    if not scopes:
        return false()
    return or_(*(org_path.startswith(scope, autoescape=True) for scope in scopes))


def units_read(identity: Identity, home: str) -> set[str]:
    """The units whose letters the caller reads because they keep or head them; ``home`` is where they work.

    A head of a group who holds the role at the area heads the group they work in, not the office.
    """
    kept = identity.scopes(KEEPS_UNIT)
    headed = [scope for scope in identity.scopes(HEADS_UNIT) if not is_area(scope)]
    own = [home] if home and identity.holds((*KEEPS_UNIT, *HEADS_UNIT), home) else []
    return {*kept, *headed, *own}


def in_force(grants: Iterable[Mapping[str, Any]], today: dt.date) -> list[Mapping[str, Any]]:
    """Of the grants that events tell of those that hold on a day."""
    day = today.isoformat()
    return [grant for grant in grants if grant["valid_from"] <= day <= (grant["valid_until"] or day)]


def decides_at(grants: Iterable[Mapping[str, Any]], home: str, today: dt.date) -> list[str]:
    """The nodes at which somebody decides about letters on a day, by the grants that events tell of and the unit where
    they work: of a director the office with all below it, of the head of a group or school that unit.
    """
    places = []
    for grant in in_force(grants, today):
        if grant["role"] in DIRECTS_OFFICE:
            places.append(grant["scope"])
        elif grant["role"] in HEADS_UNIT:
            places.append(home if is_area(grant["scope"]) else grant["scope"])
    return places


def lineage(path: str) -> list[str]:
    """A node's path and those above it: ``/obec/5704/`` gives ``/``, ``/obec/`` and itself."""
    return [path[: end + 1] for end, letter in enumerate(path) if letter == "/"]


def is_area(path: str) -> bool:
    """Whether a node of the tree is an area: ``/obec/5704/``, not what is above or below it."""
    return len(lineage(path)) == 3
