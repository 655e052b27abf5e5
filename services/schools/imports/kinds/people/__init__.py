"""Lists of people: who they are, the account they get, the roles they are given."""

from __future__ import annotations

from services.schools.imports.kinds.model import Kind
from services.schools.imports.kinds.people.columns import COLUMNS
from services.schools.imports.kinds.people.judging import judge

KIND = Kind(
    name="people",
    title="รายชื่อบุคลากร",
    hint="บัญชีใหม่ยังไม่มีรหัสผ่านจนกว่าจะพิมพ์สลิปรหัสผ่าน ช่องว่างไม่ลบข้อมูลเดิม",
    columns=COLUMNS,
    judge=judge,
    area_roles=("area_admin",),
    school_roles=("school_director",),
)
