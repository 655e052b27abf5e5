"""Signed identities: who calls and with which grants. Services verify them themselves: the bus proves nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.clock import Clock
from shared.problems import Problem

ALGORITHM = "EdDSA"
ISSUER = "khet.schools"
REMEMBERED = 1000


@dataclass(frozen=True)
class Grant:
    """A role held at a node of the organisation tree; it reaches the node's subtree.

    ``scope`` is the node's path (``/obec/5704/57040001/``), ``organisation`` its code, ``name`` its Thai name.
    """

    role: str
    scope: str
    organisation: str
    name: str
    acting: bool = False


@dataclass(frozen=True)
class Identity:
    """A person, the session they came by, and the grants in force when it was signed."""

    person_id: str
    username: str
    name: str
    session_id: str
    grants: tuple[Grant, ...]
    must_change_password: bool = False

    def holds(self, roles: Iterable[str], org_path: str) -> bool:
        """Whether one of ``roles`` is held at ``org_path`` or above it."""
        wanted = set(roles)
        return any(grant.role in wanted and org_path.startswith(grant.scope) for grant in self.grants)

    def scopes(self, roles: Iterable[str]) -> tuple[str, ...]:
        """The paths at which one of ``roles`` is held."""
        wanted = set(roles)
        return tuple(sorted({grant.scope for grant in self.grants if grant.role in wanted}))

    @cached_property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)


def unauthenticated(detail: str = "กรุณาเข้าสู่ระบบ") -> Problem:
    """Nobody is logged in, or the login has ended."""
    return Problem("unauthenticated", 401, "ต้องเข้าสู่ระบบก่อน", detail)


class IdentitySigner:
    """Signs identities; only the schools service holds the private key."""

    def __init__(self, private_pem: bytes, clock: Clock) -> None:
        self._key = private_pem
        self._clock = clock

    def sign(self, identity: Identity, lifetime: dt.timedelta) -> str:
        """A JWT (EdDSA) that says ``identity`` until ``lifetime`` from now."""
        now = self._clock.now()
        claims = {
            "iss": ISSUER,
            "sub": identity.person_id,
            "sid": identity.session_id,
            "iat": int(now.timestamp()),
            "exp": int((now + lifetime).timestamp()),
            "username": identity.username,
            "name": identity.name,
            "mcp": identity.must_change_password,
            "grants": [[g.role, g.scope, g.organisation, g.name, g.acting] for g in identity.grants],
        }
        return jwt.encode(claims, self._key, algorithm=ALGORITHM)


class IdentityVerifier:
    """Checks signature and expiry with the public key.

    A caller comes with the same token many times while it lasts, and what it says and whether it is ours never change:
    both are looked at once. Whether it has expired is looked at each time.
    """

    def __init__(self, public_pem: bytes, clock: Clock) -> None:
        self._key: Any = serialization.load_pem_public_key(public_pem)
        self._clock = clock
        self._read = lru_cache(maxsize=REMEMBERED)(self._signed)

    def verify(self, token: str, *, allow_expired: bool = False) -> Identity:
        """The identity in ``token``. ``allow_expired`` is for the owner of sessions, who looks at the session instead.

        Raises:
            Problem: ``unauthenticated`` (401) when it is not ours or has expired.
        """
        identity, expires = self._read(token)
        if not allow_expired and expires <= self._clock.now().timestamp():
            raise unauthenticated("การเข้าสู่ระบบหมดอายุ กรุณาเข้าสู่ระบบใหม่")
        return identity

    def _signed(self, token: str) -> tuple[Identity, float]:
        """What a token of ours says, and when it expires (seconds since 1970)."""
        try:
            claims = jwt.decode(
                token,
                self._key,
                algorithms=[ALGORITHM],
                issuer=ISSUER,
                # expiry is compared with the injected clock, each time
                options={"verify_exp": False, "verify_iat": False, "require": ["exp", "sub", "sid"]},
            )
        except jwt.InvalidTokenError as error:
            raise unauthenticated("ข้อมูลการเข้าสู่ระบบไม่ถูกต้อง") from error
        return _identity(claims), claims["exp"]


def _identity(claims: Mapping[str, Any]) -> Identity:
    return Identity(
        person_id=claims["sub"],
        username=claims["username"],
        name=claims["name"],
        session_id=claims["sid"],
        grants=tuple(Grant(*grant) for grant in claims["grants"]),
        must_change_password=bool(claims.get("mcp")),
    )


def create_keys(folder: Path) -> None:
    """Write ``identity.private.pem`` and ``identity.public.pem`` into ``folder`` unless they are there."""
    private_file, public_file = folder / "identity.private.pem", folder / "identity.public.pem"
    if private_file.exists():
        return
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = Ed25519PrivateKey.generate()
    public_file.write_bytes(
        key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    private_file.touch(mode=0o600)
    private_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
