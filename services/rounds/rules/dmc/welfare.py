"""T and W: the way to school, disadvantage, disability. Sources: DMC entry form, Ministry data standard for pupils."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from services.rounds.rules.dmc.pupils import Pupil, countable, is_blank, read_measure
from services.rounds.rules.dmc.rulebook import RULES, File, Setting
from services.rounds.rules.model import Hit

_DISTANCES = ("paved_distance", "dirt_distance", "water_distance")


@RULES.row("T01", among=(*_DISTANCES, "travel_minutes"), cases=("", "minutes", "walking", "kilometres"))
def way_to_school_unlikely(pupil: Pupil, setting: Setting) -> Iterator[Hit]:
    """Farther or longer than anybody travels each day. DMC keeps metres, its form asks for kilometres."""
    params = setting.params
    metres, field = _distance(pupil)
    minutes = read_measure(pupil.cell("travel_minutes")).value or 0
    walks = pupil.text("travel") in params["walking"]
    basis = (metres, minutes, walks)
    words = {"km": f"{metres / 1000:g}", "metres": f"{metres:g}", "minutes": f"{minutes:g}"}
    if minutes > params["max_minutes"]:
        yield Hit("minutes", field="travel_minutes", words=words, basis=basis)
    if field is None:
        return
    if metres > params["max_metres"]:
        yield Hit(field=field, words=words, basis=basis)
    elif walks and metres > params["max_walking_metres"]:
        yield Hit("walking", field=field, words=words, basis=basis)
    elif 0 < metres < params["too_near_metres"] and minutes >= params["too_near_minutes"]:
        yield Hit("kilometres", field=field, words=words, basis=basis)


@RULES.row("W01", "disadvantage")
def disadvantage_unknown(pupil: Pupil, setting: Setting) -> Iterator[Hit]:
    """One of the Ministry's kinds, or nothing."""
    kind = pupil.disadvantage
    if kind not in setting.params["known"] and not is_blank(kind):
        yield Hit(field="disadvantage")


@RULES.file("W02", "disadvantage", given=("previous",))
def poverty_changed(file: File) -> Iterator[Hit]:
    """The share of poor pupils does not move by a third from round to round, unless a column was filled anew."""
    if file.previous is None:
        return
    now, before = list(countable(file.pupils)), list(countable(file.previous.pupils))
    params = file.params("W02")
    if min(len(now), len(before)) < params["least_pupils"] or all(is_blank(pupil.disadvantage) for pupil in before):
        return
    share, share_before = (_percent_poor(pupils, params["kind"]) for pupils in (now, before))
    if abs(share - share_before) > params["points"]:
        words = {"now": f"{share:.0f}", "before": f"{share_before:.0f}"}
        yield Hit(field="disadvantage", words=words, basis=(f"{share:.1f}", f"{share_before:.1f}"))


@RULES.row("W03", "disability", "disability_level", cases=("", "contradiction"))
def disability_incomplete(pupil: Pupil, setting: Setting) -> Iterator[Hit]:
    """A disability has its kind and its level; who has none has no level."""
    kind, level = pupil.text("disability"), pupil.text("disability_level")
    has_kind = not is_blank(kind) and kind not in setting.params["none"]
    has_level = not is_blank(level) and level not in setting.params["none"]
    if has_kind and not has_level:
        yield Hit(field="disability_level", basis=(kind, level))
    elif has_level and not has_kind:
        yield Hit("contradiction", field="disability", basis=(kind, level))


def _distance(pupil: Pupil) -> tuple[float, str | None]:
    """All parts of the way together, and the field of the first that has one."""
    parts = [(read_measure(pupil.cell(field)).value or 0, field) for field in _DISTANCES]
    return sum(part for part, _ in parts), next((field for part, field in parts if part), None)


def _percent_poor(pupils: Sequence[Pupil], kind: str) -> float:
    return 100 * sum(pupil.disadvantage == kind for pupil in pupils) / len(pupils)
