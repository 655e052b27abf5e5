"""What the commands of this service need beside its database: files and child processes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shared.clock import Clock
from shared.files.references import ReferenceSealer
from shared.files.store import FileStore
from shared.runtime.children import ChildPool
from shared.security import secrets
from shared.security.vault import Vaults
from shared.settings import Settings

PREFIX = "documents"


@dataclass(frozen=True)
class Adapters:
    """The service's file store, its children, and what seals download references."""

    files: FileStore
    children: ChildPool
    references: ReferenceSealer

    def close(self) -> None:
        self.children.close()


def make_adapters(settings: Settings, _clock: Clock) -> Any:
    """The adapters of a running service."""
    return Adapters(
        files=FileStore(settings.files_root, Vaults(settings.vault_root)),
        children=ChildPool(settings.children, settings.child_memory_mb, settings.child_seconds),
        references=ReferenceSealer(secrets.read(settings.secrets_root, "file_reference")),
    )
