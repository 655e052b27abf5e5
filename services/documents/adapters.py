"""What the commands of this service need beside its database: files and child processes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shared.clock import Clock
from shared.files.references import ReferenceSealer
from shared.files.store import FileStore
from shared.printing.fonts import has_exact_font
from shared.runtime.children import ChildPool
from shared.runtime.desk import desk_pool
from shared.security import secrets
from shared.security.vault import Vaults
from shared.settings import Settings

INCOMING = "incoming"
PREFIX = "documents"


@dataclass(frozen=True)
class Adapters:
    """The service's file store, its children for registers of old systems, those for what somebody waits for, and what
    seals download references.
    """

    files: FileStore
    children: ChildPool
    desk: ChildPool
    references: ReferenceSealer

    def health(self) -> dict[str, str]:
        """Whether papers are set in the official letter shapes (``exact``) or in Sarabun (``replaced``)."""
        return {"paper_font": "exact" if has_exact_font() else "replaced"}

    def close(self) -> None:
        self.children.close()
        self.desk.close()


def make_adapters(settings: Settings, _clock: Clock) -> Any:
    """The adapters of a running service."""
    return Adapters(
        files=FileStore(settings.files_root, Vaults(settings.vault_root)),
        children=ChildPool(settings.children, settings.child_memory_mb, settings.child_seconds),
        desk=desk_pool(settings),
        references=ReferenceSealer(secrets.read(settings.secrets_root, "file_reference")),
    )
