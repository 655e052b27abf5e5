"""What was sent and decided in the rounds of a year, and what every report must therefore say.

Nothing here comes from the services: numbers are counted from the pupils themselves, states from what people did.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.rounds.synthetic.pupils import Pupil

ALL = "รวมทั้งหมด"
SIGNED = ("CONFIRMED", "CERTIFIED", "ACKNOWLEDGED")
LEVELS = {
    "รวมก่อนประถม": ("อ.1", "อ.2", "อ.3"),
    "รวมประถม": ("ป.1", "ป.2", "ป.3", "ป.4", "ป.5", "ป.6"),
}
IDENTITIES = {
    "G": "รหัส G (G-code)",
    "0": "เลขขึ้นต้นด้วย 0 (ไม่มีสถานะทางทะเบียน)",
    "6": "เลขขึ้นต้นด้วย 6 (เข้าเมืองโดยไม่ชอบหรืออยู่ชั่วคราว)",
    "7": "เลขขึ้นต้นด้วย 7 (บุตรของผู้มีเลข 6 เกิดในไทย)",
    "8": "เลขขึ้นต้นด้วย 8 (ต่างด้าวโดยชอบหรือได้สัญชาติไทย)",
}
RULES = {
    "same_id": "เลขประจำตัวเดียวกัน (I10)",
    "same_person": "ชื่อ นามสกุล วันเกิดเดียวกัน ต่างเลข (I09)",
    "near_id": "ชื่อ นามสกุลเดียวกัน เลขใกล้เคียงกัน (I15)",
}
FATES = ("open", "settled", "here", "there", "both", "carried", "gone")
# no school of the year has more than sixty pupils, or none
SMALL = ("1-20 คน", "21-40 คน", "41-60 คน")
OF_ONE_SCHOOL = ("primary4", "classes7", "small7")
SMALLEST = {"primary4": "เล็ก", "secondary4": "เล็ก", "classes7": "ขนาดที่ 1"}
TRAVEL = "travel"

Cells = dict[str, Any]
Table = dict[Any, Cells]


@dataclass
class Entry:
    """A school in a round. ``pupils`` are those present in the file that counts, ``lost`` the ids that count elsewhere.

    ``first_rows`` and ``first_errors`` are of the first version that could be read.
    """

    smis: str
    amphoe: str
    cluster: str
    deadline: dt.date
    state: str = "NOT_STARTED"
    pupils: list[Pupil] | None = None
    lost: set[str] = field(default_factory=set)
    confirmed_on: dt.date | None = None
    returns: int = 0
    versions: int = 0
    first_rows: int = 0
    first_errors: int = 0

    @property
    def counted(self) -> list[Pupil]:
        return [pupil for pupil in self.pupils or () if pupil.citizen_id not in self.lost]

    def sends(self, pupils: list[Pupil], rows: int, errors: int = 0) -> None:
        """A version came to stand; a confirmation that there was falls with it."""
        self.versions += 1
        if self.versions == 1:
            self.first_rows, self.first_errors = rows, errors
        self.pupils, self.confirmed_on = pupils, None
        self.state = "HAS_ERRORS" if errors else "READY"


@dataclass
class Case:
    """A pupil in the files of ``first`` and ``second``, under these ids."""

    kind: str
    first: str
    second: str
    ids: tuple[str, str]
    found_on: dt.date
    state: str = "OPEN"
    keep: str | None = None


@dataclass
class RoundBook:
    """One round: its schools and its duplicates."""

    year_be: int
    round_no: int
    as_of: dt.date
    schools: dict[str, Entry]
    cases: list[Case] = field(default_factory=list)
    until: dt.date = dt.date.min

    def settle(self, case: Case, keep: str) -> None:
        """Kept at one school, the other's head count loses the pupil; ``both``: neither does."""
        case.state, case.keep = "SETTLED", keep
        for smis, citizen_id in zip((case.first, case.second), case.ids, strict=True):
            if keep not in (smis, "both"):
                self.schools[smis].lost.add(citizen_id)

    @property
    def expected(self) -> list[Entry]:
        return [school for school in self.schools.values() if school.state != "EXEMPT"]

    @property
    def sent(self) -> list[Entry]:
        return [school for school in self.expected if school.pupils is not None]

    def grouped(self, schools: Iterable[Entry], by: str) -> dict[str, list[Entry]]:
        groups: dict[str, list[Entry]] = {}
        for school in schools:
            groups.setdefault(school.smis if by == "school" else getattr(school, by), []).append(school)
        return groups


