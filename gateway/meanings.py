"""Whom a reader's saved views mean, remembered for a minute: with that they are counted when first asked for."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import Any

# people come and go, and somebody who looks at lists looks at several
REMEMBERED_SECONDS = 60.0
MOST_READERS = 1000


class Meanings:
    """Of each reader, by the ids of their views, whom these mean; whom one may find is not another's to find."""

    def __init__(self, seconds: float = REMEMBERED_SECONDS, most: int = MOST_READERS) -> None:
        self._seconds = seconds
        self._most = most
        self._told: OrderedDict[str, tuple[float, dict[str, Any]]] = OrderedDict()

    def of(self, reader: str) -> dict[str, Any]:
        """What was found out lately for ``reader``; empty when nothing was."""
        until, meant = self._told.get(reader, (0.0, {}))
        return meant if until > time.monotonic() else {}

    def keep(self, reader: str, meant: dict[str, Any]) -> None:
        """Remember it beside what is remembered still."""
        self._told[reader] = time.monotonic() + self._seconds, {**self.of(reader), **meant}
        self._told.move_to_end(reader)
        while len(self._told) > self._most:
            self._told.popitem(last=False)

    def forget(self) -> None:
        """Everything, of everybody."""
        self._told.clear()


TOLD = Meanings()
