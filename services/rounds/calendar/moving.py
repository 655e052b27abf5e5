"""Moving a round to its next state: the one place that writes its state, its audit row and its event."""

from __future__ import annotations

from services.rounds.calendar.rules import RoundPhase, step
from services.rounds.calendar.tables import Round
from services.rounds.calendar.views import iso
from shared.bus.contracts.registry import EventType
from shared.db.unit import Unit

KIND = ("system", "year_be", "round_no", "title", "state", "org_path", "amendments")
DATES = ("open_at", "school_deadline", "certify_deadline", "area_ack_deadline", "close_at")


def advance(unit: Unit, round_: Round, name: str, reason: str | None = None) -> None:
    """Take the step ``name``.

    Raises:
        Problem: ``round.state`` (409) when the round is not where this may happen.
    """
    origin = round_.state
    round_.moved_by_clock = unit.caller is None
    round_.state = step(RoundPhase(origin), name).value
    change = {"from": origin, "to": round_.state}
    unit.audit(f"round.{name}", f"round/{round_.id}", round_.org_path, change, reason)


def publish_round(unit: Unit, round_: Round, event: EventType) -> None:
    """Tell the others how the round stands now."""
    round_.revision += 1
    data = {
        "round_id": round_.id,
        "rule_set": round_.rule_set,
        **{name: getattr(round_, name) for name in KIND},
        "as_of_date": round_.as_of_date.isoformat(),
        **{name: getattr(round_, name).isoformat() for name in DATES},
        "closed_at": iso(round_.closed_at),
        "published_at": iso(round_.published_at),
    }
    unit.emit(event, f"round/{round_.id}", round_.revision, data, round_.org_path)
