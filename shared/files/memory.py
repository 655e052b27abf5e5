"""Files that lie on no disk: what is opened must be readable by child processes and leave nothing behind."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO


@contextlib.contextmanager
def in_memory() -> Iterator[tuple[IO[bytes], Path]]:
    """An empty file, and a path under which this user's other processes read and write it while the context is open.

    It is in memory where the system has that, else a temporary file.
    """
    if hasattr(os, "memfd_create"):
        with os.fdopen(os.memfd_create("khet"), "w+b") as stream:
            yield stream, Path(f"/proc/{os.getpid()}/fd/{stream.fileno()}")
    else:
        with tempfile.NamedTemporaryFile(prefix="khet-") as stream:
            yield stream.file, Path(stream.name)
