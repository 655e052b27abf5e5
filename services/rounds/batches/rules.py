"""Rules of the area's file: its states, and which of its schools get a new version."""

from __future__ import annotations

from enum import StrEnum

from services.rounds.gates.rules import UPLOADABLE, SchoolState


class BatchPhase(StrEnum):
    """States of an area's file: it is read, and its parts are handed to the schools, or it is refused, or we failed."""

    RECORDING = "RECORDING"
    SPLIT = "SPLIT"
    REJECTED = "REJECTED"
    FAILED = "FAILED"


# how a file looks whose parts are being checked, and when all of them are
CHECKING, DONE = "CHECKING", "DONE"


class Skipped(StrEnum):
    """Why a school of the file gets no new version."""

    CONFIRMED = "confirmed"
    ACKNOWLEDGED = "acknowledged"
    LOCKED = "locked"
    EXEMPT = "exempt"
    CLOSED = "closed"
    SAME_FILE = "same_file"


CONFIRMED = frozenset({SchoolState.CONFIRMED, SchoolState.CERTIFIED})
_SKIPPED_STATES = {
    SchoolState.ACKNOWLEDGED: Skipped.ACKNOWLEDGED,
    SchoolState.LOCKED: Skipped.LOCKED,
    SchoolState.EXEMPT: Skipped.EXEMPT,
}


def skipped(state: SchoolState, *, is_over: bool, include_confirmed: bool) -> Skipped | None:
    """Why a school in ``state`` is passed over; None when it gets its part.

    What a school has confirmed stands unless the area says otherwise: a new version takes its signatures away.
    ``is_over`` says that nothing more is taken from it.
    """
    if state not in UPLOADABLE:
        return _SKIPPED_STATES[state]
    if is_over:
        return Skipped.CLOSED
    if state in CONFIRMED and not include_confirmed:
        return Skipped.CONFIRMED
    return None


def shown_state(phase: BatchPhase, waiting: int) -> str:
    """The state as people see it; ``waiting`` counts the parts that are still being checked."""
    if phase is not BatchPhase.SPLIT:
        return phase.value
    return CHECKING if waiting else DONE
