"""Roles and units as people write them, and where a role of somebody's is held."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from services.schools.access.rules import PLACES
from services.schools.organisations.rules import UnitKind
from shared.security.access import ROLES
from shared.thai.fold import fold_text

UnitView = Mapping[str, Any]

# beside their names, what is written for them
SPELLINGS = {
    "registrar": ("เจ้าหน้าที่สารบรรณ", "ธุรการ", "เจ้าหน้าที่ธุรการ", "ธุรการโรงเรียน", "งานสารบรรณ"),
    "officer": ("เจ้าหน้าที่เขต", "ศึกษานิเทศก์"),
    "group_director": ("ผอ.กลุ่ม", "ผู้อำนวยการกลุ่มงาน"),
    "deputy_director": ("รอง ผอ.เขต", "รองผอ.เขต", "รองผู้อำนวยการ"),
    "area_director": ("ผอ.เขต", "ผู้อำนวยการสำนักงานเขต"),
    "records_officer": ("เจ้าหน้าที่เก็บเอกสาร",),
    "data_officer": ("ครูข้อมูล", "ครูผู้รับผิดชอบข้อมูล", "เจ้าหน้าที่ข้อมูล", "ผู้รับผิดชอบข้อมูล", "ครู dmc"),
    "school_director": ("ผอ.โรงเรียน", "ผอ.รร.", "ผอ.", "ผู้อำนวยการสถานศึกษา", "ผู้บริหารสถานศึกษา"),
    "teacher": ("ครูผู้สอน", "ครูผู้ช่วย"),
    "area_admin": ("ผู้ดูแลบัญชี", "ผู้ดูแลบัญชีของเขต", "ผู้ดูแลระบบเขต"),
    "auditor": ("ตรวจสอบภายใน", "ผู้ตรวจสอบภายใน"),
}
# of those who work in a group these belong to the group; the others do their work in the whole area (DESIGN §1)
OF_THE_GROUP = frozenset({"registrar"})
_BETWEEN = re.compile(r"[,;/\n|]")
_AND = "และ"
_SCHOOL_WORDS = re.compile(r"^(?:โรงเรียน|รร\.)")


def _key(text: str) -> str:
    return fold_text(text).replace(" ", "").casefold()


_NAMES = {
    _key(name): role for role in ROLES for name in (role, ROLES[role], *SPELLINGS.get(role, ()))
}


def read_roles(written: str) -> tuple[list[str], list[str]]:
    """The roles that a cell names, in order and each once, and what in it is none."""
    parts = [part.strip() for piece in _BETWEEN.split(written) for part in _divided(piece) if part.strip()]
    roles = list(dict.fromkeys(_NAMES[_key(part)] for part in parts if _key(part) in _NAMES))
    return roles, [part for part in parts if _key(part) not in _NAMES]


def _divided(piece: str) -> list[str]:
    """What a cell names: ครูและธุรการ are two, เจ้าหน้าที่เก็บและทำลายเอกสาร is one."""
    return [piece] if _key(piece) in _NAMES else piece.split(_AND)


def find_units(written: str, units: Sequence[UnitView]) -> list[UnitView]:
    """The units that are called so, by code or by name; more than one where it is not clear."""
    coded = [unit for unit in units if unit["code"] == written]
    wanted = _name_key(written)
    return coded or [unit for unit in units if wanted and _name_key(unit["name"]) == wanted]


def place_of(role: str, home: UnitView, units: Sequence[UnitView]) -> UnitView | None:
    """Where somebody who works at ``home`` holds a role, unless the list says where; None: nowhere."""
    if home["kind"] == UnitKind.GROUP and role not in OF_THE_GROUP and UnitKind.AREA in PLACES[role]:
        return next((unit for unit in units if unit["kind"] == UnitKind.AREA and _is_below(home, unit)), None)
    return home if home["kind"] in PLACES[role] else None


def _is_below(unit: UnitView, above: UnitView) -> bool:
    return str(unit["path"]).startswith(above["path"])


def _name_key(name: str) -> str:
    return _SCHOOL_WORDS.sub("", _key(name)).replace("ฯ", "")
