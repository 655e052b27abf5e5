"""What groups and clusters may be called, and the codes of groups."""

from __future__ import annotations

import re
from collections.abc import Iterable

from services.schools.organisations.rules import Fault

LONGEST_NAME = 200
_NUMBERED = re.compile(r".*-g-(\d+)\Z", re.ASCII)


def unit_name_faults(what: str, name: str) -> list[Fault]:
    """What is wrong with the name of a group or a cluster (``what``, for the message)."""
    if not name:
        return [Fault("name", "required", f"ต้องระบุชื่อ{what}")]
    if len(name) > LONGEST_NAME:
        return [Fault("name", "length", f"ชื่อ{what}ต้องไม่เกิน {LONGEST_NAME} ตัวอักษร")]
    return []


def next_group_slug(codes: Iterable[str]) -> str:
    """The last part of a new group's path, never one that was given before: ``g-1``, then ``g-2``."""
    numbers = [int(found[1]) for code in codes if (found := _NUMBERED.match(code))]
    return f"g-{max(numbers, default=0) + 1}"
