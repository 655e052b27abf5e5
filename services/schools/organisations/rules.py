"""Schools and their yearly profiles: what may stand in one, and who edits what another has just edited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shared.thai.digits import to_arabic
from shared.thai.fold import fold_text

MOST_ROOMS = 99
MOST_TEACHERS = 9999
YEARS_BE = range(2400, 2701)  # rounds.md §2.8: outside it a year is not one of the Buddhist Era

# Levels of education in their order, with the grades of rounds.md §1.4. ปวช. is taught at schools with an upper
# secondary level, side by side with ม.4-6.
LEVELS: Mapping[str, tuple[str, ...]] = {
    "อนุบาล": ("อ.1", "อ.2", "อ.3"),
    "ประถมศึกษา": ("ป.1", "ป.2", "ป.3", "ป.4", "ป.5", "ป.6"),
    "มัธยมศึกษาตอนต้น": ("ม.1", "ม.2", "ม.3"),
    "มัธยมศึกษาตอนปลาย": ("ม.4", "ม.5", "ม.6", "ปวช.1", "ปวช.2", "ปวช.3"),
}
GRADES = tuple(grade for grades in LEVELS.values() for grade in grades)

# every range that a school may offer: one level, or from one level to a later one
RANGES = tuple(
    first if first == last else f"{first}-{last}"
    for start, first in enumerate(LEVELS)
    for last in tuple(LEVELS)[start:]
)

UNKNOWN_AMPHOE = "ไม่ระบุอำเภอ"
_SCHOOL_WORDS = ("โรงเรียน", "รร.")


class UnitKind(StrEnum):
    """What a unit of the tree is."""

    OBEC = "OBEC"
    AREA = "AREA"
    GROUP = "GROUP"
    SCHOOL = "SCHOOL"


class UnitState(StrEnum):
    """Whether a unit still exists; a closed one (ยุบ/เลิก) is kept, so that its code is recognised."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"


class Scheme(StrEnum):
    """Systems of codes (rounds.md §2.1). The same digits may stand in two of them: 5704 is an area and an amphoe."""

    MOE10 = "MOE10"
    SMIS8 = "SMIS8"
    PER6 = "PER6"
    AREA4 = "AREA4"
    AREA6 = "AREA6"
    AREA_DMC8 = "AREA_DMC8"
    AMPHOE4 = "AMPHOE4"
    TAMBON6 = "TAMBON6"


@dataclass(frozen=True)
class Fault:
    """One field of a body that is wrong, with the words for the person who wrote it."""

    pointer: str
    code: str
    message: str


@dataclass(frozen=True)
class Profile:
    """The profile of a school in one academic year: rooms by grade as DMC menu 2.2 asks for them, and teachers."""

    year_be: int
    rooms_by_grade: Mapping[str, int]
    teachers: int | None = None

    @property
    def has_one_teacher(self) -> bool | None:
        """Whether the school has a single teacher; None when the profile does not say."""
        return None if self.teachers is None else self.teachers == 1


def grades_of(education_range: str) -> tuple[str, ...]:
    """The grades a school offers by its range: "อนุบาล-ประถมศึกษา" gives อ.1 to ป.6.

    A range that is not known forbids nothing: a rule without its data is not evaluated (rounds.md §1.11).
    """
    names = list(LEVELS)
    first, _, last = education_range.partition("-")
    if first not in LEVELS or (last or first) not in LEVELS:
        return GRADES
    chosen = names[names.index(first) : names.index(last or first) + 1]
    return tuple(grade for name in chosen for grade in LEVELS[name])


def profile_faults(body: Any, education_range: str) -> list[Fault]:
    """Everything that is wrong with the body of a profile, so that it can be put right in one go."""
    if not isinstance(body, Mapping):
        return [Fault("", "object", "ข้อมูลต้องเป็นกลุ่มข้อมูล (JSON object)")]
    unknown = sorted(set(body) - {"year_be", "rooms_by_grade", "teachers"})
    return [
        *(Fault(str(name), "unknown", f"{name}: ไม่รู้จักฟิลด์นี้") for name in unknown),
        *_year_faults(body.get("year_be")),
        *_room_faults(body.get("rooms_by_grade"), grades_of(education_range)),
        *_teacher_faults(body.get("teachers")),
    ]


def _year_faults(year_be: Any) -> Iterator[Fault]:
    if not _is_count(year_be) or year_be not in YEARS_BE:
        yield Fault("year_be", "year_be", "ปีการศึกษาต้องเป็นปี พ.ศ. 4 หลัก เช่น 2569")


def _room_faults(rooms: Any, offered: tuple[str, ...]) -> Iterator[Fault]:
    if not isinstance(rooms, Mapping) or not rooms:
        yield Fault("rooms_by_grade", "required", "ต้องระบุจำนวนห้องเรียนอย่างน้อยหนึ่งชั้น")
        return
    for grade, count in rooms.items():
        pointer = f"rooms_by_grade.{grade}"
        if grade not in GRADES:
            yield Fault(pointer, "grade.unknown", f"ไม่มีชั้น {grade}: ใช้ อ.1-อ.3 ป.1-ป.6 ม.1-ม.6 หรือ ปวช.1-ปวช.3")
        elif grade not in offered:
            yield Fault(
                pointer, "grade.not_offered", f"โรงเรียนนี้ไม่ได้เปิดสอนชั้น {grade} (เปิดสอน {offered[0]} ถึง {offered[-1]})"
            )
        if not _is_count(count) or not 0 <= count <= MOST_ROOMS:
            yield Fault(pointer, "rooms", f"จำนวนห้องเรียนชั้น {grade} ต้องเป็นจำนวนเต็ม 0 ถึง {MOST_ROOMS}")


def _teacher_faults(teachers: Any) -> Iterator[Fault]:
    if teachers is not None and (not _is_count(teachers) or not 0 <= teachers <= MOST_TEACHERS):
        yield Fault("teachers", "teachers", f"จำนวนครูต้องเป็นจำนวนเต็ม 0 ถึง {MOST_TEACHERS}")


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def in_grade_order(rooms_by_grade: Mapping[str, int]) -> dict[str, int]:
    """Rooms from อ.1 upwards, however the database keeps its keys."""
    return {grade: rooms_by_grade[grade] for grade in GRADES if grade in rooms_by_grade}


def unit_etag(version: int) -> str:
    """The strong entity tag of a unit: of all that is published of it."""
    return f"u{version}"


def profile_etag(version: int) -> str:
    """The strong entity tag of a profile; HTTP writes quotes around it."""
    return f"p{version}"


def area_of(org_path: str) -> str:
    """The path of the area in which a node lies: ``/obec/5704/57040001/`` gives ``/obec/5704/``; OBEC's stays."""
    parts = org_path.strip("/").split("/")
    return f"/{'/'.join(parts[:2])}/"


def search_text(typed: str) -> str:
    """What a person typed into the search field as names and codes are stored: "รร.บ้านหลวง" looks for "บ้านหลวง"."""
    text = to_arabic(fold_text(typed))
    for word in _SCHOOL_WORDS:
        text = text.removeprefix(word)
    return text.strip()
