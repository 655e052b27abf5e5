"""Asking for reports: one question for all of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select

from services.reporting.projections.tables import RoundFact
from services.reporting.reports.making import Made, RoundOf, make
from services.reporting.reports.registry import REPORTS
from services.reporting.reports.report import Report
from services.reporting.reports.rules import NO_CLUSTER
from services.reporting.reports.scope import (
    Place,
    amphoes_of,
    clusters_of,
    find_round,
    is_outside_the_office,
    newest_round,
    previous_round,
    reachable_areas,
    require_reader,
    schools_at,
    schools_before,
    standings_of,
)
from services.reporting.reports.views import sheet_view
from services.reporting.sizes.schemes import SCHEMES
from shared.clock import BANGKOK
from shared.db.unit import Unit
from shared.problems import FieldError, invalid, not_found

FORMATS = ("json", "xlsx", "csv")
PARAMETERS = ("round_id", "school", "amphoe", "cluster", "by", "audience")
OFFICE, PUBLIC = "office", "public"
# the first form of the report `size`, kept for programs that read it
SIZES = {
    "name": "sizes",
    "title": "ขนาดโรงเรียนตามจำนวนนักเรียน",
    "formats": ["json", "xlsx"],
    "parameters": ["round_id", "scheme", "amphoe"],
    "schemes": [{"id": scheme.id, "title": scheme.title} for scheme in SCHEMES],
}


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
        "items": [*(_described(one) for one in REPORTS.values()), SIZES],
        "rounds": [{"id": row.round_id, "title": row.title, "state": row.state} for row in rounds],
        "next_cursor": None,
    }


def report(
    unit: Unit,
    key: str,
    round_id: str | None = None,
    school: str | None = None,
    amphoe: str | None = None,
    cluster: str | None = None,
    by: str | None = None,
    audience: str | None = None,
) -> dict[str, Any]:
    """A report of a school, an amphoe, a cluster or everything within the caller's reach, the previous round beside.

    It is of the newest round unless another is named.

    ``by`` is how its lines are cut; ``audience=public`` hides small cells, which is done anyway for who stands outside
    the area office and reads of other schools than their own.

    Raises:
        Problem: ``forbidden``; ``not_found`` for a report, round, school, amphoe or cluster without numbers;
            ``invalid`` (422) for a way to cut it that it does not know.
    """
    require_reader(unit)
    wanted = REPORTS.get(key)
    if wanted is None:
        raise not_found("ไม่มีรายงานชื่อนี้")
    round_ = find_round(unit, round_id) if round_id else newest_round(unit)
    round_id = round_.round_id
    cut = by or wanted.usual_at(round_.org_path)
    if cut not in wanted.all_ways:
        raise invalid([FieldError("by", "choice", f"รายงานนี้แยกได้ตาม {', '.join(wanted.all_ways)}")])
    place, clusters = Place(school, amphoe, cluster), clusters_of(unit)
    schools = schools_at(unit, round_id, place, clusters)
    earlier = previous_round(unit, round_)
    before = None
    if earlier is not None:
        rows = schools_before(unit, earlier.round_id, place, clusters, schools)
        before = _round_of(unit, earlier, standings_of(unit, rows, clusters)) if rows else None
    is_public = audience == PUBLIC or is_outside_the_office(unit, schools)
    made = make(wanted, _round_of(unit, round_, standings_of(unit, schools, clusters)), before, cut, public=is_public)
    everything = schools if place == Place() else schools_at(unit, round_id, Place(), clusters)
    return {
        "report": key,
        "title": wanted.title,
        "round_id": round_id,
        "round_title": round_.title,
        "as_of": round_.as_of_date,
        "school": school,
        "school_name": schools[0].name if school else None,
        "amphoe": amphoe,
        "cluster": cluster,
        "by": cut,
        "audience": PUBLIC if is_public else OFFICE,
        **_table(made),
        "previous": _previous(earlier) if earlier is not None and made.is_compared else None,
        "schools": len(schools),
        "amphoes": amphoes_of(everything),
        "clusters": _clusters({clusters.get(row.org_path) for row in everything}),
        "created_at": unit.now().astimezone(BANGKOK).isoformat(),
    }


def _described(one: Report) -> dict[str, Any]:
    return {
        "name": one.key,
        "title": one.title,
        "short_title": one.short,
        "formats": list(FORMATS),
        "parameters": list(PARAMETERS),
        "by": [{"id": way, "title": title} for way, title in one.all_ways.items()],
    }


def _round_of(unit: Unit, round_: RoundFact, standings: list[Any]) -> RoundOf:
    closed = dt.datetime.fromisoformat(round_.closed_at) if round_.closed_at else unit.now()
    until = closed.astimezone(BANGKOK).date()
    return RoundOf(dt.date.fromisoformat(round_.as_of_date), until, round_.year_be, standings)


def _table(made: Made) -> dict[str, Any]:
    """A report that was made, as it travels. ``evaluated`` is false where there is no table."""
    sheet = made.sheet
    return {
        "evaluated": sheet is not None,
        "reason": made.reason or None,
        "has_no_data": made.has_no_data,
        **sheet_view(sheet),
        "notes": list(made.notes),
        "provisional": bool(made.provisional),
        "provisional_schools": made.provisional,
        "missing_schools": made.missing,
        "not_evaluated_schools": made.not_evaluated,
    }


def _previous(round_: RoundFact) -> dict[str, Any]:
    return {"round_id": round_.round_id, "title": round_.title, "as_of": round_.as_of_date, "year_be": round_.year_be}


def _clusters(found: set[str | None]) -> list[str]:
    """The clusters there are, those without one last; nothing where nobody is in one."""
    named = sorted(cluster for cluster in found if cluster)
    return [*named, NO_CLUSTER] if named and None in found else named
