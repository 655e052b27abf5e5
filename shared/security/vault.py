"""Sealing what must not be readable in a stolen database or file store: AES-256-GCM with named keys, keyed digests.

Every sealed value names its key, so keys can change while old values stay readable, and is bound to its context (the
column, the file), so that one put in another's place does not open.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import time
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.security import keyring
from shared.security.keyring import DataKey, KeyMissing, KeyRing

SEALED = "s1."
NONCE_BYTES = 12
RELOAD_SECONDS = 1.0
# a key seals for every process RELOAD_SECONDS after it appeared, but a transaction that sealed before with the old one
# may commit as late as the database lets it live: re-sealing waits until none can come behind its walk
SETTLE_SECONDS = 120.0


class Tampered(Exception):
    """A sealed value does not open: it was changed, or belongs somewhere else."""


class Vault:
    """The sealing of one owner, with the key ring in ``folder``.

    The ring is looked at again once a second and whenever a value names a key that is not known yet, so a rotation
    needs no restart.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._checked = 0.0
        self._stamp: tuple[int, int] | None = None
        self._ring: KeyRing | None = None

    @property
    def ring(self) -> KeyRing:
        """The key ring as it stands.

        Raises:
            KeyMissing: none was laid out for this process.
        """
        if self._ring is None or time.monotonic() - self._checked > RELOAD_SECONDS:
            return self.look_again()
        return self._ring

    def seal(self, context: str, plain: bytes) -> tuple[str, bytes]:
        """The id of the active key, and ``plain`` under it (nonce first)."""
        key, nonce = self.ring.active_key, os.urandom(NONCE_BYTES)
        return key.id, nonce + AESGCM(key.secret).encrypt(nonce, plain, context.encode())

    def unseal(self, context: str, key_id: str, sealed: bytes) -> bytes:
        """What :meth:`seal` was given.

        Raises:
            KeyMissing: its key is not in the ring.
            Tampered: it does not open.
        """
        key = self._key(key_id)
        try:
            return AESGCM(key.secret).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context.encode())
        except InvalidTag:
            raise Tampered(f"a sealed value of {context} does not open with key {key_id}") from None

    def seal_text(self, context: str, plain: str) -> str:
        """``plain`` sealed, as text for a column."""
        key_id, sealed = self.seal(context, plain.encode())
        return f"{SEALED}{key_id}.{base64.b64encode(sealed).decode()}"

    def unseal_text(self, context: str, stored: str) -> str:
        """The text in a column. What was stored before its column was sealed is plain and reads as it is.

        Raises:
            KeyMissing, Tampered: as :meth:`unseal`.
        """
        if not stored.startswith(SEALED):
            return stored
        key_id, _, sealed = stored.removeprefix(SEALED).partition(".")
        return self.unseal(context, key_id, base64.b64decode(sealed)).decode()

    def blind(self, context: str, plain: str) -> str:
        """The blind index of a value: equal for equal values of one context, and nothing else can be told from it."""
        return _digest(self.ring.index, context, plain)

    def mac(self, context: str, text: str) -> str:
        """A keyed digest for the audit log: without the key nobody can write a row that verifies."""
        return _digest(self.ring.audit, context, text)

    def _key(self, key_id: str) -> DataKey:
        if key_id not in self.ring.keys:
            self.look_again()
        return self.ring.key(key_id)

    def look_again(self) -> KeyRing:
        """The ring, read anew if it has changed.

        Raises:
            KeyMissing: none was laid out for this process.
        """
        self._checked = time.monotonic()
        try:
            status = (self._folder / keyring.RING).stat()
        except FileNotFoundError as error:
            raise KeyMissing(f"no keys in {self._folder}; make them with khet secrets") from error
        stamp = (status.st_mtime_ns, status.st_ino)
        if self._ring is None or stamp != self._stamp:
            self._ring, self._stamp = keyring.read(self._folder), stamp
        return self._ring


class Vaults:
    """The vaults that this process was given, by owner: one folder each below ``root``."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._vaults: dict[str, Vault] = {}

    def of(self, owner: str) -> Vault:
        """The vault of ``owner``; its keys are looked for when they are first needed."""
        if owner not in self._vaults:
            self._vaults[owner] = Vault(self._root / owner)
        return self._vaults[owner]


def _digest(key: bytes, context: str, text: str) -> str:
    return hmac.digest(key, f"{context}\0{text}".encode(), hashlib.sha256).hex()
