"""What file to make: the parameters of the generator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.rounds.synthetic.grades import BE
from services.rounds.synthetic.pupils import Pupil, School

FORMATS = ("xlsx", "csv", "csv-bom", "csv-cp874", "html")

_AS_OF = {1: (0, 6, 10), 2: (0, 11, 10), 3: (1, 3, 31)}


@dataclass(frozen=True)
class Spec:
    """One file. The same spec gives the same pupils, cells and defects, always.

    ``passed_on``: as people save the export again, without its first line and with the id headers renamed. ``dated``:
    its first line says when it was made. ``compared``: with the rolls of the rounds before and of a version that
    stands; in round 2 or 3, so that the round before is of the same year. ``guests`` are pupils of other schools who
    stand in this file too.
    """

    school: School
    year_be: int = 2569
    round_no: int = 1
    seed: int = 1
    file_format: str = "xlsx"
    passed_on: bool = False
    dated: bool = True
    compared: bool = False
    defects: tuple[str, ...] = ()
    disguises: tuple[str, ...] = ()
    guests: tuple[Pupil, ...] = ()

    @property
    def as_of(self) -> date:
        """The day the handbook names for the round; round 3 lies in the next calendar year."""
        later, month, day = _AS_OF[self.round_no]
        return date(self.year_be - BE + later, month, day)