def heads(pupils: Iterable[Pupil]) -> Cells:
    sexes = Counter(pupil.sex for pupil in pupils)
    return {"male": sexes["ช"], "female": sexes["ญ"], "total": sexes.total()}


def _with_rooms(schools: Iterable[Entry], grades: Sequence[str] | None = None) -> Cells:
    chosen = [
        (school.smis, pupil)
        for school in schools for pupil in school.counted if grades is None or pupil.grade in grades
    ]  # fmt: skip
    rooms = {(smis, pupil.grade, pupil.room) for smis, pupil in chosen}
    return {**heads(pupil for _, pupil in chosen), "rooms": len(rooms)}


def headcount(schools: Sequence[Entry]) -> Table:
    """By grade, with the sums of the levels."""
    found = {pupil.grade for school in schools for pupil in school.counted}
    table: Table = {}
    for level, grades in LEVELS.items():
        here = [grade for grade in grades if grade in found]
        table |= {grade: _with_rooms(schools, [grade]) for grade in here}
        table |= {level: _with_rooms(schools, here)} if here else {}
    return {**table, ALL: _with_rooms(schools)}


def by_kind(kind_of: Callable[[Pupil], str | None]) -> Callable[[Sequence[Entry]], Table]:
    """A table with a line for each kind of pupil; who has none is not counted."""

    def table(schools: Sequence[Entry]) -> Table:
        groups: dict[str, list[Pupil]] = {}
        for pupil in (pupil for school in schools for pupil in school.counted):
            kind = kind_of(pupil)
            if kind is not None:
                groups.setdefault(kind, []).append(pupil)
        everybody = [pupil for pupils in groups.values() for pupil in pupils]
        return {**{kind: heads(pupils) for kind, pupils in groups.items()}, ALL: heads(everybody)}

    return table


def disadvantage(schools: Sequence[Entry]) -> Table:
    """For each kind boys, girls and both, by grade."""
    of_kind = by_kind(_disadvantage)(schools)
    chosen = [pupil for school in schools for pupil in school.counted if _disadvantage(pupil)]
    grades = {pupil.grade for pupil in chosen}
    titles = {grade: (grade,) for grade in grades}
    titles |= {level: names for level, names in LEVELS.items() if grades & set(names)}
    table: Table = {}
    for kind in of_kind:
        for sex, letters in (("ชาย", "ช"), ("หญิง", "ญ"), ("รวม", "ชญ")):
            here = [
                pupil for pupil in chosen if kind in (ALL, _disadvantage(pupil)) and pupil.sex in letters
            ]
            by_grade = {title: sum(pupil.grade in names for pupil in here) for title, names in titles.items()}
            table[kind if sex == "รวม" else (kind, sex)] = {**by_grade, "total": len(here)}
    return table


def _disadvantage(pupil: Pupil) -> str | None:
    return None if pupil.family.disadvantage == "-" else pupil.family.disadvantage


OF_PUPILS: dict[str, Callable[[Sequence[Entry]], Table]] = {
    "headcount": headcount,
    "age": by_kind(lambda pupil: f"{pupil.age} ปี"),
    "disadvantage": disadvantage,
    "nationality": by_kind(lambda pupil: pupil.family.nationality),
    "religion": by_kind(lambda pupil: pupil.family.religion),
    "gcode": by_kind(lambda pupil: IDENTITIES.get(pupil.citizen_id[0])),
}
# columns of the total that a row for each school repeats, and those beside which the previous round stands
WIDE = {"headcount": ("male", "female", "rooms", "total"), "disadvantage": ("total",)}
COMPARED = {
    "headcount": ("total", "rooms"), "duplicates": ("cases", "open"), "size": ("schools", "pupils"),
    "progress": ("on_time_rate",), "quality": ("errors_per_100",), TRAVEL: (),
}  # fmt: skip
COHORTS = ("headcount", "age")
PLACES = ("school", "amphoe", "cluster")


