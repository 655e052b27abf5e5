"""Synthetic citizen ids and G-codes: of the right form and check digit, drawn at random."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

# Codes of Chiang Rai's districts of this area (TIS 1099), where most of its pupils were registered.
_DISTRICTS = ("5703", "5704", "5712", "5713", "5714")


def last_digit(first12: str) -> str:
    """The check digit of the Department of Provincial Administration: weights 13 to 2, modulo 11."""
    total = sum(int(digit) * (13 - place) for place, digit in enumerate(first12))
    return str((11 - total % 11) % 10)


class IdSource:
    """Draws ids that differ from each other within one file."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._given: set[str] = set()

    def citizen_id(self, first_digit: str) -> str:
        """Thirteen digits beginning with ``first_digit`` (0 to 8)."""
        rng = self._rng
        return self._new(lambda: complete(f"{first_digit}{rng.choice(_DISTRICTS)}{rng.randrange(10**7):07d}"))

    def g_code(self, year_be: int) -> str:
        """``G``, two digits of the year, the province, a running number."""
        rng = self._rng
        return self._new(lambda: f"G{year_be % 100:02d}57{rng.randrange(1, 10**6):08d}")

    def _new(self, draw: Callable[[], str]) -> str:
        while (drawn := draw()) in self._given:
            pass
        self._given.add(drawn)
        return drawn


def complete(first12: str) -> str:
    """Twelve digits and their check digit."""
    return first12 + last_digit(first12)
