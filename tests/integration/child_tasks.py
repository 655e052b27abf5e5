"""Tasks for the tests of the child pool."""

from __future__ import annotations

import os
import tempfile
import time
from typing import Any

from openpyxl import Workbook


def double(job: dict[str, Any], progress: Any) -> dict[str, Any]:
    progress("read", 1, 2)
    progress("read", 2, 2)
    return {"number": job["number"] * 2}


def raise_error(_job: Any, _progress: Any) -> None:
    raise ValueError("for the test")


def die(_job: Any, _progress: Any) -> None:
    os._exit(9)


def eat_memory(_job: Any, _progress: Any) -> int:
    return len(bytearray(2 << 30))


def sleep_long(_job: Any, _progress: Any) -> None:
    time.sleep(60)


def write_workbook(job: dict[str, Any], progress: Any) -> None:
    """Write rows that bear the job's mark, as reports are written, and stand still in the middle of it."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for _ in range(2_000):
        sheet.append([job["mark"], tempfile.gettempdir()])
    progress(tempfile.gettempdir(), os.getpid(), 0)
    time.sleep(60)


def tell_pid(_job: Any, _progress: Any) -> dict[str, int]:
    return {"pid": os.getpid()}
