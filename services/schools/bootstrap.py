"""What the service ``schools`` is: its tables, its dispatch table, its adapters."""

from __future__ import annotations

from services.schools.access import tables as _access
from services.schools.adapters import adapters_for
from services.schools.database import TABLES, Base
from services.schools.organisations import tables as _organisations
from services.schools.people import tables as _people
from shared.bus.handlers import dispatch
from shared.runtime.application import Definition

# it owns what it tells and follows nobody else's facts
HANDLERS = dispatch()

# migrations read the metadata from here, so every module of tables must have been imported
MODELS = (_organisations, _people, _access)

DEFINITION = Definition(name="schools", base=Base, tables=TABLES, handlers=HANDLERS, adapters=adapters_for)
