"""What every report starts from: how each school stands in a round, and what it sent."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SIGNED = frozenset({"CONFIRMED", "CERTIFIED", "ACKNOWLEDGED"})

# the order of the office's tables (EMIS): each level, its grades, the name of its subtotal
LEVELS = (
    ("รวมก่อนประถม", ("อ.1", "อ.2", "อ.3")),
    ("รวมประถม", ("ป.1", "ป.2", "ป.3", "ป.4", "ป.5", "ป.6")),
    ("รวมมัธยมต้น", ("ม.1", "ม.2", "ม.3")),
    ("รวมมัธยมปลายและเทียบเท่า", ("ม.4", "ม.5", "ม.6", "ปวช.1", "ปวช.2", "ปวช.3")),
)
# only in provisional numbers: a file with a grade that cannot be read is not confirmed
UNREADABLE = "ไม่ระบุชั้น"
UNKNOWN_AMPHOE = "ไม่ระบุอำเภอ"
NO_CLUSTER = "ไม่อยู่ในกลุ่มโรงเรียน"
NOT_SENT, NOT_CONFIRMED, NO_DATA = "ยังไม่ส่งไฟล์", "ยังไม่ยืนยัน", "ไฟล์ไม่มีข้อมูลส่วนนี้"


@dataclass(frozen=True)
class Version:
    """What the check counted in one version of a school's file (``rows``, ``block``, ``error`` …)."""

    number: int
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Duplicate:
    """A pupil in the files of two schools, by their codes: ``kind``, ``state`` and ``keep`` are those of the event.

    ``found_on`` is the day in Bangkok on which it came up.
    """

    id: str
    kind: str
    state: str
    keep: str | None
    schools: tuple[str, str]
    found_on: dt.date


@dataclass(frozen=True)
class Standing:
    """One school: how it stands and the tables of the version that counts (None when it sent none).

    ``place`` is its path in the tree, which it keeps when its code changes.
    """

    smis: str
    state: str
    tables: Mapping[str, Any] | None
    name: str = ""
    amphoe: str | None = None
    cluster: str | None = None
    place: str = ""
    deadline: dt.datetime | None = None
    confirmed_at: dt.datetime | None = None
    returns: int | None = None
    versions: tuple[Version, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()

    @property
    def is_signed(self) -> bool:
        return self.state in SIGNED

    @property
    def is_on_time(self) -> bool:
        """Confirmed by the school's deadline (rounds.md §1.11)."""
        return bool(self.confirmed_at and self.deadline and self.confirmed_at <= self.deadline)


def sort_out(standings: Iterable[Standing]) -> tuple[list[Standing], list[str], list[str]]:
    """The schools that have sent numbers, the codes of those among them that have not confirmed, and of those without.

    An exempt school is in none of them.
    """
    schools = expected(standings)
    sent = [school for school in schools if school.tables is not None]
    provisional = [school.smis for school in sent if not school.is_signed]
    return sent, provisional, [school.smis for school in schools if school.tables is None]


def expected(standings: Iterable[Standing]) -> list[Standing]:
    """The schools that must answer."""
    return [school for school in standings if school.state != "EXEMPT"]


def lacks(tables: Mapping[str, Any], name: str) -> bool:
    """Whether a file had no column for the table ``name``: then nobody knows, which is not zero.

    Versions from before ``missing`` was told give themselves away: where everybody has a kind, an empty table of a
    school with pupils was made without its column.
    """
    if "missing" in tables:
        return name in tables["missing"] or name not in tables
    is_total = name in {"nationality", "religion"}
    return name not in tables or (is_total and not tables[name] and bool(tables["classes"]))


def note_of(schools: Sequence[Standing], needs: str = "", *, is_single: bool = False) -> str | None:
    """What there is to say of the numbers of some schools: not sent, without the data, not confirmed."""
    counts = Counter(_said_of(school, needs) for school in schools)
    words = [text for text in (NOT_SENT, NO_DATA, NOT_CONFIRMED) if counts[text]]
    return ", ".join(text if is_single else f"{text} {counts[text]} โรงเรียน" for text in words) or None


def _said_of(school: Standing, needs: str) -> str | None:
    if school.tables is None:
        return NOT_SENT
    if needs and lacks(school.tables, needs):
        return NO_DATA
    return None if school.is_signed else NOT_CONFIRMED


def pupils_of(standing: Standing) -> int:
    """The pupils of a school that sent its numbers, as the head count counts them."""
    classes: Sequence[dict[str, int]] = standing.tables["classes"] if standing.tables else ()
    return sum(row["male"] + row["female"] for row in classes)


def add_up(schools: Iterable[Standing], table: str, *keys: str) -> dict[tuple[Any, ...], tuple[int, int]]:
    """The boys and girls of a table over some schools, by what stands in the columns ``keys``."""
    male: Counter[tuple[Any, ...]] = Counter()
    female: Counter[tuple[Any, ...]] = Counter()
    for school in schools:
        for row in school.tables[table] if school.tables else ():
            key = tuple(row[name] for name in keys)
            male[key] += row["male"]
            female[key] += row["female"]
    return {key: (male[key], female[key]) for key in male}


def grouped(schools: Iterable[Standing], by: str) -> dict[str, list[Standing]]:
    """Schools by ``amphoe`` or ``cluster``; those without one come last."""
    nameless = UNKNOWN_AMPHOE if by == "amphoe" else NO_CLUSTER
    groups: dict[str, list[Standing]] = {}
    for school in schools:
        groups.setdefault(getattr(school, by) or nameless, []).append(school)
    return {name: groups[name] for name in sorted(groups, key=lambda name: (name == nameless, name))}


def ordered(kinds: Iterable[str], known: Sequence[str]) -> list[str]:
    """Kinds in the order of their code list; what it does not hold comes last."""
    place = {kind: index for index, kind in enumerate(known)}
    return sorted(kinds, key=lambda kind: (place.get(kind, len(place)), kind))
