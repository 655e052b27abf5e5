"""ใบรับรองข้อมูล: what a director certified, as a sheet of paper to sign and keep. An official paper, so always Thai."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gateway.web.thai import paper_day, paper_moment

UNREADABLE = "ไม่ระบุชั้น"


def sheet_of(certificate: Mapping[str, Any]) -> dict[str, Any]:
    """What the sheet shows: days and moments in words, the counts by grade in the order of the file's tables."""
    grades = _by_grade(certificate["classes"])
    return {
        **certificate,
        "as_of": paper_day(certificate["as_of_date"]),
        "confirmed": paper_moment(certificate["confirmed_at"]),
        "certified": paper_moment(certificate["certified_at"]),
        "acknowledged": paper_moment(certificate["acknowledged_at"]) if certificate["acknowledged_at"] else None,
        "grades": grades,
        "total": {key: sum(grade[key] for grade in grades) for key in ("male", "female", "both", "rooms")},
    }


def _by_grade(classes: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    grades: dict[str, dict[str, Any]] = {}
    for row in classes:
        name = row["grade"] or UNREADABLE
        grade = grades.setdefault(name, {"grade": name, "male": 0, "female": 0, "both": 0, "rooms": 0})
        grade["male"] += row["male"]
        grade["female"] += row["female"]
        grade["both"] += row["male"] + row["female"]
        grade["rooms"] += row["room"] is not None
    return list(grades.values())
