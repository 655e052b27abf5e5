"""What a gateway was told, remembered for a while: answers of others, good for a minute, of the readers seen last."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import Generic, TypeVar

from shared.http.request import Request

Key = TypeVar("Key")
Value = TypeVar("Value")


class Memory(Generic[Key, Value]):
    """Values by key for ``seconds``; of more than ``most`` those that were told first are forgotten."""

    def __init__(self, seconds: float, most: int) -> None:
        self._seconds = seconds
        self._most = most
        self._told: OrderedDict[Key, tuple[float, Value]] = OrderedDict()

    def get(self, key: Key, default: Value) -> Value:
        """What is remembered, or ``default``."""
        until, value = self._told.get(key, (0.0, default))
        return value if until > time.monotonic() else default

    def keep(self, key: Key, value: Value) -> None:
        """Remember it from now on."""
        self._told[key] = time.monotonic() + self._seconds, value
        self._told.move_to_end(key)
        while len(self._told) > self._most:
            self._told.popitem(last=False)

    def forget(self) -> None:
        """Everything."""
        self._told.clear()


def reader_of(request: Request) -> str:
    """For whom something is remembered: what one may know is not another's to know."""
    return request.identity.person_id if request.identity else ""
