"""Schools made by hand for the reports."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.reporting.reports.making import Made, RoundOf, make
from services.reporting.reports.registry import REPORTS
from services.reporting.reports.rules import Standing
from services.reporting.reports.sheets import Sheet

DAY, UNTIL = dt.date(2026, 6, 10), dt.date(2026, 6, 18)
DEADLINE = dt.datetime(2026, 6, 20, 16, 59, 59, tzinfo=dt.UTC)


def tables(**given: Any) -> dict[str, Any]:
    """The tables of a file; what is not given is empty, nothing is missing."""
    names = ("classes", "ages", "disadvantage", "nationality", "religion", "identities", "missing")
    return {**{name: [] for name in names}, **given}


def room(grade: str | None, male: int, female: int, number: int | None = 1) -> dict[str, Any]:
    return {"grade": grade, "room": number, "male": male, "female": female}


def kind(name: str, male: int, female: int, **more: Any) -> dict[str, Any]:
    return {"kind": name, "male": male, "female": female, **more}


def school(smis: str, held: dict[str, Any] | None, state: str = "CONFIRMED", **more: Any) -> Standing:
    known: dict[str, Any] = {"name": f"บ้าน {smis}", "place": f"/obec/5704/{smis}/", "deadline": DEADLINE, **more}
    return Standing(smis, state, held, **known)


def round_of(*schools: Standing, year_be: int = 2569) -> RoundOf:
    return RoundOf(DAY, UNTIL, year_be, schools)


def made(key: str, now: RoundOf, before: RoundOf | None = None, by: str | None = None, public: bool = False) -> Made:
    wanted = REPORTS[key]
    return make(wanted, now, before, by or wanted.usual, public=public)


def sheet(key: str, *schools: Standing, by: str | None = None, before: RoundOf | None = None) -> Sheet:
    found = made(key, round_of(*schools), before, by).sheet
    assert found is not None
    return found


def cells(of: Sheet, *keys: str) -> list[tuple[Any, ...]]:
    """The cells of some columns, row by row, the total last."""
    return [tuple(row.cells[key] for key in keys) for row in of.all_rows]
