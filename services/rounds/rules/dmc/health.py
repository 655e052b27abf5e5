"""H: weight (kg) and height (cm). Sources: OBEC's list of data that a round must have complete; bands of the office.

A value outside the hard limits is said once, as that: neither the band of the grade nor the body mass index adds to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from services.rounds.rules.dmc.grades import Grade
from services.rounds.rules.dmc.pupils import Measure, Pupil, countable
from services.rounds.rules.dmc.rulebook import RULES, Setting
from services.rounds.rules.model import Hit

_WEIGHT, _HEIGHT = "weight_kg", "height_cm"


def _measures(pupil: Pupil) -> tuple[tuple[str, Measure], tuple[str, Measure]]:
    return (_WEIGHT, pupil.weight), (_HEIGHT, pupil.height)


@RULES.row("H01", _WEIGHT, _HEIGHT)
def not_measured(pupil: Pupil, _: Setting) -> Iterator[Hit]:
    """DMC writes 0 for what was not entered."""
    for field, measure in _measures(pupil):
        if measure.missing or measure.value == 0:
            yield Hit(field=field)


@RULES.row("H02", _WEIGHT, _HEIGHT, cases=("", "metres", "not_a_number"))
def measure_impossible(pupil: Pupil, setting: Setting) -> Iterator[Hit]:
    """No pupil weighs or measures that; a height below 3 was given in metres."""
    for field, measure in _measures(pupil):
        if measure.missing or measure.value == 0:
            continue
        if measure.value is None:
            yield Hit("not_a_number", field=field)
            continue
        low, high = setting.params[field]
        if not low <= measure.value <= high:
            metres = field == _HEIGHT and 0 < measure.value < setting.params["metres_below"]
            words = {"low": f"{low:g}", "high": f"{high:g}", "centimetres": f"{measure.value * 100:.0f}"}
            yield Hit("metres" if metres else "", field=field, words=words)


@RULES.row("H03", _WEIGHT, _HEIGHT, "grade")
def measure_unusual(pupil: Pupil, setting: Setting) -> Iterator[Hit]:
    """Outside what is seen in the grade."""
    if pupil.grade is None:
        return
    band = setting.params[_band(pupil.grade)]
    for field, measure in _measures(pupil):
        low, high = band[field]
        if _is_possible(field, measure, setting) and not low <= (measure.value or 0) <= high:
            words = {"grade": pupil.grade.label, "low": f"{low:g}", "high": f"{high:g}"}
            yield Hit(field=field, words=words, basis=(measure.value, pupil.grade.label))


@RULES.row("H04", _WEIGHT, _HEIGHT, cases=("", "swapped"))
def measures_contradict(pupil: Pupil, setting: Setting) -> Iterator[Hit]:
    """A body mass index that nobody has, or the two columns were mixed up."""
    weight, height = pupil.weight.value, pupil.height.value
    if not weight or not height or weight < 0:
        return
    if weight > height >= setting.rules.rules["H02"].params["metres_below"]:
        yield Hit("swapped", field=_WEIGHT, basis=(weight, height))
    elif all(_is_possible(field, measure, setting) for field, measure in _measures(pupil)):
        index = weight / (height / 100) ** 2
        if not setting.params["min_index"] <= index <= setting.params["max_index"]:
            yield Hit(field=_WEIGHT, words={"index": f"{index:.1f}"}, basis=(weight, height))


@RULES.row("H05", "citizen_id", _WEIGHT, _HEIGHT, cases=("", "weight"), given=("previous",))
def body_changed(pupil: Pupil, setting: Setting) -> Iterator[Hit]:
    """Nobody shrinks from round to round, or gains or loses a third of the weight."""
    before = setting.previous.by_id.get(pupil.identity.value or "") if setting.previous else None
    if before is None:
        return
    now, then = pupil.height, before.height
    if _is_possible(_HEIGHT, now, setting) and _is_possible(_HEIGHT, then, setting):
        shrunk = (then.value or 0) - (now.value or 0)
        if shrunk > setting.params["shrunk_cm"]:
            yield Hit(field=_HEIGHT, words={"before": f"{then.value:g}"}, basis=(then.value, now.value))
    now, then = pupil.weight, before.weight
    if _is_possible(_WEIGHT, now, setting) and _is_possible(_WEIGHT, then, setting):
        changed = abs((now.value or 0) - (then.value or 0))
        if changed * 100 > setting.params["weight_percent"] * (then.value or 0):
            yield Hit("weight", field=_WEIGHT, words={"before": f"{then.value:g}"}, basis=(then.value, now.value))


@RULES.roll("H06", _WEIGHT, _HEIGHT, "grade", "room")
def copied_down(pupils: Sequence[Pupil], setting: Setting) -> Iterator[Hit]:
    """The same weight and height for a fifth of a room, and not just for two: said once, on the first of them."""
    rooms: dict[tuple[Grade, int], list[Pupil]] = defaultdict(list)
    for pupil in countable(pupils):
        if pupil.grade is not None and pupil.room is not None:
            rooms[pupil.grade, pupil.room].append(pupil)
    params = setting.params
    for (grade, room), members in rooms.items():
        bodies: dict[tuple[float, float], list[int]] = defaultdict(list)
        for pupil in members:
            if pupil.weight.value and pupil.height.value:
                bodies[pupil.weight.value, pupil.height.value].append(pupil.row)
        for (weight, height), rows in bodies.items():
            if len(rows) >= params["least_pupils"] and len(rows) * 100 > params["percent"] * len(members):
                words = {"grade": grade.label, "room": room, "count": len(rows), "weight": f"{weight:g}",
                         "height": f"{height:g}"}  # fmt: skip
                yield Hit(field=_WEIGHT, words=words, row=rows[0], basis=(grade.label, room, weight, height, len(rows)))


def _is_possible(field: str, measure: Measure, setting: Setting) -> bool:
    """Within H02's limits; what is not, H02 has said."""
    low, high = setting.rules.rules["H02"].params[field]
    return measure.value is not None and low <= measure.value <= high


def _band(grade: Grade) -> str:
    if grade.level == "ป":
        return "ป.1-3" if grade.number <= 3 else "ป.4-6"
    return "อ" if grade.level == "อ" else "ม"
