"""The demo office: loaded by the services that own its parts, one after the other."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from shared.settings import Settings


def load(settings: Settings, areas: int, *, history: bool, say: Callable[[str], None]) -> None:
    """Load what is not there of the first ``areas`` areas; with ``history`` a round of the first that is over.

    Raises:
        SettingsError: in production.
    """
    importlib.import_module("services.schools.seed.load").load(settings, areas)
    if history:
        people, schools = importlib.import_module("services.schools.seed.cast").cast_of(settings)
        importlib.import_module("services.rounds.seed.history").load(settings, people, schools, say)
