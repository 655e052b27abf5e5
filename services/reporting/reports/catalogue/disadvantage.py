"""Report 4: disadvantaged pupils by kind, sex and grade, as the office's form has it."""

from __future__ import annotations

from collections import Counter

from services.reporting.reports.report import Asked, Report
from services.reporting.reports.rules import LEVELS, UNREADABLE, add_up, ordered
from services.reporting.reports.sheets import ALL, LINE, SUBTOTAL, TOTAL, Chart, Column, Row, Sheet, Sum, added

# the Ministry's data standard, codes 10-21 (rounds.md §1.4); who is not disadvantaged is not counted
KINDS = (
    "เด็กถูกบังคับให้ขายแรงงาน", "เด็กที่อยู่ในธุรกิจทางเพศ", "เด็กถูกทอดทิ้ง", "เด็กในสถานพินิจและคุ้มครองเยาวชน",
    "เด็กเร่ร่อน", "ผลกระทบจากเอดส์", "ชนกลุ่มน้อย", "เด็กที่ถูกทำร้ายทารุณ", "เด็กยากจน",
    "เด็กที่มีปัญหาเกี่ยวกับยาเสพติด", "กำพร้า", "ทำงานรับผิดชอบตนเองและครอบครัว", "อื่นๆ",
)  # fmt: skip
NONE = "ไม่ด้อยโอกาส"
SEXES = (("ชาย", 0), ("หญิง", 1))
BOTH = "รวม"


def make(asked: Asked) -> Sheet:
    """For each kind boys, girls and both, by grade with the sums of the levels."""
    everybody = add_up(asked.schools, "disadvantage", "kind", "grade")
    heads = {(kind, grade): both for (kind, grade), both in everybody.items() if kind != NONE}
    columns, sums = _grades({grade for _, grade in heads})
    rows: list[Row] = []
    row_sums: list[Sum] = []
    for kind in ordered({kind for kind, _ in heads}, KINDS):
        lines = [
            _row(
                (kind, name), LINE, kind, name,
                Counter({grade: both[place] for (of, grade), both in heads.items() if of == kind}), columns, sums,
            )
            for name, place in SEXES
        ]  # fmt: skip
        rows += [*lines, _sum_of(lines, (kind, BOTH), SUBTOTAL, kind, columns)]
        row_sums.append(Sum((kind, BOTH), tuple(row.id for row in lines)))
    of_all = []
    for name, _ in SEXES:
        parts = [row for row in rows if row.cells["sex"] == name]
        of_all.append(_sum_of(parts, (ALL, name), SUBTOTAL, ALL, columns, sex=name))
        row_sums.append(Sum((ALL, name), tuple(row.id for row in parts)))
    total = _sum_of(of_all, (), TOTAL, ALL, columns)
    kinds = tuple(row.id for row in rows if row.kind == SUBTOTAL)
    row_sums += [Sum((), kinds), Sum((), tuple(row.id for row in of_all))]
    return Sheet(
        (Column("disadvantage", "ประเภท", "text"), Column("sex", "เพศ", "text"), *columns),
        (*rows, *of_all),
        total,
        row_sums=tuple(row_sums),
        column_sums=tuple(sums),
        chart=Chart("นักเรียนด้อยโอกาสตามประเภท", ("total",)),
    )


def _grades(found: set[str | None]) -> tuple[list[Column], list[Sum]]:
    """The columns of the grades that occur and of their levels, and what adds up to what."""
    columns, sums, parts = [], [], []
    for title, grades in LEVELS:
        here = [grade for grade in grades if grade in found]
        if here:
            columns += [Column(grade, grade, people=True) for grade in here]
            columns.append(Column(title, title, people=True))
            sums.append(Sum(title, tuple(here)))
            parts.append(title)
    if None in found:
        columns.append(Column(UNREADABLE, UNREADABLE, people=True))
        parts.append(UNREADABLE)
    columns.append(Column("total", "รวมทั้งสิ้น", people=True))
    sums.append(Sum("total", tuple(parts)))
    return columns, sums


def _row(
    row_id: tuple[str, ...],
    kind: str,
    name: str,
    sex: str,
    heads: Counter[str | None],
    columns: list[Column],
    sums: list[Sum],
) -> Row:
    cells = {column.key: heads[None if column.key == UNREADABLE else column.key] for column in columns}
    for one in sums:
        cells[one.whole] = sum(cells[part] for part in one.parts)
    return Row(row_id, kind, name, {"disadvantage": name, "sex": sex, **cells}, across=False)


def _sum_of(
    parts: list[Row], row_id: tuple[str, ...], kind: str, name: str, columns: list[Column], sex: str = BOTH
) -> Row:
    cells = added(parts, [column.key for column in columns])
    return Row(row_id, kind, name, {"disadvantage": name, "sex": sex, **cells}, across=sex == BOTH)


DISADVANTAGE = Report(
    "disadvantage",
    "นักเรียนด้อยโอกาส จำแนกตามประเภท เพศ และชั้น",
    "ด้อยโอกาส",
    make,
    wide=("total",),
    needs="disadvantage",
    compared=("total",),
)
