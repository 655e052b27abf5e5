"""Until when a version of a school's file keeps what it holds of pupils.

Source: Personal Data Protection Act B.E. 2562, section 37(3): the controller has a system that erases personal data
when its time is over, or when it is irrelevant or more than its purpose needs. The purpose of an older version is to
see what became of its faults while the school may still act; what the office answers for later is the version that
stands and those of which a snapshot was taken. The time itself is the office's (``KHET_RETENTION_DAYS``).

Erased are the file, the roll and every value and text about a pupil in the findings. Who sent it and when, its hash,
state, counts and tables, the rules of its findings and what was explained by whom stay, as do history and audit log.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from services.rounds.submissions.rules import SubmissionPhase

# versions that were or are to become the one that stands keep what they hold
REPLACED = frozenset({SubmissionPhase.SUPERSEDED, SubmissionPhase.REJECTED, SubmissionPhase.FAILED})

# stands where a message, a reason or a value stood: the place of the finding stays
ERASED_TEXT = "ลบข้อความแล้วตามกำหนดเก็บรักษา"


@dataclass(frozen=True)
class Version:
    """One version of a school. ``stands``: it is the one that counts, or is being signed.

    ``is_referred``: a snapshot was taken of it, or a case of a duplicate that is not settled came up with it.
    """

    id: str
    phase: SubmissionPhase
    stands: bool
    is_referred: bool
    is_erased: bool


def ended_at(
    closed_at: dt.datetime | None, extended_until: dt.datetime | None, *, is_locked: bool
) -> dt.datetime | None:
    """When a school could last act in a round; None while it still may.

    While it may, its newest version is compared with the one before, it may be sent back, and send an older file anew:
    nothing goes.
    """
    if closed_at is None or not is_locked:
        return None
    return max(closed_at, extended_until or closed_at)


def is_over(ended: dt.datetime | None, days: int, now: dt.datetime) -> bool:
    """Whether the time of ``days`` after a school could last act is over."""
    return ended is not None and ended + dt.timedelta(days=days) <= now


def to_erase(versions: Iterable[Version]) -> list[str]:
    """The ids of the versions whose time is over when it is over for the school."""
    return [
        version.id
        for version in versions
        if version.phase in REPLACED and not (version.stands or version.is_referred or version.is_erased)
    ]
