"""What was sent round of a letter, as its pages show it: who is named there, and who has not read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def own_line(circulations: Iterable[Mapping[str, Any]]) -> dict[str, Any] | None:
    """The reader's own line in what was sent round and not taken back."""
    standing = (one["own"] for one in circulations if one["withdrawn_at"] is None)
    found: dict[str, Any] | None = next((own for own in standing if own), None)
    return found


def readers_in(circulations: Iterable[Mapping[str, Any]]) -> set[str]:
    """Whose names stand there as ids."""
    return {reader["person_id"] for one in circulations for reader in one["readers"]}


def by_unit(circulation: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], list[Any], list[Any]]]:
    """Its units, those where most have not read first, each with who has not read and who has, in that order."""
    units = sorted(circulation["units"], key=lambda unit: (unit["read"] - unit["total"], unit["name"]))
    readers = circulation["readers"]
    return [
        (
            unit,
            [one for one in readers if one["unit"] == unit["code"] and not one["opened_at"]],
            [one for one in readers if one["unit"] == unit["code"] and one["opened_at"]],
        )
        for unit in units
    ]
