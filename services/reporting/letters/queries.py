"""Asking for reports of letters: one question for all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.reporting.letters.facts import LETTER, Asked, Letter, LetterReport, Numbers, Task
from services.reporting.letters.periods import Period, PeriodKind, period_of
from services.reporting.letters.registry import REPORTS
from services.reporting.letters.scope import (
    Reach,
    letters_since,
    numbers_in,
    reach_of,
    staff_of,
    tasks_since,
    undecided,
    units_of,
)
from services.reporting.letters.tables import StaffFact, UnitFact
from services.reporting.reports.comparing import Beside, beside
from services.reporting.reports.sheets import Sheet
from services.reporting.reports.views import sheet_view
from shared.clock import BANGKOK
from shared.db.unit import Unit
from shared.problems import FieldError, invalid, not_found

FORMATS = ("json", "xlsx", "csv")
UNKNOWN_UNIT = "หน่วยงานที่ไม่รู้จัก"
EARLIER = "ช่วงก่อน"


@dataclass(frozen=True)
class _Known:
    """What there is within the caller's reach, for two periods."""

    letters: Sequence[Letter]
    tasks: Sequence[Task]
    numbers: Mapping[Period, Mapping[str, Numbers]]
    units: Sequence[UnitFact]
    staff: Sequence[StaffFact]


def list_letter_reports(unit: Unit) -> dict[str, Any]:
    """The reports of letters that exist.

    Raises:
        Problem: ``forbidden``.
    """
    reach_of(unit)
    return {"items": [_described(one) for one in REPORTS.values()], "next_cursor": None}


def letter_report(
    unit: Unit,
    key: str,
    period: str = PeriodKind.MONTH.value,
    on: str | None = None,
    by: str | None = None,
    code: str | None = None,
) -> dict[str, Any]:
    """A report of the letters within the caller's reach, or of the unit ``code`` alone, the period before beside.

    It is of the ``period`` (:class:`PeriodKind`) in which the day ``on`` (ISO 8601; today) lies; ``by`` is how it is
    cut. People and letters stand in it by their ids: names are their owners' to tell.

    Raises:
        Problem: ``forbidden``; ``not_found`` for a report or a unit without letters; ``invalid`` (422).
    """
    reach = reach_of(unit)
    wanted = REPORTS.get(key)
    if wanted is None:
        raise not_found("ไม่มีรายงานชื่อนี้")
    cut = by or next(iter(wanted.ways))
    if cut not in wanted.ways:
        raise invalid([FieldError("by", "choice", f"รายงานนี้แยกได้ตาม {', '.join(wanted.ways)}")])
    chosen = _period(unit, period, on)
    known = _known(unit, reach, chosen)
    here = [one for one in known.units if code is None or one.code == code]
    if not here and code is not None:
        raise not_found("ไม่พบหน่วยงานนี้ในรายงานของท่าน")
    now = wanted.make(_asked(unit, known, here, chosen, cut))
    is_compared = cut != LETTER
    if is_compared:
        before = wanted.make(_asked(unit, known, here, chosen.previous, cut))
        how = Beside(wanted.compared, same_pupils=True, additive=False, earlier=EARLIER)
        now = beside(now, before, how)
    return {
        **_described(wanted),
        "report": key,
        "by": cut,
        "period": _period_view(chosen),
        "previous": _period_view(chosen.previous),
        "next": _period_view(_after(chosen)) if chosen.ends <= unit.now() else None,
        "is_compared": is_compared,
        "unit": code,
        "unit_name": here[0].name if code else None,
        "units": _choices(known),
        "reports": list_letter_reports(unit)["items"],
        "is_empty": not _has_anything(now, is_compared=is_compared),
        **sheet_view(now),
        "notes": list(now.notes),
        "created_at": unit.now().astimezone(BANGKOK).isoformat(),
    }


def _asked(unit: Unit, known: _Known, here: Sequence[UnitFact], period: Period, cut: str) -> Asked:
    names = {one.org_path: one.name for one in here}
    letters = [one for one in known.letters if one.unit in names]
    tasks = [one for one in known.tasks if one.unit in names]
    busy = {one.unit for one in letters}.union((one.unit for one in tasks), *known.numbers.values())
    staff = {member.staff_id: member for member in known.staff}
    return Asked(
        cut,
        period,
        min(period.ends, unit.now()),
        letters,
        tasks,
        known.numbers[period],
        {path: name for path, name in names.items() if path in busy},
        people={person: _home(staff.get(person), known.units) for person in sorted({task.person for task in tasks})},
        is_running=period.ends > unit.now(),
        closed_accounts=frozenset(id_ for id_, member in staff.items() if member.state != "ACTIVE"),
        undecided=undecided(known.staff, busy, unit.clock.today()),
    )


def _known(unit: Unit, reach: Reach, period: Period) -> _Known:
    since, units = period.previous.begins, units_of(unit, reach)
    return _Known(
        letters_since(unit, reach, since),
        tasks_since(unit, reach, since),
        {one: numbers_in(unit, reach, units, one) for one in (period, period.previous)},
        units,
        staff_of(unit, reach),
    )


def _home(member: StaffFact | None, units: Sequence[UnitFact]) -> str:
    return next((one.name for one in units if member is not None and one.org_path == member.org_path), UNKNOWN_UNIT)


def _period(unit: Unit, kind: str, on: str | None) -> Period:
    if kind not in list(PeriodKind):
        raise invalid([FieldError("period", "choice", f"ช่วงเวลา: เลือกได้ {', '.join(PeriodKind)}")])
    try:
        day = dt.date.fromisoformat(on) if on else unit.clock.today()
        return period_of(PeriodKind(kind), day)
    except (ValueError, OverflowError):
        raise invalid([FieldError("on", "date", "วันที่: ไม่ใช่วันที่ที่ถูกต้อง")]) from None


def _after(period: Period) -> Period:
    return period_of(period.kind, period.last + dt.timedelta(days=1))


def _period_view(period: Period) -> dict[str, str]:
    return {
        "kind": period.kind.value,
        "title": period.title,
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
    }


def _described(one: LetterReport) -> dict[str, Any]:
    return {
        "name": one.key,
        "title": one.title,
        "short_title": one.short,
        "formats": list(FORMATS),
        "ways": [{"id": way, "title": title} for way, title in one.ways.items()],
    }


def _choices(known: _Known) -> list[dict[str, str]]:
    """The units that have had something to do with letters; of those one may be chosen."""
    busy = {*(one.unit for one in known.letters), *(one.unit for one in known.tasks)}
    return [{"code": one.code, "name": one.name} for one in known.units if one.org_path in busy]


def _has_anything(sheet: Sheet, *, is_compared: bool) -> bool:
    """Whether there is a number to show: a list has rows, a table one that is not zero."""
    numbers = [column.key for column in sheet.columns if column.kind == "number"]
    return any(row.cells[key] for row in sheet.all_rows for key in numbers) if is_compared else bool(sheet.rows)
