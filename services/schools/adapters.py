"""What the commands need beside the database: the signing key of identities, and argon2."""

from __future__ import annotations

from dataclasses import dataclass

from shared.clock import Clock
from shared.security import secrets
from shared.security.identity import IdentitySigner, IdentityVerifier
from shared.security.passwords import Passwords
from shared.settings import Settings


@dataclass(frozen=True)
class Adapters:
    """Only this service signs identities; it also reads the access tokens that it gave out."""

    signer: IdentitySigner
    verifier: IdentityVerifier
    passwords: Passwords


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
    )
