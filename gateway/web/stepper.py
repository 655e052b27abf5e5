"""The five steps of a school in a round, as the picture on top of its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.web.language import N_, gettext

STEPS = (N_("ส่งไฟล์"), N_("แก้ไข"), N_("ยืนยัน"), N_("รับรอง"), N_("รับทราบ"))

# how many steps are behind a school in a state
_BEHIND = {
    "NOT_STARTED": 0,
    "RECORDING": 0,
    "HAS_ERRORS": 1,
    "RETURNED": 1,
    "READY": 2,
    "CONFIRMED": 3,
    "CERTIFIED": 4,
    "ACKNOWLEDGED": 5,
}


@dataclass(frozen=True)
class Step:
    """One step: ``done``, ``now`` or ``later``."""

    name: str
    state: str


def steps_of(school: Mapping[str, Any]) -> list[Step]:
    """Where a school stands; an exempted school has no steps, a locked one shows how far it came."""
    is_locked = school["state"] == "LOCKED"
    state = school["locked_from"] if is_locked else school["state"]
    if state not in _BEHIND:
        return []
    behind = _BEHIND[state]
    return [Step(gettext(name), _state(place, behind, is_locked=is_locked)) for place, name in enumerate(STEPS)]


def _state(place: int, behind: int, *, is_locked: bool) -> str:
    if place < behind:
        return "done"
    return "now" if place == behind and not is_locked else "later"