def table_of(book: RoundBook, key: str, by: str) -> Table:
    """What the report ``key`` says of a round, cut by ``by``: rows by their name (schools by their code)."""
    if key == "size":
        return _sizes(book, by)
    if key == "progress" and by == "school":
        waiting = [school for school in book.expected if school.state not in SIGNED]
        return {school.smis: {"state": school.state} for school in waiting}
    if key in ("progress", "quality"):
        numbers = _progress if key == "progress" else _quality
        groups = book.grouped(book.expected, by)
        return {name: numbers(members) for name, members in {**groups, ALL: book.expected}.items()}
    if key == "duplicates":
        return _duplicates(book, by)
    return _across(book, key, by) if by in PLACES else OF_PUPILS[key](book.sent)


def _across(book: RoundBook, key: str, by: str) -> Table:
    """A row for each school, amphoe or cluster: the totals, and the total of each line in a column."""
    whole = OF_PUPILS[key](book.sent)
    lines = [name for name in whole if name != ALL and isinstance(name, str)]
    wide = WIDE.get(key, ("male", "female", "total"))
    table: Table = {}
    for name, members in {**book.grouped(book.expected, by), ALL: book.expected}.items():
        have = [school for school in members if school.pupils is not None]
        made = OF_PUPILS[key](have)
        spread = {line: made.get(line, {"total": 0})["total"] for line in lines}
        cells = {**spread, **{column: made[ALL][column] for column in wide}}
        table[name] = cells if have else dict.fromkeys(cells)
    return table


def _sizes(book: RoundBook, by: str) -> Table:
    if by == "school":
        rows = {
            school.smis: {"pupils": len(school.counted), **{scheme: _size(school, scheme) for scheme in OF_ONE_SCHOOL}}
            for school in book.sent
        }
        return {**rows, ALL: {"pupils": sum(row["pupils"] for row in rows.values())}}
    groups: dict[str, list[Entry]] = {}
    for school in book.sent:
        groups.setdefault(_size(school, by), []).append(school)
    return {
        name: {"schools": len(schools), "pupils": sum(len(school.counted) for school in schools)}
        for name, schools in {**groups, ALL: book.sent}.items()
    }


