"""The one clock. Nothing else in the project asks the system for the time of an event of the office."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

BANGKOK = ZoneInfo("Asia/Bangkok")


class Clock:
    """Now in UTC; "today" in Bangkok. ``offset`` (seconds) moves it, for demos and tests."""

    def __init__(self, offset: Callable[[], float] = lambda: 0.0) -> None:
        self._offset = offset

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=self._offset())

    def today(self) -> dt.date:
        return self.now().astimezone(BANGKOK).date()


class OffsetFile:
    """Seconds read from a file whenever it changes, so that one file moves every process together."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._offset = 0.0

    def __call__(self) -> float:
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return 0.0
        stamp = (status.st_mtime_ns, status.st_size)
        if stamp != self._stamp:
            self._offset = float(self._path.read_text().strip() or 0)
            self._stamp = stamp
        return self._offset


def clock_for(clock_file: str) -> Clock:
    """The clock of a process: the system's, moved by ``clock_file`` when one is set."""
    return Clock(OffsetFile(Path(clock_file))) if clock_file else Clock()
