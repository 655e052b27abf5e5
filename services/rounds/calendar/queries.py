"""Looking at rounds."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from services.rounds import access
from services.rounds.calendar.rules import ROUND_NUMBERS, RULE_SETS, RoundPhase, from_template
from services.rounds.calendar.tables import Round
from services.rounds.calendar.views import find_round, require_announced, require_reader, round_view
from services.rounds.rules.catalogue import catalogue
from shared.db.unit import Unit
from shared.problems import not_found
from shared.security.access import lineage
from shared.security.identity import Identity, unauthenticated

LIMIT = 200


def list_rounds(unit: Unit, limit: int = 50, cursor: str | None = None) -> dict[str, Any]:
    """The rounds in which the caller has a part, newest first; drafts only for those who run rounds.

    Raises:
        Problem: ``forbidden``.
    """
    require_reader(unit.identity)
    statement = select(Round).where(_in_reach(unit.identity)).order_by(Round.id.desc())
    if not unit.identity.roles & set(access.AREA_READERS):
        statement = statement.where(Round.state != RoundPhase.DRAFT.value)
    if cursor:
        statement = statement.where(Round.id < cursor)
    size = min(limit, LIMIT)
    rows = list(unit.session.execute(statement.limit(size + 1)).scalars())
    return {
        "items": [round_view(row) for row in rows[:size]],
        "next_cursor": rows[size - 1].id if len(rows) > size else None,
    }


def get_round(unit: Unit, round_id: str) -> dict[str, Any]:
    """One round.

    Raises:
        Problem: ``forbidden``, ``not_found``.
    """
    require_reader(unit.identity)
    round_ = find_round(unit, round_id)
    require_announced(unit, round_)
    return round_view(round_)


def get_template(unit: Unit, round_no: int, year_be: int) -> dict[str, Any]:
    """The proposed dates of one of the handbook's rounds.

    Raises:
        Problem: ``invalid`` (422), ``forbidden``.
    """
    require_reader(unit.identity)
    return from_template(round_no, year_be)


def list_templates(unit: Unit, year_be: int) -> dict[str, Any]:
    """The proposed dates of all of the handbook's rounds of a year.

    Raises:
        Problem: ``invalid`` (422), ``forbidden``.
    """
    return {"items": [get_template(unit, round_no, year_be) for round_no in ROUND_NUMBERS]}


def list_rules(unit: Unit, rule_set: str | None = None) -> dict[str, Any]:
    """The rules of a rule set, by default of the one that new rounds get; whoever is signed in may read them.

    Raises:
        Problem: ``unauthenticated`` (401), ``not_found``.
    """
    if unit.caller is None:
        raise unauthenticated()
    try:
        return catalogue(rule_set or RULE_SETS["dmc"])
    except LookupError:
        raise not_found("ไม่มีชุดกฎนี้") from None


def _in_reach(identity: Identity) -> Any:
    """Rounds of an area above, at or below one of the nodes at which the caller takes part in rounds."""
    scopes = identity.scopes(access.READS_SCHOOL)
    above = {path for scope in scopes for path in lineage(scope)}
    below = [Round.org_path.startswith(scope, autoescape=True) for scope in scopes]
    return or_(Round.org_path.in_(above), *below)
