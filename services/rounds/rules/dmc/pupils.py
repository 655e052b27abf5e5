"""A row of the file as a pupil: typed, with the harmless disguises undone.

Nothing is judged here. A value that cannot be read stays unread (None, or a problem) and the rules say so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from services.rounds.rules.dmc.grades import Grade, parse_grade, parse_room
from services.rounds.rules.dmc.identity_number import IdentityNumber, plain_code, read_identity
from services.rounds.rules.dmc.layout import CITIZEN_ID, KNOWN_COLUMNS, STUDENT_NO, Layout
from services.rounds.rules.model import Cell
from shared.thai.dates import DateFault, DateProblem, Era, parse_date, read_date_cell
from shared.thai.digits import parse_number
from shared.thai.fold import fold_text, is_missing

MALE, FEMALE = "M", "F"

_SEX = {"ช": MALE, "ชาย": MALE, "ญ": FEMALE, "หญิง": FEMALE}
_TITLE_SEX = {
    "เด็กชาย": MALE, "ดช": MALE, "นาย": MALE, "สามเณร": MALE, "สณ": MALE,
    "เด็กหญิง": FEMALE, "ดญ": FEMALE, "นางสาว": FEMALE, "นส": FEMALE, "นาง": FEMALE,
}  # fmt: skip
_OF_THE_SCHOOL = frozenset({"school_smis", "school_name"})
_THAI = frozenset({"ไทย", "สัญชาติไทย", "thai"})


@dataclass(frozen=True, slots=True)
class BirthDate:
    """A birth date, or why there is none (``missing`` or a :class:`DateProblem`); ``ce`` if written in CE."""

    day: date | None
    problem: str | None = None
    ce: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """A number of the file: ``value`` None and ``missing`` when the cell is empty, neither when it is no number."""

    value: float | None
    missing: bool


@dataclass(frozen=True, slots=True)
class Pupil:
    """One pupil of the file; ``row`` as the spreadsheet program numbers it, ``cells`` the row as it stands there.

    What few rules ask for is not read beforehand: ``at`` says where each field stands, an absent one on an empty cell.
    """

    row: int
    cells: Sequence[Cell]
    at: Mapping[str, int]
    school_smis: str
    identity: IdentityNumber
    grade: Grade | None
    room: int | None
    student_no: str
    sex: str | None
    title: str
    title_sex: str | None
    first_name: str
    last_name: str
    birth: BirthDate
    age: Measure
    weight: Measure
    height: Measure
    nationality: str
    religion: str
    guardian_first: str
    disadvantage: str
    pending: bool

    @property
    def row_identity(self) -> str | None:
        """What makes the row the same pupil in the next version: citizen id or G-code, else the school's number."""
        return self.identity.value or self.student_no or None

    def cell(self, field: str) -> Cell:
        """The cell of a field as it stands in the file."""
        return self.cells[self.at[field]]

    def text(self, field: str) -> str:
        """The folded text of a field, empty where its column is absent."""
        return text_of(self.cells[self.at[field]])

    @property
    def has_thai_nationality(self) -> bool:
        return self.nationality.casefold() in _THAI


