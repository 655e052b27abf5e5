"""Making reports from the projections."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.reporting.projections.tables import RoundFact
from services.reporting.reports.rules import COLUMNS, count, lines
from services.reporting.reports.scope import (
    amphoes_of,
    find_round,
    newest_round,
    reachable_areas,
    require_reader,
    schools_of,
    standing_of,
)
from services.reporting.sizes.schemes import SCHEMES
from shared.clock import BANGKOK
from shared.db.unit import Unit

REPORTS = (
    {
        "name": "headcount",
        "title": "จำนวนนักเรียนรายชั้น แยกเพศ และห้องเรียน",
        "formats": ["json", "xlsx"],
        "parameters": ["round_id", "school", "amphoe"],
    },
    {
        "name": "sizes",
        "title": "ขนาดโรงเรียนตามจำนวนนักเรียน",
        "formats": ["json", "xlsx"],
        "parameters": ["round_id", "scheme", "amphoe"],
        "schemes": [{"id": scheme.id, "title": scheme.title} for scheme in SCHEMES],
    },
)


def list_reports(unit: Unit) -> dict[str, Any]:
    """The reports that exist, and the rounds for which there are numbers.

    Raises:
        Problem: ``forbidden``.
    """
    require_reader(unit)
    rounds = unit.session.execute(
        select(RoundFact).where(RoundFact.org_path.in_(reachable_areas(unit))).order_by(RoundFact.round_id.desc())
    ).scalars()
    return {
        "items": [dict(report) for report in REPORTS],
        "rounds": [{"id": row.round_id, "title": row.title, "state": row.state} for row in rounds],
        "next_cursor": None,
    }


def headcount(
    unit: Unit, round_id: str | None = None, school: str | None = None, amphoe: str | None = None
) -> dict[str, Any]:
    """Pupils by grade and sex, and rooms, of a school, an amphoe or everything within the caller's reach, in a round or
    in the newest one.

    Raises:
        Problem: ``forbidden``; ``not_found`` for a round, school or amphoe without numbers.
    """
    require_reader(unit)
    round_ = find_round(unit, round_id) if round_id else newest_round(unit)
    round_id = round_.round_id
    schools = schools_of(unit, round_id, school, amphoe)
    head_count = count(standing_of(unit, row) for row in schools)
    rows, total = lines(head_count)
    return {
        "report": "headcount",
        "round_id": round_id,
        "round_title": round_.title,
        "school": school,
        "amphoe": amphoe,
        "columns": [dict(column) for column in COLUMNS],
        "rows": rows,
        "total": total,
        "as_of": round_.as_of_date,
        "provisional": bool(head_count.provisional),
        "provisional_schools": head_count.provisional,
        "missing_schools": head_count.missing,
        "schools": len(schools),
        "amphoes": amphoes_of(schools_of(unit, round_id, None, None)),
        "created_at": unit.now().astimezone(BANGKOK).isoformat(),
    }
