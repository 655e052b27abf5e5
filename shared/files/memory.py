"""Plain bytes under a path that never lie on a disk: what is handed to a child process, and what comes back."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def memory_path() -> Iterator[Path]:
    """An empty file that this process and its children can write and read under its path while the context is open.

    It is a file in memory where the system has that, else a temporary one; a process that is killed leaves nothing.
    """
    if hasattr(os, "memfd_create"):
        with os.fdopen(os.memfd_create("khet"), "w+b") as file:
            yield Path(f"/proc/{os.getpid()}/fd/{file.fileno()}")
    else:
        with tempfile.NamedTemporaryFile(prefix="khet-") as named:
            yield Path(named.name)
