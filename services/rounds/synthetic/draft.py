"""A file being made: its rows and columns before they are written, and which rows already carry a defect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random
from typing import Any

from services.rounds.synthetic.citizen_ids import complete
from services.rounds.synthetic.grades import be_date
from services.rounds.synthetic.layout import PASSED_ON_ID_HEADER, Cell, Column, real_columns
from services.rounds.synthetic.pupils import Pupil, School
from services.rounds.synthetic.spec import Spec


class NoRowLeft(ValueError):
    """No pupil is left on whom a defect could be planted without disturbing another."""


@dataclass
class Row:
    """One line of the file. ``counted``: stands in the head count, once its grade, room and sex can be read.

    ``placed``: sits in a room that can be read.
    """

    pupil: Pupil
    cells: dict[str, Cell]
    counted: bool
    grade: str
    room: int
    taken: bool = False
    placed: bool = True

    @property
    def is_present(self) -> bool:
        """Not one of those who only cannot be struck off yet (3.1.8)."""
        return self.cells["pending_discharge"] == "-"

    def copy(self) -> Row:
        return replace(self, cells=dict(self.cells), taken=False)


@dataclass
class Draft:
    """Everything a writer needs, and what the one who hands the file in says about it (``job``).

    ``before``, ``earlier`` and ``standing`` are the rows of the two rounds before and of the version that stands, where
    the file is to be compared with them.
    """

    school: School
    year_be: int
    round_no: int
    as_of: date
    file_format: str
    filename: str
    rows: list[Row]
    stamp: str | None
    columns: list[Column] = field(default_factory=real_columns)
    headers_written: bool = True
    job: dict[str, Any] = field(default_factory=dict)
    settled_grades: set[str] = field(default_factory=set)
    before: list[Row] = field(default_factory=list)
    earlier: list[Row] = field(default_factory=list)
    standing: list[Row] = field(default_factory=list)
    is_compared: bool = False

    @property
    def typed(self) -> bool:
        """Whether numbers and dates stay such in the file; in CSV and HTML everything is text."""
        return self.file_format == "xlsx"

    @property
    def first_row(self) -> int:
        """The sheet row of the first pupil."""
        return 1 + (self.stamp is not None) + self.headers_written

    def take(self, rng: Random, suits: Callable[[Row], bool] = lambda _: True) -> int:
        """Reserve a row nobody has planted on; pupils who are not counted stay as they are."""
        free = [number for number, row in enumerate(self.rows) if not row.taken and row.counted and suits(row)]
        if not free:
            raise NoRowLeft
        chosen = rng.choice(free)
        self.rows[chosen].taken = True
        return chosen

    def add_extra(self, name: str, header: str) -> None:
        """Add a column that the export does not have, blank for everybody, unless it is there."""
        if all(column.field != name for column in self.columns):
            self.columns.append(Column(name, header))
            for row in self.rows:
                row.cells[name] = ""

    def remember_stranger(self, rng: Random) -> None:
        """Somebody was here in the round before and is not now."""
        like = rng.choice([row for row in self.before if row.placed and row.is_present])
        number = len(self.before)
        pupil = replace(like.pupil, citizen_id=complete(f"1579{number:08d}"), student_no=f"99{number}")
        row = like.copy()
        row.pupil = pupil
        row.cells |= {"citizen_id": pupil.citizen_id, "student_no": pupil.student_no}
        self.before.append(row)

    def can_leave(self, row: Row) -> bool:
        """Whether the row may change grade or room without emptying its room or touching a settled grade."""
        if row.grade in self.settled_grades:
            return False
        others = (o for o in self.rows if o.counted and not o.taken and (o.grade, o.room) == (row.grade, row.room))
        return sum(1 for _ in others) > 1

    def last_room(self, grade: str) -> int:
        return max(row.room for row in self.rows if row.grade == grade)

    def position(self, name: str) -> int:
        """Where the column of a field stands (from 0)."""
        return next(place for place, column in enumerate(self.columns) if column.field == name)

    def drop(self, name: str) -> None:
        """Leave the column of a field out of the file."""
        del self.columns[self.position(name)]


def start_draft(spec: Spec, pupils: list[Pupil]) -> Draft:
    """The file as DMC would export it, or as somebody passes the export on."""
    extension = {"xlsx": ".xlsx", "html": ".xls"}.get(spec.file_format, ".csv")
    draft = Draft(
        school=spec.school,
        year_be=spec.year_be,
        round_no=spec.round_no,
        as_of=spec.as_of,
        file_format=spec.file_format,
        filename=f"{spec.year_be}-{spec.round_no}-student{extension}",
        rows=[_row(pupil, spec.school) for pupil in pupils],
        stamp=f"วันและเวลาที่สร้างรายงาน {spec.as_of.isoformat()} 02:10:12.244315",
    )
    if not spec.dated:
        draft.stamp = "รายงานข้อมูลนักเรียน"
    if spec.compared:
        _remember(draft)
    if spec.passed_on:
        draft.stamp = None
        draft.columns[draft.position("citizen_id")].header = PASSED_ON_ID_HEADER
    return draft


def _remember(draft: Draft) -> None:
    """The same pupils in the rounds before, a little smaller, and in the version that stands."""
    draft.is_compared = True
    draft.standing = [row.copy() for row in draft.rows]
    draft.before = [row.copy() for row in draft.rows]
    for row in draft.before:
        row.cells["height_cm"] = round(row.pupil.height_cm - 0.5, 1)
        row.cells["weight_kg"] = round(row.pupil.weight_kg - 0.2, 1)
    draft.earlier = [row.copy() for row in draft.rows]
    for row in draft.earlier:
        row.cells["pending_discharge"] = "-"


def _row(pupil: Pupil, school: School) -> Row:
    family = pupil.family
    home, father, mother, guardian = family.home, family.father, family.mother, family.guardian
    cells: dict[str, Cell] = {
        "school_smis": school.smis,
        "school_name": school.name,
        "citizen_id": pupil.citizen_id,
        "grade": pupil.grade,
        "room": str(pupil.room),
        "student_no": pupil.student_no,
        "sex": pupil.sex,
        "title": pupil.title,
        "first_name": pupil.first_name,
        "last_name": pupil.last_name,
        "birth_date": be_date(pupil.birth),
        "age": pupil.age,
        "weight_kg": pupil.weight_kg,
        "height_cm": pupil.height_cm,
        "blood": pupil.blood,
        "religion": family.religion,
        "race": family.race,
        "nationality": family.nationality,
        "house_no": home.house_no,
        "moo": home.moo,
        "road": home.road,
        "tambon": home.tambon,
        "amphoe": home.amphoe,
        "province": home.province,
        "guardian_first": guardian.first_name,
        "guardian_last": guardian.last_name,
        "guardian_job": guardian.job,
        "guardian_relation": family.relation,
        "father_first": father.first_name,
        "father_last": father.last_name,
        "father_job": father.job,
        "mother_first": mother.first_name,
        "mother_last": mother.last_name,
        "mother_job": mother.job,
        "disadvantage": family.disadvantage,
        "pending_discharge": "ใช่" if pupil.pending else "-",
        "scout": pupil.scout,
        "red_cross": pupil.red_cross,
        "swims": pupil.swims,
    }
    return Row(
        pupil, cells, counted=not pupil.pending, grade=pupil.grade, room=pupil.room, placed=not pupil.pending
    )
