"""Synthetic pupils of one school: seeded, so that the same parameters always give the same children. None is real."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random

from services.rounds.synthetic.citizen_ids import IdSource
from services.rounds.synthetic.families import Family, draw, draw_family, draw_id, thai_names
from services.rounds.synthetic.grades import GRADES, KINDERGARTEN, age_on, draw_birth, draw_body, grades_of

# Classes fill up to about this many before a second room is opened.
_USUAL_ROOM = 35

NOVICE = "สามเณร"


@dataclass(frozen=True)
class School:
    """Whose file it is: SMIS code, name without the word โรงเรียน, range of education, how many pupils.

    ``rooms`` says how many rooms a grade has where that should differ from what the number of pupils asks for. A grade
    that has pupils has at least ``least`` of them: a small school leaves some of its grades empty.
    """

    smis: str
    name: str
    education_range: str = "อนุบาล-ประถมศึกษา"
    pupils: int = 120
    rooms: Mapping[str, int] = field(default_factory=dict)
    least: int = 1

    @property
    def grades(self) -> tuple[str, ...]:
        return grades_of(self.education_range)


@dataclass(frozen=True)
class Pupil:
    """One row of the file before it is written. ``pending``: absent, not yet to be struck off (3.1.8)."""

    citizen_id: str
    grade: str
    room: int
    student_no: str
    sex: str
    title: str
    first_name: str
    last_name: str
    birth: date
    age: int
    weight_kg: float
    height_cm: float
    blood: str
    family: Family
    pending: bool
    scout: str
    red_cross: str
    swims: str


def draw_pupils(school: School, year_be: int, as_of: date, seed: int) -> list[Pupil]:
    """The pupils in the order of DMC: grade, room, student number."""
    # A seed of text, because tuples hash differently in every process.
    rng = Random(f"{seed}/{school.smis}/{year_be}")
    thai_names().seed_instance(rng.randrange(2**32))
    class_of = _Classes(school, rng)
    children = _Children(year_be, as_of, rng)
    pupils = [child for family in _siblings(class_of.places(), rng) for child in children.of_one_family(family)]
    pupils.sort(key=lambda pupil: (GRADES.index(pupil.grade), pupil.room, pupil.student_no))
    return _some_absent(pupils, rng)


def with_guests(pupils: list[Pupil], guests: tuple[Pupil, ...]) -> list[Pupil]:
    """The pupils of a school and, under numbers of its own, those of others who were entered here too."""
    entered = [replace(guest, room=1, student_no=f"9{number:04d}") for number, guest in enumerate(guests, 1)]
    return sorted([*pupils, *entered], key=lambda pupil: (GRADES.index(pupil.grade), pupil.room, pupil.student_no))


def title_of(sex: str, age: int) -> str:
    """The title of everybody who has no other: it changes at 15."""
    return {"ช": ("เด็กชาย", "นาย"), "ญ": ("เด็กหญิง", "นางสาว")}[sex][age >= 15]


def _some_absent(pupils: list[Pupil], rng: Random) -> list[Pupil]:
    """A few are gone and cannot be struck off yet; nobody's absence leaves a room with fewer than three."""
    rooms: Counter[tuple[str, int]] = Counter()
    marked = []
    for pupil in pupils:
        absent = rooms[pupil.grade, pupil.room] >= 3 and rng.random() < 0.015
        rooms[pupil.grade, pupil.room] += 1
        marked.append(replace(pupil, pending=absent))
    return marked


