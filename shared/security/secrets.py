"""The keys of an installation, as files in one folder that only its processes may read."""

from __future__ import annotations

import datetime as dt
import os
import secrets
from pathlib import Path

from shared.runtime.processes import VAULT_OWNERS
from shared.security import keyring
from shared.security.identity import create_keys

SYMMETRIC = ("row_key", "file_reference")


def create(folder: Path, vault: Path | None = None) -> list[str]:
    """Make whatever key is missing in ``folder``, and each owner's key ring in ``vault`` (by default below it).

    Existing keys stay. Returns the names of all key files.
    """
    vault = vault or folder / "vault"
    create_keys(folder)
    for name in SYMMETRIC:
        target = folder / name
        if not target.exists():
            descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as stream:
                stream.write(secrets.token_hex(32))
    vault.mkdir(parents=True, exist_ok=True, mode=0o700)
    for owner in VAULT_OWNERS:
        if not (vault / owner / keyring.RING).exists():
            keyring.write(vault / owner, keyring.new_ring(dt.datetime.now(dt.UTC)))
    rings = sorted(str(path.relative_to(vault.parent)) for path in vault.glob(f"*/{keyring.RING}"))
    return sorted(path.name for path in folder.iterdir() if path.is_file()) + rings


def read(folder: Path, name: str) -> bytes:
    """The bytes of one key.

    Raises:
        FileNotFoundError: the key was not laid out for this process.
    """
    return (folder / name).read_bytes()
