"""How many letters one table may hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shared.problems import FieldError, invalid

# a heap of mail; more would hold the book's counter, for which others wait, for seconds
MOST_ROWS = 50


def check_rows(rows: Sequence[Any]) -> None:
    """A table has a row at least, and not more than fit.

    Raises:
        Problem: ``invalid`` (422).
    """
    if not 1 <= len(rows) <= MOST_ROWS:
        raise invalid([FieldError("rows", "length", f"ตาราง: ต้องมี 1–{MOST_ROWS} แถว")])
