"""The keys of one owner (a service, or the files on their way in): one JSON file, changed only by replacing it.

New values are sealed with the active key; older keys stay until nothing is sealed with them any more. The two keys for
the blind index and for the audit log are not rotated: what they made is compared, never opened.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

KEY_BYTES = 32
RING = "ring.json"


class KeyMissing(Exception):
    """A value was sealed with a key that is not in the ring, or the ring was not laid out for this process."""


@dataclass(frozen=True)
class DataKey:
    """An AES-256 key with its name and the instant from which it was there."""

    id: str
    secret: bytes
    created_at: dt.datetime


@dataclass(frozen=True)
class KeyRing:
    """``active`` names the key that seals; ``index`` and ``audit`` are the keys of the two keyed digests."""

    active: str
    keys: Mapping[str, DataKey]
    index: bytes
    audit: bytes

    @property
    def active_key(self) -> DataKey:
        return self.keys[self.active]

    def key(self, key_id: str) -> DataKey:
        """The key called ``key_id``.

        Raises:
            KeyMissing: it is not in this ring.
        """
        if key_id not in self.keys:
            raise KeyMissing(f"no key {key_id!r} in the ring; was it pruned too early, or another installation's?")
        return self.keys[key_id]

    def rotated(self, now: dt.datetime) -> KeyRing:
        """The ring with a new active key; the others stay for what they have sealed."""
        fresh = _new_key(now, self.keys)
        return replace(self, active=fresh.id, keys={**self.keys, fresh.id: fresh})

    def pruned(self) -> KeyRing:
        """The ring with nothing but the active key. What older keys have sealed can then never be read again."""
        return replace(self, keys={self.active: self.active_key})


def new_ring(now: dt.datetime) -> KeyRing:
    """A ring with one fresh key."""
    first = _new_key(now, {})
    return KeyRing(first.id, {first.id: first}, secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES))


def read(folder: Path) -> KeyRing:
    """The ring in ``folder``.

    Raises:
        KeyMissing: none was laid out there.
    """
    try:
        stored = json.loads((folder / RING).read_text())
    except FileNotFoundError as error:
        raise KeyMissing(f"no keys in {folder}; make them with khet secrets") from error
    keys = {
        key_id: DataKey(key_id, bytes.fromhex(key["secret"]), dt.datetime.fromisoformat(key["created_at"]))
        for key_id, key in stored["keys"].items()
    }
    return KeyRing(stored["active"], keys, bytes.fromhex(stored["index"]), bytes.fromhex(stored["audit"]))


def write(folder: Path, ring: KeyRing) -> None:
    """Store ``ring``, whole or not at all; only its owner's processes may read it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = folder / f".{RING}.{os.getpid()}"
    unfinished.touch(mode=0o600)
    with unfinished.open("w") as stream:
        json.dump(_document(ring), stream, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.replace(folder / RING)


def _document(ring: KeyRing) -> dict[str, Any]:
    return {
        "active": ring.active,
        "keys": {
            key.id: {"secret": key.secret.hex(), "created_at": key.created_at.isoformat()} for key in ring.keys.values()
        },
        "index": ring.index.hex(),
        "audit": ring.audit.hex(),
    }


def _new_key(now: dt.datetime, taken: Mapping[str, DataKey]) -> DataKey:
    while (key_id := f"k{secrets.token_hex(3)}") in taken:
        continue
    return DataKey(key_id, secrets.token_bytes(KEY_BYTES), now.astimezone(dt.UTC))
