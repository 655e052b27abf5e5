"""The 39 columns of the DMC export and where they are in this file.

Source: DMC's nightly file ``{year}-{round}-student.xlsx``. Two of its columns bear the same header
``เลขประจำตัวนักเรียน``: the first holds the citizen id, the second the school's own number. Which is which is decided by
order and verified by content. Older files end before the last three columns. Some schools add columns of DMC's entry
form (``EXTRA_COLUMNS``): they are read where they are, and nobody misses them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from services.rounds.rules.model import Cell
from shared.thai.digits import to_arabic
from shared.thai.fold import fold_header, fold_text

CITIZEN_ID = "citizen_id"
STUDENT_NO = "student_no"

# A column of our own: where a row stood in the file that a workbook was made of.
ORIGINAL_ROW = "แถวเดิม"

# The header may stand below the stamp of the report and a title of the school's own.
_HEADER_WITHIN = 10
_SAMPLE_ROWS = 20
_CITIZEN_DIGITS = 10
_STUDENT_NO_DIGITS = 8
_CUT_AT_MOST = 3
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d+\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the register: its header in the export, other headers seen for it, and whether a file needs it."""

    field: str
    header: str
    aliases: tuple[str, ...] = ()
    mandatory: bool = False
    newer: bool = False


COLUMNS = (
    Column("school_smis", "รหัสโรงเรียน", mandatory=True),
    Column("school_name", "ชื่อโรงเรียน"),
    Column(CITIZEN_ID, "เลขประจำตัวนักเรียน", ("เลขประจำตัวประชาชน",), mandatory=True),
    Column("grade", "ชั้น", mandatory=True),
    Column("room", "ห้อง", mandatory=True),
    Column(STUDENT_NO, "เลขประจำตัวนักเรียน", ("เลขประจำตัวนักเรียน2", "เลขประจำตัวนักเรียน.1"), mandatory=True),
    Column("sex", "เพศ", mandatory=True),
    Column("title", "คำนำหน้าชื่อ", mandatory=True),
    Column("first_name", "ชื่อ", mandatory=True),
    Column("last_name", "นามสกุล", mandatory=True),
    Column("birth_date", "วันเกิด", mandatory=True),
    Column("age", "อายุ(ปี)"),
    Column("weight_kg", "น้ำหนัก"),
    Column("height_cm", "ส่วนสูง"),
    Column("blood", "กลุ่มเลือด"),
    Column("religion", "ศาสนา"),
    Column("race", "เชื้อชาติ"),
    Column("nationality", "สัญชาติ"),
    Column("house_no", "บ้านเลขที่"),
    Column("moo", "หมู่"),
    Column("road", "ถนน/ซอย"),
    Column("tambon", "ตำบล"),
    Column("amphoe", "อำเภอ"),
    Column("province", "จังหวัด"),
    Column("guardian_first", "ชื่อผู้ปกครอง"),
    Column("guardian_last", "นามสกุลผู้ปกครอง"),
    Column("guardian_job", "อาชีพของผู้ปกครอง"),
    Column("guardian_relation", "ความเกี่ยวข้องของผู้ปกครองกับนักเรียน"),
    Column("father_first", "ชื่อบิดา"),
    Column("father_last", "นามสกุลบิดา"),
    Column("father_job", "อาชีพของบิดา"),
    Column("mother_first", "ชื่อมารดา"),
    Column("mother_last", "นามสกุลมารดา"),
    Column("mother_job", "อาชีพของมารดา"),
    Column("disadvantage", "ความด้อยโอกาส"),
    Column("pending_discharge", "ยังไม่สามารถจำหน่ายได้ (3.1.8)"),
    Column("scout", "เป็นลูกเสือ/เนตรนารี", newer=True),
    Column("red_cross", "เป็นยุวกาชาด", newer=True),
    Column("swims", "ทักษะการว่ายน้ำ", newer=True),
)

