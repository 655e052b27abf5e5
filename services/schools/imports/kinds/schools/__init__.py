"""School lists: EMIS's, and the simple one with codes, names and places."""

from __future__ import annotations

from services.schools.imports.kinds.model import Kind
from services.schools.imports.kinds.schools.columns import COLUMNS
from services.schools.imports.kinds.schools.judging import judge

KIND = Kind(
    name="schools",
    title="รายชื่อโรงเรียน",
    hint="ไฟล์ที่ดาวน์โหลดจาก EMIS (.xls) ใช้ได้ทันทีโดยไม่ต้องแก้ หรือใช้แบบฟอร์มของระบบ",
    columns=COLUMNS,
    judge=judge,
    area_roles=("area_admin",),
)
