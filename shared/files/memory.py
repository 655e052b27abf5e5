"""Plain bytes that never lie on a disk: what a child process is handed, what it writes meanwhile, what comes back."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - in memory, and every folder below it is its maker's alone
_SCRATCH = "khet-scratch-"


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


def scratch_folder() -> Path:
    """A new folder for the temporary files of a child of this process, in memory where the system has that."""
    return Path(tempfile.mkdtemp(prefix=f"{_SCRATCH}{os.getpid()}-", dir=_scratch_root()))


def sweep_scratch() -> None:
    """Remove the scratch folders of processes that were killed before they could."""
    for folder in _scratch_root().glob(f"{_SCRATCH}*"):
        owner = re.match(rf"{_SCRATCH}(\d+)-", folder.name)
        if owner and not Path(f"/proc/{owner[1]}").exists():
            shutil.rmtree(folder, ignore_errors=True)


def _scratch_root() -> Path:
    return _SHARED_MEMORY if os.access(_SHARED_MEMORY, os.W_OK | os.X_OK) else Path(tempfile.gettempdir())
