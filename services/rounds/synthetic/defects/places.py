"""A and T: addresses that are none, and ways to school nobody goes."""

from __future__ import annotations

from datetime import date
from random import Random

from services.rounds.synthetic.defects.model import INFO, WARN, Defect, Mark, cell_defect, extra_defect
from services.rounds.synthetic.draft import Draft, Row
from services.rounds.synthetic.places import TAMBONS


def _tambon_of_another(row: Row, _: Draft, rng: Random) -> str:
    own = TAMBONS[row.pupil.family.home.amphoe]
    # spelt alike in two amphoe, the name would be taken for a variant of the one that is meant
    others = {name for names in TAMBONS.values() for name in names} - {"ศรีดอนชัย", "ศรีดอนไชย"}
    return rng.choice(sorted(others - set(own)))


def _elsewhere(draft: Draft, rng: Random) -> list[Mark]:
    """A real address in another province."""
    number = draft.take(rng)
    draft.rows[number].cells |= {"tambon": "เวียง", "amphoe": "เมืองพะเยา", "province": "พะเยา"}
    return [Mark("A03", INFO, number, "province")]


def _on_foot(draft: Draft, rng: Random) -> list[Mark]:
    number = draft.take(rng)
    draft.add_extra("travel", "การเดินทาง")
    draft.add_extra("paved_distance", "ระยะทางลาดยาง")
    draft.rows[number].cells |= {"travel": "เดินเท้า", "paved_distance": rng.randrange(10_001, 90_000)}
    return [Mark("T01", WARN, number, "paved_distance")]


DEFECTS = (
    cell_defect("A01.tambon", WARN, "tambon", _tambon_of_another),
    cell_defect("A01.amphoe", WARN, "amphoe", "แม่ริม"),
    cell_defect("A01.province", WARN, "province", "เชียงลาย"),
    cell_defect("A01.blank", WARN, "tambon", "-"),
    cell_defect("A02.blank", WARN, "house_no", ""),
    cell_defect("A02.date", WARN, "house_no", date(2026, 5, 12)),
    cell_defect("A02.month", WARN, "house_no", "12-พ.ค."),
    Defect("A03.elsewhere", _elsewhere),
    extra_defect("A04.short", "house_id", "รหัสประจำบ้าน", "5704012345"),
    extra_defect("T01.far", "paved_distance", "ระยะทางลาดยาง", 250_000),
    extra_defect("T01.long", "travel_minutes", "เวลาเดินทาง (นาที)", 200),
    Defect("T01.on-foot", _on_foot),
)