def read_pupils(
    rows: Sequence[Sequence[Cell]],
    layout: Layout,
    *,
    typed: bool,
    numbers: Sequence[int] | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> list[Pupil]:
    """The pupils below the header. A row that tells at most the school is none: prepared lines bear its code.

    ``numbers`` are the numbers of ``rows`` where they are part of another sheet.
    """
    reader = _Reader(layout, typed=typed)
    pupils = []
    for read, (index, cells) in enumerate(pupil_rows(rows, layout)):
        if read % 1000 == 0:
            progress(index, len(rows))
        pupils.append(reader.read(numbers[index] if numbers else index + 1, cells))
    return pupils


def pupil_rows(rows: Sequence[Sequence[Cell]], layout: Layout) -> Iterator[tuple[int, Sequence[Cell]]]:
    """The rows below the header that tell of a pupil, with their indexes."""
    places = tuple(place for name, place in layout.at.items() if name not in _OF_THE_SCHOOL)
    for index in range(layout.header_row, len(rows)):
        cells = rows[index]
        if any(_filled(cells[place]) for place in places if place < len(cells)):
            yield index, cells


def read_numbered(
    numbered: Iterable[tuple[int, Sequence[Cell]]], layout: Layout, *, typed: bool
) -> list[Pupil]:
    """The pupils of rows whose numbers are given."""
    reader = _Reader(layout, typed=typed)
    return [reader.read(row, cells) for row, cells in numbered]


def _filled(cell: Cell) -> bool:
    return cell is not None and cell != "" and not (isinstance(cell, str) and not fold_text(cell))


class _Reader:
    """Reads rows of one layout: the place of every column is looked up once."""

    def __init__(self, layout: Layout, *, typed: bool) -> None:
        self.typed = typed
        self.width = max(layout.at.values()) + 1
        absent = self.width
        self.at = {column.field: layout.at.get(column.field, absent) for column in KNOWN_COLUMNS}

    def read(self, row: int, given: Sequence[Cell]) -> Pupil:
        at = self.at
        # One empty cell more than needed: absent columns point at it.
        cells = given[: self.width]
        cells = [*cells, *[None] * (self.width + 1 - len(cells))]
        title = text_of(cells[at["title"]])
        return Pupil(
            row=row,
            cells=cells,
            at=at,
            school_smis=plain_code(cells[at["school_smis"]]),
            identity=read_identity(cells[at[CITIZEN_ID]], typed=self.typed),
            grade=parse_grade(text_of(cells[at["grade"]])),
            room=parse_room(cells[at["room"]]),
            student_no=plain_code(cells[at[STUDENT_NO]]),
            sex=_SEX.get(text_of(cells[at["sex"]])),
            title=title,
            title_sex=_sex_of_title(title),
            first_name=text_of(cells[at["first_name"]]),
            last_name=text_of(cells[at["last_name"]]),
            birth=read_birth_date(cells[at["birth_date"]]),
            age=read_measure(cells[at["age"]]),
            weight=read_measure(cells[at["weight_kg"]]),
            height=read_measure(cells[at["height_cm"]]),
            nationality=text_of(cells[at["nationality"]]),
            religion=text_of(cells[at["religion"]]),
            guardian_first=text_of(cells[at["guardian_first"]]),
            disadvantage=text_of(cells[at["disadvantage"]]),
            pending=not _is_empty(cells[at["pending_discharge"]]),
        )


@lru_cache(maxsize=1024)
def _sex_of_title(title: str) -> str | None:
    return _TITLE_SEX.get(title.replace(".", "").replace(" ", ""))


@lru_cache(maxsize=16_384)
def _fold(text: str) -> str:
    return fold_text(text)


@lru_cache(maxsize=16_384)
def is_blank(text: str) -> bool:
    """A missing-value mark, remembered: the same few stand in most rows."""
    return is_missing(text)


def _is_empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and is_blank(cell))


def text_of(cell: Cell) -> str:
    """A cell as folded text; a whole number without its decimals, a date as ISO."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _fold(cell)
    if isinstance(cell, float) and cell == cell // 1:
        return f"{cell:.0f}"
    return str(cell)


@lru_cache(maxsize=16_384, typed=True)
def read_birth_date(cell: Cell) -> BirthDate:
    """Text in BE or CE, or a date cell (where a BE year was stored as if it were CE)."""
    if _is_empty(cell):
        return BirthDate(None, "missing")
    try:
        if isinstance(cell, date | datetime):
            written = read_date_cell(cell)
        elif isinstance(cell, str):
            written = parse_date(cell)
        else:
            return BirthDate(None, DateProblem.FORMAT)
    except DateFault as fault:
        return BirthDate(None, fault.problem)
    return BirthDate(written.day, ce=written.era is Era.CE)


@lru_cache(maxsize=4096, typed=True)
def read_measure(cell: Cell) -> Measure:
    """A weight, a height or an age; Thai digits and thousands commas are understood."""
    if _is_empty(cell):
        return Measure(None, missing=True)
    if isinstance(cell, bool):
        return Measure(None, missing=False)
    if isinstance(cell, int | float):
        return Measure(float(cell), missing=False)
    return Measure(parse_number(cell) if isinstance(cell, str) else None, missing=False)


def countable(pupils: Sequence[Pupil]) -> Iterator[Pupil]:
    """The pupils who are present: not those who only cannot be struck off yet (3.1.8)."""
    return (pupil for pupil in pupils if not pupil.pending)
