"""Column types whose values are sealed in the database and plain in the code.

The vault comes with the engine (:class:`shared.db.engine.Database`), so a service's columns open with that service's
keys alone. A sealed column cannot be searched; look-ups go through a blind index beside it.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

from shared.security.keyring import KeyMissing
from shared.security.vault import Vault


class Sealed(TypeDecorator[str]):
    """Text, sealed. ``context`` names the column (``person.citizen_id``): a value moved to another does not open."""

    impl = Text
    cache_ok = True

    def __init__(self, context: str) -> None:
        super().__init__()
        self.context = context

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else vault_of(dialect).seal_text(self.context, value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else vault_of(dialect).unseal_text(self.context, value)


class SealedDocument(TypeDecorator[Any]):
    """A JSON document, sealed."""

    impl = Text
    cache_ok = True

    def __init__(self, context: str) -> None:
        super().__init__()
        self.context = context

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return vault_of(dialect).seal_text(self.context, json.dumps(value, ensure_ascii=False, allow_nan=False))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(vault_of(dialect).unseal_text(self.context, value))


def give_vault(dialect: Dialect, vault: Vault | None) -> None:
    """Let the sealed columns of this engine use ``vault``."""
    dialect.khet_vault = vault  # type: ignore[attr-defined]


def vault_of(dialect: Dialect) -> Vault:
    """The vault of the engine.

    Raises:
        KeyMissing: it was opened without one.
    """
    vault: Vault | None = getattr(dialect, "khet_vault", None)
    if vault is None:
        raise KeyMissing("this database was opened without its keys")
    return vault
