"""The keys of an installation, as files in one folder that only its processes may read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from shared.security.identity import create_keys

SYMMETRIC = ("row_key", "file_reference")


def create(folder: Path) -> list[str]:
    """Make whatever key is missing in ``folder``; existing keys stay. Returns the names of all key files."""
    create_keys(folder)
    for name in SYMMETRIC:
        target = folder / name
        if not target.exists():
            descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as stream:
                stream.write(secrets.token_hex(32))
    return sorted(path.name for path in folder.iterdir())


def read(folder: Path, name: str) -> bytes:
    """The bytes of one key.

    Raises:
        FileNotFoundError: the key was not laid out for this process.
    """
    return (folder / name).read_bytes()