# Fields of DMC's entry form that are not in its export: by their labels there and by the form's own names.
EXTRA_COLUMNS = (
    Column("house_id", "รหัสประจำบ้าน", ("เลขรหัสประจำบ้าน", "homeIdNo", "psHomeIdNo")),
    Column("father_id", "เลขประจำตัวประชาชนบิดา", ("เลขประจำตัวประชาชนของบิดา", "fatherCifNo")),
    Column("mother_id", "เลขประจำตัวประชาชนมารดา", ("เลขประจำตัวประชาชนของมารดา", "motherCifNo")),
    Column("guardian_id", "เลขประจำตัวประชาชนผู้ปกครอง", ("เลขประจำตัวประชาชนของผู้ปกครอง", "parentCifNo")),
    Column("phone", "เบอร์โทรศัพท์", ("โทรศัพท์", "หมายเลขโทรศัพท์", "telNo", "psTelNo")),
    Column("guardian_phone", "เบอร์โทรศัพท์ผู้ปกครอง", ("โทรศัพท์ผู้ปกครอง", "เบอร์โทรผู้ปกครอง", "parentTelNo")),
    Column("father_phone", "เบอร์โทรศัพท์บิดา", ("โทรศัพท์บิดา", "fatherTelNo")),
    Column("mother_phone", "เบอร์โทรศัพท์มารดา", ("โทรศัพท์มารดา", "motherTelNo")),
    Column("travel", "การเดินทาง", ("วิธีการเดินทาง", "journeyTypeCode")),
    Column("travel_minutes", "เวลาเดินทาง (นาที)", ("เวลาเดินทาง", "timeDt")),
    Column("water_distance", "ระยะทางน้ำ", ("ระยะทางทางน้ำ", "waterDt")),
    Column("dirt_distance", "ระยะทางลูกรัง", ("ระยะทางถนนลูกรัง", "rockDt")),
    Column("paved_distance", "ระยะทางลาดยาง", ("ระยะทางถนนลาดยาง", "rubberDt")),
    Column("disability", "ความพิการ", ("ประเภทความพิการ", "disabilityCode")),
    Column("disability_level", "ระดับความพิการ", ("ลักษณะความพิการ", "disabilityLevelCode")),
)
KNOWN_COLUMNS = COLUMNS + EXTRA_COLUMNS
# Whose values are masked as ids, whatever stands in them.
ID_FIELDS = frozenset({CITIZEN_ID, "father_id", "mother_id", "guardian_id"})

_BY_FIELD = {column.field: column for column in KNOWN_COLUMNS}
_NAMES = {
    fold_header(name): column.field
    for column in KNOWN_COLUMNS
    if column.field not in (CITIZEN_ID, STUDENT_NO)
    for name in (column.header, *column.aliases)
}
_SHARED_NAME = fold_header("เลขประจำตัวนักเรียน")
_CITIZEN_NAMES = {fold_header(name) for name in _BY_FIELD[CITIZEN_ID].aliases}
_STUDENT_NO_NAMES = {fold_header(name) for name in _BY_FIELD[STUDENT_NO].aliases}
_OUR_NAMES = frozenset({fold_header(ORIGINAL_ROW)})
_MARKS_OF_A_HEADER = frozenset(fold_header(name) for name in ("ชั้น", "ห้อง", "ชื่อ", "นามสกุล"))


@dataclass(frozen=True)
class Layout:
    """Where the columns are: ``at`` gives the index (from 0) of a field, ``headers`` the text as it stands in the file.

    ``header_row`` counts from 1. ``unknown`` are indexes of columns nobody asked for; ``swapped`` says that the content
    of the two id columns was found the other way round.
    """

    header_row: int
    at: Mapping[str, int]
    headers: Sequence[str]
    unknown: tuple[int, ...] = ()
    swapped: bool = False
    absent: tuple[Column, ...] = field(default=())

    @property
    def missing_mandatory(self) -> tuple[Column, ...]:
        """The columns without which the file is not read."""
        return tuple(column for column in self.absent if column.mandatory)

    def header(self, name: str) -> str:
        """The header of a field as in the file, or as DMC writes it when the column is absent."""
        return self.headers[self.at[name]] if name in self.at else _BY_FIELD[name].header


