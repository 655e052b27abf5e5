"""Report 12: pupils in the files of two schools, by the rule that found them and by how they were settled."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from services.reporting.reports.places import groups_of, named_columns
from services.reporting.reports.report import AMPHOE, CLUSTER, SCHOOL, Asked, Report
from services.reporting.reports.rules import Duplicate, Standing, note_of
from services.reporting.reports.sheets import ALL, LINE, NOTE, NOTED, TOTAL, Chart, Column, Row, Sheet, Sum

RULE = "rule"
BOTH = "both"
# kinds of the events, with the rules of the DMC catalogue (§1.9); only the first keeps รับทราบ waiting
KINDS = {
    "same_id": "เลขประจำตัวเดียวกัน (I10)",
    "same_person": "ชื่อ นามสกุล วันเกิดเดียวกัน ต่างเลข (I09)",
    "near_id": "ชื่อ นามสกุลเดียวกัน เลขใกล้เคียงกัน (I15)",
}
DECISIONS = (
    Column("here", "นับที่นี่", people=True),
    Column("there", "นับที่อื่น", people=True),
    Column("both", "เป็นคนละคนกัน", people=True),
)
FATES = (
    Column("open", "รอวินิจฉัย", people=True),
    Column("settled", "วินิจฉัยแล้ว", people=True),
    Column("carried", "ยกไปรอบถัดไป", people=True),
    Column("gone", "แก้ในไฟล์แล้ว", people=True),
)
COLUMNS = (
    Column("cases", "พบทั้งหมด (ราย)", people=True),
    *FATES[:2],
    *DECISIONS,
    *FATES[2:],
    Column("oldest", "รอนานที่สุด (วัน)", derived=("open",)),
)
WAITED = "รอนานที่สุดนับถึงวันนี้ หรือถึงวันปิดรอบ"
NOTES_OF_RULES = ("ที่นี่ คือโรงเรียนที่รายงานนี้แสดง ที่อื่น คือโรงเรียนอีกฝั่งที่ไม่ได้แสดง", WAITED)
NOTES_OF_PLACES = (
    "รายหนึ่งอยู่ในสองโรงเรียน จึงนับให้แถวของทั้งสองโรงเรียน แต่นับครั้งเดียวในยอดรวม",
    "ที่นี่ คือโรงเรียนของแถวนั้น ที่อื่น คือโรงเรียนอีกฝั่งที่อยู่นอกแถว",
    WAITED,
)


def make(asked: Asked) -> Sheet:
    """A line for each rule; or for each school, amphoe or cluster."""
    if asked.by == RULE:
        cases = _cases(asked.schools)
        of_kind = {kind: [case for case in cases if case.kind == kind] for kind in KINDS}
        rows = [
            Row((kind,), LINE, name, {RULE: name, **_numbers(of_kind[kind], asked.schools, asked.until)})
            for kind, name in KINDS.items()
        ]
        columns = Column(RULE, "ลักษณะที่ซ้ำ", "text"), *COLUMNS
        return _sheet(asked, rows, columns, {RULE: ALL}, NOTES_OF_RULES)
    rows = [
        Row(
            group.id, LINE, group.name,
            {
                **group.named, **_of_schools(group.schools, asked.until),
                NOTE: note_of(group.schools, is_single=asked.by == SCHOOL),
            },
        )
        for group in groups_of(asked.schools, asked.by)
    ]  # fmt: skip
    named = named_columns(asked.by)
    unnamed = dict.fromkeys(column.key for column in named)
    total = {**unnamed, "name": ALL, NOTE: note_of(asked.schools)}
    return _sheet(asked, rows, (*named, *COLUMNS, NOTED), total, NOTES_OF_PLACES)


def _sheet(
    asked: Asked,
    rows: Sequence[Row],
    columns: tuple[Column, ...],
    named: Mapping[str, str | None],
    notes: tuple[str, ...],
) -> Sheet:
    return Sheet(
        columns,
        tuple(rows),
        Row((), TOTAL, ALL, {**named, **_of_schools(asked.schools, asked.until)}),
        # of schools it is no sum, as a case is in two rows, but they tell the total: what is hidden must fit there too
        row_sums=(Sum((), tuple(row.id for row in rows)),),
        column_sums=(
            Sum("settled", tuple(column.key for column in DECISIONS)),
            Sum("cases", tuple(column.key for column in FATES)),
        ),
        chart=Chart("นักเรียนซ้ำซ้อนที่วินิจฉัยแล้วและที่รอวินิจฉัย", ("settled", "open")),
        notes=notes,
    )


def _of_schools(schools: Sequence[Standing], until: dt.date) -> dict[str, int | None]:
    return _numbers(_cases(schools), schools, until)


def _cases(schools: Iterable[Standing]) -> list[Duplicate]:
    """The cases of some schools; one between two of them once."""
    return list({case.id: case for school in schools for case in school.duplicates}.values())


def _numbers(cases: Sequence[Duplicate], schools: Iterable[Standing], until: dt.date) -> dict[str, int | None]:
    codes = {school.smis for school in schools}
    states = Counter(case.state.lower() for case in cases)
    decisions = Counter(_decision(case, codes) for case in cases if case.state == "SETTLED")
    waiting = [max((until - case.found_on).days, 0) for case in cases if case.state == "OPEN"]
    return {
        "cases": len(cases),
        **{column.key: states[column.key] for column in FATES},
        **{column.key: decisions[column.key] for column in DECISIONS},
        "oldest": max(waiting, default=None),
    }


def _decision(case: Duplicate, codes: set[str]) -> str:
    """The column of a settled case, for the schools ``codes``."""
    if case.keep == BOTH:
        return BOTH
    return "here" if case.keep in codes else "there"


DUPLICATES = Report(
    "duplicates",
    "นักเรียนซ้ำซ้อนระหว่างโรงเรียน",
    "ซ้ำซ้อน",
    make,
    ways={RULE: "ตามลักษณะที่ซ้ำ", SCHOOL: "รายโรงเรียน", AMPHOE: "รายอำเภอ", CLUSTER: "รายกลุ่มโรงเรียน"},
    compared=("cases", "open"),
)
