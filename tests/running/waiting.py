"""Waiting on conditions, never on the clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(
    condition: Callable[[], T],
    seconds: float = 30,
    what: str | Callable[[], str] = "the condition",
    pause: float = 0.05,
) -> T:
    """The first true value of ``condition``; fails the test when there is none in time.

    It is looked at every ``pause`` seconds.
    ``what`` was waited for; as a function it is asked when it did not come, to say what there is instead.
    """
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            awaited = what if isinstance(what, str) else what()
            raise AssertionError(f"{awaited} did not come true within {seconds} s (last: {value!r})")
        time.sleep(pause)
