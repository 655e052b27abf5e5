"""The catalogue of plantable defects: one or more for every rule that the file itself can break."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from services.rounds.synthetic.defects import classes, compared, family, files, health, identity, person, places
from services.rounds.synthetic.defects.model import Defect, Mark
from services.rounds.synthetic.draft import Draft

LAST_ROUND = 3

DEFECTS: dict[str, Defect] = {
    defect.name: defect
    for part in (files, identity, person, classes, places, family, health, compared)
    for defect in part.DEFECTS
}  # fmt: skip


def plant(draft: Draft, names: Iterable[str], rng: Random) -> list[Mark]:
    """Plant the named defects (a name twice: twice) in the order that keeps them from disturbing each other."""
    chosen = sorted((DEFECTS[name] for name in names), key=lambda defect: defect.stage)
    if len(chosen) > 1 and any(defect.alone for defect in chosen):
        raise ValueError("a defect that changes the whole file was combined with others")
    if any(defect.compared for defect in chosen) and not draft.is_compared:
        raise ValueError("a defect that shows only beside another round needs a file with one")
    if any(defect.last_round for defect in chosen) and draft.round_no != LAST_ROUND:
        raise ValueError("a defect of round 3 was planted in another")
    return [mark for defect in chosen for mark in defect.plant(draft, rng)]