def _size(school: Entry, scheme: str) -> str:
    return SMALL[(len(school.counted) - 1) // 20] if scheme == "small7" else SMALLEST[scheme]


def _progress(schools: Sequence[Entry]) -> Cells:
    confirmed = sum(school.state in SIGNED for school in schools)
    on_time = sum(school.confirmed_on is not None and school.confirmed_on <= school.deadline for school in schools)
    return {
        "expected": len(schools),
        "sent": sum(school.pupils is not None for school in schools),
        "confirmed": confirmed,
        "waiting": len(schools) - confirmed,
        "certified": sum(school.state in SIGNED[1:] for school in schools),
        "acknowledged": sum(school.state == "ACKNOWLEDGED" for school in schools),
        "on_time": on_time,
        "on_time_rate": round(on_time / len(schools), 4),
    }


def _quality(schools: Sequence[Entry]) -> Cells:
    read = [school for school in schools if school.versions]
    rows, errors = sum(school.first_rows for school in read), sum(school.first_errors for school in read)
    early = [(school.deadline - school.confirmed_on).days for school in schools if school.confirmed_on]
    return {
        "pupils": rows if read else None,
        "errors": errors if read else None,
        "errors_per_100": round(errors / rows * 100, 1) if rows else None,
        "versions": sum(school.versions for school in schools),
        "returns": sum(school.returns for school in schools),
        "days_early": round(sum(early) / len(early), 1) if early else None,
    }


def _duplicates(book: RoundBook, by: str) -> Table:
    if by not in PLACES:
        codes = [school.smis for school in book.sent]
        of_rule = {name: [case for case in book.cases if case.kind == kind] for kind, name in RULES.items()}
        return {name: _fates(book, cases, codes) for name, cases in {**of_rule, ALL: book.cases}.items()}
    table: Table = {}
    for name, members in {**book.grouped(book.sent, by), ALL: book.sent}.items():
        codes = [school.smis for school in members]
        table[name] = _fates(book, [case for case in book.cases if {case.first, case.second} & set(codes)], codes)
    return table


def _fates(book: RoundBook, cases: Sequence[Case], codes: Sequence[str]) -> Cells:
    fates = Counter(
        "both" if case.keep == "both" else "here" if case.keep in codes else "there"
        for case in cases if case.state == "SETTLED"
    )  # fmt: skip
    fates += Counter(case.state.lower() for case in cases)
    waiting = [(book.until - case.found_on).days for case in cases if case.state == "OPEN"]
    return {"cases": len(cases), **{fate: fates[fate] for fate in FATES}, "oldest": max(waiting, default=None)}


def beside(now: RoundBook, before: RoundBook | None, key: str, by: str) -> Table:
    """The table of a round with the round before beside, and the differences."""
    table = table_of(now, key, by)
    compared = COMPARED.get(key, ("total",))
    if key == "progress" and by == "school":
        compared = ()
    if before is None or not compared:
        return table
    past = table_of(before, key, by)
    is_by_place = by in PLACES
    if not is_by_place:
        zero = dict.fromkeys({column for cells in table.values() for column in cells}, 0)
        table = {**dict.fromkeys(past, zero), **table}
    are_others = key in COHORTS and not is_by_place and now.year_be != before.year_be
    absent = None if is_by_place else 0

    def compare(name: Any, cells: Cells) -> Cells:
        is_other = are_others and name != ALL and name not in LEVELS
        return {**cells, **_beside(cells, past.get(name, {}), compared, absent, is_other=is_other)}

    return {name: compare(name, cells) for name, cells in table.items()}


def _beside(cells: Cells, past: Cells, compared: Iterable[str], absent: int | None, *, is_other: bool) -> Cells:
    """The earlier numbers and the differences; of a line that holds other pupils now there are none."""
    added: Cells = {}
    for column in compared:
        if column not in cells:
            continue
        earlier = past.get(column, absent)
        added[f"previous_{column}"] = earlier
        is_known = cells[column] is not None and earlier is not None and not is_other
        added[f"change_{column}"] = round(cells[column] - earlier, 4) if is_known else None
    return added


def differing(report: Mapping[str, Any], expected: Table) -> list[str]:
    """Where a report of the API is not what the ledger says; classes of size with nobody in them may be left out."""
    titles = {one["key"]: one["title"] if one["key"].startswith("line_") else one["key"] for one in report["columns"]}
    first = report["columns"][0]["key"]
    found: Table = {}
    for row in [*report["rows"], *([report["total"]] if report["total"] else [])]:
        name = row[first] or ALL
        if row.get("sex", "รวม") != "รวม":
            name = name, row["sex"]
        found[name] = {title: row[key] for key, title in titles.items()}
    wrong = [f"{name}: not in the ledger" for name in found.keys() - expected.keys() if any(_numbers(found[name]))]
    wrong += [f"{name}: not in the report" for name in expected.keys() - found.keys() if any(_numbers(expected[name]))]
    for name in found.keys() & expected.keys():
        wrong += [
            f"{name}, {column}: {found[name].get(column, 'no such column')!r}, in the ledger {value!r}"
            for column, value in expected[name].items()
            if found[name].get(column, "no such column") != value
        ]
    return wrong


def _numbers(cells: Cells) -> list[Any]:
    return [value for value in cells.values() if not isinstance(value, str)]
