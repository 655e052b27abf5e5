"""What the commands of this service need beside its database: files and child processes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shared.clock import Clock
from shared.files.references import ReferenceSealer
from shared.files.store import FileStore
from shared.runtime.children import ChildPool
from shared.runtime.desk import desk_pool
from shared.security import secrets
from shared.security.vault import Vaults
from shared.settings import Settings

INCOMING = "incoming"
PREFIX = "rounds"
UNCLAIMED_SECONDS = 24 * 3600.0


@dataclass(frozen=True)
class Adapters:
    """The service's file store, its children, the key that hides row keys, and what seals download references.

    ``desk`` are children for what somebody waits for: files that are being checked do not stand before it.
    """

    files: FileStore
    children: ChildPool
    desk: ChildPool
    row_key: str
    references: ReferenceSealer

    def close(self) -> None:
        self.children.close()
        self.desk.close()


def make_adapters(settings: Settings, _clock: Clock) -> Any:
    """The adapters of a running service."""
    return Adapters(
        files=FileStore(settings.files_root, Vaults(settings.vault_root)),
        children=ChildPool(settings.children, settings.child_memory_mb, settings.child_seconds),
        desk=desk_pool(settings),
        row_key=secrets.read(settings.secrets_root, "row_key").decode(),
        references=ReferenceSealer(secrets.read(settings.secrets_root, "file_reference")),
    )


def sweep_incoming(app: Any) -> None:
    """Remove uploads that nobody claimed within a day."""
    app.adapters.files.sweep(INCOMING, UNCLAIMED_SECONDS)