def find_layout(rows: Sequence[Sequence[Cell]]) -> Layout | None:
    """The layout of a sheet, None when no row of its top is a header."""
    for index, row in enumerate(rows[:_HEADER_WITHIN]):
        names = [fold_header(cell) if isinstance(cell, str) else "" for cell in row]
        if _MARKS_OF_A_HEADER.issubset(names):
            return _layout(index, row, names, rows[index + 1 :])
    return None


def _layout(index: int, row: Sequence[Cell], names: Sequence[str], body: Sequence[Sequence[Cell]]) -> Layout:
    at: dict[str, int] = {}
    ids: dict[str, list[int]] = {"citizen": [], "shared": [], "student_no": []}
    unknown = []
    for place, name in enumerate(names):
        known = _NAMES.get(name) or _cut_name(name)
        if name == _SHARED_NAME:
            ids["shared"].append(place)
        elif name in _CITIZEN_NAMES:
            ids["citizen"].append(place)
        elif name in _STUDENT_NO_NAMES:
            ids["student_no"].append(place)
        elif known and known not in at:
            at[known] = place
        elif name and name not in _OUR_NAMES:
            unknown.append(place)
    id_places, spare = _id_columns(ids, body)
    swapped = _contents_swapped(id_places, body)
    if swapped:
        id_places = {CITIZEN_ID: id_places[STUDENT_NO], STUDENT_NO: id_places[CITIZEN_ID]}
    at.update(id_places)
    return Layout(
        header_row=index + 1,
        at=at,
        headers=[fold_text(cell) if isinstance(cell, str) else "" for cell in row],
        unknown=tuple(sorted(unknown + spare)),
        swapped=swapped,
        absent=tuple(column for column in COLUMNS if column.field not in at),
    )


def _cut_name(name: str) -> str | None:
    """Long headers were seen cut by a letter or two (``เป็นลูกเสือ/เนตรนาร``)."""
    if len(name) < 10:
        return None
    found = {field for full, field in _NAMES.items() if full.startswith(name) and len(full) - len(name) <= _CUT_AT_MOST}
    return found.pop() if len(found) == 1 else None


def _id_columns(ids: Mapping[str, list[int]], body: Sequence[Sequence[Cell]]) -> tuple[dict[str, int], list[int]]:
    """Citizen id and school number by their own names first, then by the order of the name they share."""
    shared = list(ids["shared"])
    citizen, student_no = list(ids["citizen"]), list(ids["student_no"])
    if not citizen and not student_no and len(shared) == 1:
        # One column of that name alone: only its content tells which of the two it is.
        (citizen if _median_digits(body, shared[0]) >= _CITIZEN_DIGITS else student_no).append(shared.pop())
    if not citizen and shared:
        citizen.append(shared.pop(0))
    if not student_no and shared:
        student_no.append(shared.pop(0))
    found = {CITIZEN_ID: citizen[:1], STUDENT_NO: student_no[:1]}
    places = {name: columns[0] for name, columns in found.items() if columns}
    return places, shared + citizen[1:] + student_no[1:]


def _contents_swapped(places: Mapping[str, int], body: Sequence[Sequence[Cell]]) -> bool:
    if len(places) < 2:
        return False
    citizen, student_no = (_median_digits(body, places[name]) for name in (CITIZEN_ID, STUDENT_NO))
    return citizen <= _STUDENT_NO_DIGITS and student_no >= _CITIZEN_DIGITS


def _median_digits(body: Sequence[Sequence[Cell]], column: int) -> float:
    """How many digits the first filled cells of a column have, in the middle."""
    lengths: list[int] = []
    for row in body:
        cell = row[column] if column < len(row) else None
        if cell is None or cell == "":
            continue
        lengths.append(_digits(cell))
        if len(lengths) == _SAMPLE_ROWS:
            break
    return median(lengths) if lengths else 0


def _digits(cell: Cell) -> int:
    """``1.57041E+12`` stands for 13 digits although fewer are left."""
    text = f"{cell:.0f}" if isinstance(cell, float) else to_arabic(str(cell)).strip()
    if _SCIENTIFIC.match(text):
        return int(text.upper().rpartition("E")[2].lstrip("+")[:3]) + 1
    return sum(character.isdigit() for character in text)
