"""What the commands need beside the database: the signing key of identities, argon2, files and child processes."""

from __future__ import annotations

from dataclasses import dataclass

from shared.clock import Clock
from shared.files.store import FileStore
from shared.runtime.children import ChildPool
from shared.security import secrets
from shared.security.identity import IdentitySigner, IdentityVerifier
from shared.security.passwords import Passwords
from shared.security.vault import Vaults
from shared.settings import Settings

INCOMING = "incoming"
PREFIX = "schools"


@dataclass(frozen=True)
class Adapters:
    """Only this service signs identities; it also reads the access tokens that it gave out. The children read the
    lists that people import."""

    signer: IdentitySigner
    verifier: IdentityVerifier
    passwords: Passwords
    files: FileStore
    children: ChildPool

    def close(self) -> None:
        self.children.close()


def adapters_for(settings: Settings, clock: Clock) -> Adapters:
    """The adapters of one running instance.

    Raises:
        FileNotFoundError: the private key was not laid out for this process.
    """
    folder = settings.secrets_root
    return Adapters(
        signer=IdentitySigner(secrets.read(folder, "identity.private.pem"), clock),
        verifier=IdentityVerifier(secrets.read(folder, "identity.public.pem"), clock),
        passwords=Passwords(cheap=settings.cheap_hashes),
        files=FileStore(settings.files_root, Vaults(settings.vault_root)),
        children=ChildPool(settings.children, settings.child_memory_mb, settings.child_seconds),
    )
