"""Finding rounds within the caller's reach, and how a round looks to the outside."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from services.rounds import access
from services.rounds.calendar.rules import Moments, RoundPhase
from services.rounds.calendar.tables import Round
from shared.clock import BANGKOK
from shared.db.unit import Unit
from shared.problems import forbidden, not_found
from shared.security.access import require
from shared.security.identity import Identity

INSTANTS = ("open_at", "confirm_from", "school_deadline", "certify_deadline", "area_ack_deadline", "close_at")
RECORDED = ("announced_at", "opened_at", "closed_at", "reopened_at", "published_at", "amended_at")


def find_round(unit: Unit, round_id: str, *, lock: bool = False) -> Round:
    """The round, if it is of an area in whose rounds the caller has some part.

    Raises:
        Problem: ``not_found`` where even its existence is not the caller's to know.
    """
    statement = select(Round).filter_by(id=round_id)
    round_ = unit.session.execute(statement.with_for_update() if lock else statement).scalar_one_or_none()
    if round_ is None or (unit.caller is not None and not has_part(unit.caller, round_.org_path)):
        raise not_found("ไม่พบรอบข้อมูลนี้")
    return round_


def has_part(identity: Identity, area_path: str) -> bool:
    """Whether the caller holds a role of the data rounds in the area or in one of its schools."""
    scopes = identity.scopes(access.READS_SCHOOL)
    return any(scope.startswith(area_path) or area_path.startswith(scope) for scope in scopes)


def require_reader(identity: Identity) -> None:
    """Rounds are shown to those who take part in them.

    Raises:
        Problem: ``forbidden``.
    """
    if not identity.roles & set(access.READS_SCHOOL):
        raise forbidden("รอบข้อมูลแสดงเฉพาะผู้เกี่ยวข้องกับงานข้อมูล")


def require_announced(unit: Unit, round_: Round) -> None:
    """A draft is shown to the area only.

    Raises:
        Problem: ``forbidden``.
    """
    if round_.state == RoundPhase.DRAFT:
        require(unit.identity, access.AREA_READERS, round_.org_path)


def moments_of(round_: Round) -> Moments:
    """What the clock looks at."""
    names = ("open_at", "school_deadline", "close_at", "announced_at", "opened_at", "reopened_at")
    return Moments(RoundPhase(round_.state), **{name: getattr(round_, name) for name in names})


def iso(instant: dt.datetime | None) -> str | None:
    """An instant for the wire, or None."""
    return instant.isoformat() if instant else None


@lru_cache(maxsize=1024)
def local(instant: dt.datetime | None) -> str | None:
    """An instant for people and other front ends: ISO 8601 with Bangkok's offset."""
    return instant.astimezone(BANGKOK).isoformat() if instant else None


def round_view(round_: Round) -> dict[str, Any]:
    """A round as the API shows it."""
    return {
        "id": round_.id,
        "system": round_.system,
        "year_be": round_.year_be,
        "round_no": round_.round_no,
        "title": round_.title,
        "area_name": round_.area_name,
        "as_of_date": round_.as_of_date.isoformat(),
        "state": round_.state,
        "rule_set": round_.rule_set,
        "school_codes": round_.school_codes,
        "amendments": round_.amendments,
        **{name: local(getattr(round_, name)) for name in (*INSTANTS, *RECORDED)},
    }
