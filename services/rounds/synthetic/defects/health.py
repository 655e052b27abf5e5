"""H01-H04, H06: weight and height that are missing, impossible, unusual, do not fit each other or were copied down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from services.rounds.synthetic.defects.model import ERROR, WARN, Defect, Mark, Stage, cell_defect
from services.rounds.synthetic.draft import Draft, NoRowLeft
from services.rounds.synthetic.grades import KINDERGARTEN, LOWER_SECONDARY, PRIMARY
from services.rounds.synthetic.layout import Cell

Body = tuple[float, float]


def _group(grade: str) -> str:
    if grade in KINDERGARTEN:
        return "อ."
    if grade in PRIMARY:
        return "ป.1-3" if grade in PRIMARY[:3] else "ป.4-6"
    return "ม."


# Each (kg, cm) leaves the band of its grades on one side only, and weight still fits height (BMI 10 to 40).
_LIGHT = {"อ.": (7.9, 80), "ป.1-3": (11.9, 100), "ป.4-6": (14.9, 110), "ม.": (21.9, 121)}
_HEAVY = {"อ.": (45.1, 138), "ป.1-3": (70.5, 159), "ป.4-6": (100.5, 180), "ม.": (140.5, 204)}
_SHORT = {"อ.": (10, 74.5), "ป.1-3": (14, 94.5), "ป.4-6": (17, 104.9), "ม.": (23, 119.5)}
_TALL = {"อ.": (30, 140.5), "ป.1-3": (50, 160.5), "ป.4-6": (60, 185.5), "ม.": (70, 205.5)}
# Inside the band each, but not together: BMI below 10, above 40.
_THIN = {"อ.": (12, 125), "ป.1-3": (12, 115), "ป.4-6": (20, 150), "ม.": (30, 180)}
_FAT = {"อ.": (40, 99), "ป.1-3": (60, 120), "ป.4-6": (90, 149), "ม.": (120, 170)}

_USUAL = {"อ.": (17, 105), "ป.1-3": (24, 125), "ป.4-6": (33, 140), "ม.": (42, 149)}


def _body(name: str, bodies: Mapping[str, Body], field: str, suits: Callable[[str], bool] = lambda _: True) -> Defect:
    def plant(draft: Draft, rng: Random) -> list[Mark]:
        number = draft.take(rng, lambda row: suits(row.grade))
        row = draft.rows[number]
        row.cells["weight_kg"], row.cells["height_cm"] = bodies[_group(row.grade)]
        return [Mark(name.partition(".")[0], WARN, number, field)]

    return Defect(name, plant)


def _neither(draft: Draft, rng: Random) -> list[Mark]:
    number = draft.take(rng)
    draft.rows[number].cells |= {"weight_kg": 0, "height_cm": 0}
    return [Mark("H01", ERROR, number, "weight_kg"), Mark("H01", ERROR, number, "height_cm")]


def _heavy(draft: Draft, rng: Random) -> list[Mark]:
    """Over the hard limit, with a height to match, so that it is the only thing wrong."""
    number = draft.take(rng, lambda row: row.grade in LOWER_SECONDARY)
    draft.rows[number].cells |= {"weight_kg": 150.5, "height_cm": 204}
    return [Mark("H02", ERROR, number, "weight_kg")]


def _swapped(draft: Draft, rng: Random) -> list[Mark]:
    """The two numbers exchanged: then each of them is also wrong in its column."""
    number = draft.take(rng)
    row = draft.rows[number]
    row.cells["height_cm"], row.cells["weight_kg"] = _USUAL[_group(row.grade)]
    return [
        Mark("H02", ERROR, number, "height_cm"),
        Mark("H03", WARN, number, "weight_kg"),
        Mark("H04", WARN, number, "weight_kg"),
    ]


def _copied(draft: Draft, rng: Random) -> list[Mark]:
    """A fifth of a room and one more, at least three: said once, on the first of them."""
    rooms: dict[tuple[str, int], list[int]] = {}
    for number, row in enumerate(draft.rows):
        if row.placed:
            rooms.setdefault((row.grade, row.room), []).append(number)
    wanted = {place: max(3, len(members) // 5 + 1) for place, members in rooms.items()}
    free = {place: [n for n in members if not draft.rows[n].taken] for place, members in rooms.items()}
    places = [place for place in rooms if len(free[place]) >= wanted[place] and place[0] not in draft.settled_grades]
    if not places:
        raise NoRowLeft
    place = rng.choice(places)
    chosen = sorted(rng.sample(free[place], wanted[place]))
    draft.settled_grades.add(place[0])
    for number in chosen:
        row = draft.rows[number]
        row.taken = True
        row.cells["weight_kg"], row.cells["height_cm"] = _USUAL[_group(row.grade)]
    return [Mark("H06", WARN, chosen[0], "weight_kg")]


def _weight(name: str, value: Cell) -> Defect:
    return cell_defect(name, ERROR, "weight_kg", value)


def _height(name: str, value: Cell) -> Defect:
    return cell_defect(name, ERROR, "height_cm", value)


DEFECTS = (
    _weight("H01.weight-zero", 0),
    _weight("H01.weight-zero-text", "0.0"),
    _weight("H01.weight-blank", ""),
    _weight("H01.weight-dash", "-"),
    _height("H01.height-zero", 0),
    _height("H01.height-blank", ""),
    Defect("H01.neither", _neither),
    cell_defect("H02.metres", ERROR, "height_cm", lambda row, _, __: round(row.pupil.height_cm / 100, 2)),
    _weight("H02.light", 4.9),
    Defect("H02.heavy", _heavy),
    cell_defect("H02.short", ERROR, "height_cm", 59.5, lambda row: row.pupil.weight_kg < 59),
    _height("H02.tall", 210.5),
    _body("H03.light", _LIGHT, "weight_kg"),
    _body("H03.heavy", _HEAVY, "weight_kg"),
    _body("H03.short", _SHORT, "height_cm"),
    _body("H03.tall", _TALL, "height_cm"),
    _body("H04.thin", _THIN, "weight_kg"),
    _body("H04.fat", _FAT, "weight_kg"),
    Defect("H04.swapped", _swapped),
    Defect("H06.copied", _copied, Stage.GRADE),
    _body("H04.heavier-than-tall", {"ม.": (135, 125)}, "weight_kg", LOWER_SECONDARY.__contains__),
)
