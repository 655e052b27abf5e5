"""How delegations look to the outside."""

from __future__ import annotations

from typing import Any

from services.documents.delegations.tables import Delegation


def delegation_view(delegation: Delegation) -> dict[str, Any]:
    """One delegation; people are ids, names stay with their owner."""
    return {
        "id": delegation.id,
        "of": delegation.from_person,
        "to": delegation.to_person,
        "capacity": delegation.capacity,
        "order_no": delegation.order_no,
        "from": delegation.valid_from.isoformat(),
        "until": delegation.valid_until.isoformat(),
        "is_revoked": delegation.revoked_at is not None,
    }
