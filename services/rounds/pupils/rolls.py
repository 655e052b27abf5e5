"""Reading the roll of a version out of the file store."""

from __future__ import annotations

from services.rounds.adapters import PREFIX, Adapters
from services.rounds.rules.dmc.roll import read_columns


def roll_bytes(adapters: Adapters, sha256: str | None) -> bytes:
    """A roll as it is kept.

    Raises:
        LookupError: the version has none, for it had no pupils.
        Problem: ``not_found`` when the file is gone.
    """
    if sha256 is None:
        raise LookupError("a version without a roll")
    with adapters.files.path_for_reading(PREFIX, sha256) as path:
        return path.read_bytes()


def roll_columns(adapters: Adapters, sha256: str | None, *names: str) -> dict[int, tuple[str, ...]]:
    """Some columns of a roll as texts, by row.

    Raises:
        LookupError, Problem: as :func:`roll_bytes`.
    """
    return read_columns(roll_bytes(adapters, sha256), names)
