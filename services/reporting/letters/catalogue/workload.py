"""What was done and what is left to do, by unit and by person (correspondence.md §9)."""

from __future__ import annotations

from collections.abc import Sequence

from services.reporting.letters.facts import PERSON, UNIT, Asked, Letter, LetterReport, Numbers, Task
from services.reporting.reports.sheets import ALL, LINE, TOTAL, Chart, Column, Row, Sheet, added

OF_TASKS = (
    Column("tasks_done", "งานที่เสร็จ"),
    Column("tasks_open", "งานค้าง"),
    Column("tasks_late", "งานค้างเลยกำหนด"),
)
OF_LETTERS = (
    Column("received", "ลงทะเบียนรับ"),
    Column("issued", "ออกเลขหนังสือ"),
    Column("done", "เรื่องที่เสร็จ"),
    Column("open", "เรื่องค้าง"),
)
NOTES = (
    "ค้าง นับเมื่อสิ้นช่วงที่เลือก หรือขณะนี้ถ้าช่วงยังไม่สิ้นสุด เรื่องเสร็จเมื่อผู้รับผิดชอบรายงานครบหรือผู้บริหารทราบแล้ว",
    "นับงานของผู้รับผิดชอบ ไม่นับผู้รับทราบ และไม่นับหนังสือที่ยกเลิก ไม่รับ หรือมีชั้นความลับ",
)


def make(asked: Asked) -> Sheet:
    """A row for each unit, or for each person who was given something."""
    return _by_person(asked) if asked.by == PERSON else _by_unit(asked)


def _by_unit(asked: Asked) -> Sheet:
    rows = tuple(
        Row(
            (path,), LINE, name,
            {
                "unit": name,
                **_of_letters(asked, [letter for letter in asked.letters if letter.unit == path], path),
                **_of_tasks(asked, [task for task in asked.responsible if task.unit == path]),
            },
        )
        for path, name in asked.units.items()
    )  # fmt: skip
    columns = (Column("unit", "หน่วยงาน", "text"), *OF_LETTERS, *OF_TASKS)
    total = {"unit": ALL, **added(rows, [column.key for column in columns[1:]])}
    chart = Chart("เรื่องที่เสร็จและที่ค้างของแต่ละหน่วยงาน", ("done", "open"))
    return Sheet(columns, rows, Row((), TOTAL, ALL, total), chart=chart, notes=NOTES)


def _by_person(asked: Asked) -> Sheet:
    busy = {person: unit for person, unit in asked.people.items() if any(t.person == person for t in asked.responsible)}
    rows = tuple(
        Row(
            (person,), LINE, person,
            {
                "person": person, "unit": unit,
                **_of_tasks(asked, [task for task in asked.responsible if task.person == person]),
            },
        )
        for person, unit in busy.items()
    )  # fmt: skip
    named = Column("person", "ผู้รับผิดชอบ", "person"), Column("unit", "หน่วยงาน", "text")
    total = {"person": None, "unit": ALL, **added(rows, [column.key for column in OF_TASKS])}
    return Sheet((*named, *OF_TASKS), rows, Row((), TOTAL, ALL, total), notes=NOTES)


def _of_letters(asked: Asked, letters: Sequence[Letter], path: str) -> dict[str, int]:
    numbers = asked.numbers.get(path, Numbers())
    return {
        "received": numbers.received,
        "issued": numbers.issued,
        "done": sum(asked.period.holds(letter.completed_at) for letter in letters),
        "open": sum(letter.is_open_at(asked.until) for letter in letters),
    }


def _of_tasks(asked: Asked, tasks: Sequence[Task]) -> dict[str, int]:
    left = [task for task in tasks if task.is_open_at(asked.until)]
    return {
        "tasks_done": sum(asked.period.holds(task.done_at) for task in tasks),
        "tasks_open": len(left),
        "tasks_late": sum(task.due_at < asked.until for task in left),
    }


WORKLOAD = LetterReport(
    "workload",
    "ปริมาณงานหนังสือ",
    "ปริมาณงาน",
    make,
    ways={UNIT: "รายหน่วยงาน", PERSON: "รายบุคคล"},
    compared=("done", "open"),
)
