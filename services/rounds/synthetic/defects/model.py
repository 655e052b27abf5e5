"""What a planted defect is: a change to a draft, and the findings that must come of it, no more and no fewer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from random import Random

from services.rounds.synthetic.draft import Draft, Row
from services.rounds.synthetic.grades import age_on, be_date
from services.rounds.synthetic.layout import Cell
from services.rounds.synthetic.pupils import NOVICE, title_of

BLOCK, ERROR, WARN, INFO = "BLOCK", "ERROR", "WARN", "INFO"


@dataclass(frozen=True)
class Mark:
    """One finding to come: where it is in the draft. ``row`` counts pupils from 0.

    Without a row it is about the file as a whole, or (``on_headers``) about the row of headers.
    """

    rule: str
    severity: str
    row: int | None = None
    field: str | None = None
    on_headers: bool = False


Plant = Callable[[Draft, Random], list[Mark]]


class Stage(IntEnum):
    """In which order defects are planted: what moves a whole grade first, what changes the columns last."""

    GRADE = 0
    ROW = 1
    FILE = 2


@dataclass(frozen=True)
class Defect:
    """A plantable defect. ``alone``: it changes so much of the file that no other can stand beside it.

    ``compared``: it shows only beside other rolls (``Spec.compared``); ``last_round``: only in round 3.
    """

    name: str
    plant: Plant
    stage: Stage = Stage.ROW
    alone: bool = False
    compared: bool = False
    last_round: bool = False

    @property
    def rule(self) -> str:
        return self.name.partition(".")[0]


def cell_defect(
    name: str,
    severity: str,
    field: str,
    value: Cell | Callable[[Row, Draft, Random], Cell],
    suits: Callable[[Row], bool] = lambda _: True,
) -> Defect:
    """The commonest kind: one cell of one row holds what it must not, and nothing else changes."""

    def plant(draft: Draft, rng: Random) -> list[Mark]:
        number = draft.take(rng, suits)
        row = draft.rows[number]
        row.cells[field] = value(row, draft, rng) if callable(value) else value
        return [Mark(name.partition(".")[0], severity, number, field)]

    return Defect(name, plant)


def extra_defect(name: str, field: str, header: str, value: Cell | Callable[[Row], Cell]) -> Defect:
    """A cell of a column of DMC's entry form that the export does not have and this school added."""

    def plant(draft: Draft, rng: Random) -> list[Mark]:
        number = draft.take(rng)
        draft.add_extra(field, header)
        row = draft.rows[number]
        row.cells[field] = value(row) if callable(value) else value
        return [Mark(name.partition(".")[0], WARN, number, field)]

    return Defect(name, plant)


def set_birth(row: Row, draft: Draft, birth: date) -> None:
    """Another birth date, and age and title with it: if they were wrong, those would be further defects."""
    age = age_on(birth, draft.as_of)
    row.cells |= {"birth_date": be_date(birth), "age": age}
    if row.pupil.title != NOVICE:
        row.cells["title"] = title_of(row.pupil.sex, age)


def has_number(row: Row) -> bool:
    """The pupil has a 13-digit id that stays one as a number: no G-code, no leading 0."""
    return row.pupil.citizen_id.isdigit() and not row.pupil.citizen_id.startswith("0")
