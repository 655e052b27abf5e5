"""Reading the roll of a version out of the file store."""

from __future__ import annotations

from services.rounds.adapters import PREFIX, Adapters
from services.rounds.rules.dmc.roll import Roll, read_columns
from shared.workbooks.packing import unpack


def kept_roll(adapters: Adapters, sha256: str | None) -> Roll:
    """A roll out of the store.

    Raises:
        LookupError: the version has none, for it had no pupils.
        Problem: ``not_found`` when the file is gone.
    """
    if sha256 is None:
        raise LookupError("a version without a roll")
    with adapters.files.path_for_reading(PREFIX, sha256) as path:
        roll: Roll = unpack(path.read_bytes())
        return roll


def roll_columns(adapters: Adapters, sha256: str | None, *names: str) -> dict[int, tuple[str, ...]]:
    """Some columns of a roll as texts, by row.

    Raises:
        LookupError, Problem: as :func:`kept_roll`.
    """
    return read_columns(kept_roll(adapters, sha256), names)
