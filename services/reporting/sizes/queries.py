"""How large the schools of a round are, and how large one school is."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select

from services.reporting.projections.tables import RoundFact, SchoolFact, SchoolRoundFact
from services.reporting.reports.rules import pupils_of
from services.reporting.reports.scope import (
    READERS,
    amphoes_of,
    find_round,
    newest_round,
    require_reader,
    schools_of,
    standing_of,
    standings_of,
)
from services.reporting.sizes.rules import BEYOND, SizeScheme, count_sizes, scheme_on, size_class
from services.reporting.sizes.schemes import OF_ONE_SCHOOL, SCHEMES, usual_scheme
from shared.clock import BANGKOK
from shared.db.unit import Unit
from shared.problems import FieldError, invalid
from shared.security.access import scoped


def sizes(
    unit: Unit, round_id: str | None = None, scheme: str | None = None, amphoe: str | None = None
) -> dict[str, Any]:
    """The schools of a round, or of the newest one, by size: how many there are of each, and which.

    Raises:
        Problem: ``forbidden``; ``not_found`` for a round or amphoe without schools; ``invalid`` for an unknown scheme.
    """
    require_reader(unit)
    round_ = find_round(unit, round_id) if round_id else newest_round(unit)
    round_id = round_.round_id
    chosen = _scheme(scheme or usual_scheme(round_.org_path), round_)
    rows = {row.smis: row for row in schools_of(unit, round_id, None, amphoe)}
    found = count_sizes(chosen, standings_of(unit, list(rows.values()), {}))
    provisional = set(found.provisional)
    classes = [
        {
            "label": sized.label,
            "schools": len(sized.schools),
            "pupils": sized.pupils,
            "members": [
                {
                    "smis": smis,
                    "name": rows[smis].name,
                    "amphoe": rows[smis].amphoe,
                    "pupils": pupils,
                    "provisional": smis in provisional,
                }
                for smis, pupils in sized.schools.items()
            ],
        }
        for sized in found.classes
    ]
    return {
        "report": "sizes",
        "round_id": round_id,
        "round_title": round_.title,
        "as_of": round_.as_of_date,
        "scheme": chosen.id,
        "scheme_title": chosen.title,
        "amphoe": amphoe,
        "classes": classes,
        "total": {
            "schools": sum(len(sized.schools) for sized in found.classes),
            "pupils": sum(sized.pupils for sized in found.classes),
        },
        "provisional": bool(found.provisional),
        "provisional_schools": found.provisional,
        "missing_schools": [{"smis": smis, "name": rows[smis].name} for smis in found.missing],
        "amphoes": amphoes_of(schools_of(unit, round_id, None, None)),
        "created_at": unit.now().astimezone(BANGKOK).isoformat(),
    }


def school_size(unit: Unit, smis: str) -> dict[str, Any]:
    """The size of one school by the newest round in which it has numbers; null where it has none yet, or none that the
    caller reads.

    The school is known by its place in the tree, so what it counted under a former code is found by either.

    Raises:
        Problem: ``forbidden`` to who has nothing to do with data rounds.
    """
    require_reader(unit)
    statement = (
        select(SchoolRoundFact, RoundFact)
        .join(RoundFact, RoundFact.round_id == SchoolRoundFact.round_id)
        .join(SchoolFact, SchoolFact.org_path == SchoolRoundFact.org_path)
        .where(SchoolFact.smis == smis)
        .order_by(RoundFact.as_of_date.desc(), RoundFact.round_id.desc())
    )
    for row, round_ in unit.session.execute(scoped(statement, SchoolRoundFact.org_path, unit.identity, READERS)):
        standing = standing_of(unit, row)
        if standing.tables is not None and standing.state != "EXEMPT":
            pupils = pupils_of(standing)
            return {
                "size": {
                    "round_id": round_.round_id,
                    "round_title": round_.title,
                    "as_of": round_.as_of_date,
                    "pupils": pupils,
                    "provisional": not standing.is_signed,
                    "classes": _classes(round_, row.org_path, pupils),
                }
            }
    return {"size": None}


def _classes(round_: RoundFact, org_path: str, pupils: int) -> list[dict[str, str]]:
    """Where so many pupils stand in the schemes that have a class for them, the usual one first."""
    found = [scheme_on(SCHEMES, name, _as_of(round_)) for name in (usual_scheme(org_path), *OF_ONE_SCHOOL)]
    labels = [(scheme, size_class(scheme, pupils)) for scheme in found if scheme]
    return [{"scheme": scheme.id, "title": scheme.title, "label": label} for scheme, label in labels if label != BEYOND]


def _scheme(wanted: str, round_: RoundFact) -> SizeScheme:
    found = scheme_on(SCHEMES, wanted, _as_of(round_))
    if found is None:
        known = ", ".join(dict.fromkeys(scheme.id for scheme in SCHEMES))
        raise invalid([FieldError("scheme", "choice", f"เกณฑ์ขนาดต้องเป็น {known}")])
    return found


def _as_of(round_: RoundFact) -> dt.date:
    return dt.date.fromisoformat(round_.as_of_date)
