"""G02-G05, I13, W01 and W03: relatives who are not, telephones, kinds nobody knows."""

from __future__ import annotations

from random import Random

from services.rounds.synthetic.defects.model import INFO, WARN, Defect, Mark, cell_defect, extra_defect
from services.rounds.synthetic.draft import Draft, Row
from services.rounds.synthetic.families import UNKNOWN


def _has_other_guardian(row: Row) -> bool:
    family = row.pupil.family
    return family.father.first_name not in (UNKNOWN, family.guardian.first_name)


def _no_parents(draft: Draft, rng: Random) -> list[Mark]:
    number = draft.take(rng)
    unknown = {f"{who}_{part}": UNKNOWN for who in ("father", "mother") for part in ("first", "last")}
    draft.rows[number].cells |= {**unknown, "guardian_relation": "ยาย"}
    return [Mark("G03", INFO, number, "father_first")]


def _own_guardian(draft: Draft, rng: Random) -> list[Mark]:
    number = draft.take(rng)
    cells = draft.rows[number].cells
    cells |= {"guardian_first": cells["first_name"], "guardian_last": cells["last_name"], "guardian_relation": "พี่"}
    return [Mark("G04", WARN, number, "guardian_first")]


def _no_level(draft: Draft, rng: Random) -> list[Mark]:
    number = draft.take(rng)
    draft.add_extra("disability", "ความพิการ")
    draft.add_extra("disability_level", "ระดับความพิการ")
    draft.rows[number].cells["disability"] = "การได้ยิน"
    return [Mark("W03", WARN, number, "disability_level")]


DEFECTS = (
    cell_defect("G02.blank", WARN, "guardian_relation", ""),
    cell_defect("G02.unknown", WARN, "guardian_relation", "เพื่อนบ้าน"),
    cell_defect("G02.not-the-father", WARN, "guardian_relation", "บิดา", _has_other_guardian),
    Defect("G03.unknown", _no_parents),
    Defect("G04.pupil", _own_guardian),
    extra_defect("G05.short", "guardian_phone", "เบอร์โทรศัพท์ผู้ปกครอง", "08123"),
    extra_defect("I13.father", "father_id", "เลขประจำตัวประชาชนบิดา", lambda row: row.pupil.citizen_id),
    cell_defect("W01.word", WARN, "disadvantage", "จน"),
    Defect("W03.no-level", _no_level),
)
