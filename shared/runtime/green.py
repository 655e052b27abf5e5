"""Importing this module makes the process green. It must be the first import of a server process.

psycopg 3 blocks the whole hub unless its wait function is chosen before it is imported; :func:`assert_cooperative`
proves at start-up that it was.
"""

from __future__ import annotations

import os
import warnings

os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import eventlet

eventlet.monkey_patch()


def assert_cooperative() -> None:
    """Refuse to start when psycopg would block the hub.

    Raises:
        RuntimeError: psycopg was imported before this module chose its wait function.
    """
    from psycopg import waiting  # noqa: PLC0415 - must come after the choice above

    if waiting.wait is not waiting.wait_selector:
        raise RuntimeError("psycopg was imported too early: its queries would block every green thread")
