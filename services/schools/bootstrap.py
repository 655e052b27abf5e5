"""What the service ``schools`` is: its tables, its dispatch table, its adapters."""

from __future__ import annotations

from services.schools.access import tables as _access
from services.schools.adapters import PREFIX, adapters_for
from services.schools.database import TABLES, Base
from services.schools.imports import tables as _imports
from services.schools.imports.applying import apply_next
from services.schools.imports.checking import check_next
from services.schools.imports.cleaning import purge_next
from services.schools.organisations import tables as _organisations
from services.schools.organisations.clusters import tables as _clusters
from services.schools.organisations.lifecycle import tables as _lifecycle
from services.schools.organisations.lifecycle.applying import apply_due
from services.schools.people import tables as _people
from services.schools.telling import tell_next
from shared.bus.handlers import dispatch
from shared.runtime.application import Definition, Ticker

# it owns what it tells and follows nobody else's facts
HANDLERS = dispatch()

# migrations read the metadata from here, so every module of tables must have been imported
MODELS = (_organisations, _clusters, _lifecycle, _people, _access, _imports)

DEFINITION = Definition(
    name="schools",
    base=Base,
    tables=TABLES,
    handlers=HANDLERS,
    tickers=(
        Ticker("telling", 1.0, tell_next),
        Ticker("lifecycle", 5.0, apply_due),  # changes of schools that were planned for today
        Ticker("imports-check", 0.3, check_next),
        Ticker("imports-apply", 0.3, apply_next),
        Ticker("imports-clean", 3600.0, purge_next),
    ),
    adapters=adapters_for,
    files=PREFIX,
)
