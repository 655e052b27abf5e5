"""What shows only beside another roll: the round before, the one before that, the version that stands, another list.

Who came and who is gone, and the sums that differ for it, are not marked here: ``comparison`` counts them at the end.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

from services.rounds.synthetic.defects.model import ERROR, WARN, Defect, Mark, Stage, set_birth
from services.rounds.synthetic.draft import Draft, NoRowLeft, Row
from services.rounds.synthetic.grades import GRADES, usual_births


def _before(draft: Draft, number: int) -> Row:
    """The same pupil in the round before."""
    pupil = draft.rows[number].pupil
    return next(row for row in draft.before if row.pupil is pupil)


def _on_pupil(
    name: str, field: str, change: Callable[[Row, Row, Draft], None], suits: Callable[[Row], bool] = lambda _: True
) -> Defect:
    """``change`` makes a pupil and the same pupil of the round before contradict each other in ``field``."""

    def plant(draft: Draft, rng: Random) -> list[Mark]:
        number = draft.take(rng, suits)
        change(draft.rows[number], _before(draft, number), draft)
        return [Mark(name.partition(".")[0], WARN, number, field)]

    return Defect(name, plant, compared=True)


def _renamed(_: Row, before: Row, __: Draft) -> None:
    before.cells["first_name"] = "ก" + str(before.cells["first_name"])


def _other_birth(now: Row, _: Row, draft: Draft) -> None:
    """A day later, or earlier at the end of the year that belongs to the grade."""
    _first, last = usual_births(now.grade, draft.year_be)
    set_birth(now, draft, now.pupil.birth + timedelta(days=-1 if now.pupil.birth == last else 1))


def _other_sex(_: Row, before: Row, __: Draft) -> None:
    before.cells["sex"] = {"ช": "ญ", "ญ": "ช"}[before.pupil.sex]


def _other_grade(step: int) -> Callable[[Row, Row, Draft], None]:
    def change(_: Row, before: Row, __: Draft) -> None:
        before.grade = GRADES[GRADES.index(before.grade) + step]
        before.cells["grade"] = before.grade

    return change


def _taller(now: Row, before: Row, _: Draft) -> None:
    before.cells["height_cm"] = round(now.pupil.height_cm + 1.1, 1)


def _lighter(now: Row, before: Row, _: Draft) -> None:
    before.cells["weight_kg"] = round(now.pupil.weight_kg * 0.7, 1)


def _left(draft: Draft, rng: Random) -> list[Mark]:
    draft.remember_stranger(rng)
    return []


def _came(draft: Draft, rng: Random) -> list[Mark]:
    number = draft.take(rng)
    draft.before.remove(_before(draft, number))
    return []


def _many_left(draft: Draft, rng: Random) -> list[Mark]:
    """More than five, more than a tenth."""
    for _ in range(len(draft.rows) // 8 + 6):
        draft.remember_stranger(rng)
    return []


def _smaller_class(draft: Draft, rng: Random) -> list[Mark]:
    """As many as it takes to have been a school of the next size."""
    present = sum(not row.pupil.pending for row in draft.before)
    bound = next((bound for bound in (120, 600, 1500) if bound >= present), None)
    if bound is None:
        raise NoRowLeft
    for _ in range(bound - present + 1):
        draft.remember_stranger(rng)
    return []


def _less_poor(draft: Draft, _: Random) -> list[Mark]:
    for row in draft.before:
        row.cells["disadvantage"] = "ชนกลุ่มน้อย"
    return [Mark("W02", WARN, field="disadvantage")]


def _top_grade_gone(draft: Draft, _: Random) -> list[Mark]:
    top = draft.school.grades[-1]
    draft.rows[:] = [row for row in draft.rows if row.grade != top]
    return [Mark("R07", ERROR, field="grade")]


def _pending_for_long(draft: Draft, rng: Random) -> list[Mark]:
    number = draft.take(rng, draft.can_leave)
    row = draft.rows[number]
    row.counted = row.placed = False
    for one in (row, _before(draft, number), *(old for old in draft.earlier if old.pupil is row.pupil)):
        one.cells["pending_discharge"] = "ใช่"
        one.placed = False
    return [Mark("R09", WARN, number, "pending_discharge")]


def _rooms_slipped(draft: Draft, _: Random) -> list[Mark]:
    for row in draft.standing:
        row.cells["student_no"] = f"9{row.cells['student_no']}"
    return [Mark("R10", WARN)]


def _at_another_agency(draft: Draft, rng: Random) -> list[Mark]:
    number = draft.take(rng)
    draft.job.setdefault("elsewhere", {})[draft.rows[number].pupil.citizen_id] = "โรงเรียนเทศบาล 1"
    return [Mark("I11", ERROR, number, "citizen_id")]


def _other_source(draft: Draft, _: Random) -> list[Mark]:
    draft.job["reference"] = sum(row.is_present for row in draft.rows) + 1
    return [Mark("S03", WARN)]


def _weighs(row: Row) -> bool:
    return row.pupil.weight_kg > 8 and row.pupil.height_cm < 205


DEFECTS = (
    _on_pupil("I12.name", "first_name", _renamed),
    _on_pupil("I12.birth", "birth_date", _other_birth),
    _on_pupil("I12.sex", "sex", _other_sex),
    _on_pupil("C07.jump", "grade", _other_grade(-1), lambda row: row.grade != GRADES[0]),
    _on_pupil("C07.fall", "grade", _other_grade(1)),
    _on_pupil("H05.shrunk", "height_cm", _taller, _weighs),
    _on_pupil("H05.weight", "weight_kg", _lighter, _weighs),
    Defect("R02.left", _left, compared=True),
    Defect("R03.came", _came, compared=True),
    Defect("F09.fewer", _many_left, compared=True),
    Defect("R01.fewer", _left, compared=True),
    Defect("S01.smaller", _smaller_class, compared=True),
    Defect("W02.less-poor", _less_poor, Stage.FILE, compared=True),
    Defect("R07.top-grade", _top_grade_gone, Stage.GRADE, compared=True, last_round=True),
    Defect("R09.pending", _pending_for_long, compared=True),
    Defect("R10.slipped", _rooms_slipped, Stage.FILE, compared=True),
    Defect("I11.elsewhere", _at_another_agency),
    Defect("S03.other", _other_source, Stage.FILE),
)
