"""Where a page of the audit log ends: the instant and the id of its last entry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SEPARATOR = "~"


def place_of(entry: Mapping[str, Any]) -> str:
    """The place behind ``entry``; services read it back as ``before``."""
    return f"{entry['at']}{SEPARATOR}{entry['id']}"
