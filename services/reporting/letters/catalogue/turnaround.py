"""How long letters take from step to step: medians by class of speed (correspondence.md §3.3, "Measure")."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from statistics import median

from services.reporting.letters.facts import SPEED, SPEEDS, UNIT, Asked, Letter, LetterReport
from services.reporting.reports.sheets import ALL, LINE, SUBTOTAL, Chart, Column, Row, Sheet

Instants = dict[str, dt.datetime | None]
# name: from, to
STEPS = {
    "propose": ("ลงทะเบียน → เสนอ", "registered", "proposed"),
    "assign": ("เสนอ → มอบหมาย", "proposed", "assigned"),
    "open": ("มอบหมาย → เปิดอ่านครั้งแรก", "assigned", "opened"),
    "act": ("มอบหมาย → เสร็จ", "assigned", "completed"),
    "whole": ("ลงทะเบียน → เสร็จ (ทั้งเรื่อง)", "registered", "completed"),
}
WHOLE = "whole"
COLUMNS = (
    Column("step", "ช่วงของงาน", "text"),
    Column("median", "มัธยฐาน (ชั่วโมง)", "hours"),
    Column("n", "จำนวนฉบับ (n)"),
)
NOTES = (
    "เวลาตามปฏิทิน (รวมกลางคืนและวันหยุด) ไม่ใช่เวลาทำการ นับฉบับที่ช่วงของงานนั้นจบในช่วงเวลาที่เลือก",
    "นับครั้งแรกที่ลงทะเบียน เสนอ และมอบหมาย เสร็จ คือเมื่อผู้รับผิดชอบรายงานครบหรือผู้บริหารทราบแล้ว ไม่ใช่เวลาที่ปิดเรื่อง",
    "ไม่นับหนังสือที่ยกเลิก ไม่รับ หรือมีชั้นความลับ",
)


def make(asked: Asked) -> Sheet:
    """For each class of speed, or each unit, a line for each step; the same of all together below."""
    instants = _instants(asked)
    if asked.by == UNIT:
        title, groups = "หน่วยงาน", [
            (path, name, [letter for letter in asked.letters if letter.unit == path])
            for path, name in asked.units.items()
        ]
    else:
        used = {letter.speed for letter in asked.letters}
        title, groups = "ชั้นความเร็ว", [
            (speed, name, [letter for letter in asked.letters if letter.speed == speed])
            for speed, name in SPEEDS.items()
            if speed in used
        ]
    rows = [row for key, name, letters in groups for row in _lines(asked, instants, key, name, letters)]
    rows += _lines(asked, instants, "", ALL, asked.letters)
    chart = Chart("มัธยฐานของทั้งเรื่อง (ชั่วโมง)", ("median",))
    return Sheet((Column("group", title, "text"), *COLUMNS), tuple(rows), chart=chart, notes=NOTES)


def _instants(asked: Asked) -> dict[str, Instants]:
    """Of each letter when it came how far; it was opened when the first of those who got it looked at it."""
    opened: dict[str, dt.datetime] = {}
    for task in asked.tasks:
        if task.opened_at is not None:
            opened[task.letter_id] = min(opened.get(task.letter_id, task.opened_at), task.opened_at)
    return {
        letter.id: {
            "registered": letter.registered_at,
            "proposed": letter.proposed_at,
            "assigned": letter.assigned_at,
            "opened": opened.get(letter.id),
            "completed": letter.completed_at,
        }
        for letter in asked.letters
    }


def _lines(
    asked: Asked, instants: dict[str, Instants], key: str, name: str, letters: Sequence[Letter]
) -> Iterator[Row]:
    for step, (title, begin, end) in STEPS.items():
        took = [
            hours
            for letter in letters
            if (hours := _hours(asked, instants[letter.id][begin], instants[letter.id][end])) is not None
        ]
        cells = {"group": name, "step": title, "median": round(median(took), 1) if took else None, "n": len(took)}
        kind = LINE if key else SUBTOTAL
        yield Row((key, step), kind, name, cells, across=step == WHOLE)


def _hours(asked: Asked, begin: dt.datetime | None, end: dt.datetime | None) -> float | None:
    if begin is None or end is None or not asked.period.holds(end):
        return None
    return max((end - begin).total_seconds() / 3600, 0.0)


TURNAROUND = LetterReport(
    "turnaround",
    "เวลาที่ใช้ดำเนินการตามชั้นความเร็ว",
    "เวลาดำเนินการ",
    make,
    ways={SPEED: "ตามชั้นความเร็ว", UNIT: "รายหน่วยงาน"},
    compared=("median", "n"),
)
