"""The books of a unit, opened when it becomes known."""

from __future__ import annotations

import uuid

from services.documents.registers.rules import BOOKS_OF, PLACEHOLDER_PREFIX, BookKind, CircularPolicy, OwnerKind
from services.documents.registers.tables import RegisterBook
from shared.db.rows import insert_once
from shared.db.unit import Unit

_BOOKS = uuid.UUID("5d0f6a1e-0f6f-5c0e-9a55-6b1a2d6f2569")


def book_id(owner: str, kind: BookKind) -> str:
    """The id of a unit's book: the same wherever and however often it is opened."""
    return str(uuid.uuid5(_BOOKS, f"{owner}:{kind.value}"))


def open_books(unit: Unit, owner: str, owner_kind: OwnerKind, org_path: str) -> None:
    """Open the books that a unit of this kind keeps; those that are there stay as they are."""
    for kind in BOOKS_OF[owner_kind]:
        insert_once(
            unit.session,
            RegisterBook,
            id=book_id(owner, kind),
            owner=owner,
            owner_kind=owner_kind.value,
            org_path=org_path,
            kind=kind.value,
            prefix=PLACEHOLDER_PREFIX,
            circular_policy=CircularPolicy.SEPARATE.value,
            version=1,
        )
