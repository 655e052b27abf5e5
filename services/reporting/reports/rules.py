"""The head count: pupils present by grade and sex, and rooms; for a school, an amphoe or the area."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

SIGNED = frozenset({"CONFIRMED", "CERTIFIED", "ACKNOWLEDGED"})

# the order of the office's tables (EMIS): each level, its grades, the name of its subtotal
LEVELS = (
    ("รวมก่อนประถม", ("อ.1", "อ.2", "อ.3")),
    ("รวมประถม", ("ป.1", "ป.2", "ป.3", "ป.4", "ป.5", "ป.6")),
    ("รวมมัธยมต้น", ("ม.1", "ม.2", "ม.3")),
    ("รวมมัธยมปลายและเทียบเท่า", ("ม.4", "ม.5", "ม.6", "ปวช.1", "ปวช.2", "ปวช.3")),
)
TOTAL = "รวมทั้งหมด"
# only in provisional numbers: a file with a grade that cannot be read is not confirmed
UNREADABLE = "ไม่ระบุชั้น"

COLUMNS = (
    {"key": "grade", "title": "ชั้น"},
    {"key": "male", "title": "ชาย"},
    {"key": "female", "title": "หญิง"},
    {"key": "total", "title": "รวม"},
    {"key": "rooms", "title": "ห้องเรียน"},
)


@dataclass
class Count:
    """Pupils and rooms of one line."""

    male: int = 0
    female: int = 0
    rooms: int = 0

    def add(self, other: Count) -> None:
        self.male += other.male
        self.female += other.female
        self.rooms += other.rooms

    def line(self, grade: str, kind: str) -> dict[str, Any]:
        return {
            "grade": grade,
            "male": self.male,
            "female": self.female,
            "total": self.male + self.female,
            "rooms": self.rooms,
            "kind": kind,
        }


@dataclass(frozen=True)
class Standing:
    """One school: how it stands and the tables of the version that counts (None when it sent none)."""

    smis: str
    state: str
    tables: Mapping[str, Any] | None

    @property
    def is_signed(self) -> bool:
        return self.state in SIGNED


@dataclass
class HeadCount:
    """Counts by grade over some schools, and which of them are provisional or missing."""

    grades: dict[str, Count] = field(default_factory=dict)
    provisional: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def sort_out(standings: Iterable[Standing]) -> tuple[list[Standing], list[str], list[str]]:
    """The schools that have sent numbers, the codes of those among them that have not confirmed, and of those without.

    An exempt school is in none of them.
    """
    schools = [school for school in standings if school.state != "EXEMPT"]
    sent = [school for school in schools if school.tables is not None]
    provisional = [school.smis for school in sent if not school.is_signed]
    return sent, provisional, [school.smis for school in schools if school.tables is None]


def count(standings: Iterable[Standing]) -> HeadCount:
    """Count the pupils of some schools. A school that has not confirmed is counted as provisional.

    Each (grade, room) of a school is one room.
    """
    sent, provisional, missing = sort_out(standings)
    head_count = HeadCount(provisional=provisional, missing=missing)
    for school in sent:
        for row in school.tables["classes"]:
            room = 0 if row["room"] is None else 1
            grade = head_count.grades.setdefault(row["grade"] or UNREADABLE, Count())
            grade.add(Count(row["male"], row["female"], room))
    return head_count


def lines(head_count: HeadCount) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The lines of the table (grades that occur, then their level's subtotal) and the grand total."""
    rows: list[dict[str, Any]] = []
    total = Count()
    for subtotal_name, grades in LEVELS:
        present = [grade for grade in grades if grade in head_count.grades]
        subtotal = Count()
        for grade in present:
            rows.append(head_count.grades[grade].line(grade, "grade"))
            subtotal.add(head_count.grades[grade])
        if present:
            rows.append(subtotal.line(subtotal_name, "subtotal"))
            total.add(subtotal)
    if UNREADABLE in head_count.grades:
        rows.append(head_count.grades[UNREADABLE].line(UNREADABLE, "grade"))
        total.add(head_count.grades[UNREADABLE])
    return rows, total.line(TOTAL, "total")
