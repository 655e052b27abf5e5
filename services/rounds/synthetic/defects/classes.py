"""C01-C06: grades and rooms that cannot be or differ from the profile, and ages that do not fit the grade."""

from __future__ import annotations

from random import Random

from services.rounds.synthetic.defects.model import ERROR, INFO, WARN, Defect, Mark, Stage, set_birth
from services.rounds.synthetic.draft import Draft, NoRowLeft
from services.rounds.synthetic.grades import GRADES, draw_birth, draw_body


def _unreadable(name: str, field: str, value: str) -> Defect:
    """Grade or room is unreadable: the pupil stands in no class of the head count."""

    def plant(draft: Draft, rng: Random) -> list[Mark]:
        number = draft.take(rng, draft.can_leave)
        draft.rows[number].cells[field] = value
        draft.rows[number].counted = draft.rows[number].placed = False
        return [Mark(name.partition(".")[0], ERROR, number, field)]

    return Defect(name, plant)


def _not_offered(draft: Draft, rng: Random) -> list[Mark]:
    """A pupil sits in the grade above the school's last one, and is of the age for it."""
    number = draft.take(rng, draft.can_leave)
    row = draft.rows[number]
    row.grade, row.room = GRADES[GRADES.index(draft.school.grades[-1]) + 1], 1
    birth = draw_birth(rng, row.grade, draft.year_be)
    set_birth(row, draft, birth)
    weight, height = draw_body(rng, row.grade, int(str(row.cells["age"])))
    row.cells |= {"grade": row.grade, "room": "1", "weight_kg": weight, "height_cm": height}
    return [Mark("C01", ERROR, number, "grade")]


def _gap(draft: Draft, rng: Random) -> list[Mark]:
    """The last room of a grade is called one higher (1, 3 or only 2): said once, where the gap is first seen."""
    grades = sorted({row.grade for row in draft.rows if row.counted} - draft.settled_grades, key=GRADES.index)
    if not grades:
        raise NoRowLeft
    grade = rng.choice(grades)
    draft.settled_grades.add(grade)
    last = max(row.room for row in draft.rows if row.grade == grade)
    for row in draft.rows:
        if (row.grade, row.room) == (grade, last):
            row.room = last + 1
            row.cells["room"] = str(row.room)
    first = next(n for n, row in enumerate(draft.rows) if row.counted and (row.grade, row.room) == (grade, last + 1))
    return [Mark("C02", WARN, first, "room")]


def _few(draft: Draft, rng: Random) -> list[Mark]:
    """A pupil alone in a further room; that it is one too small is counted with the other rooms."""
    number = draft.take(rng, lambda row: draft.can_leave(row) and row.room == draft.last_room(row.grade))
    row = draft.rows[number]
    row.room += 1
    row.cells["room"] = str(row.room)
    draft.settled_grades.add(row.grade)
    return []


def _profile(draft: Draft) -> dict[str, int]:
    """The rooms by grade that the school's profile declares: those of the file, until a defect changes them."""
    rooms: dict[str, int] = draft.job.setdefault("rooms", {grade: len(rooms) for grade, rooms in _rooms(draft).items()})
    return rooms


def _rooms(draft: Draft) -> dict[str, set[int]]:
    rooms: dict[str, set[int]] = {}
    for row in draft.rows:
        if row.placed:
            rooms.setdefault(row.grade, set()).add(row.room)
    return rooms


def _untouched(draft: Draft, rng: Random) -> tuple[str, int]:
    """A grade whose rooms are still those of the file, and its first pupil."""
    profile, rooms = _profile(draft), _rooms(draft)
    grades = [grade for grade in GRADES if grade in rooms and profile.get(grade) == len(rooms[grade])]
    if not grades:
        raise NoRowLeft
    grade = rng.choice(grades)
    return grade, next(n for n, row in enumerate(draft.rows) if row.placed and row.grade == grade)


def _empty_grade(draft: Draft, _: Random) -> list[Mark]:
    _profile(draft)[GRADES[-1]] = 1
    return [Mark("C04", ERROR)]


def _no_room(draft: Draft, rng: Random) -> list[Mark]:
    grade, first = _untouched(draft, rng)
    _profile(draft)[grade] = 0
    return [Mark("C04", ERROR, first, "grade")]


def _other_rooms(draft: Draft, rng: Random) -> list[Mark]:
    grade, first = _untouched(draft, rng)
    _profile(draft)[grade] += 1
    return [Mark("C06", ERROR, first, "room")]


def _off(name: str, severity: str, older: int) -> Defect:
    """Born so many years earlier (or later) than is usual in the grade, first and last days of the range included."""

    def plant(draft: Draft, rng: Random) -> list[Mark]:
        # In อ.1 two years too young can also be younger than any pupil may be.
        number = draft.take(rng, lambda row: older > -2 or row.grade != "อ.1")
        row = draft.rows[number]
        set_birth(row, draft, draw_birth(rng, row.grade, draft.year_be, older))
        return [Mark("C03", severity, number, "birth_date")]

    return Defect(name, plant)


def _aged(name: str, severity: str, years: int) -> Defect:
    """Exactly as old, on the as-of date, as a pupil may just be at all."""

    def plant(draft: Draft, rng: Random) -> list[Mark]:
        number = draft.take(rng)
        set_birth(draft.rows[number], draft, draft.as_of.replace(year=draft.as_of.year - years))
        return [Mark("C03", severity, number, "birth_date")]

    return Defect(name, plant)


DEFECTS = (
    _unreadable("C01.no-grade", "grade", ""),
    _unreadable("C01.p7", "grade", "ป.7"),
    _unreadable("C01.m7", "grade", "ม.7"),
    _unreadable("C01.no-number", "grade", "ประถม"),
    Defect("C01.not-offered", _not_offered),
    _unreadable("C02.blank", "room", ""),
    _unreadable("C02.zero", "room", "0"),
    _unreadable("C02.negative", "room", "-1"),
    _unreadable("C02.half", "room", "1.5"),
    _unreadable("C02.word", "room", "ก"),
    Defect("C02.gap", _gap, Stage.GRADE),
    Defect("C05.few", _few),
    Defect("C04.empty", _empty_grade, Stage.FILE),
    Defect("C04.no-room", _no_room, Stage.FILE),
    Defect("C06.rooms", _other_rooms, Stage.FILE),
    _off("C03.one-older", INFO, 1),
    _off("C03.two-older", WARN, 2),
    _off("C03.six-older", WARN, 6),
    _off("C03.one-younger", WARN, -1),
    _off("C03.two-younger", ERROR, -2),
    _aged("C03.just-two", ERROR, 2),
    _aged("C03.just-thirty", WARN, 30),
)
