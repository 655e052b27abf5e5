"""How appointments look to the outside."""

from __future__ import annotations

from typing import Any

from services.documents.clearances.tables import Clearance


def clearance_view(clearance: Clearance) -> dict[str, Any]:
    """One appointment; people are ids, names stay with their owner."""
    return {
        "id": clearance.id,
        "person": clearance.person_id,
        "unit": clearance.unit,
        "post": clearance.post,
        "level": clearance.level,
        "order_no": clearance.order_no,
        "order_date": clearance.order_date.isoformat(),
        "from": clearance.valid_from.isoformat(),
        "until": clearance.valid_until.isoformat(),
        "is_ended": clearance.ended_at is not None,
    }
