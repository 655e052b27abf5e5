"""The catalogue of plantable defects: one or more for every rule of the first slice."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from services.rounds.synthetic.defects import classes, files, health, identity, person
from services.rounds.synthetic.defects.model import Defect, Mark
from services.rounds.synthetic.draft import Draft

DEFECTS: dict[str, Defect] = {
    defect.name: defect
    for part in (files, identity, person, classes, health)
    for defect in part.DEFECTS
}  # fmt: skip


def plant(draft: Draft, names: Iterable[str], rng: Random) -> list[Mark]:
    """Plant the named defects (a name twice: twice) in the order that keeps them from disturbing each other."""
    chosen = sorted((DEFECTS[name] for name in names), key=lambda defect: defect.stage)
    if len(chosen) > 1 and any(defect.alone for defect in chosen):
        raise ValueError("a defect that changes the whole file was combined with others")
    return [mark for defect in chosen for mark in defect.plant(draft, rng)]
