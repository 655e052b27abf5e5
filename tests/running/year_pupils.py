"""The pupils of many schools through a school year: who is where in each round, no child twice unless it is planted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from itertools import count
from random import Random

from services.rounds.synthetic.citizen_ids import IdSource
from services.rounds.synthetic.grades import GRADES, age_on, band_of
from services.rounds.synthetic.pupils import NOVICE, Pupil, School, draw_pupils, title_of
from tests.running.dmc import PRIMARY

LAST = "ป.6"
MOVING = ("ป.1", "ป.2", "ป.3")


class Pupils:
    """Every pupil of some schools as of the newest round; ``of`` has them by school, in the order of the file."""

    def __init__(self, schools: Iterable[str], each: int, year_be: int, as_of: dt.date, seed: int = 1) -> None:
        self._rng = Random(seed)
        self._ids = IdSource(self._rng)
        self._numbers = count(1)
        self._seeds = count(1)
        self._known: set[object] = set()
        self.year_be, self.as_of = year_be, as_of
        self.of = {smis: self._drawn(smis, self._rng.randint(each - 4, each + 4)) for smis in schools}

    def go_on(self, year_be: int, as_of: dt.date) -> None:
        """The next round: in a new year all move up, the oldest are gone and the youngest come; else a few change."""
        is_new_year, self.year_be, self.as_of = year_be != self.year_be, year_be, as_of
        if is_new_year:
            self.of = {smis: self._moved_up(smis, pupils) for smis, pupils in self.of.items()}
        else:
            self._come_and_go()
        self.of = {smis: [self._grown(pupil) for pupil in pupils] for smis, pupils in self.of.items()}

    def come(self, smis: str) -> None:
        """One more pupil at a school."""
        self.of[smis] = _in_order([*self.of[smis], self._numbered(self._drawn(smis, 24)[-1])])

    def namesake(self, pupil: Pupil) -> Pupil:
        """The same child under another id (I09)."""
        return replace(pupil, citizen_id=self._ids.citizen_id("1"))

    def near(self, pupil: Pupil) -> Pupil:
        """The same child with one digit of its id mistyped in a way that the check digit does not show (I15)."""
        # the third digit weighs eleven in a sum modulo eleven
        other = "6" if pupil.citizen_id[2] != "6" else "7"
        return replace(pupil, citizen_id=f"{pupil.citizen_id[:2]}{other}{pupil.citizen_id[3:]}")

    def _drawn(self, smis: str, number: int) -> list[Pupil]:
        """Pupils of whom nobody is known yet: ids and people differ across all schools."""
        while True:
            school = School(smis, "บ้านตัวอย่าง", PRIMARY, number, least=2)
            pupils = draw_pupils(school, self.year_be, self.as_of, next(self._seeds))
            marks = {mark for pupil in pupils for mark in (pupil.citizen_id, _person(pupil))}
            if not marks & self._known:
                self._known |= marks
                return pupils

    def _moved_up(self, smis: str, pupils: list[Pupil]) -> list[Pupil]:
        staying = [
            replace(pupil, grade=GRADES[GRADES.index(pupil.grade) + 1]) for pupil in pupils if pupil.grade != LAST
        ]
        youngest = [pupil for pupil in self._drawn(smis, 24) if pupil.grade == GRADES[0]]
        return _in_order([*staying, *map(self._numbered, youngest)])

    def _come_and_go(self) -> None:
        """From every third school a child goes to the next; every fourth gets a new one, every fifth loses one."""
        schools = list(self.of)
        for place, smis in enumerate(schools):
            movable = [pupil for pupil in self.of[smis] if pupil.grade in MOVING and not pupil.pending]
            if place % 3 == 0 and movable:
                self.of[smis].remove(movable[0])
                other = schools[(place + 1) % len(schools)]
                self.of[other] = _in_order([*self.of[other], self._numbered(movable[0])])
            if place % 4 == 0:
                self.come(smis)
            if place % 5 == 0 and len(movable) > 1:
                self.of[smis].remove(movable[-1])

    def _numbered(self, pupil: Pupil) -> Pupil:
        """With a number that nobody has at the new school."""
        return replace(pupil, room=1, student_no=f"8{next(self._numbers):04d}")

    def _grown(self, pupil: Pupil) -> Pupil:
        band, age = band_of(pupil.grade), age_on(pupil.birth, self.as_of)
        return replace(
            pupil,
            age=age,
            title=pupil.title if pupil.title == NOVICE else title_of(pupil.sex, age),
            height_cm=min(max(round(pupil.height_cm + 0.4, 1), band.least_cm), band.most_cm),
            weight_kg=min(max(round(pupil.weight_kg + 0.2, 1), band.least_kg), band.most_kg),
        )


def present(pupils: Iterable[Pupil]) -> list[Pupil]:
    """Those who count: not only waiting to be struck off (3.1.8)."""
    return [pupil for pupil in pupils if not pupil.pending]


def _person(pupil: Pupil) -> tuple[str, str, dt.date]:
    return pupil.first_name, pupil.last_name, pupil.birth


def _in_order(pupils: list[Pupil]) -> list[Pupil]:
    return sorted(pupils, key=lambda pupil: (GRADES.index(pupil.grade), pupil.room, pupil.student_no))