class _Classes:
    """Spreads the pupils over grades and rooms; every room of a grade has somebody."""

    def __init__(self, school: School, rng: Random) -> None:
        self._school = school
        self._rng = rng

    def places(self) -> list[tuple[str, int]]:
        """One (grade, room) for each pupil, shuffled."""
        sizes = self._sizes()
        places = []
        for grade, size in sizes.items():
            rooms = min(self._school.rooms.get(grade, -(-size // _USUAL_ROOM)), size)
            places += [(grade, number % rooms + 1) for number in range(size)]
        self._rng.shuffle(places)
        return places

    def _sizes(self) -> Counter[str]:
        total = self._school.pupils
        grades = self._school.grades[: max(1, total // self._school.least)]
        sizes = Counter({grade: total // len(grades) for grade in grades})
        for grade in self._rng.sample(grades, total % len(grades)):
            sizes[grade] += 1
        # Years differ: some children of the average class are in another one.
        for _ in range(total // 12):
            giver, taker = self._rng.sample(grades, 2) if len(grades) > 1 else (grades[0], grades[0])
            if sizes[giver] > 3:
                sizes[giver] -= 1
                sizes[taker] += 1
        return sizes


def _siblings(places: list[tuple[str, int]], rng: Random) -> list[list[tuple[str, int]]]:
    """Cut the places into families of one to three children: two years or more apart, or twins."""
    families: list[list[tuple[str, int]]] = []
    for place in places:
        number = GRADES.index(place[0])
        last = families[-1] if families else []
        fits = all(abs(GRADES.index(grade) - number) >= 2 for grade, _ in last)
        twins = len(last) == 1 and last[0][0] == place[0]
        if last and len(last) < 3 and (fits or twins) and rng.random() < 0.45:
            last.append(place)
        else:
            families.append([place])
    return families


class _Children:
    """Draws the children of one family after the other."""

    def __init__(self, year_be: int, as_of: date, rng: Random) -> None:
        self._year_be = year_be
        self._as_of = as_of
        self._rng = rng
        self._ids = IdSource(rng)
        self._numbers: set[str] = set()
        self._people: set[tuple[str, str, date]] = set()
        self._bodies: defaultdict[tuple[str, int], set[tuple[float, float]]] = defaultdict(set)

    def of_one_family(self, places: list[tuple[str, int]]) -> list[Pupil]:
        family = draw_family(self._rng)
        births: dict[str, date] = {}
        names = {adult.first_name for adult in (family.father, family.mother, family.guardian)}
        children = []
        for grade, room in places:
            birth = births.setdefault(grade, draw_birth(self._rng, grade, self._year_be))
            child = self._child(family, grade, room, birth, names)
            names.add(child.first_name)
            children.append(child)
        return children

    def _child(self, family: Family, grade: str, room: int, birth: date, taken: set[str]) -> Pupil:
        rng = self._rng
        boy = rng.random() < 0.51
        age = age_on(birth, self._as_of)
        weight, height = self._body(grade, room, age)
        small = grade in KINDERGARTEN
        novice = boy and not small and family.religion == "พุทธ" and rng.random() < 0.01
        return Pupil(
            citizen_id=draw_id(rng, self._ids, family.standing, self._year_be),
            grade=grade,
            room=room,
            student_no=self._student_no(),
            sex="ช" if boy else "ญ",
            title=NOVICE if novice else title_of("ช" if boy else "ญ", age),
            first_name=self._first_name(taken, family.surname, birth, boy=boy),
            last_name=family.surname,
            birth=birth,
            age=age,
            weight_kg=weight,
            height_cm=height,
            blood=draw(rng, {"-": 40, "O": 24, "B": 20, "A": 12, "AB": 4}),
            family=family,
            pending=False,
            scout="-" if small else draw(rng, {"ลูกเสือ/เนตรนารี": 90, "ไม่เป็นลูกเสือ/เนตรนารี": 10}),
            red_cross="-" if small else draw(rng, {"ไม่เป็นสมาชิกยุวกาชาด": 95, "เป็นสมาชิกยุวกาชาด": 5}),
            swims=draw(rng, {"False": 60, "True": 30, "-": 10}),
        )

    def _body(self, grade: str, room: int, age: int) -> tuple[float, float]:
        """Nobody in a room weighs and measures exactly what another does: it would look copied down."""
        while (body := draw_body(self._rng, grade, age)) in self._bodies[grade, room]:
            pass
        self._bodies[grade, room].add(body)
        return body

    def _first_name(self, taken: set[str], surname: str, birth: date, *, boy: bool) -> str:
        """Nobody has the name and birthday of another: it would look like one child entered twice."""
        names = thai_names()
        while True:
            name = names.first_name_male() if boy else names.first_name_female()
            if name not in taken and (name, surname, birth) not in self._people:
                break
        self._people.add((name, surname, birth))
        return name

    def _student_no(self) -> str:
        """Four or five digits; some begin with 0, and ``0451`` is another pupil than ``451``."""
        while True:
            number = f"{self._rng.randrange(300, 9000):04d}" if self._rng.random() < 0.9 else self._twin_number()
            if number not in self._numbers:
                self._numbers.add(number)
                return number

    def _twin_number(self) -> str:
        plain = sorted(number for number in self._numbers if not number.startswith("00"))
        return "0" + self._rng.choice(plain) if plain else "0451"
