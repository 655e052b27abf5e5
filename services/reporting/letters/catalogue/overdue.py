"""What was due, what is late or stuck (correspondence.md §3.4, §9): by unit, by class of speed, letter by letter."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from services.reporting.letters.facts import (
    LETTER,
    OPEN_TASKS,
    SPEED,
    SPEEDS,
    UNIT,
    Asked,
    Letter,
    LetterReport,
    Task,
    days_late,
    deadlines,
)
from services.reporting.reports.sheets import ALL, LINE, TOTAL, Chart, Column, Row, Sheet

MOST_LISTED = 1000
COLUMNS = (
    Column("due", "ครบกำหนด"),
    Column("on_time", "เสร็จทันกำหนด"),
    Column("done_late", "เสร็จหลังกำหนด"),
    Column("open_late", "ยังไม่เสร็จ เลยกำหนด"),
    Column("on_time_rate", "ร้อยละที่ทันกำหนด", "rate"),
    Column("longest", "ช้าที่สุด (วัน)"),
)
LISTED = (
    Column("letter", "หนังสือ", "letter"),
    Column("unit", "หน่วยงาน", "text"),
    Column("speed", "ชั้นความเร็ว", "text"),
    Column("due_at", "กำหนด", "date"),
    Column("days_late", "เลยกำหนด (วัน)"),
    Column("why", "สาเหตุ", "text"),
    Column("people", "ผู้รับผิดชอบที่ค้าง", "people"),
)
DUE = "กำหนดของเรื่องคือกำหนดสุดท้ายของงานที่มอบหมาย ถ้ายังไม่มอบหมายคือกำหนดตามชั้นความเร็ว วันที่เลยกำหนดนับตามปฏิทิน"
NOT_COUNTED = "ไม่นับหนังสือที่ยกเลิก ไม่รับ หรือมีชั้นความลับ"
STUCK = "ติดค้าง คือผู้รับผิดชอบไม่มีบัญชีใช้งานแล้ว หรือไม่มีผู้พิจารณาในหน่วยงาน ไม่รวมผู้ที่มีคำสั่งให้ทำแทน"
NOT_KNOWN = "เรื่องที่ติดค้างแสดงเฉพาะช่วงปัจจุบัน เพราะไม่มีข้อมูลบัญชีและผู้พิจารณาของเวลาที่ผ่านไปแล้ว"
NOTHING = "ไม่มีเรื่องที่เลยกำหนดหรือติดค้าง"
LATE_TASK, LATE_LETTER = "งานเลยกำหนด", "เลยกำหนดตามชั้นความเร็ว ยังไม่มอบหมาย"
CLOSED_ACCOUNT, NOBODY_DECIDES = "ผู้รับผิดชอบไม่มีบัญชีใช้งานแล้ว", "ไม่มีผู้พิจารณาในหน่วยงาน"


def make(asked: Asked) -> Sheet:
    """A row for each unit or class of speed; or for each letter that is late or stuck."""
    due = deadlines(asked.letters, asked.responsible)
    if asked.by == LETTER:
        return _listed(asked, due)
    if asked.by == SPEED:
        named = Column("speed", "ชั้นความเร็ว", "text")
        groups = [(key, name, [one for one in asked.letters if one.speed == key]) for key, name in SPEEDS.items()]
    else:
        named = Column("unit", "หน่วยงาน", "text")
        groups = [(key, name, [one for one in asked.letters if one.unit == key]) for key, name in asked.units.items()]
    rows = tuple(
        Row((key,), LINE, name, {named.key: name, **_numbers(asked, due, letters)}) for key, name, letters in groups
    )
    total = Row((), TOTAL, ALL, {named.key: ALL, **_numbers(asked, due, asked.letters)})
    chart = Chart("เรื่องที่เสร็จหลังกำหนดและที่ยังเลยกำหนดอยู่", ("done_late", "open_late"))
    return Sheet((named, *COLUMNS), rows, total, chart=chart, notes=(DUE, NOT_COUNTED))


def _numbers(
    asked: Asked, due: dict[str, dt.datetime | None], letters: Sequence[Letter]
) -> dict[str, float | None]:
    """Of the letters whose time ran out in the period; what is not due yet, or not done and not late, is in none."""
    on_time, late = 0, list[tuple[Letter, int]]()
    for letter in letters:
        limit = due[letter.id]
        if limit is None or not asked.period.holds(limit):
            continue
        if letter.completed_at is not None and letter.completed_at <= limit:
            on_time += 1
        elif limit < asked.until:
            late.append((letter, days_late(limit, min(letter.completed_at or asked.until, asked.until))))
    still = sum(letter.is_open_at(asked.until) for letter, _ in late)
    all_due = on_time + len(late)
    return {
        "due": all_due,
        "on_time": on_time,
        "done_late": len(late) - still,
        "open_late": still,
        "on_time_rate": round(on_time / all_due, 4) if all_due else None,
        "longest": max((days for _, days in late), default=None),
    }


def _listed(asked: Asked, due: dict[str, dt.datetime | None]) -> Sheet:
    tasks: defaultdict[str, list[Task]] = defaultdict(list)
    for task in asked.responsible:
        if task.is_open_at(asked.until):
            tasks[task.letter_id].append(task)
    rows = [
        _line(asked, letter, due[letter.id], tasks[letter.id], why)
        for letter in asked.letters
        if letter.is_open_at(asked.until) and (why := _why(asked, letter, due[letter.id], tasks[letter.id]))
    ]
    rows.sort(key=lambda row: (-row.cells["days_late"], row.name))
    notes = [DUE, NOT_COUNTED, STUCK if asked.is_running else NOT_KNOWN]
    if len(rows) > MOST_LISTED:
        notes.insert(0, f"แสดง {MOST_LISTED:,} เรื่องที่ช้าที่สุดจาก {len(rows):,} เรื่อง")
    if not rows:
        notes.insert(0, NOTHING)
    return Sheet(LISTED, tuple(rows[:MOST_LISTED]), notes=tuple(notes))


def _why(asked: Asked, letter: Letter, limit: dt.datetime | None, tasks: Sequence[Task]) -> str:
    """All that is wrong with a letter that is not done; empty when nothing is."""
    found = []
    if any(task.due_at < asked.until for task in tasks):
        found.append(LATE_TASK)
    elif letter.assigned_at is None and limit is not None and limit < asked.until:
        found.append(LATE_LETTER)
    if asked.is_running:
        if any(task.person in asked.closed_accounts and task.state in OPEN_TASKS for task in tasks):
            found.append(CLOSED_ACCOUNT)
        if letter.state == "PROPOSED" and letter.unit in asked.undecided:
            found.append(NOBODY_DECIDES)
    return ", ".join(found)


def _line(
    asked: Asked, letter: Letter, limit: dt.datetime | None, tasks: Sequence[Task], why: str
) -> Row:
    # of who has not done it yet the first counts: that is what the desk calls late
    limit = min((task.due_at for task in tasks), default=limit)
    cells: dict[str, Any] = {
        "letter": letter.id,
        "unit": asked.units[letter.unit],
        "speed": SPEEDS.get(letter.speed, letter.speed),
        "due_at": limit.isoformat() if limit else None,
        "days_late": days_late(limit, asked.until) if limit else 0,
        "why": why,
        "people": sorted({task.person for task in tasks}),
    }
    return Row((letter.id,), LINE, letter.id, cells)


OVERDUE = LetterReport(
    "overdue",
    "เรื่องที่เลยกำหนดและติดค้าง",
    "เลยกำหนดและติดค้าง",
    make,
    ways={UNIT: "รายหน่วยงาน", SPEED: "ตามชั้นความเร็ว", LETTER: "รายฉบับ"},
    compared=("open_late", "on_time_rate"),
)
