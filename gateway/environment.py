"""The gateway's settings and clock, read once when its process starts."""

from __future__ import annotations

from shared import settings
from shared.clock import clock_for

SETTINGS = settings.current()
CLOCK = clock_for(SETTINGS.clock_file)
